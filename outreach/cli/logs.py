"""The log: JSON, a line each, ours and the libraries'; a failure is told by class and place, never by its words."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from traceback import walk_tb
from types import TracebackType
from typing import Any, TextIO
from uuid import UUID

import structlog
from structlog.typing import EventDict

MOST_PLACES = 40
SPEAKS_OF_ITSELF = "uvicorn"
"""The server's own words tell of addresses and protocols, and are needed when it does not start."""


@contextmanager
def logged_as_json(level: str, to: TextIO) -> Iterator[None]:
    """Within, every line of `level` or graver goes to `to`; of libraries, only warnings and what is graver."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_words,
            structlog.processors.JSONRenderer(default=_told),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(to),
    )
    root, libraries = logging.getLogger(), _Libraries(logging.WARNING)
    root.addHandler(libraries)
    try:
        yield
    finally:
        root.removeHandler(libraries)
        structlog.reset_defaults()


def without_words(logger: object, method: str, line: EventDict) -> EventDict:
    """A failure as `failures`: class and places of each in its chain. Its message may hold a row's values."""
    failure = _failure_in(line.pop("exc_info", None))
    line.pop("stack_info", None)
    for name, value in line.items():
        if isinstance(value, BaseException):
            line[name] = name_of(value)
    if failure is not None:
        line["failures"] = [{"class": name_of(each), "at": places(each.__traceback__)} for each in chain(failure)]
    return line


def name_of(failure: BaseException) -> str:
    """The class of a failure, with its module."""
    kind = type(failure)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def places(trace: TracebackType | None) -> list[str]:
    """Module, line and function of each frame, the outermost first; the innermost 40."""
    seen = [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_qualname}" for frame, line in walk_tb(trace)
    ]
    return seen[-MOST_PLACES:]


def chain(failure: BaseException) -> list[BaseException]:
    """The failure, those in its group, and what led to it."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [failure]
    while waiting:
        each = waiting.pop(0)
        if each is None or any(each is known for known in found):
            continue
        found.append(each)
        waiting += each.exceptions if isinstance(each, BaseExceptionGroup) else ()
        waiting.append(each.__cause__ or (None if each.__suppress_context__ else each.__context__))
    return found


def _failure_in(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return _failure_in(given[1])
    return sys.exc_info()[1] if given else None


def _told(value: object) -> str:
    """What JSON cannot hold: an id or a time as text, anything else by its kind, for its text might say more."""
    return str(value) if isinstance(value, UUID | datetime) else type(value).__name__


class _Libraries(logging.Handler):
    """A library's record as a line of ours: from whom, how grave, from where; its text could hold anything."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        said: dict[str, Any] = {"logger": record.name, "at": f"{record.module}:{record.lineno} {record.funcName}"}
        if record.name.split(".")[0] == SPEAKS_OF_ITSELF:
            said["said"] = record.getMessage().strip()
        grave = min(record.levelno // 10 * 10, logging.CRITICAL)
        structlog.get_logger().log(grave, "library", exc_info=record.exc_info, **said)
