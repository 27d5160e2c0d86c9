"""What the tables themselves refuse, on both engines; migrating at once and over filled tables; sealing; moments."""

from __future__ import annotations

import asyncio
import importlib
import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.models import Model

from outreach.errors import MisSet
from outreach.models import (
    Absence,
    Address,
    Attempt,
    CheckIn,
    Coordinator,
    DeskCall,
    Event,
    Notice,
    Offer,
    Outreach,
    Resident,
    Task,
    Warning,
)
from outreach.models.connecting import connect, is_sqlite
from outreach.models.fields import new_id
from outreach.models.moves import MOVES, move, sources_of
from outreach.models.sealing import Keyring, keyring_from_json, load_keyring, new_keyring, open_sealed, seal, use_keys
from outreach.models.states import OUTREACH_MOVES, OfferStatus, OutreachStatus, SendStatus
from outreach.models.visiting import VisitCode
from tests.conftest import KEYS
from tests.harness.databases import ENGINES, PostgresServer
from tests.harness.town import build_town

constraints = importlib.import_module("outreach.models.migrations.0005_constraints")
pace = importlib.import_module("outreach.models.migrations.0013_pace")
exercises = importlib.import_module("outreach.models.migrations.0025_exercises")
PARTIAL = constraints.INDEXES | pace.INDEXES | exercises.INDEXES
WANTED = {name: sql for name, sql in PARTIAL.items() if name not in pace.REPLACED}
found_by = importlib.import_module("outreach.models.migrations.0007_found_by")
cases_of = importlib.import_module("outreach.models.migrations.0027_cases_of")
visit_codes = importlib.import_module("outreach.models.migrations.0008_visit_codes")
CHECKS = {name: (model, check) for model, checks in constraints.CHECKS.items() for name, check in checks.items()}
RUNG = "6f2f4a52-3a1c-4d0e-9d0e-0d4f8a1c2b3d"
MIGRATE = "import asyncio, sys; from outreach.models.migrating import migrate; asyncio.run(migrate(sys.argv[1]))"

VIOLATIONS = {
    "responder_load": "UPDATE responder SET load = capacity + 1",
    "responder_capacity": "UPDATE responder SET capacity = -1, load = -1",
    "shift_hours": "UPDATE shift SET ends_at = starts_at",
    "absence_hours": "UPDATE absence SET ends_at = starts_at",
    "outreach_ended": "UPDATE outreach SET status = 'ended', end_state = 'closed', due_at = NULL",
    "outreach_end_state": "UPDATE outreach SET status = 'ended', ended_at = opened_at, due_at = NULL",
    "outreach_due": "UPDATE outreach SET due_at = NULL",
    "outreach_reached": "UPDATE outreach SET reached_at = opened_at",
    "outreach_convinced": "UPDATE outreach SET convinced_at = opened_at",
    "outreach_following_up": "UPDATE outreach SET status = 'following_up'",
    "target_ended": "UPDATE target SET ended_at = joined_at",
    "target_reached": "UPDATE target SET reached_at = joined_at, contacted_at = joined_at",
    "target_contacted": "UPDATE target SET reached_at = joined_at, reached_evidence = 'key'",
    "target_convinced": "UPDATE target SET convinced_at = joined_at",
    "attempt_sending": "UPDATE attempt SET status = 'sending'",
    "attempt_failed": "UPDATE attempt SET status = 'failed'",
    "attempt_delivered": "UPDATE attempt SET status = 'delivered'",
    "attempt_answered": "UPDATE attempt SET status = 'answered'",
    "offer_settled": "UPDATE offer SET status = 'lapsed' WHERE settled_at IS NULL",
    "task_closed": "UPDATE task SET status = 'closed'",
    "task_arrived": "UPDATE task SET status = 'arrived'",
    "notice_sending": "UPDATE notice SET status = 'sending'",
    "notice_failed": "UPDATE notice SET status = 'failed'",
}
DOUBLES: dict[str, type[Model]] = {
    "one_live_outreach": Outreach,
    "one_live_task": Task,
    "one_live_offer": Offer,
    "attempt_sid": Attempt,
    "notice_sid": Notice,
}


