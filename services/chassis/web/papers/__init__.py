"""Papers: a title, facts and tables, built once for a reader and given as page, as PDF and as a workbook.

The same paper made at the same moment is the same bytes, so that a digest of it proves what was handed over.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files

import typst
import xlsxwriter
from starlette.responses import Response
from xlsxwriter.worksheet import Worksheet

from services.chassis.web.look.parts import Column
from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import locale
from services.chassis.web.papers.values import Styles, Value, shown, styles, write

PDF = "application/pdf"
FORBIDDEN = "[]:*?/\\'"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Grid:
    """A table of a paper; empty is what stands there when it has no rows, note a sentence above it."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    empty: str = ""
    note: str = ""

    @property
    def shown(self) -> list[list[str]]:
        return [[shown(value) for value in row] for row in self.rows]


@dataclass(frozen=True)
class Paper:
    """name: what its file is called, without an ending; facts: label and value, above the tables."""

    name: str
    title: str
    subtitle: str
    made_at: datetime
    facts: Sequence[tuple[str, Value]] = ()
    grids: Sequence[Grid] = field(default_factory=list[Grid])

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(label, shown(value)) for label, value in self.facts]


def as_pdf(paper: Paper) -> bytes:
    """A tagged PDF (PDF/UA-1). Texts go in as data, so nobody's text is typeset as a command."""
    told = {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "facts": paper.pairs,
        "page": _("Page"),
        "grids": [
            {
                "title": grid.title,
                "note": grid.note,
                "empty": grid.empty,
                "columns": [{"label": column.label, "number": column.number} for column in grid.columns],
                "rows": grid.shown,
            }
            for grid in paper.grids
        ],
    }
    source = files(__name__).joinpath("paper.typ").read_bytes()
    return typst.compile(
        source,
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"paper": json.dumps(told), "language": locale().language},
        timestamp=int(paper.made_at.timestamp()),
    )


def as_workbook(paper: Paper) -> bytes:
    """A sheet per table, after one with the facts. Numbers and days stay what they are; no text is read as a formula
    or a link."""
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"title": paper.title, "created": paper.made_at.replace(tzinfo=None)})
        look = styles(book)
        first = Grid(_("Report"), (), [(_("Report"), paper.title), ("", paper.subtitle), *paper.facts])
        for n, grid in enumerate((first, *paper.grids), start=1):
            _fill(book.add_worksheet(_tab(n, grid.title)), grid, look)
    return written.getvalue()


def attached(paper: Paper, ending: str) -> Response:
    """The paper as a file to be saved: pdf or xlsx."""
    content, kind = (as_pdf(paper), PDF) if ending == "pdf" else (as_workbook(paper), XLSX)
    return saved(content, f"{paper.name}.{ending}", kind)


def saved(content: bytes, name: str, kind: str) -> Response:
    """A file to be saved under this name, which is of plain letters, digits and dashes."""
    return Response(content, media_type=kind, headers=attachment(name))


def attachment(name: str) -> dict[str, str]:
    """Headers that have a browser save what it gets, and keep no copy."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _fill(sheet: Worksheet, grid: Grid, styles: Styles) -> None:
    if grid.columns:
        sheet.write_row(0, 0, [column.label for column in grid.columns], styles.head)
        sheet.freeze_panes(1, 0)
    for at, row in enumerate(grid.rows, start=bool(grid.columns)):
        for n, value in enumerate(row):
            write(sheet, at, n, value, styles)
    sheet.autofit()


def _tab(n: int, title: str) -> str:
    """A name of a sheet: at most 31 characters, each once, without the signs that a workbook refuses."""
    return f"{n} {''.join(' ' if sign in FORBIDDEN else sign for sign in title)}"[:31].strip()
