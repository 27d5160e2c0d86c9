"""Ada came in twice: Cleo sees that the two are one person, or that they are not, and nothing of either is lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from outreach.attempts.case_words import case_word
from outreach.models import (
    Address,
    Attempt,
    Event,
    Look,
    Notice,
    Offer,
    OptOut,
    Outreach,
    Phone,
    Resident,
    Responder,
    RollupHour,
    RollupMark,
    Target,
    Task,
    TrustedContact,
    Verdict,
)
from outreach.models.sealing import keyed_hash, name_hash
from outreach.models.searching import Whom, index_anew
from outreach.models.states import Channel, OfferStatus, SendStatus
from outreach.outcomes import keep_opt_out
from outreach.reports.rolling import roll
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach

OTHER = "+14155550188"
HOME = "1 Willow Lane"


async def ada_twice(cast: Cast, **given: Any) -> tuple[UUID, UUID]:
    """Both cases are live: Ada of the bank, and a minute later one with the other number."""
    case = await an_outreach(cast)
    cast.clock.advance(timedelta(minutes=1))
    answer = await cast.warn(external_id="w-2", resident={"phone": OTHER, "name": "Ada L."}, **given)
    await Outreach.filter(id=answer.json()["outreach_id"]).update(area_id=cast.area.id)
    first = await Outreach.get(id=case)
    second = await Outreach.get(id=answer.json()["outreach_id"])
    await Resident.filter(id__in=[first.resident_id, second.resident_id]).update(area_id=cast.area.id)
    return first.resident_id, second.resident_id


async def compared(cast: Cast, one: UUID, other: UUID, whose: str = "Cleo") -> Any:
    return await cast.ask(whose, "GET", f"/api/residents/{one}/merge?other={other}")


async def merged(cast: Cast, kept: UUID, other: UUID, *take: str) -> dict[str, Any]:
    """Cleo says that they are one person, on what she read."""
    read = await compared(cast, kept, other)
    assert read.status_code == 200, read.text
    body = {"other": str(other), "take": list(take)}
    # Whichever of the two was read first.
    version = {"If-Match": (await compared(cast, other, kept)).headers["etag"]}
    assert version["If-Match"] == read.headers["etag"]
    answer = await cast.ask("Cleo", "POST", f"/api/residents/{kept}/merge", json=body, headers=version)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def doubles(cast: Cast, case: UUID | str) -> list[str]:
    answer = await cast.ask("Cleo", "GET", f"/api/outreaches/{case}?masked=true")
    found: list[str] = answer.json()["doubles"]
    return found


async def report(cast: Cast, frm: str = "2026-11-24") -> dict[str, Any]:
    answer = await cast.ask("Cleo", "GET", f"/api/reports/period?from={frm}&to=2026-11-24")
    assert answer.status_code == 200, answer.text
    counts: dict[str, Any] = answer.json()["all"]
    return counts


async def test_ada_is_found_alike_by_a_shared_number_and_by_her_name_near_the_same_place(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    case = (await Outreach.get(resident_id=ada)).id
    assert await doubles(cast, case) == []
    shared = await Phone.create(
        resident_id=other, number=ADAS_PHONE, number_hash=keyed_hash(ADAS_PHONE), country="US", made_at=cast.clock.now()
    )
    assert await doubles(cast, case) == [str(other)]
    await shared.delete()
    await Resident.filter(id=other).update(name="ada", name_hash=name_hash("ada"))
    await Resident.filter(id=ada).update(name="Ada", name_hash=name_hash("Ada"))
    await Address.create(resident_id=other, point="30.2510,120.1500", made_at=cast.clock.now())
    await index_anew(Whom.RESIDENT, [ada, other])
    assert await doubles(cast, case) == [str(other)]
    await Address.filter(resident_id=other).update(point="30.2900,120.1500")
    assert await doubles(cast, case) == []


async def test_who_is_told_apart_is_never_proposed_again(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    await Resident.filter(id=other).update(possible_double_of_id=ada)
    case = (await Outreach.get(resident_id=ada)).id
    assert await doubles(cast, case) == [str(other)]
    said = await cast.ask("Cleo", "POST", f"/api/residents/{ada}/not-same", json={"other": str(other)})
    assert said.status_code == 200
    await Phone.create(
        resident_id=other, number=ADAS_PHONE, number_hash=keyed_hash(ADAS_PHONE), country="US", made_at=cast.clock.now()
    )
    assert await doubles(cast, case) == []
    assert not (await compared(cast, other, ada)).json()["proposed"]
    assert await Outreach.filter(ended_at__isnull=True).count() == 2


async def test_what_is_known_of_either_is_known_of_the_one_who_is_kept(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    now = cast.clock.now()
    both = {"number": OTHER, "number_hash": keyed_hash(OTHER), "country": "US"}
    mine = await Phone.create(resident_id=ada, **both, made_at=now)
    theirs = await Phone.get(resident_id=other)
    texted = await Attempt.filter(phone_id=theirs.id).count()
    await Address.create(resident_id=other, text=HOME, made_at=now)
    eve = {"name": "Eve", "number_hash": keyed_hash("+14155550190"), "country": "US", "relation": "daughter"}
    await TrustedContact.create(resident_id=ada, **eve, number="+14155550190", may_be_told="more_by_phone")
    await TrustedContact.create(
        resident_id=other, **eve, number="+14155550190", may_be_told="please_call", consent_at=now
    )
    await keep_opt_out(keyed_hash(ADAS_PHONE), "sms_reply", now)
    await OptOut.create(resident_id=other, number_hash="x", channel="voice", origin="letter", at=now)
    await Resident.filter(id=other).update(language="en", vulnerabilities=["lives_alone"])
    await merged(cast, ada, other, "name")
    kept = await Resident.get(id=ada)
    assert (kept.name, kept.language, kept.vulnerabilities) == ("Ada L.", "en", ["lives_alone"])
    assert sorted(row.number for row in await Phone.filter(resident_id=ada)) == [ADAS_PHONE, OTHER]
    assert await Attempt.filter(phone_id=mine.id).count() == texted
    assert HOME in [row.text for row in await Address.filter(resident_id=ada)]
    [contact] = await TrustedContact.all()
    assert (contact.resident_id, contact.may_be_told, contact.consent_at) == (ada, "please_call", now)
    assert await OptOut.filter(resident_id=ada).count() == 2 == await OptOut.all().count()
    found = (await cast.ask("Cleo", "POST", "/api/residents/search", json={"text": OTHER})).json()["residents"]
    assert [row["id"] for row in found] == [str(ada)]
    assert not await Phone.filter(resident_id=other).exists()


async def test_a_warning_by_whatever_was_known_of_the_double_is_about_the_one_who_is_kept(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    await Resident.filter(id=other).update(external_id="customer-7", source_id=cast.source.id)
    await merged(cast, ada, other)
    for number, resident in enumerate(({"id": str(other)}, {"external_id": "customer-7"}, {"phone": OTHER})):
        place = {"location": {"lat": 30.25, "lon": 120.15}}
        answer = await cast.warn(external_id=f"w-again-{number}", resident={**resident, **place})
        assert answer.status_code == 202, answer.text
    assert {row.resident_id for row in await Target.all()} == {ada}
    assert await Outreach.filter(ended_at__isnull=True).count() == 1


async def test_the_younger_case_joins_the_elder_and_each_warning_still_counts_once(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    elder, younger = await Outreach.get(resident_id=ada), await Outreach.get(resident_id=other)
    before, now = await report(cast), cast.clock.now()
    text = await Attempt.create(
        outreach=younger, channel=Channel.SMS, step=0, text_key="warned", status=SendStatus.SENT,
        queued_at=now, send_after=now, sending_at=now, sent_at=now, phone=await Phone.get(resident_id=other),
    )  # fmt: skip
    # Kept is the one whose case is younger.
    said = await merged(cast, other, ada)
    assert said == {"resident_id": str(other), "outreach_ids": [str(elder.id)]}
    await elder.refresh_from_db()
    await younger.refresh_from_db()
    assert elder.ended_at is None and elder.resident_id == other == younger.resident_id
    assert (younger.end_state, younger.end_reason) == ("closed", "merged")
    assert {row.outreach_id for row in await Target.all()} == {elder.id}
    assert await Target.filter(ended_at__isnull=True).count() == 2
    assert await report(cast) == before and before["warned"] == 2
    lines = {line.kind: line for line in await Event.filter(kind__in=["merged", "merged_into", "joined_from"])}
    assert lines["merged"].outreach_id == elder.id and lines["merged"].data["targets"] == 1
    assert lines["merged_into"].outreach_id == younger.id and lines["joined_from"].target_id is not None
    assert not [word for word in ("Ada", OTHER, ADAS_PHONE) if word in str([line.data for line in lines.values()])]
    assert (await Attempt.get(id=text.id)).outreach_id == elder.id
    # What a trusted contact was told to quote leads to the case that goes on.
    quoted = await cast.ask("Cleo", "POST", "/api/case-words/check", json={"word": case_word(younger.id)})
    assert quoted.json()["outreach_ids"] == [str(elder.id)]
    answered = await cast.called_back("/twilio/sms", {"From": OTHER, "Body": "YES", "MessageSid": "SM1"})
    assert answered.status_code == 200
    assert await Target.filter(contacted_at__isnull=True).count() == 0
    assert len([look for look in await Look.all() if look.way == "record"]) == 2


async def test_nobody_on_the_way_is_called_off_unless_another_holds_the_same_task(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    elder, younger = await Outreach.get(resident_id=ada), await Outreach.get(resident_id=other)
    waiting = await cast.offered(str(elder.id))
    going = await cast.offered(str(younger.id))
    assert (await cast.ask("Ben", "POST", f"/api/offers/{going.id}/accept")).status_code == 200
    said = (await compared(cast, ada, other)).json()["cases"]
    assert {(each["then"], tuple(each["on_the_way"])) for each in said} == {("stays", ("Ben",)), ("joins", ())}
    await merged(cast, ada, other)
    await younger.refresh_from_db()
    # Ben is on his way for the younger one, so the elder joins it, and no offer is left open beside it.
    assert younger.ended_at is None and younger.resident_id == ada and younger.opened_at == elder.opened_at
    [task] = await Task.all()
    assert task.status == "accepted" and task.outreach_id == younger.id
    assert (await Offer.get(id=waiting.id)).status is OfferStatus.WITHDRAWN
    assert (await Responder.get(id=cast.ben.id)).load == 1
    held = (await cast.ask("Ben", "GET", f"/api/tasks/{task.id}")).json()
    assert {phone["number"] for phone in held["resident"]["phones"]} == {ADAS_PHONE, OTHER}


async def test_of_two_at_the_same_task_the_one_at_the_door_stays_and_the_other_is_told(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    elder, younger = await Outreach.get(resident_id=ada), await Outreach.get(resident_id=other)
    await Responder.filter(id=cast.ben.id).update(capacity=2)
    for case in (elder, younger):
        offer = await cast.offered(str(case.id))
        await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")
    await Task.filter(outreach_id=younger.id).update(status="arrived", arrived_at=cast.clock.now())
    await merged(cast, ada, other)
    tasks = {task.outreach_id: task for task in await Task.all()}
    assert tasks[younger.id].status == "arrived" and tasks[elder.id].close_reason == "taken"
    assert (await Responder.get(id=cast.ben.id)).load == 1
    assert [row.data for row in await Notice.filter(kind="called_off")] == [{"why": "taken"}]


async def test_a_graver_danger_that_joins_lets_the_ladder_climb_anew(cast: Cast) -> None:
    case = await an_outreach(cast)
    low = await Outreach.get(id=case)
    await Outreach.filter(id=case).update(severity="low", step=2)
    await cast.warn(external_id="w-2", resident={"phone": OTHER, "name": "Ada L."})
    high = await Outreach.exclude(id=case).get()
    await Resident.all().update(area_id=cast.area.id)
    await merged(cast, low.resident_id, high.resident_id)
    await low.refresh_from_db()
    assert (low.severity, low.step, low.round, low.due_at) == ("high", -1, 1, cast.clock.now())


async def test_who_read_something_older_or_somebody_merged_already_is_refused(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    read = await compared(cast, ada, other)
    await Resident.filter(id=other).update(language="yue")
    body, path = {"other": str(other)}, f"/api/residents/{ada}/merge"
    stale = await cast.ask("Cleo", "POST", path, json=body, headers={"If-Match": read.headers["etag"]})
    assert stale.status_code == 412 and (await Resident.get(id=other)).merged_into is None
    await merged(cast, ada, other)
    again = await cast.ask("Cleo", "POST", path, json=body, headers={"If-Match": "*"})
    assert again.status_code == 409 and again.json()["type"] == "urn:outreach:MergedAlready"
    assert [(change["kind"], change["by"]["name"]) for change in again.json()["changes"]] == [("merged", "Cleo")]


async def test_a_third_who_is_merged_into_neither_loses_whom_it_was_told_apart_from(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    third = await Resident.create(name="Ada M.", area=cast.area, made_at=cast.clock.now())
    await cast.ask("Cleo", "POST", f"/api/residents/{other}/not-same", json={"other": str(third.id)})
    await merged(cast, ada, other)
    pairs = {frozenset((row.one_id, row.other_id)) for row in await Verdict.filter(same=False)}
    assert frozenset((ada, third.id)) in pairs
    last = await Resident.create(name="Ada N.", area=cast.area, made_at=cast.clock.now())
    await merged(cast, last.id, ada)
    assert {row.merged_into for row in await Resident.filter(id__in=[ada, other])} == {last.id}
    assert {row.resident_id for row in (*await Target.all(), *await Outreach.all())} == {last.id}


@pytest.mark.parametrize("whose", ["Dov", "Cleo as chief"])
async def test_who_does_not_decide_there_merges_nobody(cast: Cast, whose: str) -> None:
    ada, other = await ada_twice(cast)
    for name in ("merge", "not-same"):
        answer = await cast.ask(
            whose, "POST", f"/api/residents/{ada}/{name}", json={"other": str(other)}, headers={"If-Match": "*"}
        )
        assert answer.status_code == (404 if whose == "Dov" else 403)
    assert not await Verdict.exists() and not await Resident.filter(merged_into__not_isnull=True).exists()


async def test_of_two_who_merge_at_once_in_opposite_directions_one_is_refused(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    answers = await asyncio.gather(
        *(
            cast.ask("Cleo", "POST", f"/api/residents/{one}/merge", json={"other": str(two)}, headers={"If-Match": "*"})
            for one, two in ((ada, other), (other, ada))
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert await Resident.filter(merged_into__not_isnull=True).count() == 1
    assert await Outreach.filter(ended_at__isnull=True).count() == 1


async def test_an_exercise_gives_way_to_what_is_real(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    played, real = await Outreach.get(resident_id=ada), await Outreach.get(resident_id=other)
    await Outreach.filter(id=played.id).update(exercise=True)
    await merged(cast, ada, other)
    await played.refresh_from_db()
    assert (played.end_state, played.end_reason) == ("closed", "exercise_overtaken")
    assert await Target.filter(outreach_id=real.id, ended_at__isnull=True).count() == 1
    assert (await Outreach.get(id=real.id)).resident_id == ada


async def test_what_ended_before_counts_as_it_did_and_the_rolled_hours_agree(cast: Cast) -> None:
    ada, other = await ada_twice(cast)
    old = await Outreach.get(resident_id=other)
    closed = {"json": {"reason": "left_town"}, "headers": {"If-Match": "*"}}
    assert (await cast.ask("Cleo", "POST", f"/api/outreaches/{old.id}/close", **closed)).status_code == 200
    cast.clock.advance(timedelta(days=4))
    await roll(cast.clock.now(), ZoneInfo("Asia/Shanghai"))
    before = await report(cast, "2026-11-20")
    await merged(cast, ada, other)
    assert not await RollupMark.exists() and await RollupHour.exists()
    assert await report(cast, "2026-11-20") == before and before["warned"] == 2
    listed = (await cast.ask("Cleo", "GET", f"/api/outreaches?resident_id={ada}")).json()["outreaches"]
    assert [row["id"] for row in listed if row["ended_at"]] == [str(old.id)] and len(listed) == 2
    assert (await cast.ask("Cleo", "GET", f"/api/outreaches?resident_id={other}")).json()["outreaches"] == []
