"""The provider calls back."""

from __future__ import annotations

import uuid
from datetime import timedelta

from outreach.models import Attempt, Offer, Outreach, Phone, ProviderEvent, Task
from outreach.models.states import Channel, OfferStatus, OutreachStatus, SendStatus
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach


async def _attempt(cast: Cast, channel: Channel, beside: Attempt | None = None) -> Attempt:
    outreach_id = beside.outreach_id if beside else await an_outreach(cast)
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


async def test_the_same_callback_again_is_answered_and_changes_nothing(cast: Cast) -> None:
    attempt = await _attempt(cast, Channel.SMS)
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    path = f"/twilio/attempts/{attempt.id}/status"
    first = await cast.called_back(path, fields)
    before = await Attempt.get(id=attempt.id).values(), await ProviderEvent.all().values()
    cast.clock.advance(timedelta(minutes=5))
    again = await cast.client.post(path, content=first.request.content, headers=first.request.headers)
    assert again.status_code == 204
    assert (await Attempt.get(id=attempt.id).values(), await ProviderEvent.all().values()) == before


async def test_a_signature_says_nothing_of_another_attempt_or_of_another_body(cast: Cast) -> None:
    one = await _attempt(cast, Channel.SMS)
    other = await _attempt(cast, Channel.SMS, beside=one)
    fields = {"MessageSid": "SM1", "MessageStatus": "sent"}
    signed = (await cast.called_back(f"/twilio/attempts/{one.id}/status", fields)).request.headers
    headers = {"X-Twilio-Signature": signed["X-Twilio-Signature"]}
    elsewhere = await cast.client.post(f"/twilio/attempts/{other.id}/status", data=fields, headers=headers)
    failed = fields | {"MessageStatus": "failed"}
    changed = await cast.client.post(f"/twilio/attempts/{one.id}/status", data=failed, headers=headers)
    assert (elsewhere.status_code, changed.status_code) == (403, 403)
    assert (await Attempt.get(id=other.id)).status is SendStatus.SENDING
    assert (await Attempt.get(id=one.id)).status is SendStatus.SENT
    assert await ProviderEvent.all().count() == 1
