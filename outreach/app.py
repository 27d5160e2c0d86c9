"""Assembly: the real parts, wired."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from tortoise.context import TortoiseContext

from outreach.clock import Clock, WallClock
from outreach.clockwork import Clockwork, Cron, jobs_of
from outreach.messaging import Messenger
from outreach.messaging.choosing import chosen_messenger
from outreach.models.connecting import connect
from outreach.models.electing import candidate_for
from outreach.models.migrating import migrate
from outreach.models.sealing import load_keyring
from outreach.registry import seed
from outreach.settings import Settings, read_settings
from outreach.web import Parts, make_web


async def open_database(settings: Settings, clock: Clock) -> TortoiseContext:
    """Migrate, connect, and install the policies and categories; closed by `close_connections()`."""
    await migrate(settings.database_url)
    keys = load_keyring(settings.keys_file, settings.keys.get_secret_value() if settings.keys else None)
    context = await connect(settings.database_url, keys)
    await seed(settings, clock.now())
    return context


def messenger_of(settings: Settings) -> Messenger:
    """Who carries texts and calls, as OUTREACH_MESSENGER names it; raises MisSet for a name nobody offers."""
    return chosen_messenger(settings)


@contextlib.asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[Starlette]:
    """The whole product in this process: its web application, with the loops turning behind it."""
    cron = Cron(clock, candidate_for(settings.database_url), jobs_of(settings))
    context = await open_database(settings, clock)
    messenger = messenger_of(settings)
    clockwork = Clockwork(settings, clock, messenger)
    try:
        with context:
            if settings.run_clockwork:
                clockwork.start()
                cron.start()
            yield make_web(Parts(settings, clock, clockwork.wake, context))
    finally:
        await cron.stop()
        await clockwork.stop()
        await messenger.close()
        await context.close_connections()


def settings_and_clock() -> tuple[Settings, Clock]:
    """The settings of the environment and the time of day."""
    return read_settings(), WallClock()
