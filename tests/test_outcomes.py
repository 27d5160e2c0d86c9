"""What a contact proves, stops and brings; how a case ends, is joined, paused and reopened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

import outreach
from outreach.errors import IllegalMove, RealCaseLive
from outreach.models import (
    Address,
    Attempt,
    Category,
    Coordinator,
    EscalationPolicy,
    Event,
    Notice,
    Offer,
    Outreach,
    Phone,
    Responder,
    Source,
    Target,
    Task,
    Warning,
)
from outreach.models.states import EndState, Evidence, OfferStatus, OutreachStatus, SendStatus, TaskStatus
from outreach.outcomes import (
    SYSTEM,
    Actor,
    Contact,
    end_outreach,
    hurry,
    look_at,
    open_or_join,
    pause,
    record_contact,
    reopen,
    resume,
    take,
    withdraw_target,
)
from outreach.outcomes.learnt import contact_of
from outreach.policy import OutcomeRule, Policy, Rules, parse_policy
from outreach.reports import outreach_view
from tests.harness.town import Town, build_town

POLICIES = Path(outreach.__file__).parent / "policies"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def shipped(name: str) -> Policy:
    return parse_policy(yaml.safe_load((POLICIES / f"{name}.yaml").read_text()), name)


HIGH, MEDIUM, LOW = shipped("fraud_high"), shipped("fraud_medium"), shipped("fraud_low")


@dataclass
class Scene:
    """Ada's case: a text and a call queued, Ben asked, another responder already holding the call."""

    town: Town
    sms: Attempt
    voice: Attempt
    offer: Offer
    task: Task
    ben: Responder
    holder: Responder

    @property
    def now(self) -> datetime:
        return self.town.now

    async def contact(self, policy: Policy = HIGH, *, now: datetime | None = None, **given: Any) -> Outreach:
        given.setdefault("at", self.now)
        given.setdefault("channel", "voice")
        return await record_contact(self.town.outreach.id, policy, Contact(**given), now or given["at"])

    async def case(self) -> Outreach:
        return await Outreach.get(id=self.town.outreach.id)

    async def target(self) -> Target:
        return await Target.get(id=self.town.target.id)


@pytest.fixture
async def scene(database: str, now: datetime) -> Scene:
    town = await build_town(now)
    await Source.all().update(webhook_url="https://bank.example/told")
    queued = {"outreach": town.outreach, "text_key": "warned", "queued_at": now, "send_after": now}
    sms = await Attempt.create(channel="sms", step=0, **queued)
    voice = await Attempt.create(channel="voice", step=1, **queued)
    ben, holder = await town.responder(1), await town.responder(2, load=1)
    offer = await town.offer(ben)
    word = {"audience": "responder", "channel": "sms", "kind": "offer", "queued_at": now, "send_after": now}
    await Notice.create(**word, responder=ben, outreach=town.outreach, offer=offer, status="sent", sending_at=now)
    held = await town.offer(holder, kind="call", status="accepted", settled_at=now)
    task = await Task.create(
        outreach=town.outreach, kind="call", responder=holder, offer=held, accepted_at=now, due_at=now + minutes(15)
    )
    return Scene(town, sms, voice, offer, task, ben, holder)


async def statuses(scene: Scene) -> tuple[SendStatus, SendStatus, OfferStatus, TaskStatus]:
    """Where the text, the call by machine, the offer and the task stand."""
    return (
        (await Attempt.get(id=scene.sms.id)).status,
        (await Attempt.get(id=scene.voice.id)).status,
        (await Offer.get(id=scene.offer.id)).status,
        (await Task.get(id=scene.task.id)).status,
    )


async def told(kind: str) -> list[Notice]:
    return await Notice.filter(kind=kind).order_by("id")


async def kinds(scene: Scene) -> list[str]:
    return [row.kind for row in await Event.filter(outreach_id=scene.town.outreach.id).order_by("seq")]


NOTHING_MOVED = (SendStatus.QUEUED, SendStatus.QUEUED, OfferStatus.OFFERED, TaskStatus.ACCEPTED)


