"""Tables as CSV and XLSX that a spreadsheet opens as what they are: no text of anybody begins a formula there."""

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response
from xlsxwriter import Workbook

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file (UTF-8, comma, CRLF) to be saved under this name. Numbers stay numbers."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=_saved(f"{name}.csv"))


def workbook(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The same as XLSX, its first row set fast."""
    written = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(written, plain) as book:
        page = book.add_worksheet()
        page.freeze_panes(1, 0)
        page.write_row(0, 0, head, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            page.write_row(number, 0, ["" if value is None else value for value in row])
        page.autofit()
    return Response(written.getvalue(), media_type=_XLSX, headers=_saved(f"{name}.xlsx"))


def _saved(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
