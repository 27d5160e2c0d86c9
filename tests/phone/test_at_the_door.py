"""The visit code held up to Ada: large, lit, without signal, and only as long as it is good."""

from __future__ import annotations

from datetime import timedelta

from outreach.clock import WallClock
from outreach.models import Task
from tests.harness.cast import Cast
from tests.phone.conftest import Phone
from tests.phone.test_a_visit import accepted

LAMP = """window.lit = []; navigator.wakeLock.request = async (kind) => {
  lit.push(kind); return { release: async () => lit.pop() }; };"""
CODE = ".door .code"


async def held_up(phone: Phone) -> str:
    """Ben shows Ada the code; answers its six digits."""
    await phone.tap("Show it large", role="link")
    return (await phone.page.inner_text(CODE)).replace(" ", "")


async def test_the_code_is_shown_large_with_who_stands_there_and_whom_to_ring(
    phone: Phone, server: str, cast: Cast
) -> None:
    await phone.page.add_init_script(LAMP)
    await accepted(phone, server, cast)
    [task] = (await (await phone.page.request.get(server + "/api/me/tasks")).json())["tasks"]
    assert await held_up(phone) == task["visit_code"]
    said = await phone.page.inner_text("main")
    assert all(words in said for words in ("City Care", "Ben", "Please ring 12345", "Good until"))
    assert "Ada" not in said and "1 Willow Lane" not in said
    size = await phone.page.evaluate(f"document.querySelector('{CODE}').getBoundingClientRect().width")
    assert size > 250
    await phone.until("lit.length > 0")
    assert await phone.page.evaluate("lit") == ["screen"]
    assert await phone.page.get_by_role("button", name="Help").is_visible()
    await phone.tap("Close", role="link")
    await phone.sees("1 Willow Lane")
    await phone.until("lit.length === 0")


async def test_without_signal_the_code_is_shown_until_it_is_over(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    code = await held_up(phone)
    await phone.context.set_offline(True)
    await phone.page.reload()
    assert (await phone.page.inner_text(CODE)).replace(" ", "") == code
    # The screen reads the time anew every few seconds: this is the clock that it reads.
    await phone.page.clock.install(time=WallClock().now())
    await phone.page.reload()
    await phone.page.wait_for_selector(CODE)
    await phone.page.clock.fast_forward(timedelta(hours=13).seconds * 1000)
    await phone.sees("This code is over")
    assert not await phone.page.locator(CODE).count()
    await phone.tap("Get a new code")
    await phone.sees("No signal. This needs it.")


async def test_a_code_that_is_over_is_fetched_anew_where_it_stood(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    task = await Task.get()
    over = (WallClock().now() - timedelta(minutes=1)).isoformat()
    await phone.page.evaluate(END, [over])
    await phone.page.goto(f"{server}/app#/task/{task.id}/code")
    await phone.context.set_offline(True)
    await phone.page.reload()
    await phone.sees("This code is over")
    await phone.context.set_offline(False)
    await phone.tap("Get a new code")
    await phone.page.wait_for_selector(CODE)


END = """([over]) => new Promise((done, failed) => {
  const asked = indexedDB.open("outreach");
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const kept = asked.result.transaction("kept", "readwrite").objectStore("kept");
    const tasks = kept.get("tasks");
    tasks.onsuccess = () => {
      for (const task of tasks.result) task.visit_code_expires_at = over;
      kept.put(tasks.result, "tasks").onsuccess = () => { asked.result.close(); done(); };
    };
  };
})"""
