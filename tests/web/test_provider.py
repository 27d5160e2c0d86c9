"""The provider calls back."""

from __future__ import annotations

import uuid

from outreach.models import Attempt, Offer, Outreach, Phone, Task
from outreach.models.states import Channel, OfferStatus, OutreachStatus, SendStatus
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach


async def _attempt(cast: Cast, channel: Channel) -> Attempt:
    outreach_id = await an_outreach(cast)
    now = cast.clock.now()
    return await Attempt.create(
        outreach_id=outreach_id,
        channel=channel,
        phone=await Phone.all().first(),
        step=0,
        text_key="fraud",
        status=SendStatus.SENDING,
        queued_at=now,
        send_after=now,
        sending_at=now,
    )


async def test_a_signed_callback_settles_the_attempt(cast: Cast) -> None:
    attempt = await _attempt(cast, Channel.SMS)
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    answer = await cast.called_back(f"/twilio/attempts/{attempt.id}/status", fields)
    assert answer.status_code == 204
    assert (await Attempt.get(id=attempt.id)).status is SendStatus.DELIVERED


async def test_an_altered_callback_is_forged_and_changes_nothing(cast: Cast) -> None:
    attempt = await _attempt(cast, Channel.SMS)
    path = f"/twilio/attempts/{attempt.id}/status"
    signed = await cast.called_back("/twilio/sms", {"MessageStatus": "delivered"})
    headers = {"X-Twilio-Signature": signed.request.headers["X-Twilio-Signature"]}
    answer = await cast.client.post(path, data={"MessageStatus": "delivered"}, headers=headers)
    assert answer.status_code == 403
    assert (await Attempt.get(id=attempt.id)).status is SendStatus.SENDING


async def test_a_callback_for_what_never_was_is_not_found(cast: Cast) -> None:
    for kind in ("attempts", "notices"):
        answer = await cast.called_back(f"/twilio/{kind}/{uuid.uuid4()}/status", {"MessageStatus": "sent"})
        assert answer.status_code == 404


async def test_a_call_speaks_and_a_key_answers_it(cast: Cast) -> None:
    attempt = await _attempt(cast, Channel.VOICE)
    words = await cast.called_back(f"/twilio/attempts/{attempt.id}/voice", {"CallSid": "CA1"})
    assert words.status_code == 200 and "<Gather" in words.text
    assert words.headers["content-type"].startswith("application/xml")
    thanks = await cast.called_back(f"/twilio/attempts/{attempt.id}/key", {"CallSid": "CA1", "Digits": "1"})
    assert "<Say" in thanks.text
    assert (await Outreach.all().get()).contacted_at == cast.clock.now()


async def test_a_residents_reply_is_a_contact(cast: Cast) -> None:
    await _attempt(cast, Channel.SMS)
    fields = {"From": ADAS_PHONE, "Body": "1", "MessageSid": "SM7"}
    answer = await cast.called_back("/twilio/sms", fields)
    assert answer.status_code == 200 and "<Response" in answer.text
    outreach = await Outreach.all().get()
    assert outreach.contacted_at == cast.clock.now()
    assert outreach.status is OutreachStatus.OPEN  # high severity: a text never calls off the person on the way


async def test_a_responder_takes_an_offer_by_replying_its_code(cast: Cast) -> None:
    offer = await cast.offered(await an_outreach(cast))
    answer = await cast.called_back("/twilio/sms", {"From": "+14155550102", "Body": "7q", "MessageSid": "SM8"})
    assert answer.status_code == 200
    assert (await Offer.get(id=offer.id)).status is OfferStatus.ACCEPTED
    assert await Task.filter(responder_id=cast.ben.id).count() == 1
