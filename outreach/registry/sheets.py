"""Rows out of the first sheet of a workbook (XLSX), every cell as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile
from zlib import error as BadData

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from outreach.errors import BadInput, FieldFault

MOST_COLUMNS = 100
NO_WORKBOOK: tuple[type[Exception], ...] = (
    *(BadZipFile, BadData, InvalidFileException, ParseError, EOFError, OSError),
    *(LookupError, ValueError, TypeError, AttributeError),
)
"""What the reader trips over in a file that only looks like a workbook."""


def sheet_rows(raw: BinaryIO, most: int) -> Iterator[tuple[int, dict[str, str]]]:
    """The texts by column of each row below the header, with its number in the sheet; raises BadInput.

    Empty rows are left out, and a workbook that unpacks to more than `most` bytes is refused.
    """
    _refuse_odd(raw, most)
    try:
        book = load_workbook(raw, read_only=True, data_only=True)
        cells = book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True)
        header = [_text(cell).strip() for cell in next(cells, ())]
        for number, row in enumerate(cells, 2):
            texts = {name: _text(cell) for name, cell in zip(header, row, strict=False) if name and cell is not None}
            if texts:
                yield number, texts
    except NO_WORKBOOK:
        raise _bad("is not a workbook (XLSX)") from None


def _refuse_odd(raw: BinaryIO, most: int) -> None:
    try:
        with ZipFile(raw) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except BadZipFile:
        raise _bad("is not a workbook (XLSX)") from None
    if unpacked > most:
        raise _bad("unpacks to more than is read")
    raw.seek(0)


def _text(cell: object) -> str:
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    # A workbook keeps a phone number that was typed as digits as a number.
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else "" if cell is None else str(cell)


def _bad(reason: str) -> BadInput:
    return BadInput(faults=(FieldFault("file", reason),))
