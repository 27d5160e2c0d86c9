"""The stand-in's account: what a doctor asks Twilio about it, its numbers and its messaging services."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Account:
    """An account whose token is `token`; `inbound_url` says where its numbers send the texts that come in.

    It owns every number and short code, in the state of `number`, and every messaging service, in that of `service`; a
    test changes both, and `status`. `numbers` says what is different of a single number, None that it is not owned.
    """

    def __init__(self, token: str, inbound_url: Callable[[], str]) -> None:
        self.status, self.type, self._token, self._inbound_url = "active", "Full", token, inbound_url
        self.owns = True
        self.number: dict[str, Any] = {"capabilities": {"sms": True, "voice": True}}
        self.numbers: dict[str, dict[str, Any] | None] = {}
        self.service: dict[str, Any] = {"use_inbound_webhook_on_number": False}

    def routes(self) -> list[Route]:
        """What the stand-in answers beside messages and calls."""
        base = "/2010-04-01/Accounts/{account}"
        return [
            Route(f"{base}.json", self._account),
            Route(f"{base}/IncomingPhoneNumbers.json", self._numbers),
            Route(f"{base}/SMS/ShortCodes.json", self._short_codes),
            Route("/v1/Services/{sid}", self._services),
        ]

    async def _account(self, request: Request) -> Response:
        sid = request.path_params["account"]
        return self._let_in(request, {"sid": sid, "status": self.status, "type": self.type})

    async def _numbers(self, request: Request) -> Response:
        rows = self._rows(request.query_params["PhoneNumber"], "phone_number")
        return self._let_in(request, {"incoming_phone_numbers": rows, "page": 0, "next_page_uri": None})

    async def _short_codes(self, request: Request) -> Response:
        rows = self._rows(request.query_params["ShortCode"], "short_code")
        return self._let_in(request, {"short_codes": rows, "page": 0, "next_page_uri": None})

    def _rows(self, number: str, named: str) -> list[dict[str, Any]]:
        own = self.numbers.get(number, {})
        return [{named: number} | self._row() | own] if self.owns and own is not None else []

    def _row(self) -> dict[str, Any]:
        sms_url = self._inbound_url()
        voice_url = sms_url.replace("/twilio/sms", "/twilio/voice")
        row = {"sms_url": sms_url, "sms_method": "POST", "sms_application_sid": ""}
        row |= {"voice_url": voice_url, "voice_method": "POST", "voice_application_sid": "", "trunk_sid": ""}
        return row | {"sms_fallback_url": "", "voice_fallback_url": "", "status_callback": ""} | self.number

    async def _services(self, request: Request) -> Response:
        if not self.owns:
            return _refusal(20404, 404)
        service = {"sid": request.path_params["sid"], "inbound_request_url": self._inbound_url()}
        service |= {"inbound_method": "POST", "fallback_url": None, "status_callback": None}
        return self._let_in(request, service | self.service)

    def _let_in(self, request: Request, said: dict[str, Any]) -> Response:
        account = request.path_params.get("account")
        scheme, _, packed = request.headers.get("authorization", "").partition(" ")
        user, _, token = base64.b64decode(packed).decode().partition(":") if scheme == "Basic" else ("", "", "")
        known = token == self._token and account in (None, user)
        return JSONResponse(said) if known else _refusal(20003, 401)


def _refusal(code: int, status: int) -> Response:
    return JSONResponse({"code": code, "message": "refused by the stand-in", "status": status}, status)
