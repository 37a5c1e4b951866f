"""Exchange rates: read from the Commission's or the European Central Bank's file, in force by a second person.

InforEuro is published as JSON or CSV with a month's rates, the central bank's as XML or CSV with a day's. Rates are
units of the currency for one euro; they are kept as they were printed and never changed."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal
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
    rates = rates_in(work.tx.tool(Files).read(stored.id))
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


def rates_in(content: bytes) -> dict[str, Decimal]:
    """Currency → units for one euro, of a file in any of the four formats; DomainError("rates-unreadable")."""
    try:
        rates = dict(_entries(content))
    except (ValueError, KeyError, TypeError, InvalidOperation, etree.XMLSyntaxError) as reason:
        raise DomainError("rates-unreadable", "file") from reason
    rates.pop("EUR", None)
    if not rates or any(not CURRENCY.fullmatch(name) or units <= 0 for name, units in rates.items()):
        raise DomainError("rates-unreadable", "file")
    return rates


def _entries(content: bytes) -> Iterator[tuple[str, Decimal]]:
    text = content.decode("utf-8-sig").strip()
    if text.startswith("<"):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        for cube in etree.fromstring(text.encode(), parser).iter("{*}Cube"):
            if cube.get("currency"):
                yield str(cube.get("currency")), Decimal(str(cube.get("rate")))
    elif text.startswith(("[", "{")):
        given: Any = json.loads(text)
        for one in given:
            yield str(one["isoA3Code"]), Decimal(str(one["value"]))
    else:
        yield from _columns(text)


def _columns(text: str) -> Iterator[tuple[str, Decimal]]:
    """InforEuro's CSV has a row per currency, the central bank's a column per currency and one row."""
    rows = list(csv.reader(text.splitlines(), delimiter=";" if ";" in text else ","))
    head = [name.strip() for name in rows[0]]
    if head[0].lower() == "date":
        for name, value in zip(head[1:], rows[1][1:], strict=False):
            if name and value.strip():
                yield name, Decimal(value.strip())
        return
    code = next(n for n, name in enumerate(head) if name.lower() in ("isoa3code", "iso code", "iso a3 code"))
    units = next(n for n, name in enumerate(head) if name.lower() in ("value", "rate", "amount"))
    for row in rows[1:]:
        if row:
            yield row[code].strip(), Decimal(row[units].strip().replace(",", "."))


def as_shown(rates: Mapping[str, str]) -> list[tuple[str, str]]:
    """Rates by currency, for a page."""
    return sorted(rates.items())
