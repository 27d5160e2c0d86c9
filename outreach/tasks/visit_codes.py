"""The code that a visitor shows at the door: made for whoever holds a visit, and good for as long as they hold it."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from tortoise.expressions import Q

from outreach.models import Task, VisitCode
from outreach.models.sealing import keyed_hash
from outreach.models.states import LIVE_TASK, TaskKind, TaskStatus

DIGITS = 6
LASTS = timedelta(hours=12)
"""A visit that takes longer shows another code from then on: none is worth carrying off."""
MOST_DRAWS = 50
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SPOKEN = {name: str(digit) for digit, name in enumerate(NAMES)}
SPOKEN |= {"oh": "0", "o": "0", "零": "0", "〇": "0", "幺": "1", "两": "2"}
SPOKEN |= {name: str(digit) for digit, name in enumerate("一二三四五六七八九", start=1)}
WORD = re.compile(r"[a-z]+|\S")


def code_in(keyed: str, spoken: str = "") -> str | None:
    """The six digits that somebody keyed, or else said to the machine; None where it was not six."""
    said = unicodedata.normalize("NFKC", keyed or spoken).lower()
    words = (SPOKEN.get(word, word) for word in WORD.findall(said))
    digits = "".join(word for word in words if word.isascii() and word.isdigit())
    return digits if len(digits) == DIGITS else None


def hash_of(code: str) -> str:
    """The keyed hash by which a code is found."""
    return keyed_hash(f"visit:{code}")


async def visit_code(task: Task, now: datetime) -> str | None:
    """The digits to show at the door; None for what is no visit, or is held no more."""
    shown = await shown_code(task, now)
    return shown.code if shown else None


async def shown_code(task: Task, now: datetime) -> VisitCode | None:
    """The code to show at the door, made when it is first asked for; None for what is no visit, or is held no more."""
    if task.kind is not TaskKind.VISIT or task.status not in LIVE_TASK:
        return None
    for _ in range(MOST_DRAWS):
        kept = await VisitCode.filter(task_id=task.id, ended_at__isnull=True, expires_at__gt=now).first()
        if kept is not None:
            return kept
        await _draw(task.id, now)
    return None


async def _draw(task_id: UUID, now: datetime) -> None:
    """Give this visit a code at random, unless another live one has it, or this visit has been given one meanwhile."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    await _free(task_id, hash_of(code), now)
    row = VisitCode(task_id=task_id, code=code, code_hash=hash_of(code), made_at=now, expires_at=now + LASTS)
    # The indexes one_live_code and one_code_of_visit have the last word.
    await VisitCode.bulk_create([row], ignore_conflicts=True)


async def _free(task_id: UUID, code_hash: str, now: datetime) -> None:
    over = VisitCode.filter(Q(expires_at__lte=now) | Q(task__status=TaskStatus.CLOSED), ended_at__isnull=True)
    mine = over.filter(Q(task_id=task_id) | Q(code_hash=code_hash))
    ids = cast(list[Any], await mine.values_list("id", flat=True))
    if ids:
        await VisitCode.filter(id__in=ids).update(ended_at=now)
