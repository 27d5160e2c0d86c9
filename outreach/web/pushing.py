"""Where a phone's browser takes pushes, said by the phone that is signed in."""

from __future__ import annotations

from pydantic import Field
from starlette.responses import Response

from outreach import access
from outreach.web.answers import PushesSent
from outreach.web.asking import Ask
from outreach.web.forms import Form
from outreach.web.table import RESPONDER, Route


class PushKeys(Form):
    """The browser's public key and secret, in base64url."""

    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)


class SubscriptionForm(Form):
    """What `PushManager.subscribe` gave, as it came."""

    endpoint: str = Field(max_length=2000)
    keys: PushKeys


async def subscribe(ask: Ask) -> Response:
    """Push to this browser, until it signs out."""
    form = await ask.form(SubscriptionForm)
    given = access.Subscription(form.endpoint, form.keys.p256dh, form.keys.auth)
    local = ask.parts.settings.public_url.startswith("http:")
    await access.subscribe(ask.caller.id, ask.token, access.checked(given, local=local), ask.now)
    return ask.answer({"subscribed": True})


async def unsubscribe(ask: Ask) -> Response:
    """Push no more to this browser."""
    await access.unsubscribe(ask.token)
    return Response(status_code=204)


ROUTES = (
    Route("PUT", "/api/me/push", subscribe, (RESPONDER,), "Pushes are sent.", SubscriptionForm, shape=PushesSent),
    Route("DELETE", "/api/me/push", unsubscribe, (RESPONDER,), "No pushes are sent.", answers=204),
)
