"""Invitations: a link that names a responder, so that they type no number; the code still comes to their phone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from outreach.errors import NotFound
from outreach.models import Invite, Responder
from outreach.models.sealing import keyed_hash

LASTS = timedelta(days=7)
RANDOM_BYTES = 16


@dataclass(frozen=True)
class Invited:
    """An invitation: the code in its link, and until when it may be used, as often as need be."""

    code: str
    expires_at: datetime

    def url(self, public_url: str) -> str:
        """The link; the code is behind the #, which no browser sends and so no log holds."""
        return f"{public_url.rstrip('/')}/app#/join/{self.code}"


async def invite(responder_id: UUID, now: datetime, by_coordinator_id: UUID | None = None) -> Invited:
    """A new invitation of this responder; raises NotFound where there is none."""
    if not await Responder.exists(id=responder_id):
        raise NotFound()
    made = Invited(secrets.token_urlsafe(RANDOM_BYTES), now + LASTS)
    await Invite.create(
        responder_id=responder_id,
        hash=hash_of(made.code),
        made_at=now,
        expires_at=made.expires_at,
        by_coordinator_id=by_coordinator_id,
    )
    return made


def hash_of(code: str) -> str:
    """The keyed hash by which an invitation is found."""
    return keyed_hash(f"invite:{code}")
