"""The states of everything that moves, and the only moves that are legal."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How grave a warning is; order of declaration is order of gravity."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 is the gravest."""
        return list(Severity).index(self)


class WarningKind(StrEnum):
    ALERT = "alert"
    UPDATE = "update"
    CANCEL = "cancel"


class OutreachStatus(StrEnum):
    """open → following_up → ended."""

    OPEN = "open"
    FOLLOWING_UP = "following_up"
    ENDED = "ended"


class EndState(StrEnum):
    """How an outreach, and each of its targets, ended."""

    CONVINCED = "convinced"
    UNREACHED = "unreached"
    FALSE_ALARM = "false_alarm"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Channel(StrEnum):
    """The ways to a resident that a step may name; `sms` and `voice` are automatic, `call` and `visit` a person's."""

    SMS = "sms"
    VOICE = "voice"
    CALL = "call"
    VISIT = "visit"
    TRUSTED_CONTACT = "trusted_contact"
    COORDINATOR = "coordinator"


class SendStatus(StrEnum):
    """One message or call at a provider (Attempt, Notice).

    queued: «Ada's text waits for its turn.» sending: «we are on the line with the provider.»
    sent: «the provider has it.» delivered: «Ada's phone has it.» answered: «Ada picked up.»
    failed: «busy, off, wrong number.» unknown: «the answer was lost; we look before we send again.»
    cancelled: «Ada was reached before it left.»
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class OfferStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    UNDELIVERED = "undelivered"


class TaskKind(StrEnum):
    VISIT = "visit"
    CALL = "call"


class TaskStatus(StrEnum):
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    CLOSED = "closed"


class Evidence(StrEnum):
    """How we know that there was contact; `stop` is a contact too: somebody pressed or wrote it."""

    KEY = "key"
    SPEECH = "speech"
    SMS_REPLY = "sms_reply"
    STOP = "stop"
    PERSON_BY_PHONE = "person_by_phone"
    IN_PERSON = "in_person"
    REPORTED_BY_CONTACT = "reported_by_contact"


class ResponderRole(StrEnum):
    VOLUNTEER = "volunteer"
    GRID_WORKER = "grid_worker"
    COMMUNITY_WORKER = "community_worker"
    OFFICER = "officer"


class AreaKind(StrEnum):
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


class TokenKind(StrEnum):
    """Whose token it is; the last four are coordinators' roles.

    `coordinator` sees and decides, `chief` sees all the same, and who looked, and decides nothing; `hotline` checks
    visitors and nothing else; `admin` may what they may, and end others' sessions.
    """

    SOURCE = "source"
    RESPONDER = "responder"
    COORDINATOR = "coordinator"
    HOTLINE = "hotline"
    CHIEF = "chief"
    ADMIN = "admin"


class Audience(StrEnum):
    """Whom a notice is for."""

    RESPONDER = "responder"
    COORDINATOR = "coordinator"
    SOURCE = "source"


class NoticeChannel(StrEnum):
    SMS = "sms"
    PUSH = "push"
    WEBHOOK = "webhook"
    BOARD = "board"


class CheckInKind(StrEnum):
    """What a phone reports; `moved`: the case is elsewhere, `help`: its holder needs some, `fine`: they go on."""

    ARRIVED = "arrived"
    OUTCOME = "outcome"
    NOTE = "note"
    MOVED = "moved"
    HELP = "help"
    FINE = "fine"


ROLES = (TokenKind.COORDINATOR, TokenKind.CHIEF, TokenKind.HOTLINE, TokenKind.ADMIN)
"""What a coordinator may be."""
MERGED = "merged"
"""Why a case ended that joined another: two residents were one person."""
REPEATED = ("alarm", "still_paused")
"""Words on the board that are said of a case again and again: the last says all."""
LIVE_OUTREACH = (OutreachStatus.OPEN, OutreachStatus.FOLLOWING_UP)
LIVE_TASK = (TaskStatus.ACCEPTED, TaskStatus.ARRIVED)
SETTLED_SEND = (SendStatus.DELIVERED, SendStatus.ANSWERED, SendStatus.FAILED, SendStatus.CANCELLED)

OUTREACH_MOVES: dict[OutreachStatus, frozenset[OutreachStatus]] = {
    OutreachStatus.OPEN: frozenset({OutreachStatus.FOLLOWING_UP, OutreachStatus.ENDED}),
    OutreachStatus.FOLLOWING_UP: frozenset({OutreachStatus.OPEN, OutreachStatus.ENDED}),
    OutreachStatus.ENDED: frozenset({OutreachStatus.OPEN}),
}
SEND_MOVES: dict[SendStatus, frozenset[SendStatus]] = {
    SendStatus.QUEUED: frozenset({SendStatus.SENDING, SendStatus.CANCELLED, SendStatus.FAILED}),
    SendStatus.SENDING: frozenset(
        {
            SendStatus.QUEUED,
            SendStatus.SENT,
            SendStatus.DELIVERED,
            SendStatus.ANSWERED,
            SendStatus.FAILED,
            SendStatus.UNKNOWN,
        }
    ),
    SendStatus.UNKNOWN: frozenset(
        {
            SendStatus.QUEUED,
            SendStatus.SENT,
            SendStatus.DELIVERED,
            SendStatus.ANSWERED,
            SendStatus.FAILED,
            SendStatus.CANCELLED,
        }
    ),
    SendStatus.SENT: frozenset({SendStatus.DELIVERED, SendStatus.ANSWERED, SendStatus.FAILED}),
    SendStatus.DELIVERED: frozenset({SendStatus.ANSWERED}),
    SendStatus.ANSWERED: frozenset(),
    SendStatus.FAILED: frozenset(),
    SendStatus.CANCELLED: frozenset(),
}
OFFER_MOVES: dict[OfferStatus, frozenset[OfferStatus]] = {
    OfferStatus.OFFERED: frozenset(set(OfferStatus) - {OfferStatus.OFFERED}),
    OfferStatus.ACCEPTED: frozenset(),
    OfferStatus.DECLINED: frozenset(),
    OfferStatus.LAPSED: frozenset(),
    OfferStatus.WITHDRAWN: frozenset(),
    OfferStatus.UNDELIVERED: frozenset(),
}
TASK_MOVES: dict[TaskStatus, frozenset[TaskStatus]] = {
    TaskStatus.ACCEPTED: frozenset({TaskStatus.ARRIVED, TaskStatus.CLOSED}),
    TaskStatus.ARRIVED: frozenset({TaskStatus.CLOSED}),
    TaskStatus.CLOSED: frozenset(),
}
