"""An offer reaches Ben while his app is closed: a push that says nothing of anybody, and opens the offer."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.async_api import Worker

from outreach.models import Offer, PushSubscription
from tests.harness.cast import Cast
from tests.phone.conftest import Phone, offer_to_ben
from tests.phone.test_a_visit import accepted, arrived, convinced

SHOWN = """navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
  .then((all) => all.map(({ title, body, data }) => ({ title, body, data })))"""
TAP = """async () => {
  const [notification] = await registration.getNotifications();
  // Only a finger may bring a window to the front.
  WindowClient.prototype.focus = async function () { return this; };
  dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""


def key() -> str:
    """A browser's public key."""
    point = generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def push_service(at: str) -> str:
    """A browser whose push service is near by: the real one is not in the test's reach."""
    given = {"endpoint": f"{at}/pushes/1", "keys": {"p256dh": key(), "auth": "A" * 22}}
    return f"""PushManager.prototype.subscribe = async (options) => {{
      (window.asked ??= []).push(options); return {{ toJSON: () => ({json.dumps(given)}) }}; }};
      let permission = "default";
      Object.defineProperty(Notification, "permission", {{ get: () => permission }});
      Notification.requestPermission = async () => permission = "granted";"""


@pytest_asyncio.fixture(loop_scope="session")
async def told(phone: Phone, server: str) -> AsyncIterator[Phone]:
    """Ben's phone, whose browser may show notifications."""
    await phone.context.grant_permissions(["notifications"], origin=server)
    yield phone


async def pushed(phone: Phone, **said: Any) -> Worker:
    """The browser hands a push to the service worker, as its push service does."""
    devtools = await phone.context.new_cdp_session(phone.page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def registered(event: dict[str, Any]) -> None:
        for each in event["registrations"]:
            if not found.done():
                found.set_result(each["registrationId"])

    devtools.on("ServiceWorker.workerRegistrationUpdated", registered)
    await devtools.send("ServiceWorker.enable")
    to = {"origin": phone.at, "registrationId": await asyncio.wait_for(found, 10), "data": json.dumps(said)}
    await devtools.send("ServiceWorker.deliverPushMessage", to)
    async with asyncio.timeout(10):
        while not await phone.page.evaluate(SHOWN):
            await asyncio.sleep(0.05)
    return phone.context.service_workers[0]


async def test_a_push_shows_that_there_is_a_task_and_nothing_of_anybody(told: Phone, server: str, cast: Cast) -> None:
    offer = await offer_to_ben(server, cast)
    await told.open("/app#/mine")
    await told.in_the_shell()
    await pushed(told, kind="offer", offer_id=str(offer.id))
    [notification] = await told.page.evaluate(SHOWN)
    assert notification == {
        "title": "City Care",
        "body": "A new task. Tap to see it.",
        "data": f"/offer/{offer.id}",
    }


async def test_a_tap_on_it_opens_the_offer(told: Phone, server: str, cast: Cast) -> None:
    await told.open("/app#/mine")
    await told.in_the_shell()
    offer = await offer_to_ben(server, cast)
    worker = await pushed(told, kind="offer", offer_id=str(offer.id))
    await worker.evaluate(TAP)
    await told.sees("Someone may be being defrauded now")
    assert (await Offer.get(id=offer.id)).status == "offered"
    assert told.page.url.endswith(f"#/offer/{offer.id}")
    assert not await told.page.evaluate(SHOWN)


async def test_a_push_in_the_language_that_ben_chose(told: Phone, server: str, cast: Cast) -> None:
    await told.open("/app#/mine")
    await told.in_the_shell()
    await told.tap("中文")
    await told.sees("我的")
    await pushed(told, kind="handed_over", offer_id="018f0000-0000-7000-8000-000000000000")
    [notification] = await told.page.evaluate(SHOWN)
    assert notification["body"] == "任务有变动，点开看。" and notification["data"] == "/"


async def test_ben_lets_it_tell_him_of_new_tasks(phone: Phone, server: str, cast: Cast) -> None:
    await phone.page.add_init_script(push_service(server))
    await phone.open("/app#/mine")
    await phone.tap("Tell me of new tasks")
    await phone.sees("New tasks show here.")
    async with asyncio.timeout(10):
        while not (kept := await PushSubscription.filter(responder=cast.ben).first()):
            await asyncio.sleep(0.05)
    assert kept.endpoint == f"{server}/pushes/1"
    service = await (await phone.page.request.get(server + "/api/service")).json()
    assert await phone.page.evaluate("asked") == [
        {"userVisibleOnly": True, "applicationServerKey": service["push_key"]}
    ]


async def test_after_the_first_visit_it_is_asked_once(phone: Phone, server: str, cast: Cast) -> None:
    await phone.page.add_init_script(push_service(server))
    await accepted(phone, server, cast)
    await arrived(phone)
    await convinced(phone)
    asking = phone.page.get_by_role("button", name="Tell me of new tasks")
    await asking.wait_for()
    await phone.page.reload()
    await phone.sees("The money stayed")
    assert not await asking.count()
