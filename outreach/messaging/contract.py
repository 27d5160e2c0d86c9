"""What every messenger keeps, as tests: subclass `MessengerContract`, give it a `line`, and let pytest collect it.

```python
class TestMine(MessengerContract):
    @pytest.fixture
    async def line(self):
        async with my_provider() as (messenger, since):
            yield ContractLine(messenger, TO, "https://ours.example/status", since)
```
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from outreach.messaging.facts import Report
from outreach.messaging.messenger import Accepted, Kind, Messenger, SendRefused

CAPABILITIES = frozenset({"sms", "voice", "two_way", "status"})
UNKNOWN_ID = "SM" + "0" * 32


@dataclass(frozen=True)
class ContractLine:
    """A messenger before its provider (a stand-in, or a test account): `to` is a number (E.164) that takes texts and
    calls, `ours` an https address of ours, `since` a moment before the first send."""

    messenger: Messenger
    to: str
    ours: str
    since: datetime


async def refused(send: Callable[[], Awaitable[object]]) -> SendRefused:
    """The refusal that `send` meets; AssertionError where it is let through."""
    try:
        await send()
    except SendRefused as no:
        return no
    raise AssertionError("this should have been refused")


class MessengerContract:
    """The tests; each name is a promise to the rooms above."""

    async def test_it_says_what_it_can_do(self, line: ContractLine) -> None:
        assert line.messenger.can <= CAPABILITIES

    async def test_what_it_cannot_do_is_refused_for_good(self, line: ContractLine) -> None:
        for kind in ("sms", "voice"):
            if kind not in line.messenger.can:
                no = await refused(lambda kind=kind: _send(line, kind, "hello"))  # type: ignore[misc]
                assert no.permanent

    async def test_what_it_takes_has_an_id_of_its_own(self, line: ContractLine) -> None:
        for kind in _kinds(line):
            first, second = await _send(line, kind, "one"), await _send(line, kind, "two")
            assert first.sid and second.sid and first.sid != second.sid

    async def test_a_number_that_is_none_is_refused_for_good_and_not_lost(self, line: ContractLine) -> None:
        if "sms" in line.messenger.can:
            no = await refused(lambda: line.messenger.send_sms("nonsense", "hello", line.ours))
            assert no.permanent and no.code and no.code != "nonsense"

    async def test_a_send_is_found_by_number_words_and_time(self, line: ContractLine) -> None:
        if "sms" in line.messenger.can:
            sent = await _send(line, "sms", "found by these words")
            found = await line.messenger.find("sms", line.to, "found by these words", line.since)
            assert [one.sid for one in found] == [sent.sid]
            assert await line.messenger.find("sms", line.to, "never sent", line.since) == []

    async def test_it_says_what_became_of_a_send(self, line: ContractLine) -> None:
        if "status" in line.messenger.can:
            for kind in _kinds(line):
                sent = await _send(line, kind, "asked after")
                told = await line.messenger.status(kind, sent.sid)
                assert isinstance(told, Report) and told.sid == sent.sid and told.word

    async def test_an_id_it_never_gave_is_nothing_and_no_failure(self, line: ContractLine) -> None:
        if "status" in line.messenger.can:
            assert await line.messenger.status("sms", UNKNOWN_ID) is None


def _kinds(line: ContractLine) -> list[Kind]:
    return [kind for kind in ("sms", "voice") if kind in line.messenger.can]


async def _send(line: ContractLine, kind: str, words: str) -> Accepted:
    if kind == "voice":
        return await line.messenger.call(line.to, line.ours, line.ours)
    return await line.messenger.send_sms(line.to, words, line.ours)
