"""What is kept for a while is gone after it, and nothing before."""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach.clockwork import jobs_of
from outreach.models import VisitCodeTry
from outreach.models.tidying import TRIES_KEPT
from outreach.settings import Settings


async def test_at_night_it_is_forgotten_who_asked_about_a_visitor_long_ago_and_kept_who_did_lately(
    database: str, now: datetime
) -> None:
    for age in (timedelta(0), TRIES_KEPT - timedelta(minutes=1), TRIES_KEPT + timedelta(minutes=1)):
        await VisitCodeTry.create(caller_hash="c", code_hash=str(age), way="line", at=now - age)
    (tidying,) = (job for job in jobs_of(Settings(database_url=database)) if job.name == "tidy")
    await tidying.work(now)
    left = {row.at for row in await VisitCodeTry.all()}
    assert left == {now, now - TRIES_KEPT + timedelta(minutes=1)}
