"""Named refusals: each class is a rule, its docstring the sentence shown to whoever met it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldFault:
    """One field that was refused: its JSON path (`resident.phone`) and the reason in words."""

    field: str
    reason: str


class Refusal(Exception):
    """The request was refused and nothing was changed."""

    status = 422

    def __init__(self, detail: str = "", *, faults: tuple[FieldFault, ...] = ()) -> None:
        self.detail = detail or (self.__doc__ or "").strip()
        self.faults = faults
        super().__init__(self.detail)

    @property
    def code(self) -> str:
        """The name clients match on, the class's own."""
        return type(self).__name__


class BadInput(Refusal):
    """One or more fields are missing or malformed; each is named with its reason."""


class NeitherPhoneNorPlace(BadInput):
    """Give a phone, or an address or location: without either nobody can reach this person."""


class TooManyRows(Refusal):
    """The file has more rows than are taken here: split it, or bring it in with `outreach import`."""


class UnknownCategory(BadInput):
    """That category is not in the registry."""


class UnknownOutcome(BadInput):
    """That outcome is not in the list of this warning's category."""


class UnknownReference(BadInput):
    """A warning that this one updates or cancels was never received from this source."""


class OtherResident(BadInput):
    """A warning that this one updates is about another resident."""


class NoTokenGiven(Refusal):
    """Send a token in the Authorization header: `Authorization: Bearer …`."""

    status = 401


class TokenRefused(Refusal):
    """This token is unknown, expired or revoked."""

    status = 401


class NotYours(Refusal):
    """This token may not do that: it is of another kind."""

    status = 403


class NotFromTheApp(Refusal):
    """Send the session's `csrf` in `X-CSRF-Token`: the cookie alone could be another site's doing."""

    status = 403


class WrongCode(Refusal):
    """That code does not fit, or is too old; `tries_left` says how often another may be tried."""

    status = 403

    def __init__(self, tries_left: int) -> None:
        self.tries_left = tries_left
        super().__init__()


class WrongSignIn(Refusal):
    """That name, password or code does not fit; a code is good once, so wait for the next one."""

    status = 403


class LinkOver(Refusal):
    """This link was used, is too old, or never was; ask for another."""

    status = 403


class Forged(Refusal):
    """The provider's signature is missing or does not fit this request."""

    status = 403


class CitysOnly(Refusal):
    """This is the whole city's: only an admin of all of it may change it."""

    status = 403


class NotFound(Refusal):
    """There is no such thing within what this token may see."""

    status = 404


class MethodNotAllowed(Refusal):
    """This address does not answer that method."""

    status = 405


class Conflict(Refusal):
    """The request does not fit the present state."""

    status = 409


class DifferentContent(Conflict):
    """This id was already used with different content; the first stands."""


class RealCaseLive(Conflict):
    """Somebody is being reached for real in this matter; an exercise may not join in."""


class IllegalMove(Conflict):
    """That step is not allowed from the state this is in."""


class MergedAlready(Conflict):
    """This resident was merged into another; go on with that one."""

    def __init__(self, changes: Sequence[Mapping[str, object]] = ()) -> None:
        self.changes = changes
        super().__init__()


class LastAdmin(Conflict):
    """Nobody else is an admin here; make another one first."""


class NameTaken(Conflict):
    """Somebody else signs in by this name; choose another."""


class AlreadyTaken(Conflict):
    """Somebody else took this first. Thank you."""


class AtCapacity(Conflict):
    """All the places this responder has are taken; close a task first."""


class OfferOver(Conflict):
    """This offer has lapsed or was withdrawn; the next responder has been asked."""


class NotEligible(Conflict):
    """This responder may not take that task now."""


class NothingNew(Conflict):
    """That is what the newest version says already."""


class OtherFile(Conflict):
    """This is not the file that was looked at before: look at it first, then apply it."""


class NothingToUndo(Conflict):
    """No reassignment stands here that could be taken back: it went on since, or was put right already."""


class TooLateToUndo(Conflict):
    """A reassignment can be taken back for ten minutes; reassign it anew."""


class ArrivedMeanwhile(Conflict):
    """Whoever has it now is at the door already; let them finish."""


class StaleVersion(Refusal):
    """Somebody changed this since you read it; `changes` says who and what: read it again and decide anew."""

    status = 412

    def __init__(self, changes: Sequence[Mapping[str, object]] = ()) -> None:
        self.changes = changes
        super().__init__()


class VersionNeeded(Refusal):
    """Send the ETag you read in `If-Match`, so that two coordinators do not overwrite each other."""

    status = 428


class TooLarge(Refusal):
    """The body is larger than this address accepts."""

    status = 413


class TooManyTries(Refusal):
    """Too many tries within the hour; wait as many seconds as `Retry-After` says."""

    status = 429

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__()


class NotJSON(Refusal):
    """The body is not JSON in UTF-8."""

    status = 400


class MisSet(Exception):
    """A setting or file of the installation is wrong; the message names it and what to change."""
