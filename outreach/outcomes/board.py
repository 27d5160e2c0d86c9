"""A word on the board, where coordinators look: it stands there as soon as it is written, and needs no sending."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from outreach.models import Notice
from outreach.models.states import REPEATED, Audience, NoticeChannel, SendStatus


async def tell_board(
    kind: str, outreach_id: UUID | None, now: datetime, coordinator_id: UUID | None = None, **data: object
) -> None:
    """Tell one coordinator, or whoever looks, of a case or of none; `data` holds codes and figures only."""
    await _word(kind, now, data, coordinator_id=coordinator_id, outreach_id=outreach_id).save(force_create=True)


async def tell_board_once(
    kind: str, word_id: UUID, now: datetime, /, outreach_id: UUID | None = None, **data: object
) -> None:
    """Tell whoever looks, of a case or of none; of all who tell with one `word_id`, only the first does."""
    await Notice.bulk_create([_word(kind, now, data, id=word_id, outreach_id=outreach_id)], ignore_conflicts=True)


async def take_away(word_id: UUID, now: datetime) -> None:
    """A coordinator has seen the word: it stands on the board no more, on nobody's where it was said to all.

    With one of REPEATED goes what it repeated: the same, said to the same before it, of the same case.
    """
    standing = Notice.filter(audience=Audience.COORDINATOR, seen_at__isnull=True)
    word = await standing.get_or_none(id=word_id)
    if word is None:
        return
    gone = Q(id=word_id)
    if word.kind in REPEATED:
        same = {"kind": word.kind, "outreach_id": word.outreach_id, "coordinator_id": word.coordinator_id}
        gone |= Q(queued_at__lte=word.queued_at, **same)
    await standing.filter(gone).update(seen_at=now)


def _word(kind: str, now: datetime, data: dict[str, object], **of: UUID | None) -> Notice:
    return Notice(
        audience=Audience.COORDINATOR,
        channel=NoticeChannel.BOARD,
        kind=kind,
        status=SendStatus.SENT,
        queued_at=now,
        send_after=now,
        sent_at=now,
        data=data,
        **of,
    )
