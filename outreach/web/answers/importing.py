"""A file brought in at the board, row by row, before and after it is applied."""

from __future__ import annotations

from typing import Literal

from outreach.registry import Kind
from outreach.web.answers.base import Answer, Heeding


class Column(Answer):
    """A column that a file of this kind may have."""

    name: str
    needed: bool


class KindOfFile(Answer):
    """What a file may hold, with its columns."""

    kind: Kind
    columns: list[Column]


class FilesTaken(Answer):
    """What may be brought in, up to so many rows and bytes of a file."""

    most_rows: int
    most_bytes: int
    kinds: list[KindOfFile]


class RowTold(Answer):
    """What becomes of one row: by its line and its id or code; which columns change, or why it is refused."""

    line: int
    key: str
    what: Literal["new", "changed", "unchanged", "refused"]
    columns: list[str]
    reason: str


class ImportTold(Heeding):
    """What the file changes, or changed where `applied`; `digest` names its bytes, `ignored_columns` stay unread."""

    kind: Kind
    digest: str
    applied: bool
    new: int
    changed: int
    unchanged: int
    refused: int
    columns: list[str]
    ignored_columns: list[str]
    rows: list[RowTold]
