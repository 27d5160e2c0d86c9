"""What was kept of getting in is forgotten once it can decide nothing any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach.models import CoordinatorLink, Invite, SignInCode, SignInTry

KEPT = timedelta(days=7)
"""Long enough to look into a night of guessing."""


async def forget_sign_ins(now: datetime) -> int:
    """Delete tries, codes, invitations and links that ended a week ago; answers how many."""
    return sum(
        [
            await SignInTry.filter(at__lt=now - KEPT).delete(),
            await SignInCode.filter(expires_at__lt=now - KEPT).delete(),
            await Invite.filter(expires_at__lt=now - KEPT).delete(),
            await CoordinatorLink.filter(expires_at__lt=now - KEPT).delete(),
        ]
    )
