"""Ben texts the code of an offer back: the visit is his, or one text says why it is not."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from outreach.messaging.segments import segments
from outreach.messaging.texts import LANGUAGES, compose, words_in
from outreach.models import Notice, Offer, Responder, Task
from outreach.models.states import OfferStatus
from outreach.outcomes.calling_off import withdraw_offers
from outreach.tasks import accept, decline, take_by_code
from tests.harness.town import Town, build_town

SERVICE, AREA = {"en": "Linhai City Care Service", "zh-CN": "临海市民关怀服务中心"}, "Wenxin Street Community, Grid 11"


@pytest.fixture
async def town(database: str, now: datetime) -> Town:
    return await build_town(now)


async def replies(offer: Offer, now: datetime, sid: str = "SM1") -> list[object]:
    """Ben sends the code; answers why he was told that it is not his, each time he was."""
    who = (await Offer.get(id=offer.id)).responder_id
    assert who is not None
    await take_by_code(who, offer.code, "twilio", sid, now)
    return [row.data["why"] for row in await Notice.filter(kind="not_taken", responder_id=who).order_by("queued_at")]


async def test_a_code_in_time_takes_the_visit_and_is_answered_by_no_text(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    offer = await town.offer(ben)
    assert await replies(offer, now) == await replies(offer, now, "SM2") == []
    assert (await Task.get()).responder_id == ben.id


async def test_a_code_that_comes_too_late_is_told_that_it_was_passed_on(town: Town, now: datetime) -> None:
    offer = await town.offer(await town.responder(1))
    late = offer.lapses_at + timedelta(seconds=1)
    assert await replies(offer, late) == ["passed_on"]
    await Offer.filter(id=offer.id).update(status=OfferStatus.LAPSED, settled_at=now)
    assert await replies(offer, late, "SM2") == ["passed_on", "passed_on"]
    assert await Task.all().count() == 0


async def test_a_code_sent_after_a_no_is_told_the_same(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    offer = await town.offer(ben)
    await decline(offer.id, ben.id, "busy", now)
    assert await replies(offer, now) == ["passed_on"]


async def test_the_same_reply_twice_is_answered_once(town: Town, now: datetime) -> None:
    offer = await town.offer(await town.responder(1))
    for _ in range(2):
        told = await replies(offer, offer.lapses_at)
    assert told == ["passed_on"]


async def test_whose_visit_another_took_is_told_so(town: Town, now: datetime) -> None:
    ben, eve = await town.responder(1), await town.responder(2)
    offer, hers = await town.offer(ben), await town.offer(eve)
    await accept(hers.id, eve.id, now)
    assert await replies(offer, now) == ["taken"]


async def test_who_holds_it_by_a_later_offer_is_not_told_that_another_does(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    lapsed = await town.offer(ben, code="OLD")
    await Offer.filter(id=lapsed.id).update(status=OfferStatus.LAPSED, settled_at=now)
    await accept((await town.offer(ben, code="NEW")).id, ben.id, now)
    assert await replies(lapsed, now) == ["yours"]


async def test_an_offer_withdrawn_is_answered_with_the_reason_it_was_withdrawn_for(town: Town, now: datetime) -> None:
    offer = await town.offer(await town.responder(1))
    await Offer.filter(id=offer.id).update(seen_at=now)
    await withdraw_offers(town.outreach.id, "reached", now)
    assert await replies(offer, now) == ["reached"]


async def test_whose_places_are_all_taken_is_told_so_and_who_is_not_vetted_too(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    offer = await town.offer(ben)
    await Responder.filter(id=ben.id).update(load=ben.capacity)
    assert await replies(offer, now) == ["full"]
    await Responder.filter(id=ben.id).update(load=0, vetted_until=now)
    assert set(await replies(offer, now, "SM2")) == {"full", "not_cleared"}


async def test_a_text_that_came_before_takes_no_later_offer_of_the_same_code(town: Town, now: datetime) -> None:
    ben, later = await town.responder(1), now + timedelta(hours=2)
    offer = await town.offer(ben)
    assert await replies(offer, offer.lapses_at) == ["passed_on"]
    await Offer.filter(id=offer.id).update(status=OfferStatus.LAPSED, settled_at=later)
    again = await town.offer(ben, offered_at=later, lapses_at=later + timedelta(minutes=3))
    assert await replies(again, later) == ["passed_on"] and await Task.all().count() == 0
    await replies(again, later, "SM2")
    assert (await Task.get()).responder_id == ben.id


async def test_a_code_of_nobodys_offer_changes_nothing(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    await take_by_code(ben.id, "ZZZ", "twilio", "SM1", now)
    assert await Notice.all().count() == await Task.all().count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["not_taken", "called_off"])
def test_every_reason_why_a_task_is_not_theirs_fits_in_two_segments_and_holds_no_link(key: str, language: str) -> None:
    whys = [why for why in words_in(language) if why.startswith("why_")]
    assert {"why_taken", "why_yours", "why_passed_on", "why_full", "why_not_cleared", "why_other"} <= {*whys}
    for why in whys:
        said = compose(key, language, service=SERVICE[language], n=9999, area=AREA, why=compose(why, language))
        assert segments(said) <= 2, (segments(said), said)
        assert not re.search(r"https?:|www\.|://|[/@]", said), said
