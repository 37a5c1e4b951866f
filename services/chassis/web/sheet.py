"""Lists saved as CSV, XLSX or PDF. A list is read piece by piece and never held whole, however long it is; only a PDF,
which somebody means to read, has an end."""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Literal, TypeAlias

from starlette.responses import Response, StreamingResponse
from xlsxwriter import Workbook

from contracts.errors import DomainError
from services.chassis.database import Database, Tx
from services.chassis.web.look.parts import Column
from services.chassis.web.look.words import gettext as _
from services.chassis.web.papers import XLSX, Grid, Paper, attached, attachment
from services.chassis.web.papers.values import Styles, Value, plain, styles, write

Ending: TypeAlias = Literal["csv", "xlsx", "pdf"]
Rows: TypeAlias = Sequence[Sequence[Value]]
Read: TypeAlias = Callable[[Tx, Any], Awaitable[tuple[Rows, Any]]]
PIECE = 500
"""Rows that are read at once, each piece in a transaction of its own."""
LONGEST_PDF = 1_000
LAST_ROW = 1_048_575
"""The last row of a worksheet, counted from zero: what follows stands on another one."""
_CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Listing:
    """A list to be saved.

    name    of the file, without its ending
    read    the rows after a place (None: the first ones) and the place of the last of them; no rows: it has ended
    """

    name: str
    title: str
    columns: Sequence[Column]
    read: Read

    @property
    def head(self) -> list[str]:
        return [column.label for column in self.columns]


async def saved(database: Database, listing: Listing, ending: Ending, at: datetime) -> Response:
    """The list as a file. DomainError("list-too-long") for a PDF that nobody would read."""
    pieces = _pieces(database, listing)
    first = await _first(pieces)
    match ending:
        case "csv":
            texts = _as_csv(listing.head, first, pieces)
            return StreamingResponse(texts, media_type=_CSV, headers=attachment(f"{listing.name}.csv"))
        case "xlsx":
            book = await _as_workbook(listing, first, pieces)
            return StreamingResponse(
                _blocks(book), media_type=XLSX, headers=attachment(f"{listing.name}.xlsx")
            )
        case "pdf":
            rows = list(first)
            async for piece in pieces:
                rows += piece
                if len(rows) > LONGEST_PDF:
                    raise DomainError("list-too-long", status=409, most=LONGEST_PDF)
            grid = Grid(_("Rows: %(n)s") % {"n": len(rows)}, listing.columns, rows, _("Nothing is listed."))
            paper = Paper(listing.name, listing.title, "", at, grids=[grid])
            return await asyncio.to_thread(attached, paper, "pdf")


def sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A short table as CSV (UTF-8, comma, CRLF), to be saved under this name."""
    return Response(_lines([head, *rows]), media_type=_CSV, headers=attachment(f"{name}.csv"))


async def _pieces(database: Database, listing: Listing) -> AsyncGenerator[Rows]:
    place: Any = None
    while True:
        async with database.transaction() as tx:
            rows, place = await listing.read(tx, place)
        if not rows:
            return
        yield rows


async def _first(pieces: AsyncGenerator[Rows]) -> Rows:
    """The first piece, before anything is answered: so that a refusal can be told."""
    async for piece in pieces:
        return piece
    return ()


async def _as_csv(head: Sequence[str], first: Rows, rest: AsyncGenerator[Rows]) -> AsyncGenerator[str]:
    yield _lines([head, *first])
    async for piece in rest:
        yield _lines(piece)


def _lines(rows: Iterable[Sequence[object]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([plain(value) for value in row] for row in rows)
    return written.getvalue()


async def _as_workbook(listing: Listing, first: Rows, rest: AsyncGenerator[Rows]) -> IO[bytes]:
    """Written row by row to a file that has no name, its first row set fast."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed when it was sent
    plain_texts = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(file, plain_texts)
    filled = _Filled(book, listing.head, styles(book))
    await asyncio.to_thread(filled.add, first)
    async for piece in rest:
        await asyncio.to_thread(filled.add, piece)
    await asyncio.to_thread(book.close)
    file.seek(0)
    return file


class _Filled:
    """A workbook while it is filled: a new worksheet, with the head, wherever one is full."""

    def __init__(self, book: Workbook, head: Sequence[str], look: Styles) -> None:
        self._book, self._head, self._look = book, head, look
        self._begin()

    def add(self, rows: Rows) -> None:
        for row in rows:
            if self._at > LAST_ROW:
                self._begin()
            for column, value in enumerate(row):
                write(self._page, self._at, column, value, self._look)
            self._at += 1

    def _begin(self) -> None:
        self._page = self._book.add_worksheet()
        self._page.freeze_panes(1, 0)
        self._page.set_column(0, len(self._head) - 1, 20)
        self._page.write_row(0, 0, self._head, self._look.head)
        self._at = 1


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(64 * 1024):
            yield block
