"""Questions to the account at Twilio: asked by GET alone, so that nothing there changes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx2

from outreach.settings import Settings


class NoAnswer(Exception):
    """Twilio was not reached, or did not answer in JSON."""


class Account:
    """Questions to the account of the settings."""

    def __init__(self, client: httpx2.AsyncClient, settings: Settings) -> None:
        self.client, self.settings = client, settings
        self.auth = httpx2.BasicAuth(settings.twilio_account_sid, settings.twilio_auth_token.get_secret_value())
        self.base = settings.twilio_api_url.rstrip("/")

    async def ask(self, path: str, base: str = "", **query: str) -> httpx2.Response:
        """One GET; raises NoAnswer when there is none."""
        try:
            return await self.client.get((base or self.base) + path, params=query, auth=self.auth)
        except (httpx2.HTTPError, httpx2.InvalidURL) as no:
            raise NoAnswer(type(no).__name__) from None

    async def about(self, path: str = ".json", **query: str) -> httpx2.Response:
        """The same, below the account."""
        return await self.ask(f"/2010-04-01/Accounts/{self.settings.twilio_account_sid}{path}", **query)

    @property
    def messaging(self) -> str:
        """Where messaging services are asked about: another host at Twilio, the same at a stand-in."""
        url = urlsplit(self.base)
        host = url.netloc.replace("api.", "messaging.", 1) if url.netloc.endswith(".twilio.com") else url.netloc
        return url._replace(netloc=host).geturl()


def told_by(answer: httpx2.Response) -> dict[str, Any]:
    """The object that was answered; raises NoAnswer for what is not JSON."""
    try:
        told = answer.json()
    except ValueError:
        raise NoAnswer("what answers is not Twilio's API") from None
    return told if isinstance(told, dict) else {}