async def fill(now: datetime) -> None:
    """One row or more in every table that has a rule: Ada's case with everything under way."""
    town = await build_town(now)
    ben = await town.responder(1)
    case = {"outreach": town.outreach}
    sent = {"queued_at": now, "send_after": now}
    await Absence.create(responder=ben, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
    await Attempt.create(**case, **sent, channel="sms", step=0, text_key="warned", sid="SM1")
    offer = await town.offer(ben)
    held = await town.offer(ben, kind="call", status="accepted", settled_at=now)
    task = await Task.create(**case, kind="call", responder=ben, offer=held, accepted_at=now, due_at=now)
    await Notice.create(
        **case, **sent, audience="responder", channel="sms", kind="offer", responder=ben, offer=offer, sid="SM2"
    )
    moments = {"made_at": now, "corrected_at": now, "received_at": now}
    await CheckIn.create(
        id=new_id(), task=task, responder=ben, kind="note", note="At the gate", body_hash="b", **moments
    )
    await Event.create(**case, kind="opened", at=now, recorded_at=now)
    cleo = await Coordinator.create(name="Cleo")
    rung = {"actor_kind": "coordinator", "actor_id": cleo.id, "data": {"call_id": RUNG, "outcome": "no_answer"}}
    await Event.create(**case, **rung, kind="no_contact", at=now, recorded_at=now)


async def catalogue(database: str, of: str) -> dict[str, str]:
    """The definitions of the `check`s or `index`es the database says it has, by name."""
    postgres = {
        "check": "SELECT conname AS name, pg_get_constraintdef(oid) AS sql FROM pg_constraint WHERE contype = 'c'",
        "index": "SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = 'public'",
    }
    embedded = {
        "check": "SELECT name, sql FROM sqlite_master WHERE type = 'table'",
        "index": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    }
    sql = (embedded if is_sqlite(database) else postgres)[of]
    rows = {row["name"]: row["sql"] for row in await get_connection("default").execute_query_dict(sql)}
    if of == "check" and is_sqlite(database):
        whole = " ".join(rows.values())
        return {name: whole for name in CHECKS if f'CONSTRAINT "{name}" CHECK' in whole}
    return rows


async def test_every_check_that_was_asked_for_is_in_the_catalogue(database: str) -> None:
    assert set(CHECKS) <= set(await catalogue(database, "check"))


async def test_every_partial_index_that_was_asked_for_is_in_the_catalogue(database: str) -> None:
    known = await catalogue(database, "index")
    for name, sql in WANTED.items():
        assert "WHERE" in known[name]
        assert ("UNIQUE" in known[name]) == sql.startswith("UNIQUE")


async def test_a_code_is_given_to_one_visit_and_a_visit_has_one_code(database: str, now: datetime) -> None:
    known = await catalogue(database, "index")
    assert all("UNIQUE" in known[name] and "WHERE" in known[name] for name in visit_codes.INDEXES)
    await fill(now)
    task = await Task.get()
    given = {"made_at": now, "expires_at": now + timedelta(hours=1)}
    kept = await VisitCode.create(task=task, code="123456", code_hash="h", **given)
    with pytest.raises(IntegrityError):
        await VisitCode.create(task=task, code="654321", code_hash="g", **given)
    await VisitCode.filter(id=kept.id).update(ended_at=now)
    await VisitCode.create(task=task, code="123456", code_hash="h", **given)


async def test_what_is_looked_for_often_has_its_index_in_the_catalogue(database: str) -> None:
    assert set(found_by.INDEXES | cases_of.INDEXES) <= set(await catalogue(database, "index"))


def test_every_rule_of_the_tables_has_a_row_that_breaks_it() -> None:
    assert set(VIOLATIONS) == set(CHECKS)
    assert set(DOUBLES) == {name for name, sql in constraints.INDEXES.items() if sql.startswith("UNIQUE")}


async def test_each_check_refuses_the_row_that_breaks_it(database: str, now: datetime) -> None:
    await fill(now)
    for name, sql in VIOLATIONS.items():
        with pytest.raises((IntegrityError, OperationalError)) as refused:
            await get_connection("default").execute_query(sql)
        # No load fits a negative capacity, so either of the two rules may speak first.
        assert name.replace("_capacity", "") in str(refused.value), name


@pytest.mark.parametrize("name", list(DOUBLES))
async def test_each_unique_rule_refuses_the_second_row(database: str, now: datetime, name: str) -> None:
    await fill(now)
    row = await DOUBLES[name].first()
    assert row is not None
    with pytest.raises(IntegrityError):
        await row.clone(pk=new_id()).save()


async def test_the_same_warning_and_the_same_check_in_are_stored_once(database: str, now: datetime) -> None:
    await fill(now)
    for first in (await Warning.get(), await CheckIn.get()):
        same: Any = first.clone(pk=new_id() if isinstance(first, Warning) else first.pk)
        with pytest.raises(IntegrityError):
            await same.save(force_create=True)


async def test_nothing_that_others_hang_on_can_be_deleted(database: str, now: datetime) -> None:
    await fill(now)
    for model in (Resident, Outreach, Warning, Offer, Task):
        with pytest.raises((IntegrityError, OperationalError)):
            await model.all().delete()
    assert await CheckIn.all().count() == 1


@pytest.fixture(params=ENGINES)
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database without any table, on each engine in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"fresh_{uuid.uuid4().hex}"
    await server.execute(f"CREATE DATABASE {name}")
    yield server.url(name)
    await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def python(code: str, *given: str) -> None:
    """Run `code` in a process of its own; fails with what it said."""
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *given, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(run.communicate(), 60)
    assert run.returncode == 0, said.decode()


ADDED_SINCE = {
    ("event", "txid"): "",
    ("address", "wrong_at"): "TIMESTAMP",
    ("source", "webhook_secret_before"): "TEXT",
    ("source", "webhook_secret_before_until"): "TIMESTAMP",
    ("attempt", "urgent"): "BOOLEAN",
    ("attempt", "number"): "INTEGER",
    ("notice", "urgent"): "BOOLEAN",
    ("coordinator", "role"): "VARCHAR(16)",
    ("access_token", "way"): "VARCHAR(8)",
    ("attempt", "held_up_at"): "TIMESTAMP",
    ("notice", "held_up_at"): "TIMESTAMP",
    ("target", "contacted_by"): "VARCHAR(16)",
    ("target", "defrauded"): "BOOLEAN",
    ("target", "lost"): "BIGINT",
    ("target", "lost_told_by"): "VARCHAR(16)",
    ("resident", "merged_into"): "CHAR(36)",
    ("coordinator", "left_at"): "TIMESTAMP",
    ("category", "edited_at"): "TIMESTAMP",
    ("escalation_policy", "made_by"): "CHAR(36)",
    ("escalation_policy", "made_from"): "INTEGER",
}
"""The columns that migrations after 0004 add, and their types."""
TABLES_SINCE = {
    "pace",
    "provider_event",
    "visit_code",
    "visit_code_try",
    "invite",
    "sign_in_code",
    "sign_in_try",
    "push_subscription",
    "coordinator_login",
    "coordinator_link",
    "rollup",
    "rollup_hour",
    "rollup_state",
    "rollup_mark",
    "responder_load",
    "search_token",
    "look",
    "look_shown",
    "verdict",
    "handover",
    "desk_call",
}
"""The tables that migrations after 0004 add."""


async def rows_of(database: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours, as stored, but for the columns that later migrations add."""
    tables = sorted(model._meta.db_table for model in MODELS_OF_OURS if not model._meta.abstract)
    tables = [table for table in tables if table not in TABLES_SINCE]
    dump = {}
    for table in tables:
        rows = await get_connection("default").execute_query_dict(f"SELECT * FROM {table}")
        plain = [{k: str(v) for k, v in row.items() if (table, k) not in ADDED_SINCE} for row in rows]
        dump[table] = sorted(plain, key=lambda row: sorted(row.items()))
    return dump


models = importlib.import_module("outreach.models")
MODELS_OF_OURS: list[type[Model]] = [getattr(models, name) for name in models.__all__]


@pytest.mark.slow
async def test_four_processes_may_migrate_an_empty_database_at_once(empty_url: str, now: datetime) -> None:
    await asyncio.gather(*(python(MIGRATE, empty_url) for _ in range(4)))
    context = await connect(empty_url, KEYS)
    with context:
        assert set(CHECKS) <= set(await catalogue(empty_url, "check"))
        assert set(WANTED) <= set(await catalogue(empty_url, "index"))
        await fill(now)
        await context.close_connections()


TO_0004 = """
import asyncio, sys
from tortoise.connection import get_connection
from tortoise.migrations.api import migrate
from outreach.models.connecting import database_config

async def go(url):
    await migrate(config=database_config(url), target="models.0004_contacts")
    await get_connection("default").close()

asyncio.run(go(sys.argv[1]))
"""


@pytest.mark.slow
async def test_migrating_a_filled_database_keeps_every_row(empty_url: str, now: datetime) -> None:
    await python(TO_0004, empty_url)
    context = await connect(empty_url, KEYS)
    with context:
        assert not set(CHECKS) & set(await catalogue(empty_url, "check"))
        # The models know columns that these tables have not yet: lent for the filling, taken away again.
        lent = {added: kind for added, kind in ADDED_SINCE.items() if kind}
        for (table, column), kind in lent.items():
            await get_connection("default").execute_script(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
        await fill(now)
        for table, column in lent:
            await get_connection("default").execute_script(f"ALTER TABLE {table} DROP COLUMN {column}")
        before = await rows_of(empty_url)
        await context.close_connections()
    for _ in range(2):
        await python(MIGRATE, empty_url)
    context = await connect(empty_url, KEYS)
    with context:
        assert await rows_of(empty_url) == before
        assert [str(row.id) for row in await DeskCall.all()] == [RUNG]
        assert [row.wrong_at for row in await Address.all()] == [None]
        assert len([table for table, rows in before.items() if rows]) >= 18
        assert set(CHECKS) <= set(await catalogue(empty_url, "check"))
        assert set(WANTED) <= set(await catalogue(empty_url, "index"))
        await context.close_connections()


async def test_a_state_moves_once_and_never_backwards(database: str, now: datetime) -> None:
    await fill(now)
    attempt, offer = await Attempt.get(), await Offer.get(status="offered")
    assert await move(Attempt, attempt.id, SendStatus.SENDING, sending_at=now)
    assert not await move(Attempt, attempt.id, SendStatus.CANCELLED)
    assert await move(Attempt, attempt.id, SendStatus.DELIVERED, delivered_at=now)
    assert not await move(Attempt, attempt.id, SendStatus.SENT, sent_at=now)
    assert await move(Offer, offer.id, OfferStatus.LAPSED, settled_at=now)
    assert not await move(Offer, offer.id, OfferStatus.ACCEPTED, settled_at=now)


def test_every_state_says_where_it_may_go() -> None:
    for moves in [*MOVES.values(), OUTREACH_MOVES]:
        states = type(next(iter(moves)))
        assert set(moves) == set(states)
    assert sources_of(Attempt, SendStatus.CANCELLED) == [SendStatus.QUEUED, SendStatus.UNKNOWN]
    assert OutreachStatus.OPEN in OUTREACH_MOVES[OutreachStatus.ENDED]


@pytest.fixture
def keys() -> Keyring:
    use_keys(KEYS)
    return KEYS


def test_a_sealed_value_opens_in_its_own_column_and_in_no_other(keys: Keyring) -> None:
    sealed = seal("Ada", "name")
    assert open_sealed(sealed, "name") == "Ada"
    with pytest.raises(MisSet):
        open_sealed(sealed, "note")


def test_the_same_name_is_never_sealed_alike(keys: Keyring) -> None:
    assert seal("Ada", "name") != seal("Ada", "name")


@pytest.mark.parametrize("place", [10, 14, 30, -6])
def test_a_sealed_value_altered_anywhere_is_refused(keys: Keyring, place: int) -> None:
    sealed = seal("Ada", "name")
    other = "A" if sealed[place] != "A" else "B"
    with pytest.raises(MisSet):
        open_sealed(sealed[:place] + other + sealed[place + 1 :] if place > 0 else sealed[:place], "name")


@pytest.mark.parametrize("broken", ["sealed:t1:", "sealed:t1:AAAA", "sealed:t1:%%%%", "sealed:t9:AAAA", "sealed:"])
def test_a_sealed_value_cut_short_is_refused_by_name(keys: Keyring, broken: str) -> None:
    with pytest.raises(MisSet):
        open_sealed(broken, "name")


async def test_after_the_keys_are_changed_old_names_open_and_new_ones_use_the_new_key(
    database: str, now: datetime
) -> None:
    await Resident.create(name="Ada", made_at=now)
    use_keys(replace(KEYS, current="t2", sealing={**KEYS.sealing, "t2": b"n" * 32}))
    ada = await Resident.get()
    assert ada.name == "Ada"
    await ada.save()
    _, raw = await get_connection("default").execute_query("SELECT name FROM resident")
    assert raw[0]["name"].startswith("sealed:t2:")
    assert (await Resident.get()).name == "Ada"


def test_keys_are_made_once_for_their_owner_only_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    made = load_keyring(file)
    assert load_keyring(file) == made == keyring_from_json(made.to_json())
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_keyring(file, new_keyring().to_json()) != made


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"current": "k", "sealing": {"k": "AA=="}, "hashing": "AA=="}'])
def test_keys_that_cannot_be_read_are_refused_by_name(text: str) -> None:
    with pytest.raises(MisSet):
        keyring_from_json(text)


async def test_a_time_without_a_zone_is_refused_wherever_it_comes_in(database: str, now: datetime) -> None:
    ada, naive = await Resident.create(name="Ada", made_at=now), now.replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        await Resident.create(name="Ada", made_at=naive)
    with pytest.raises(ValueError, match="without a zone"):
        await Resident.filter(made_at__lt=naive).count()
    with pytest.raises(ValueError, match="without a zone"):
        await Resident.filter(id=ada.id).update(made_at=naive)
    ada.made_at = naive
    with pytest.raises(ValueError, match="without a zone"):
        await ada.save()
    assert (await Resident.get()).made_at == now