async def test_the_first_accepted_contact_stops_everything_else(scene: Scene) -> None:
    case = await scene.contact(evidence=Evidence.SPEECH)
    assert await statuses(scene) == (
        SendStatus.CANCELLED,
        SendStatus.CANCELLED,
        OfferStatus.WITHDRAWN,
        TaskStatus.CLOSED,
    )
    assert case.status is OutreachStatus.FOLLOWING_UP
    assert case.reached_at == case.contacted_at == scene.now


async def test_whoever_was_asked_or_on_the_way_is_told_why_and_is_free_again(scene: Scene) -> None:
    await scene.contact(evidence=Evidence.SPEECH)
    words = await told("called_off")
    assert {(row.responder_id, row.data["why"]) for row in words} == {  # type: ignore[attr-defined]
        (scene.ben.id, "reached"),
        (scene.holder.id, "reached"),
    }
    assert (await Responder.get(id=scene.holder.id)).load == 0


async def test_an_offer_that_never_left_is_cancelled_without_a_word(scene: Scene) -> None:
    await Notice.filter(offer_id=scene.offer.id).update(status="queued", sending_at=None)
    await scene.contact(evidence=Evidence.SPEECH)
    assert [row.responder_id for row in await told("called_off")] == [scene.holder.id]  # type: ignore[attr-defined]
    assert (await Notice.get(kind="offer")).status is SendStatus.CANCELLED


async def test_an_offer_whose_fate_is_unknown_is_not_sent_again_and_its_addressee_is_told(scene: Scene) -> None:
    await Notice.filter(offer_id=scene.offer.id).update(status="unknown")
    await scene.contact(evidence=Evidence.SPEECH)
    assert (await Notice.get(kind="offer")).status is SendStatus.CANCELLED
    assert len(await told("called_off")) == 2


async def test_an_offer_seen_in_the_app_is_called_off_aloud(scene: Scene) -> None:
    await Notice.filter(offer_id=scene.offer.id).update(status="queued", sending_at=None)
    await Offer.filter(id=scene.offer.id).update(seen_at=scene.now)
    await scene.contact(evidence=Evidence.SPEECH)
    assert len(await told("called_off")) == 2


async def test_the_task_that_made_the_contact_is_not_closed_by_it(scene: Scene) -> None:
    await scene.contact(evidence=Evidence.PERSON_BY_PHONE, channel="call", task_id=scene.task.id)
    assert (await Task.get(id=scene.task.id)).status is TaskStatus.ACCEPTED
    assert (await Responder.get(id=scene.holder.id)).load == 1


@pytest.mark.parametrize("evidence", [Evidence.KEY, Evidence.SMS_REPLY, Evidence.STOP, Evidence.REPORTED_BY_CONTACT])
async def test_at_high_severity_what_a_coached_victim_can_do_never_calls_off_the_person_on_the_way(
    scene: Scene, evidence: Evidence
) -> None:
    case = await scene.contact(evidence=evidence)
    sms, _, offer, task = await statuses(scene)
    assert (sms, offer, task) == (SendStatus.CANCELLED, OfferStatus.OFFERED, TaskStatus.ACCEPTED)
    assert (case.status, case.contacted_at, case.reached_at) == (OutreachStatus.OPEN, scene.now, None)
    assert case.evidence == [evidence.value]
    assert not await told("called_off")
    assert not await told("reached")


async def test_a_relatives_word_leaves_the_call_to_the_resident_herself_queued(scene: Scene) -> None:
    await scene.contact(evidence=Evidence.REPORTED_BY_CONTACT)
    assert (await statuses(scene))[:2] == (SendStatus.CANCELLED, SendStatus.QUEUED)


async def unsent(scene: Scene) -> list[tuple[str, str | None]]:
    """What the case says of the text and of the call by machine that did not leave, and why."""
    view = await outreach_view(scene.town.outreach.id)
    rows = {row["id"]: row["unsent"] for row in view["attempts"]}
    return [(told["state"], told["why"]) for told in (rows[str(scene.sms.id)], rows[str(scene.voice.id)])]


