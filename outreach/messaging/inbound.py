"""How a provider calls us back: what one package reads and writes, so that no other room knows its words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from outreach.errors import BadInput, FieldFault
from outreach.messaging.facts import Call, Report, Text
from outreach.messaging.speaking import Spoken
from outreach.settings import Settings

F = TypeVar("F", Report, Text, Call)
CODES, MOST_KEPT = ("sid", "code"), 64


@dataclass(frozen=True)
class Came:
    """A request as the provider sent it: to the public address `url`, query and all; header names in small letters.

    `at` is when it came.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime


class Inbound(Protocol):
    """Reads what one provider posts under `/NAME/…`, and writes what it wants to hear; it keeps and decides nothing.

    A method that cannot read its request raises BadInput.
    """

    signature: str
    """The header in which it signs."""
    reads: str
    """The media type of its requests."""
    writes: str
    """The media type of what it is answered."""
    nothing: str
    """The answer to a text that came in, by which nothing is sent back."""

    @property
    def numbers(self) -> Collection[str]:
        """The numbers (E.164) by which callers reach us: nobody is ever put through to one of them."""
        ...

    def is_genuine(self, came: Came) -> bool:
        """Whether the provider signed this request, to this address; False for whatever cannot be read."""
        ...

    def report(self, came: Came) -> Report:
        """What became of the text or call that was given this address."""
        ...

    def text(self, came: Came) -> Text:
        """A text that came in."""
        ...

    def call(self, came: Came) -> Call:
        """Who calls, and what they have keyed or said since they were last asked."""
        ...

    def document(self, spoken: Spoken) -> str:
        """What is spoken in a call, as the provider wants to be told."""
        ...


def address_of(path: str, settings: Settings) -> str:
    """The public address at which the chosen provider is to post what `path` names, such as `attempts/ID/status`."""
    return f"{settings.public_url.rstrip('/')}/{settings.messenger}/{path}"


def storable(given: Mapping[str, str], codes: Collection[str]) -> dict[str, str]:
    """These fields as a row can keep them; raises BadInput naming those of `codes` that no row could."""
    kept = {name: _storable(said) for name, said in given.items()}
    wrong = [name for name in codes if name in given and (kept[name] != given[name] or len(kept[name]) > MOST_KEPT)]
    if wrong:
        raise BadInput(faults=tuple(FieldFault(name, "is no id or code of a provider's") for name in wrong))
    return kept


def _storable(said: str) -> str:
    # A NUL, or half a character, is dropped from what a person wrote: to refuse it would be to lose their word.
    return said.replace("\0", "").encode(errors="ignore").decode()


def checked(fact: F) -> F:
    """The fact as a row can keep it, whatever the package that read it let through; raises BadInput."""
    texts = {name: said for name, said in vars(fact).items() if isinstance(said, str)}
    kept: dict[str, Any] = storable(texts, CODES)
    return replace(fact, **kept)
