"""Texts and calls over Twilio's REST API."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from outreach.messaging.facts import Report
from outreach.messaging.messenger import Accepted, AnswerLost, Capability, Kind, SendRefused
from outreach.messaging.twilio.codes import fault_of
from outreach.messaging.twilio.hearing import meaning
from outreach.messaging.twilio.pace import usual_pace
from outreach.settings import Settings

CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
LOOK_BACK = 50
KEPT_OPEN_S = 2.0
"""How long an idle connection is used again. One that the provider closes at that moment loses us an answer, and its
text a minute; servers wait 5 s and more."""
NO_VOICE, NOTHING_THERE = "no_voice_sender", "20404"
CLOCKS_DIFFER = timedelta(seconds=5)
"""How far the provider's clock may be behind ours when a lost send is looked up."""


class TimedClient(AsyncHttpClient):  # type: ignore[misc]
    """HTTP for Twilio's library with a timeout that holds (its own is ignored), one base address, and no log lines."""

    def __init__(self, base: str, timeout_s: float) -> None:
        super().__init__(logging.getLogger(__name__), True)
        self._base, self._timeout_s = urlsplit(base), timeout_s
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        allow_redirects: bool = False,
    ) -> Response:
        """Ask once; raises SendRefused where no connection was made and AnswerLost where it broke after that."""
        url = urlsplit(uri)._replace(scheme=self._base.scheme, netloc=self._base.netloc).geturl()
        proof = {"Authorization": aiohttp.encode_basic_auth(*auth)} if auth else {}
        given: dict[str, Any] = {"params": _flat(params), "data": _flat(data), "headers": {**(headers or {}), **proof}}
        given["allow_redirects"] = allow_redirects
        try:
            async with asyncio.timeout(self._timeout_s), self._pool().request(method.upper(), url, **given) as answer:
                return Response(answer.status, await answer.text(), answer.headers)
        except aiohttp.ClientConnectorError:
            raise SendRefused("no_connection", "later") from None
        except (TimeoutError, aiohttp.ClientError):
            raise AnswerLost from None

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None:
            # The time limit is asyncio's, around connection, answer and body together.
            unlimited = aiohttp.ClientTimeout(total=None)
            pool = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_OPEN_S)
            self._session = aiohttp.ClientSession(timeout=unlimited, connector=pool)
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


class TwilioMessenger:
    """A Messenger over Twilio's REST API; close it when done."""

    def __init__(self, settings: Settings) -> None:
        self._http = TimedClient(settings.twilio_api_url, settings.provider_timeout_s)
        token = settings.twilio_auth_token.get_secret_value()
        self._client = Client(settings.twilio_account_sid, token, http_client=self._http)
        self._from, self._caller = settings.twilio_from, settings.caller
        self.can, self.pace = can_do(self._from, self._caller), usual_pace(self._from)

    async def send_sms(self, to: str, body: str, callback_url: str) -> Accepted:
        """Send a text; raises SendRefused or AnswerLost."""
        sender = "messaging_service_sid" if self._from.startswith("MG") else "from_"
        given = {sender: self._from, "to": to, "body": body, "status_callback": callback_url}
        return Accepted(str((await _asked(self._client.messages.create_async(**given))).sid))

    async def call(self, to: str, words_url: str, callback_url: str) -> Accepted:
        """Ring; whether a person or a machine took it is told while the words are said. Raises like a text."""
        if "voice" not in self.can:
            raise SendRefused(NO_VOICE)
        made = self._client.calls.create_async(
            to=to,
            from_=self._caller,
            url=words_url,
            status_callback=callback_url,
            status_callback_event=CALL_EVENTS,
            machine_detection="Enable",
            async_amd="true",
            async_amd_status_callback=callback_url,
        )
        return Accepted(str((await _asked(made)).sid))

    async def find(self, kind: Kind, to: str, body: str, since: datetime) -> list[Report]:
        """What was sent to that number since then (texts: with that body), oldest first; raises like a send."""
        held = self._client.messages if kind == "sms" else self._client.calls
        rows = await _asked(held.list_async(to=to, limit=LOOK_BACK))
        fit = [r for r in rows if _made_at(r) >= since - CLOCKS_DIFFER and (kind == "voice" or r.body == body)]
        return [_found(row) for row in sorted(fit, key=_made_at)]

    async def status(self, kind: Kind, sid: str) -> Report | None:
        """What Twilio holds under that id, None where it holds nothing; raises like a send."""
        held = self._client.messages if kind == "sms" else self._client.calls
        try:
            return _found(await _asked(held(sid).fetch_async()))
        except SendRefused as no:
            if no.code == NOTHING_THERE:
                return None
            raise

    async def close(self) -> None:
        """Close the connections to the provider."""
        await self._http.close()


def can_do(sender: str, caller: str) -> frozenset[Capability]:
    """What a sender of texts and a caller's number (either may be empty) can do: a name hears no replies."""
    can: set[Capability] = {"sms", "status"}
    if sender.startswith(("+", "MG")) or sender.isdigit():
        can.add("two_way")
    if caller:
        can.add("voice")
    return frozenset(can)


async def _asked(waiting: Any) -> Any:
    try:
        return await waiting
    except TwilioRestException as no:
        # Its own text holds the number it was about: only the code goes on.
        status, code = int(no.status), str(no.code or no.status)
    except TwilioException:
        raise AnswerLost from None
    if status >= 500 or status == 408:
        raise AnswerLost
    raise SendRefused(code, fault_of(code, status))


def _made_at(row: Any) -> datetime:
    made = row.date_created
    return made.replace(tzinfo=made.tzinfo or UTC) if made else datetime.max.replace(tzinfo=UTC)


def _found(row: Any) -> Report:
    code, picked_up = getattr(row, "error_code", None), getattr(row, "answered_by", None)
    return meaning(str(row.sid), str(row.status), str(code or ""), str(picked_up or ""))


def _flat(given: dict[str, Any] | None) -> list[tuple[str, str]] | None:
    if given is None:
        return None
    pairs = ((name, value) for name, value in given.items() if value is not None)
    return [(n, str(v)) for n, vs in pairs for v in (vs if isinstance(vs, list) else [vs])]