async def test_of_a_text_that_did_not_leave_the_case_says_whether_it_waits_or_who_was_quicker(scene: Scene) -> None:
    body = yaml.safe_load((POLICIES / "fraud_high.yaml").read_text())
    await EscalationPolicy.filter(id=scene.town.outreach.policy_id).update(body=body)
    assert await unsent(scene) == [("waiting", None), ("waiting", None)]
    await scene.contact(evidence=Evidence.REPORTED_BY_CONTACT)
    assert await unsent(scene) == [("withdrawn", "answered"), ("waiting", None)]
    await scene.contact(evidence=Evidence.IN_PERSON, at=scene.now + minutes(1))
    assert await unsent(scene) == [("withdrawn", "answered"), ("withdrawn", "reached")]


async def test_of_a_text_that_nobody_wanted_any_more_the_case_says_why(scene: Scene) -> None:
    over = {"status": "failed", "failed_at": scene.now, "failure": "superseded"}
    await Attempt.filter(id=scene.voice.id).update(**over)
    await end_outreach(await scene.case(), EndState.CLOSED, "left_town", scene.now + minutes(1))
    assert await unsent(scene) == [("withdrawn", "ended"), ("withdrawn", "superseded")]
    await Attempt.filter(id=scene.voice.id).update(failure="called_off", failed_at=scene.now + minutes(2))
    assert (await unsent(scene))[1] == ("withdrawn", "ended")


async def test_stop_at_high_severity_brings_the_door_forward(scene: Scene) -> None:
    case = await scene.contact(evidence=Evidence.STOP)
    assert case.due_at == case.hurried_at == scene.now


async def test_stop_at_medium_severity_quiets_without_hurrying_anyone(scene: Scene) -> None:
    case = await scene.contact(MEDIUM, evidence=Evidence.STOP)
    assert (await statuses(scene))[:2] == (SendStatus.CANCELLED, SendStatus.CANCELLED)
    assert (case.hurried_at, case.reached_at) == (None, None)


async def test_a_key_at_medium_severity_counts_as_reached(scene: Scene) -> None:
    case = await scene.contact(MEDIUM, evidence=Evidence.KEY)
    assert (case.status, case.reached_at) == (OutreachStatus.FOLLOWING_UP, scene.now)


async def test_evidence_that_stops_no_step_cancels_no_message(scene: Scene) -> None:
    await scene.contact(LOW, evidence=Evidence.REPORTED_BY_CONTACT)
    assert await statuses(scene) == NOTHING_MOVED


async def test_no_answer_brings_the_next_step_at_once_and_proves_nothing(scene: Scene) -> None:
    case = await scene.contact(outcome="no_answer")
    assert case.due_at == case.hurried_at == scene.now
    assert (case.contacted_at, case.evidence) == (None, [])
    assert await statuses(scene) == NOTHING_MOVED
    assert await kinds(scene) == ["no_contact"]


async def test_an_outcome_that_is_no_reaching_does_not_quiet_the_ladder(scene: Scene) -> None:
    case = await scene.contact(evidence=Evidence.IN_PERSON, reached=False)
    assert (case.contacted_at, case.reached_at, case.evidence) == (scene.now, None, [])
    assert case.hurried_at == scene.now
    assert await statuses(scene) == NOTHING_MOVED


async def test_convinced_at_the_door_ends_the_case_and_says_so_of_the_target(scene: Scene) -> None:
    case = await scene.contact(
        evidence=Evidence.IN_PERSON, channel="visit", danger_off=True, ends="convinced", outcome="convinced",
        accurate=True, role="volunteer",
    )  # fmt: skip
    target = await scene.target()
    assert (case.status, case.end_state, case.due_at) == (OutreachStatus.ENDED, EndState.CONVINCED, None)
    assert (target.reached_by, target.reached_role, target.reached_evidence) == ("visit", "volunteer", "in_person")
    assert (target.convinced_at, target.accurate, target.end_state) == (scene.now, True, EndState.CONVINCED)


async def test_the_source_is_told_once_that_she_was_reached_and_once_that_it_ended(scene: Scene) -> None:
    await scene.contact(evidence=Evidence.SPEECH)
    await scene.contact(evidence=Evidence.IN_PERSON, at=scene.now + minutes(5), ends="convinced", danger_off=True)
    assert [row.target_id for row in await told("reached")] == [scene.town.target.id]  # type: ignore[attr-defined]
    assert [row.target_id for row in await told("ended")] == [scene.town.target.id]  # type: ignore[attr-defined]


