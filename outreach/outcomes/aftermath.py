"""What is learnt long after a case: whether they were defrauded all the same. A later word replaces an earlier one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.errors import NotFound
from outreach.models import Target
from outreach.outcomes.prompting import hold
from outreach.outcomes.timeline import Actor, note_event


async def record_aftermath(
    outreach_id: UUID,
    target_id: UUID,
    defrauded: bool | None,
    lost: int,
    told_by: str,
    actor: Actor,
    now: datetime,
) -> Target:
    """Record it of one target of the outreach, in a transaction; `defrauded` None takes back what was said.

    `lost` is in whole units of the city's currency, `told_by` a code. Raises NotFound for a target of another case.
    """
    await hold(outreach_id)
    target = await Target.get_or_none(id=target_id, outreach_id=outreach_id)
    if target is None:
        raise NotFound()
    target.defrauded = defrauded
    target.lost, target.lost_told_by = (lost, told_by) if defrauded else (None, None)
    await target.save(update_fields=["defrauded", "lost", "lost_told_by"])
    said: dict[str, object] = {"defrauded": defrauded, "lost": target.lost, "told_by": target.lost_told_by}
    await note_event(outreach_id, "aftermath", now, now, actor, target_id, **said)
    return target
