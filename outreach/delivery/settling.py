"""What a provider says of a message or call, in whatever order and however often it says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach.delivery.storing import keep_first
from outreach.models import Sent
from outreach.models.moves import move
from outreach.models.states import SendStatus

ON_THE_WAY = {"accepted", "scheduled", "queued", "sending", "sent", "initiated", "ringing", "in-progress"}
ARRIVED = {"delivered", "read"}
FAILED = {"undelivered", "failed", "canceled", "busy", "no-answer"}
STAMPS = {
    SendStatus.SENT: "sent_at",
    SendStatus.DELIVERED: "delivered_at",
    SendStatus.ANSWERED: "answered_at",
    SendStatus.FAILED: "failed_at",
}
VOICEMAIL = "voicemail"


@dataclass(frozen=True)
class Said:
    """A provider's word, read: the state it means, its id there, and for a failure its code."""

    status: SendStatus | None
    sid: str
    code: str = ""


def read_status(form: Mapping[str, str]) -> Said:
    """What a status callback's form says; `status` is None for a word we do not know."""
    word = form.get("MessageStatus") or form.get("CallStatus") or form.get("SmsStatus") or ""
    sid = form.get("MessageSid") or form.get("CallSid") or form.get("SmsSid") or ""
    return meaning(word, sid, form.get("ErrorCode", ""), form.get("AnsweredBy", ""))


def meaning(word: str, sid: str, code: str = "", answered_by: str = "") -> Said:
    """What one word of the provider means. A call is answered once a person, or nobody says a machine, picked up."""
    if answered_by.startswith(("machine", "fax")):
        return Said(SendStatus.FAILED, sid, VOICEMAIL)
    if word in FAILED:
        return Said(SendStatus.FAILED, sid, code or word)
    if word in ARRIVED:
        return Said(SendStatus.DELIVERED, sid)
    if word in ("completed", "answered") or (word == "in-progress" and answered_by):
        return Said(SendStatus.ANSWERED, sid)
    return Said(SendStatus.SENT if word in ON_THE_WAY else None, sid)


async def settle(model: type[Sent], row_id: UUID, said: Said, at: datetime) -> bool:
    """Move the row to what the provider says, never backwards; True when its state changed. Call in a transaction."""
    row = await model.filter(id=row_id).select_for_update().first()
    if row is None or said.status is None or _of_another_send(row, said):
        return False
    if row.status is SendStatus.QUEUED and row.sending_at is not None:
        # It was thought lost and waits to be sent again, but the provider has had it all along.
        await move(model, row_id, SendStatus.SENDING)
    stamp = STAMPS[said.status]
    more = {"failure": said.code[:64]} if said.status is SendStatus.FAILED else {}
    moved = await move(model, row_id, said.status, **{stamp: at}, **more)
    if said.sid and row.status is not SendStatus.CANCELLED:
        await keep_first(model, row_id, sid=said.sid, sent_at=at)
    return moved


def _of_another_send(row: Sent, said: Said) -> bool:
    return said.status is SendStatus.FAILED and bool(row.sid and said.sid and row.sid != said.sid)