async def test_a_source_without_an_address_is_told_nothing(scene: Scene) -> None:
    await Source.all().update(webhook_url=None)
    await scene.contact(evidence=Evidence.IN_PERSON, ends="convinced", danger_off=True)
    assert not await Notice.filter(audience="source").exists()


async def test_evidence_that_comes_after_the_end_still_gives_the_earliest_reaching(scene: Scene) -> None:
    late = scene.now + timedelta(hours=3)
    await end_outreach(await scene.case(), EndState.UNREACHED, "time_ran_out", scene.now + minutes(60))
    case = await scene.contact(evidence=Evidence.IN_PERSON, channel="visit", at=scene.now + minutes(20), now=late)
    target = await scene.target()
    assert (case.status, case.end_state) == (OutreachStatus.ENDED, EndState.UNREACHED)
    assert case.reached_at == target.reached_at == scene.now + minutes(20)
    assert (target.end_state, target.ended_at) == (EndState.UNREACHED, scene.now + minutes(60))
    event = await Event.get(kind="target_reached")
    assert (event.at, event.recorded_at, event.data["late"]) == (target.reached_at, late, True)


async def test_of_two_contacts_the_earlier_counts_whichever_is_learnt_first(scene: Scene) -> None:
    await scene.contact(evidence=Evidence.SPEECH, at=scene.now + minutes(30))
    await scene.contact(evidence=Evidence.IN_PERSON, channel="visit", at=scene.now + minutes(10))
    await scene.contact(evidence=Evidence.SPEECH, at=scene.now + minutes(40))
    target = await scene.target()
    assert (target.reached_at, target.reached_by) == (scene.now + minutes(10), "visit")
    assert (await scene.case()).reached_at == scene.now + minutes(10)


async def test_not_convinced_is_followed_up_when_the_outcome_says(scene: Scene) -> None:
    case = await scene.contact(evidence=Evidence.IN_PERSON, follow_up=minutes(30))
    follow_up = next(i for i, step in enumerate(HIGH.steps) if step.do == "follow_up")
    assert (case.due_at, case.step, case.tries) == (scene.now + minutes(30), follow_up - 1, 0)
    assert case.step_at + HIGH.steps[follow_up].after == case.due_at


async def test_not_convinced_at_the_follow_up_is_followed_up_again(scene: Scene) -> None:
    await scene.contact(evidence=Evidence.IN_PERSON, follow_up=minutes(30))
    follow_up = next(i for i, step in enumerate(HIGH.steps) if step.do == "follow_up")
    await Outreach.filter(id=scene.town.outreach.id).update(step=follow_up, tries=1)
    case = await scene.contact(evidence=Evidence.IN_PERSON, follow_up=minutes(30), at=scene.now + minutes(40))
    assert (case.due_at, case.step, case.tries) == (scene.now + minutes(70), follow_up - 1, 0)


async def test_a_contact_accepted_without_an_outcome_is_followed_up_by_policy(scene: Scene) -> None:
    assert (await scene.contact(evidence=Evidence.SPEECH)).due_at == scene.now + timedelta(hours=24)


async def test_a_policy_without_follow_up_closes_what_was_reached(scene: Scene) -> None:
    case = await scene.contact(LOW, evidence=Evidence.KEY)
    assert (case.status, case.end_state) == (OutreachStatus.ENDED, EndState.CLOSED)


async def another(scene: Scene, at: datetime, severity: str = "high", **given: Any) -> Warning:
    """A second warning about Ada, `w2`."""
    source, category = await Source.get(), await Category.get()
    return await Warning.create(
        source=source, external_id="w2", content_hash="h2", category=category, severity=severity,
        summary="…", detected_at=at, received_at=at, **given,
    )  # fmt: skip


async def join(scene: Scene, warning: Warning, at: datetime, policy: EscalationPolicy | None = None) -> Any:
    kept = policy or await EscalationPolicy.get()
    rules = Rules(scene.town.category.id, scene.town.category.family, kept.id, kept.name)
    return await open_or_join(warning, scene.town.ada, rules, at)


async def test_another_warning_joins_the_live_case_and_leaves_its_ladder_alone(scene: Scene) -> None:
    later = scene.now + minutes(5)
    joined = await join(scene, await another(scene, later, "medium"), later)
    assert (joined.opened, joined.restarted, joined.outreach.id) == (False, False, scene.town.outreach.id)
    assert (await scene.case()).ladder_from == scene.now


