"""What Twilio says about the account: reachable, in order, its clock, and its senders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2

from outreach.cli.doctor.account import Account, NoAnswer, told_by
from outreach.cli.doctor.findings import Finding, change, note, ok
from outreach.cli.doctor.senders import check_senders
from outreach.clock import Clock
from outreach.settings import Settings

CLOCKS_MAY_DIFFER = timedelta(seconds=5)
"""A lost send is looked for from 5 s before it left: past that, a text could go out twice."""
WHAT = "Twilio account"


async def check_account(settings: Settings, clock: Clock, client: httpx2.AsyncClient) -> list[Finding]:
    """Whether Twilio knows us, its clock agrees with ours, and the sender can do what is asked of it."""
    account = Account(client, settings)
    try:
        asked_at = clock.now()
        answer = await account.about()
        found = [_known(answer), *_clock(answer, asked_at, clock.now())]
        if answer.status_code != 200:
            return found
        return found + await check_senders(account)
    except NoAnswer as no:
        return [
            change(
                WHAT, f"Twilio was not reached ({no}).", "Check this machine's way out, and OUTREACH_TWILIO_API_URL."
            )
        ]


def _known(answer: httpx2.Response) -> Finding:
    if answer.status_code in (401, 403):
        return change(
            WHAT, "Twilio refuses these credentials.", "Copy Account SID and Auth Token from its console anew."
        )
    said = told_by(answer)
    if answer.status_code != 200:
        return change(WHAT, f"Twilio answered {answer.status_code}.", "Check the Account SID and Twilio's status page.")
    if said.get("status") != "active":
        return change(WHAT, f"The account is {said.get('status')}.", "Ask Twilio to make it active again.")
    if said.get("type") == "Trial":
        return note(
            WHAT, "It is a trial account, which reaches only numbers verified there.", "Upgrade before going live."
        )
    return ok(WHAT, "Twilio takes these credentials, and the account is active.")


def _clock(answer: httpx2.Response, asked_at: datetime, heard_at: datetime) -> Iterator[Finding]:
    try:
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return
    # Their time has no fractions: it may be up to a second later than it says.
    ahead, behind = asked_at - theirs - timedelta(seconds=1), theirs - heard_at
    apart = max(ahead, behind, timedelta())
    if apart > CLOCKS_MAY_DIFFER:
        which = "ahead of" if ahead > behind else "behind"
        says = f"This machine's clock is {apart.total_seconds():.0f} s {which} Twilio's."
        yield change("Clock", says, "Let NTP set it (`timedatectl set-ntp true`).")
    else:
        yield ok("Clock", "It agrees with Twilio's.")
