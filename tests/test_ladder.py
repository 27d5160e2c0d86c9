"""Climbing in batches: whoever is due is climbed, and no case holds up another."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outreach.ladder import climb_due
from outreach.models import Attempt, EscalationPolicy, Outreach, Phone, Resident
from outreach.settings import Settings
from tests.harness.town import Town, build_town


async def policy_of_steps(now: datetime, name: str, *steps: dict[str, str]) -> EscalationPolicy:
    """A version of a policy as it is kept."""
    same = {"name": name, "family": "fraud", "severity": "high"}
    body = {**same, "accepts": ["speech"], "gives_up_after": "24h", "steps": list(steps)}
    return await EscalationPolicy.create(**same, version=1, digest=name, body=body, made_at=now)


async def due(town: Town, policy: EscalationPolicy, now: datetime) -> Outreach:
    """Somebody with a phone, whose outreach is due now."""
    person = await Resident.create(made_at=now)
    await Phone.create(resident=person, number="+12025550150", number_hash=str(person.id), country="US", made_at=now)
    moments = dict.fromkeys(("opened_at", "ladder_from", "step_at", "due_at"), now)
    same = {"family": "fraud", "severity": "high", "category_id": town.outreach.category_id}
    return await Outreach.create(resident=person, policy=policy, **same, **moments)


async def test_a_case_that_cannot_be_climbed_holds_up_nobody_else(
    database: str, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    town = await build_town(now)
    # It can no longer be read, as after a downgrade.
    future = await policy_of_steps(now, "from_the_future", {"do": "send_a_drone", "after": "0s"})
    stuck = await due(town, future, now - timedelta(minutes=1))
    text = await policy_of_steps(now, "text", {"do": "sms", "after": "0s"})
    others = [await due(town, text, now) for _ in range(3)]
    assert await climb_due(Settings(), now) >= 4
    climbed = await Outreach.filter(id__in=[each.id for each in others])
    assert all(each.due_at is not None and each.due_at > now and each.step >= 0 for each in climbed)
    again = await Outreach.get(id=stuck.id)
    # It is looked at again in a minute, and the log says which one it is.
    assert again.due_at == now + timedelta(minutes=1) and again.step == -1
    assert str(stuck.id) in capsys.readouterr().out


async def test_everybody_of_a_batch_gets_a_text_and_nobody_two(database: str, now: datetime) -> None:
    town = await build_town(now)
    text = await policy_of_steps(now, "text", {"do": "sms", "after": "0s"})
    many = [await due(town, text, now) for _ in range(60)]
    assert await climb_due(Settings(), now) == 50
    assert await climb_due(Settings(), now) >= 10
    texted = await Attempt.filter(channel="sms").values_list("outreach_id", flat=True)
    assert sorted(map(str, texted)) == sorted(str(each.id) for each in many)


async def test_nobody_due_is_nobody_climbed(database: str, now: datetime) -> None:
    town = await build_town(now)
    await Outreach.filter(id=town.outreach.id).update(due_at=now + timedelta(seconds=1))
    assert await climb_due(Settings(), now) == 0