async def test_a_target_that_joined_after_the_contact_was_not_reached_by_it(scene: Scene) -> None:
    later = scene.now + minutes(30)
    joined = await join(scene, await another(scene, later), later)
    await scene.contact(evidence=Evidence.IN_PERSON, at=scene.now + minutes(10), now=scene.now + minutes(40))
    assert (await Target.get(id=joined.target.id)).reached_at is None
    assert (await scene.target()).reached_at == scene.now + minutes(10)


async def test_a_graver_warning_restarts_the_ladder_under_the_graver_policy(scene: Scene) -> None:
    await Outreach.all().update(severity="medium", step=4, tries=2, evidence=["key"], paused_at=scene.now)
    later = scene.now + minutes(20)
    grave = await EscalationPolicy.create(
        name="graver", version=1, family="fraud", severity="high", body={}, digest="g", made_at=scene.now
    )
    joined = await join(scene, await another(scene, later), later, grave)
    case = await scene.case()
    assert joined.restarted
    assert (case.severity, case.policy_id, case.round) == ("high", grave.id, 1)  # type: ignore[attr-defined]
    assert (case.step, case.tries, case.evidence, case.paused_at) == (-1, 0, [], None)
    assert case.ladder_from == case.due_at == later
    assert (await Task.get(id=scene.task.id)).status is TaskStatus.ACCEPTED


async def test_a_warning_that_comes_after_the_contact_climbs_anew_and_keeps_the_graver_policy(scene: Scene) -> None:
    await Outreach.all().update(status="following_up", contacted_at=scene.now, reached_at=scene.now)
    later = scene.now + minutes(20)
    before = await scene.case()
    joined = await join(scene, await another(scene, later, "low"), later)
    case = await scene.case()
    assert joined.restarted and case.status is OutreachStatus.OPEN
    assert (case.severity, case.step, case.due_at) == (before.severity, -1, later)


async def test_an_exercise_never_drives_a_real_case(scene: Scene) -> None:
    await Outreach.all().update(severity="medium")
    later = scene.now + minutes(5)
    with pytest.raises(RealCaseLive):
        await join(scene, await another(scene, later, exercise=True), later)
    assert (await scene.case()).severity == "medium"


async def test_a_real_warning_is_never_lost_in_an_exercise(scene: Scene) -> None:
    await Outreach.all().update(exercise=True)
    later = scene.now + minutes(5)
    joined = await join(scene, await another(scene, later, "low"), later)
    assert joined.opened
    assert not joined.outreach.exercise


async def test_a_warning_after_the_end_opens_a_new_case(scene: Scene) -> None:
    await end_outreach(await scene.case(), EndState.CLOSED, "done", scene.now)
    joined = await join(scene, await another(scene, scene.now), scene.now)
    assert joined.opened
    assert joined.outreach.id != scene.town.outreach.id


async def test_the_last_warning_withdrawn_calls_everybody_off_and_tells_them(scene: Scene) -> None:
    actor = Actor("source")
    await withdraw_target(await scene.target(), "cancelled_by_source", scene.now, actor)
    case = await scene.case()
    assert (case.status, case.end_state) == (OutreachStatus.ENDED, EndState.WITHDRAWN)
    assert {row.data["why"] for row in await told("called_off")} == {"ended_withdrawn"}
    assert len(await told("ended")) == 1


async def test_one_warning_of_two_withdrawn_ends_only_its_target(scene: Scene) -> None:
    joined = await join(scene, await another(scene, scene.now), scene.now)
    await withdraw_target(await scene.target(), "cancelled_by_source", scene.now, SYSTEM)
    assert (await scene.case()).status is OutreachStatus.OPEN
    assert (await scene.target()).end_state is EndState.WITHDRAWN
    assert (await Target.get(id=joined.target.id)).ended_at is None
    assert await statuses(scene) == NOTHING_MOVED


