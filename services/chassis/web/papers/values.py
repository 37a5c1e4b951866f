"""Values of tables, and how each is written: in a page or a PDF as its reader writes it, in a CSV file for machines,
in a workbook as the number or the day that it is. No text of anybody begins a formula there."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from contracts.money import Money
from contracts.workdays import BUSINESS_ZONE
from services.chassis.web.look.values import amount, days, moment, number

Value: TypeAlias = str | int | Decimal | date | Money | None
"""None is a cell in which nothing stands; a datetime has its zone."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def shown(value: Value) -> str:
    """As the reader writes it: days in full, euros without their currency, which the column names."""
    match value:
        case None:
            return "–"
        case Money():
            return amount(value.cents)
        case Decimal():
            return number(value)
        case datetime():
            return moment(value)
        case date():
            return days(value, value)
        case _:
            return str(value)


def plain(value: object) -> object:
    """As it stands in a CSV file: numbers with a point, days by ISO 8601, texts that a spreadsheet would compute
    behind an apostrophe."""
    match value:
        case None:
            return ""
        case Money():
            return f"{value.decimal:.2f}"
        case datetime():
            return value.isoformat(timespec="seconds")
        case str() if value.startswith(_FORMULA):
            return f"'{value}"
        case _:
            return value


class Styles(NamedTuple):
    """How a workbook shows its cells."""

    head: Format
    money: Format
    day: Format
    moment: Format


def styles(book: Workbook) -> Styles:
    return Styles(
        book.add_format({"bold": True}),
        book.add_format({"num_format": "#,##0.00"}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )


def write(sheet: Worksheet, at: int, column: int, value: Value, styles: Styles) -> None:
    """One cell of a workbook; moments in the time of the business zone, since a workbook knows no zones."""
    match value:
        case None:
            return
        case Money():
            sheet.write_number(at, column, float(value.decimal), styles.money)
        case datetime():
            local = value.astimezone(ZoneInfo(BUSINESS_ZONE)).replace(tzinfo=None)
            sheet.write_datetime(at, column, local, styles.moment)
        case date():
            sheet.write_datetime(at, column, value, styles.day)
        case int() | Decimal():
            sheet.write_number(at, column, value)
        case _:
            sheet.write_string(at, column, value)
