"""Who may: tokens and areas."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from outreach.access import Caller, in_scope, issue_token, outreaches_seen_by, require, revoke, who
from outreach.errors import NotFound, NoTokenGiven, NotYours, TokenRefused
from outreach.intake import parse_warning, receive_warning
from outreach.models import AccessToken, Area, Coordinator, Offer, Outreach, Resident, Responder, Source, Task, Unit
from outreach.models.states import TokenKind
from outreach.registry import seed
from outreach.settings import Settings

SETTINGS = Settings(country="CN")


async def areas() -> tuple[Area, Area, Area]:
    city = await Area.create(kind="city", code="hz", name="Hangzhou", path="/hz/")
    west = await Area.create(kind="district", code="xh", name="West Lake", path="/hz/xh/", parent=city)
    east = await Area.create(kind="district", code="xc", name="Upper City", path="/hz/xc/", parent=city)
    return city, west, east


async def source_named(code: str) -> Source:
    unit, _ = await Unit.get_or_create(code=code, defaults={"name": code, "kind": "bank"})
    return await Source.create(unit=unit, code=code, name=code)


async def warned(source: Source, area: Area | None, now: datetime, phone: str) -> Outreach:
    body = {
        "external_id": phone,
        "category": "impersonation",
        "severity": "high",
        "summary": "s",
        "detected_at": now.isoformat(),
        "resident": {"phone": phone},
    }
    received = await receive_warning(parse_warning(body)[0], source.id, SETTINGS, now)
    await Outreach.filter(id=received.outreach_id).update(area_id=area.id if area else None)
    return await Outreach.get(id=received.outreach_id)


async def responder_in(area: Area) -> Responder:
    return await Responder.create(
        name="Ben",
        number="+8613900000001",
        number_hash=uuid4().hex,
        country="CN",
        role="volunteer",
        area=area,
        home_lat=30.0,
        home_lon=120.0,
        cell=1,
    )


async def test_a_token_opens_the_door_for_the_one_it_was_made_for(database: str, now: datetime) -> None:
    bank = await source_named("bank")
    token = await issue_token(TokenKind.SOURCE, bank.id, now)
    assert token.startswith("src_")
    assert await who(token, now) == Caller(TokenKind.SOURCE, bank.id, None, bank.id)
    assert token not in str(await AccessToken.all().values())


async def test_each_kind_of_token_says_what_it_is(database: str, now: datetime) -> None:
    _, west, _ = await areas()
    ben, cleo = await responder_in(west), await Coordinator.create(name="Cleo", area=west)
    bens = await issue_token(TokenKind.RESPONDER, ben.id, now)
    cleos = await issue_token(TokenKind.COORDINATOR, cleo.id, now)
    assert bens.startswith("rsp_") and cleos.startswith("crd_")
    assert await who(bens, now) == Caller(TokenKind.RESPONDER, ben.id, "/hz/xh/", None)
    assert await who(cleos, now) == Caller(TokenKind.COORDINATOR, cleo.id, "/hz/xh/", None)


async def test_no_token_a_made_up_one_an_old_one_and_a_revoked_one_are_refused(database: str, now: datetime) -> None:
    bank = await source_named("bank")
    with pytest.raises(NoTokenGiven):
        await who(None, now)
    for dov in ("src_guess", "口令"):
        with pytest.raises(TokenRefused):
            await who(dov, now)
    short = await issue_token(TokenKind.SOURCE, bank.id, now, days=1)
    assert (await who(short, now + timedelta(hours=23))).id == bank.id
    with pytest.raises(TokenRefused):
        await who(short, now + timedelta(days=1))
    assert await revoke(short, now)
    assert not await revoke(short, now)
    with pytest.raises(TokenRefused):
        await who(short, now)


async def test_nobody_gets_a_token_who_is_not_there(database: str, now: datetime) -> None:
    with pytest.raises(NotFound):
        await issue_token(TokenKind.RESPONDER, uuid4(), now)


async def test_a_token_of_another_kind_may_not() -> None:
    ben = Caller(TokenKind.RESPONDER, uuid4(), "/hz/xh/", None)
    require(ben, TokenKind.RESPONDER, TokenKind.COORDINATOR)
    with pytest.raises(NotYours):
        require(ben, TokenKind.COORDINATOR)


async def test_an_area_holds_what_lies_below_it_and_only_the_city_holds_what_lies_nowhere() -> None:
    cleo = Caller(TokenKind.COORDINATOR, uuid4(), "/hz/xh/", None)
    mayor = Caller(TokenKind.COORDINATOR, uuid4(), None, None)
    assert in_scope(cleo, "/hz/xh/") and in_scope(cleo, "/hz/xh/wenxin/")
    assert not in_scope(cleo, "/hz/xc/") and not in_scope(cleo, "/hz/") and not in_scope(cleo, None)
    assert in_scope(mayor, None) and in_scope(mayor, "/hz/xc/")


async def test_each_sees_only_their_own_cases(database: str, now: datetime) -> None:
    await seed(SETTINGS, now)
    _, west, east = await areas()
    bank, telecom = await source_named("bank"), await source_named("telecom")
    in_west = await warned(bank, west, now, "13800000001")
    in_east = await warned(telecom, east, now, "13800000002")
    nowhere = await warned(telecom, None, now, "13800000003")
    ben = await responder_in(west)
    offer = await Offer.create(
        outreach=in_west, kind="visit", responder=ben, step=0, reason="nearest", code="1", offered_at=now, lapses_at=now
    )
    task = await Task.create(outreach=in_west, kind="visit", responder=ben, offer=offer, accepted_at=now, due_at=now)

    async def seen(kind: TokenKind, area_path: str | None = None, source: Source | None = None) -> set[object]:
        caller = Caller(kind, source.id if source else ben.id, area_path, source.id if source else None)
        return {outreach.id for outreach in await outreaches_seen_by(caller)}

    assert await seen(TokenKind.COORDINATOR) == {in_west.id, in_east.id, nowhere.id}
    assert await seen(TokenKind.COORDINATOR, "/hz/") == {in_west.id, in_east.id}
    assert await seen(TokenKind.COORDINATOR, "/hz/xh/") == {in_west.id}
    assert await seen(TokenKind.SOURCE, source=bank) == {in_west.id}
    assert await seen(TokenKind.SOURCE, source=telecom) == {in_east.id, nowhere.id}
    assert await seen(TokenKind.RESPONDER) == {in_west.id}
    await Task.filter(id=task.id).update(status="closed", closed_at=now)
    assert await seen(TokenKind.RESPONDER) == set()
    assert await Resident.all().count() == 3