async def test_a_warning_withdrawn_twice_is_withdrawn_once(scene: Scene) -> None:
    first, second = await scene.target(), await scene.target()
    await withdraw_target(first, "cancelled_by_source", scene.now, SYSTEM)
    await withdraw_target(second, "cancelled_by_source", scene.now + minutes(1), SYSTEM)
    assert (await scene.target()).ended_at == scene.now
    assert len(await told("ended")) == 1


async def test_what_has_ended_does_not_end_again(scene: Scene) -> None:
    await end_outreach(await scene.case(), EndState.UNREACHED, "time_ran_out", scene.now)
    with pytest.raises(IllegalMove):
        await end_outreach(await scene.case(), EndState.CLOSED, "again", scene.now + minutes(1))
    assert (await scene.case()).end_reason == "time_ran_out"


CLEO = Actor("coordinator")


async def test_a_paused_case_goes_on_at_once_when_resumed(scene: Scene) -> None:
    await pause(await scene.case(), "police_on_site", CLEO, scene.now)
    with pytest.raises(IllegalMove):
        await pause(await scene.case(), "again", CLEO, scene.now)
    await resume(await scene.case(), "police_left", CLEO, scene.now + minutes(9))
    case = await scene.case()
    assert (case.paused_at, case.due_at, case.version) == (None, scene.now + minutes(9), 3)
    with pytest.raises(IllegalMove):
        await resume(case, "again", CLEO, scene.now)


async def test_what_has_ended_is_neither_paused_nor_resumed(scene: Scene) -> None:
    await pause(await scene.case(), "wait", CLEO, scene.now)
    await end_outreach(await scene.case(), EndState.CLOSED, "done", scene.now, CLEO)
    for decide in (pause, resume):
        with pytest.raises(IllegalMove):
            await decide(await scene.case(), "late", CLEO, scene.now)


async def test_reopened_it_climbs_from_the_foot_and_its_target_lives_again(scene: Scene) -> None:
    await end_outreach(await scene.case(), EndState.UNREACHED, "time_ran_out", scene.now)
    await reopen(await scene.case(), "seen_at_home", CLEO, scene.now + minutes(5))
    case, target = await scene.case(), await scene.target()
    assert (case.status, case.step, case.round, case.end_state) == (OutreachStatus.OPEN, -1, 1, None)
    assert case.due_at == case.ladder_from == scene.now + minutes(5)
    assert (target.ended_at, target.end_state, target.end_reason) == (None, None, None)


async def test_reopening_leaves_a_withdrawn_target_withdrawn(scene: Scene) -> None:
    joined = await join(scene, await another(scene, scene.now), scene.now)
    await withdraw_target(joined.target, "cancelled_by_source", scene.now, SYSTEM)
    await end_outreach(await scene.case(), EndState.UNREACHED, "time_ran_out", scene.now + minutes(1))
    await reopen(await scene.case(), "seen_at_home", CLEO, scene.now + minutes(5))
    assert (await Target.get(id=joined.target.id)).end_state is EndState.WITHDRAWN


async def test_a_live_case_is_not_reopened_nor_one_whose_resident_has_a_newer(scene: Scene) -> None:
    with pytest.raises(IllegalMove):
        await reopen(await scene.case(), "why", CLEO, scene.now)
    await end_outreach(await scene.case(), EndState.CLOSED, "done", scene.now)
    await join(scene, await another(scene, scene.now), scene.now)
    with pytest.raises(IllegalMove):
        await reopen(await scene.case(), "why", CLEO, scene.now)


async def test_a_coordinator_who_takes_the_case_answers_the_alarm(scene: Scene) -> None:
    await take(await scene.case(), scene.town.cleo.id, scene.now)
    case = await scene.case()
    assert (case.acknowledged_at, case.version) == (scene.now, 2)


async def test_a_contact_is_no_decision_and_leaves_the_version_alone(scene: Scene) -> None:
    assert (await scene.contact(evidence=Evidence.KEY)).version == 1


async def test_the_ladder_looks_no_later_than_it_would_anyway(scene: Scene) -> None:
    await look_at(scene.town.outreach.id, scene.now + timedelta(hours=5))
    assert (await scene.case()).due_at == scene.now + timedelta(hours=1)
    await look_at(scene.town.outreach.id, scene.now + minutes(5))
    assert (await scene.case()).due_at == scene.now + minutes(5)


