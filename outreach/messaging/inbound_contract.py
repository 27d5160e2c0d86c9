"""What every inbound side keeps, as tests: subclass `InboundContract`, give it a `heard`, and let pytest collect it.

```python
class TestMine(InboundContract):
    @pytest.fixture
    def heard(self):
        return HeardLine(MyInbound(…), sign, reports=[(came, Report(…)), …], texts=[…], calls=[…])
```
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from outreach.errors import BadInput
from outreach.messaging.facts import VOICEMAIL, Call, Report, Text
from outreach.messaging.inbound import MOST_KEPT, Came, Inbound, checked
from outreach.messaging.speaking import Dial, Gather, HangUp, Say, Spoken

MOST_OF_A_WORD, MOST_COUNTED = 32, 2**31
NEXT = "https://ours.example/next"
NONSENSE = (b"", b"\0", b"\xff\xfe", b"{", b"[]", b"null", b'"word"', b'{"a":[1e999]}', b"a=b&a=c", b"[" * 5000)


@dataclass(frozen=True)
class HeardLine:
    """An inbound side, with requests just as its provider writes them, each beside what it says.

    `sign` answers a request's headers with the signature that the provider would give it as it is now.
    """

    inbound: Inbound
    sign: Callable[[Came], Mapping[str, str]]
    reports: Sequence[tuple[Came, Report]]
    texts: Sequence[tuple[Came, Text]]
    calls: Sequence[tuple[Came, Call]] = ()

    @property
    def requests(self) -> list[Came]:
        """All of them."""
        return [came for came, _ in (*self.reports, *self.texts, *self.calls)]


class InboundContract:
    """The tests; each name is a promise to the rooms above."""

    def test_what_its_provider_wrote_is_genuine(self, heard: HeardLine) -> None:
        assert heard.requests and all(heard.inbound.is_genuine(came) for came in heard.requests)

    def test_a_request_that_was_changed_or_never_signed_is_forged(self, heard: HeardLine) -> None:
        for came in heard.requests:
            header = heard.inbound.signature.lower()
            unsigned = {name: said for name, said in came.headers.items() if name != header}
            forged = [replace(came, url=came.url + more) for more in ("0", "?more=1")]
            forged += [replace(came, body=_changed(came.body)), replace(came, headers=unsigned)]
            forged += [replace(came, headers=unsigned | {header: said}) for said in ("", "é", "0.")]
            assert not [one for one in forged if heard.inbound.is_genuine(one)]

    def test_nothing_that_comes_makes_it_stumble(self, heard: HeardLine) -> None:
        for body in NONSENSE:
            came = replace(heard.requests[0], body=body)
            assert not heard.inbound.is_genuine(came)
            signed = replace(came, headers=heard.sign(came))
            assert heard.inbound.is_genuine(signed)
            for read in (heard.inbound.report, heard.inbound.text, heard.inbound.call):
                try:
                    checked(read(signed))  # type: ignore[type-var]
                except BadInput:
                    continue

    def test_each_request_is_read_as_what_it_says(self, heard: HeardLine) -> None:
        assert [heard.inbound.report(came) for came, _ in heard.reports] == [said for _, said in heard.reports]
        assert [heard.inbound.text(came) for came, _ in heard.texts] == [said for _, said in heard.texts]
        assert [heard.inbound.call(came) for came, _ in heard.calls] == [said for _, said in heard.calls]

    def test_what_it_reads_fits_our_rows(self, heard: HeardLine) -> None:
        for said in _told(heard):
            assert said.sid and max(len(said.sid), len(said.code), len(said.failure)) <= MOST_KEPT
            assert len(said.word) <= MOST_OF_A_WORD and 0 <= said.sequence < MOST_COUNTED

    def test_it_tells_apart_what_arrived_and_what_failed_and_why(self, heard: HeardLine) -> None:
        assert {"sent", "delivered", "failed"} <= {said.state for said in _told(heard)}
        for said in _told(heard):
            assert bool(said.failure) == (said.state == "failed"), said
            assert (said.failure == VOICEMAIL) == (said.by == "machine"), said

    def test_a_word_it_does_not_know_moves_nothing_and_is_kept(self, heard: HeardLine) -> None:
        unknown = [said for said in _told(heard) if said.state is None]
        assert unknown and all(said.word for said in unknown)

    def test_every_step_of_a_call_is_written_in_its_turn(self, heard: HeardLine) -> None:
        if heard.calls:
            steps = Say("Good day"), Gather("Press one", 1, NEXT), Dial("+15005550009"), HangUp()
            written = heard.inbound.document(Spoken("en", steps))
            found = [written.index(said) for said in ("Good day", "Press one", "+15005550009")]
            assert found == sorted(found) and NEXT in written
            kinds = {heard.inbound.document(Spoken("en", (step,))) for step in steps}
            assert len(kinds) == len(steps)

    def test_words_are_only_ever_words(self, heard: HeardLine) -> None:
        if heard.calls:
            bare, marked = (heard.inbound.document(Spoken("en", (Say(words),))) for words in ("a", '<"\\&>'))
            assert '<"\\&>' not in marked and len(marked) > len(bare)


def _told(heard: HeardLine) -> list[Report]:
    return [heard.inbound.report(came) for came, _ in heard.reports]


def _changed(body: bytes) -> bytes:
    return body[:-1] + (b"1" if body[-1:] != b"1" else b"2")
