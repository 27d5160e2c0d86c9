"""How a coordinator gets in: by a password and an authenticator, or once by a link, which also sets these."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from tortoise.transactions import in_transaction

from outreach.access.limits import count_try
from outreach.access.passwords import authenticator_uri, fits, hash_of_password, new_secret, step_of
from outreach.access.sessions import start_session
from outreach.access.tokens import RANDOM_BYTES
from outreach.errors import LinkOver, NameTaken, NotFound, WrongSignIn
from outreach.models import AccessToken, Coordinator, CoordinatorLink, CoordinatorLogin
from outreach.models.sealing import keyed_hash
from outreach.models.states import TokenKind

LINK_LASTS = timedelta(days=1)
log = structlog.get_logger()


@dataclass(frozen=True)
class Link:
    """A link made for a coordinator: the code in it, and until when it may be used, once."""

    code: str
    expires_at: datetime

    def url(self, public_url: str) -> str:
        """The link; the code is behind the #, which no browser sends and so no log holds."""
        return f"{public_url.rstrip('/')}/board#/join/{self.code}"


@dataclass(frozen=True)
class Linked:
    """Whose link it is, and what their authenticator reads, should they set a password with it."""

    name: str
    role: TokenKind
    expires_at: datetime
    authenticator: str


@dataclass(frozen=True)
class SetUp:
    """What a coordinator will sign in with; `digits` show that their authenticator has the secret."""

    name: str
    password: str
    digits: str


async def make_link(coordinator_id: UUID, now: datetime) -> Link:
    """A new link for this coordinator, in place of those not used yet; raises NotFound where there is none."""
    if not await Coordinator.exists(id=coordinator_id, left_at__isnull=True):
        raise NotFound()
    made = Link(secrets.token_urlsafe(RANDOM_BYTES), now + LINK_LASTS)
    async with in_transaction():
        unused = CoordinatorLink.filter(coordinator_id=coordinator_id, used_at__isnull=True, expires_at__gt=now)
        await unused.update(expires_at=now)
        await CoordinatorLink.create(
            coordinator_id=coordinator_id, hash=_hash_of(made.code), made_at=now, expires_at=made.expires_at
        )
    return made


async def own_link(coordinator_id: UUID, password: str, digits: str, address: str, now: datetime) -> Link:
    """A link of one's own, to set another password; raises WrongSignIn or TooManyTries where one has a password."""
    login = await CoordinatorLogin.get_or_none(coordinator_id=coordinator_id)
    if login is not None:
        await count_try("password", login.name_hash, address, now)
        right = await fits(login.password, password)
        step = step_of(login.totp_secret, digits, now) if right else None
        if step is None or not await CoordinatorLogin.filter(id=login.id, last_step__lt=step).update(last_step=step):
            raise WrongSignIn()
    return await make_link(coordinator_id, now)


async def look_at_link(code: str, service: str, address: str, now: datetime) -> Linked:
    """Whose link this is, which stays unused; raises LinkOver or TooManyTries."""
    link = await _live(code, address, now)
    whose = link.coordinator
    return Linked(whose.name, whose.role, link.expires_at, authenticator_uri(new_secret(code), whose.name, service))


async def by_link(code: str, set_up: SetUp | None, address: str, now: datetime) -> str:
    """The token of a new session, for a link that is then used; what is set up ends this coordinator's other sessions.

    Raises LinkOver, NameTaken, WrongSignIn or TooManyTries, and the link stays unused.
    """
    link = await _live(code, address, now)
    password = await hash_of_password(set_up.password) if set_up else ""
    async with in_transaction():
        if not await CoordinatorLink.filter(id=link.id, used_at__isnull=True).update(used_at=now):
            raise LinkOver()
        if set_up is not None:
            await _set_up(link.coordinator_id, set_up, password, new_secret(code), now)
        token = await start_session(link.coordinator_id, now, link.coordinator.role, "link")
    log.info("signed_in", coordinator_id=str(link.coordinator_id), way="link")
    return token


async def by_password(name: str, password: str, digits: str, address: str, now: datetime) -> str:
    """The token of a new session; raises WrongSignIn, whichever of the three it was, or TooManyTries."""
    await count_try("password", name_hash(name), address, now)
    login = await CoordinatorLogin.filter(name_hash=name_hash(name)).select_related("coordinator").first()
    right = await fits(login.password if login else None, password)
    step = step_of(login.totp_secret, digits, now) if login and right else None
    if login is None or step is None:
        log.info("sign_in_wrong")
        raise WrongSignIn()
    async with in_transaction():
        # Whoever reads the code over a shoulder comes second.
        if not await CoordinatorLogin.filter(id=login.id, last_step__lt=step).update(last_step=step):
            raise WrongSignIn()
        token = await start_session(login.coordinator_id, now, login.coordinator.role, "password")
    log.info("signed_in", coordinator_id=str(login.coordinator_id), way="password")
    return token


async def _live(code: str, address: str, now: datetime) -> CoordinatorLink:
    await count_try("link", _hash_of(code), address, now)
    live = CoordinatorLink.filter(hash=_hash_of(code), used_at__isnull=True, expires_at__gt=now)
    link = await live.select_related("coordinator").first()
    if link is None:
        raise LinkOver()
    return link


async def _set_up(coordinator_id: UUID, given: SetUp, password: str, secret: str, now: datetime) -> None:
    step = step_of(secret, given.digits, now)
    if step is None:
        raise WrongSignIn()
    hashed = name_hash(given.name)
    if await CoordinatorLogin.filter(name_hash=hashed).exclude(coordinator_id=coordinator_id).exists():
        raise NameTaken()
    kept = {"name_hash": hashed, "password": password, "totp_secret": secret, "last_step": step, "made_at": now}
    await CoordinatorLogin.update_or_create(kept, coordinator_id=coordinator_id)
    # Whoever may have known the password before is out.
    began = AccessToken.filter(holder_id=coordinator_id, way__isnull=False, revoked_at__isnull=True)
    await began.update(revoked_at=now)


def _hash_of(code: str) -> str:
    return keyed_hash(f"link:{code}")


def name_hash(name: str) -> str:
    """The keyed hash by which a login is found, however its name is spaced or capitalised."""
    return keyed_hash(f"login:{unicodedata.normalize('NFKC', name).casefold().strip()}")
