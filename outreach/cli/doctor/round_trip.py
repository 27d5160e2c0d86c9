"""The public address: whether it leads to a running Outreach that knows Twilio's signature from a forged one."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping

import httpx2

from outreach.cli.doctor.findings import Finding, change, ok
from outreach.settings import Settings

NOBODYS = "00000000-0000-0000-0000-000000000000"
"""No attempt has this id: a request about it changes nothing."""
FORM = {"CallSid": "CA" + "0" * 32, "CallStatus": "in-progress"}
WHAT, SIGNED = "Public address", "Signature"


async def check_round_trip(settings: Settings, client: httpx2.AsyncClient) -> list[Finding]:
    """Ask as Twilio asks, signed and unsigned, and see that only the first is heard."""
    base = settings.public_url.rstrip("/")
    try:
        alive = await client.get(f"{base}/healthz")
        if alive.status_code != 200 or "alive" not in alive.text:
            return [change(WHAT, f"{base} answers, but is not Outreach ({alive.status_code}).", _lead(settings))]
        return [ok(WHAT, f"{base} leads here."), await _signature(base, settings, client)]
    except (httpx2.HTTPError, httpx2.InvalidURL) as no:
        says = f"{base} does not answer from here ({type(no).__name__})."
        return [change(WHAT, says, f"Does `outreach serve` run? {_lead(settings)}")]


async def _signature(base: str, settings: Settings, client: httpx2.AsyncClient) -> Finding:
    url = f"{base}/twilio/attempts/{NOBODYS}/voice"
    forged = await client.post(url, data=FORM)
    if forged.status_code != 403:
        says = f"A request that nobody signed was answered {forged.status_code} in place of 403."
        return change(SIGNED, says, "See what stands between: something answers in Outreach's place.")
    signature = sign(settings.twilio_auth_token.get_secret_value(), url, FORM)
    heard = await client.post(url, data=FORM, headers={"X-Twilio-Signature": signature})
    if heard.status_code == 403:
        do = "Give `outreach serve` the same OUTREACH_TWILIO_AUTH_TOKEN and OUTREACH_PUBLIC_URL as this command."
        return change(SIGNED, "A request signed as Twilio signs was refused.", f"{do} A proxy must keep path and body.")
    if heard.status_code >= 500:
        return change(
            SIGNED, f"A signed request was answered {heard.status_code}.", "Look into the log of `outreach serve`."
        )
    return ok(SIGNED, "What Twilio signs is heard, and what nobody signed is refused.")


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """Twilio's signature: base64 of HMAC-SHA-1 under the token over the address and the sorted fields."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), "sha1").digest()).decode()


def _lead(settings: Settings) -> str:
    return f"Let OUTREACH_PUBLIC_URL lead, past proxy and firewall, to port {settings.port} of `outreach serve`."
