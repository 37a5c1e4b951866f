"""Lists as files: nobody's text is a formula, sums and days are what they are, and a long list is never held whole."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook
from starlette.responses import StreamingResponse

from contracts.errors import DomainError
from contracts.money import Money
from services.chassis.database import Database, Tx
from services.chassis.web.look.parts import Column
from services.chassis.web.papers.values import Value
from services.chassis.web.sheet import Ending, Listing, saved

AT = datetime(2026, 9, 14, 7, 30, tzinfo=UTC)
ROW: Sequence[Value] = ("=1+1", Money(123_450), date(2026, 5, 1), AT, None)


def listing(pieces: int, reads: list[int], row: Sequence[Value] = ROW, size: int = 2) -> Listing:
    async def read(tx: Tx, place: int | None) -> tuple[list[Sequence[Value]], int]:
        at = (place or 0) + 1
        reads.append(at)
        return ([row] * size if at <= pieces else []), at

    return Listing("some", "Some", [Column(one) for one in "ABCDE"], read)


async def content(database: Database, ending: Ending, list_of: Listing) -> bytes:
    answer = await saved(database, list_of, ending, AT)
    if not isinstance(answer, StreamingResponse):
        return bytes(answer.body)
    parts = [part async for part in answer.body_iterator]
    return b"".join(part.encode() if isinstance(part, str) else bytes(part) for part in parts)


async def test_a_csv_file_is_safe_to_open_and_plain_to_read(listener: Database) -> None:
    lines = (await content(listener, "csv", listing(2, []))).decode().split("\r\n")
    assert (
        lines[:2] == ["A,B,C,D,E", "'=1+1,1234.50,2026-05-01,2026-09-14T07:30:00+00:00,"] and len(lines) == 6
    )


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@sum", "\t=1", "\r=1", "|cmd", "%1"])
async def test_no_text_begins_a_formula(listener: Database, text: str) -> None:
    row = (text, *ROW[1:])
    lines = (await content(listener, "csv", listing(1, [], row))).decode()
    assert f"'{text}" in lines
    book = await content(listener, "xlsx", listing(1, [], row))
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


async def test_a_workbook_has_sums_and_days_as_what_they_are(listener: Database) -> None:
    file = io.BytesIO(await content(listener, "xlsx", listing(2, [])))
    head, row, *others = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    assert head == list("ABCDE") and len(others) == 3
    assert row == ["=1+1", 1234.5, date(2026, 5, 1), datetime(2026, 9, 14, 9, 30), ""]


async def test_a_list_is_read_no_further_than_it_is_taken(listener: Database) -> None:
    reads: list[int] = []
    answer = await saved(listener, listing(100, reads), "csv", AT)
    assert isinstance(answer, StreamingResponse)
    taken = aiter(answer.body_iterator)
    for _n in range(3):
        await anext(taken)
    assert reads == [1, 2, 3]


async def test_a_pdf_has_an_end_and_says_so(listener: Database) -> None:
    assert (await content(listener, "pdf", listing(2, []))).startswith(b"%PDF")
    assert (await content(listener, "pdf", listing(0, []))).startswith(b"%PDF"), "an empty list is a page too"
    with pytest.raises(DomainError) as refused:
        await saved(listener, listing(3, [], size=500), "pdf", AT)
    assert refused.value.slug == "list-too-long"
