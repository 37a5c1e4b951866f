"""Rows of a table that somebody uploads: CSV in the usual dialects and encodings, or the first sheet of an XLSX.

Formulas are not evaluated: what a spreadsheet last showed is taken. Nothing is trusted: sizes are bounded first.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from contracts.errors import DomainError

LARGEST = 5 * 1024 * 1024
UNPACKED = 50 * 1024 * 1024
MOST_ROWS = 2000


@dataclass(frozen=True)
class Sheet:
    """Column names as they stand, in small letters with underscores, the rows below by them, and the number that each
    row has in the file."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    numbers: tuple[int, ...]


def read(content: bytes) -> Sheet:
    """The table of a file; DomainError says what is wrong with it."""
    if len(content) > LARGEST:
        raise DomainError("import-too-large", "file", limit=LARGEST // 1024 // 1024)
    cells = _xlsx(content) if content[:2] == b"PK" else _csv(content)
    numbered = [(number, line) for number, line in enumerate(cells, 1) if any(line)]
    lines = [line for _number, line in numbered]
    if len(lines) < 2:
        raise DomainError("import-empty", "file")
    if len(lines) - 1 > MOST_ROWS:
        raise DomainError("import-too-long", "file", limit=MOST_ROWS)
    columns = tuple("_".join(cell.lower().split()) for cell in lines[0])
    if len(set(columns)) != len(columns):
        raise DomainError("import-columns-twice", "file")
    rows = tuple(
        {column: cell for column, cell in zip(columns, line, strict=False) if column} for line in lines[1:]
    )
    return Sheet(columns, rows, tuple(number for number, _line in numbered[1:]))


def _csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise DomainError("import-unreadable", "file")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return [
            [cell.strip() for cell in line] for line in csv.reader(io.StringIO(text), delimiter=delimiter)
        ]
    except csv.Error as reason:
        raise DomainError("import-unreadable", "file") from reason


def _xlsx(content: bytes) -> list[list[str]]:
    """Unpacked sizes are looked at before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED:
                raise DomainError("import-too-large", "file", limit=UNPACKED // 1024 // 1024)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet: list[list[Any]] = book.get_sheet_by_index(0).to_python()
    except (CalamineError, zipfile.BadZipFile, IndexError) as reason:
        raise DomainError("import-unreadable", "file") from reason
    return [[_shown(cell) for cell in line] for line in sheet]


def _shown(cell: Any) -> str:
    match cell:
        case datetime() | date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell).strip()