async def test_nothing_hurries_what_has_ended(scene: Scene) -> None:
    await end_outreach(await scene.case(), EndState.CLOSED, "done", scene.now)
    await hurry(scene.town.outreach.id, scene.now)
    assert (await scene.case()).due_at is None


async def test_the_timeline_holds_codes_and_never_a_name(scene: Scene) -> None:
    await scene.contact(evidence=Evidence.IN_PERSON, ends="convinced", danger_off=True, outcome="convinced")
    assert await kinds(scene) == ["contact", "target_reached", "ended", "target_ended"]
    assert not [row for row in await Event.all() if "Ada" in str(row.data) or "Ben" in str(row.data)]


async def alarmed(kind: str = "emergency") -> list[object]:
    """Whose board an emergency stands on; None: anybody's."""
    words = await told(kind)
    assert {(word.audience, word.channel) for word in words} <= {("coordinator", "board")}
    return [word.coordinator_id for word in words]


async def test_that_the_money_is_gone_is_put_before_the_coordinator_at_once(scene: Scene) -> None:
    await scene.contact(evidence=Evidence.IN_PERSON, emergency=True, outcome="defrauded", follow_up=minutes(30))
    assert await alarmed() == [scene.town.cleo.id]
    event = await Event.get(kind="emergency")
    assert (event.at, event.data) == (scene.now, {"outcome": "defrauded", "coordinators": 1})


async def test_an_emergency_is_put_before_those_who_watch_nearest_and_before_no_others(scene: Scene) -> None:
    near = [await Coordinator.create(name=f"Cleo {number}", area=scene.town.grid) for number in (1, 2)]
    await Coordinator.create(name="Dov", area=scene.town.other_grid)
    await scene.contact(emergency=True)
    assert set(await alarmed()) == {row.id for row in near}


async def test_where_nobody_watches_an_emergency_is_the_whole_citys_and_else_stands_open(scene: Scene) -> None:
    await Coordinator.all().update(area_id=scene.town.other_grid.id)
    await scene.contact(emergency=True)
    assert await alarmed() == [None]
    for_all = await Coordinator.create(name="Cleo 2")
    await scene.contact(emergency=True)
    assert await alarmed() == [None, for_all.id]


async def test_an_emergency_in_no_known_area_is_the_whole_citys(scene: Scene) -> None:
    await Outreach.all().update(area_id=None)
    for_all = await Coordinator.create(name="Cleo 2")
    await scene.contact(emergency=True)
    assert await alarmed() == [for_all.id]


async def test_an_emergency_acknowledges_nothing_and_stops_nothing(scene: Scene) -> None:
    case = await scene.contact(evidence=Evidence.REPORTED_BY_CONTACT, policy=LOW, emergency=True)
    assert await statuses(scene) == NOTHING_MOVED
    assert (case.acknowledged_at, case.version, case.reached_at) == (None, 1, None)
    assert not await told("alarm")
    assert len(await alarmed()) == 1


async def test_an_emergency_learnt_after_the_end_is_an_emergency(scene: Scene) -> None:
    await end_outreach(await scene.case(), EndState.UNREACHED, "time_ran_out", scene.now + minutes(60))
    late = scene.now + timedelta(hours=3)
    await scene.contact(evidence=Evidence.IN_PERSON, emergency=True, at=scene.now + minutes(50), now=late)
    assert await alarmed() == [scene.town.cleo.id]
    event = await Event.get(kind="emergency")
    assert (event.at, event.recorded_at) == (scene.now + minutes(50), late)


async def test_what_is_no_emergency_alarms_nobody(scene: Scene) -> None:
    await scene.contact(evidence=Evidence.IN_PERSON, follow_up=minutes(30))
    assert not await alarmed()
    assert "emergency" not in await kinds(scene)


async def test_a_wrong_address_is_marked_once_and_once_a_coordinator_is_asked_where_she_is(scene: Scene) -> None:
    for _ in range(2):
        await scene.contact(wrong_place=True, outcome="wrong_address")
    assert (await Address.get()).wrong_at == scene.now
    assert await alarmed("locate") == [None]
    assert (await kinds(scene)).count("place_wrong") == 1


