"""Exchange rates: read from the Commission's or the European Central Bank's file, in force by a second person.

InforEuro is published as JSON or CSV with a month's rates, the central bank's as XML or CSV with a day's. Rates are
units of the currency for one euro; they are kept as they were printed and never changed."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from lxml import etree
from pydantic import Field
from sqlmodel import col, select

from contracts import exchange_table as facts
from contracts.amounts import ExchangeRate, RateSource, month_of
from contracts.errors import DomainError
from contracts.exchange_table import EXCHANGE_TABLE
from contracts.ids import new_id
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.files import Files, kept
from services.chassis.web.look.forms import Upload
from services.reimbursements.claims.models import ExchangeTable

CURRENCY = re.compile(r"[A-Z]{3}")
D = TypeVar("D")


class Import(Input):
    member: UUID = Field(title="Paying member")
    source: Literal["inforeuro", "ecb"] = Field(title="Whose rates are these?")
    on: date = Field(title="Month or day", description="Of InforEuro any day of the month.")
    file: Annotated[str, Upload(".json,.csv,.xml")] = Field(
        title="File", description="As it was downloaded, JSON, CSV or XML."
    )


@rule(EXCHANGE_TABLE, "import")
async def import_(work: Work[ExchangeTable], given: Import, at: Moment) -> facts.Imported:
    (stored,) = await kept(work.tx, [given.file], work.actor.person, "file")
    rates = rates_in(work.tx.tool(Files).read(stored.id), given.on)
    on = month_of(given.on) if given.source == "inforeuro" else given.on
    if on > at.today():
        raise DomainError("rates-of-the-future", "on")
    work.row = ExchangeTable(
        id=new_id(),
        member=given.member,
        source=given.source,
        on=on,
        rates={currency: str(units) for currency, units in sorted(rates.items())},
        file=stored.id,
        imported_by=work.actor.person,
    )
    return facts.Imported(
        member=given.member, source=given.source, on=on, currencies=len(rates), file_hash=stored.id
    )


@rule(EXCHANGE_TABLE, "put_in_force")
async def put_in_force(work: Work[ExchangeTable], given: Nothing, at: Moment) -> facts.PutInForce:
    row = work.row
    if work.actor.person == row.imported_by:
        raise DomainError("rates-checked-by-another", status=403)
    row.confirmed_by = work.actor.person
    return facts.PutInForce(source=row.source, on=row.on)  # pyright: ignore[reportArgumentType]


@rule(EXCHANGE_TABLE, "drop")
async def drop(work: Work[ExchangeTable], given: Nothing, at: Moment) -> facts.Dropped:
    return facts.Dropped()


async def rate_for(tx: Tx, member: UUID, currency: str, source: RateSource, on: date) -> ExchangeRate | None:
    """The member's rate of a month (given as its first day) or of a day; None if no table in force has it.

    Where the central bank published none for a day (weekends, closing days), the last one before counts."""
    table = select(ExchangeTable).where(
        ExchangeTable.member == member, ExchangeTable.source == source, ExchangeTable.state == "in_force"
    )
    if source == "inforeuro":
        table = table.where(ExchangeTable.on == on)
    else:
        table = table.where(col(ExchangeTable.on) <= on).order_by(col(ExchangeTable.on).desc()).limit(1)
    found = (await tx.session.exec(table)).one_or_none()
    if found is None or currency not in found.rates or (source == "ecb" and (on - found.on).days > 7):
        return None
    return ExchangeRate(currency, Decimal(found.rates[currency]), found.on, source)


def rates_in(content: bytes, on: date) -> dict[str, Decimal]:
    """Currency → units for one euro, of a file in any of the four formats. A file that names its days is read for this
    one. DomainError("rates-unreadable") also where a currency has two rates, for nobody could tell which counts."""
    rates: dict[str, Decimal] = {}
    try:
        for name, units in _entries(content, on):
            if not CURRENCY.fullmatch(name) or not units.is_finite() or units <= 0:
                raise ValueError(name)
            if rates.setdefault(name, units) != units:
                raise ValueError(name)
    except (
        ValueError, LookupError, TypeError, InvalidOperation, RecursionError, csv.Error, etree.XMLSyntaxError,
    ) as reason:  # fmt: skip
        raise DomainError("rates-unreadable", "file") from reason
    rates.pop("EUR", None)
    if not rates:
        raise DomainError("rates-unreadable", "file")
    return rates


def _entries(content: bytes, on: date) -> Iterator[tuple[str, Decimal]]:
    text = content.decode("utf-8-sig").strip()
    if text.startswith("<"):
        yield from _cubes(text, on)
    elif text.startswith("["):
        given: Any = json.loads(text)
        for one in given:
            yield str(one["isoA3Code"]), Decimal(str(one["value"]))
    else:
        yield from _columns(text, on)


def _cubes(text: str, on: date) -> Iterator[tuple[str, Decimal]]:
    """The central bank's XML: a cube per day, in it one per currency."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(text.encode(), parser)
    days = {date.fromisoformat(str(cube.get("time"))): cube for cube in root.findall(".//{*}Cube[@time]")}
    for cube in _of_the_day(days, on).findall("{*}Cube[@currency]"):
        yield str(cube.get("currency")), Decimal(str(cube.get("rate")))


def _columns(text: str, on: date) -> Iterator[tuple[str, Decimal]]:
    """InforEuro's CSV has a row per currency, the central bank's a column per currency and a row per day."""
    head, *rows = [
        [cell.strip() for cell in row]
        for row in csv.reader(text.splitlines(), delimiter=";" if ";" in text else ",")
        if row
    ]
    names = [name.lower() for name in head]
    if names[0] == "date":
        days = {_day(row[0]): row[1:] for row in rows}
        for name, value in zip(head[1:], _of_the_day(days, on), strict=False):
            if name and value not in ("", "N/A"):
                yield name, Decimal(value)
        return
    code = _column(names, "isoa3code", "iso code", "iso a3 code")
    units = _column(names, "value", "rate", "amount")
    for row in rows:
        yield row[code], Decimal(row[units].replace(",", "."))


def _column(names: Sequence[str], *known: str) -> int:
    return min(names.index(name) for name in known if name in names)


def _day(text: str) -> date:
    """As the central bank writes it: 2026-11-27, or 27 November 2026 in the file of one day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.strptime(text, "%d %B %Y").date()


def _of_the_day(days: Mapping[date, D], on: date) -> D:
    """What a file says of the day that was asked for, not of any other in it."""
    if on not in days:
        raise DomainError("rates-of-another-day", "on", newest=max(days))
    return days[on]


def as_shown(rates: Mapping[str, str]) -> list[tuple[str, str]]:
    """Rates by currency, for a page."""
    return sorted(rates.items())
