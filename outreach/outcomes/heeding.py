"""What an outcome warns of besides the contact: an emergency, a wrong place, a wrong number."""

from __future__ import annotations

from datetime import datetime

from outreach.models import Address, Outreach, Phone
from outreach.models.states import OutreachStatus, TaskKind
from outreach.outcomes.alarming import alarm_watchers
from outreach.outcomes.board import tell_board
from outreach.outcomes.calling_off import close_tasks, withdraw_offers
from outreach.outcomes.learnt import Contact
from outreach.outcomes.prompting import hurry, look_at
from outreach.outcomes.timeline import note_event


async def heed(outreach: Outreach, contact: Contact, now: datetime) -> None:
    """Do what the flags of `contact` ask for, however late it is learnt; inside its transaction, the outreach locked.

    An emergency alarms the coordinators. Numbers and places known when it was found are marked wrong: nobody rings
    them or goes there again, and with no place left a coordinator is asked to locate the person.
    """
    if contact.emergency:
        await alarm_watchers(outreach, contact, now)
    if outreach.exercise:
        # What was played proves nothing about the numbers and places of a real person.
        return
    if contact.wrong_number:
        await _mark_numbers(outreach, contact, now)
    if contact.wrong_place:
        await _mark_places(outreach, contact, now)


async def _mark_numbers(outreach: Outreach, contact: Contact, now: datetime) -> None:
    good = Phone.filter(resident_id=outreach.resident_id, wrong_at__isnull=True)
    meant = good.filter(number_hash=contact.number_hash) if contact.number_hash else good
    marked = await meant.filter(made_at__lte=contact.at).update(wrong_at=contact.at)
    if marked and not await good.exists():
        await _call_off(outreach, TaskKind.CALL, "wrong_number", contact, now)


async def _mark_places(outreach: Outreach, contact: Contact, now: datetime) -> None:
    good = Address.filter(resident_id=outreach.resident_id, wrong_at__isnull=True)
    marked = await good.filter(made_at__lte=contact.at).update(wrong_at=contact.at)
    if not marked and not await _mark_area(outreach, contact, now):
        return
    await note_event(outreach.id, "place_wrong", contact.at, now, contact.actor)
    if not await good.exists():
        await _call_off(outreach, TaskKind.VISIT, "wrong_place", contact, now)
        await _ask_to_locate(outreach, now)


async def _mark_area(outreach: Outreach, contact: Contact, now: datetime) -> bool:
    """Where no more than the area was known, an address without words says that it was wrong; False otherwise."""
    if outreach.area_id is None or await Address.exists(resident_id=outreach.resident_id):
        return False
    await Address.create(
        resident_id=outreach.resident_id,
        area_id=outreach.area_id,
        origin="outcome",
        made_at=now,
        wrong_at=contact.at,
    )
    return True


async def _call_off(outreach: Outreach, kind: TaskKind, why: str, contact: Contact, now: datetime) -> None:
    """There is nothing left to ring or to go to: offers are withdrawn, and whoever is at it is told and free again."""
    await withdraw_offers(outreach.id, why, now, kind=kind.value)
    if await close_tasks(outreach.id, why, now, but=contact.task_id, kind=kind.value):
        await hurry(outreach.id, now)
    await look_at(outreach.id, now)


async def _ask_to_locate(outreach: Outreach, now: datetime) -> None:
    if outreach.status is OutreachStatus.ENDED:
        return
    await tell_board("locate", outreach.id, now, why="wrong_place")