async def test_nobody_is_sent_to_a_wrong_address_any_more_and_the_next_step_is_due_at_once(scene: Scene) -> None:
    case = await scene.contact(wrong_place=True)
    assert case.due_at == case.hurried_at == scene.now
    assert case.contacted_at is None
    assert await statuses(scene) == (
        SendStatus.QUEUED,
        SendStatus.QUEUED,
        OfferStatus.WITHDRAWN,
        TaskStatus.ACCEPTED,
    )
    assert [(row.responder_id, row.data) for row in await told("called_off")] == [
        (scene.ben.id, {"why": "wrong_place"})
    ]


async def test_whoever_is_on_the_way_to_a_wrong_address_is_called_off_and_free_again(scene: Scene) -> None:
    await Task.all().update(kind="visit")
    await scene.contact(wrong_place=True)
    assert (await Task.get()).status is TaskStatus.CLOSED
    assert (await Responder.get(id=scene.holder.id)).load == 0
    assert len(await told("called_off")) == 2


async def test_a_place_learnt_since_is_not_the_wrong_one_and_the_visit_goes_on(scene: Scene) -> None:
    later = scene.now + minutes(10)
    new = await Address.create(resident=scene.town.ada, text="Lakeside 2", area=scene.town.grid, made_at=later)
    await scene.contact(wrong_place=True, at=scene.now + minutes(5), now=later)
    assert {row.id for row in await Address.filter(wrong_at__isnull=True)} == {new.id}
    assert (await statuses(scene))[2] is OfferStatus.OFFERED
    assert not await told("locate")


async def test_where_only_the_area_was_known_it_is_the_area_that_was_wrong(scene: Scene) -> None:
    await Address.all().delete()
    for _ in range(2):
        await scene.contact(wrong_place=True)
    known = await Address.get()
    assert (known.text, known.area_id, known.wrong_at) == (None, scene.town.grid.id, scene.now)
    assert len(await told("locate")) == 1


async def test_a_wrong_address_learnt_after_the_end_is_marked_and_nobody_is_asked(scene: Scene) -> None:
    await end_outreach(await scene.case(), EndState.UNREACHED, "time_ran_out", scene.now)
    await scene.contact(wrong_place=True)
    assert (await Address.get()).wrong_at == scene.now
    assert not await told("locate")


async def test_a_wrong_number_is_marked_and_whoever_would_ring_it_is_called_off(scene: Scene) -> None:
    case = await scene.contact(wrong_number=True, channel="call")
    assert (await Phone.get()).wrong_at == scene.now
    assert (await statuses(scene))[2:] == (OfferStatus.OFFERED, TaskStatus.CLOSED)
    assert [(row.responder_id, row.data) for row in await told("called_off")] == [
        (scene.holder.id, {"why": "wrong_number"})
    ]
    assert case.due_at == case.hurried_at == scene.now


async def test_a_number_learnt_since_is_not_the_wrong_one_and_is_still_rung(scene: Scene) -> None:
    later = scene.now + minutes(10)
    new = await Phone.create(
        resident=scene.town.ada, number="+8613800000002", number_hash="ada2", country="CN", made_at=later
    )
    await scene.contact(wrong_number=True, at=scene.now + minutes(5), now=later)
    assert {row.id for row in await Phone.filter(wrong_at__isnull=True)} == {new.id}
    assert await statuses(scene) == NOTHING_MOVED


async def test_whoever_answers_at_a_wrong_number_is_no_contact_whatever_a_category_says(scene: Scene) -> None:
    rule = OutcomeRule("wrong_number", {}, reached=True, wrong_number=True)
    how = {"at": scene.now, "channel": "call", "role": "volunteer", "actor": SYSTEM}
    found = contact_of(rule, Evidence.PERSON_BY_PHONE, **how)  # type: ignore[arg-type]
    case = await record_contact(scene.town.outreach.id, HIGH, found, scene.now)
    assert (case.contacted_at, case.reached_at, case.hurried_at) == (None, None, scene.now)


async def test_an_exercise_marks_no_real_number_and_no_real_address(scene: Scene) -> None:
    await Outreach.all().update(exercise=True)
    await scene.contact(wrong_number=True, wrong_place=True)
    assert ((await Phone.get()).wrong_at, (await Address.get()).wrong_at) == (None, None)
    assert not await told("locate")
