"""A member's own costs in a report to the funder: entered one by one, or read from a file of its bookkeeping."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, get_args

from pydantic import Field
from sqlalchemy import func
from sqlmodel import select

from contracts import funder_report as facts
from contracts.errors import DomainError
from contracts.funder_report import FUNDER_REPORT, Category
from contracts.ids import new_id
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.files import read_once
from services.chassis.web.look.forms import Minor, Upload
from services.reimbursements.funder.content import costs_of
from services.reimbursements.funder.models import FunderReport, OwnCost

COLUMNS = ("category", "description", "reference", "spent_on", "currency", "amount")
LARGEST = 10_000_000_00
MOST = 2000
_AMOUNT = re.compile(r"\d{1,10}(\.\d{1,2})?")


class AddCost(Input):
    category: Category = Field(title="Category")
    description: str = Field(title="What was it?", min_length=3, max_length=200)
    reference: str = Field(title="Its number in your books", min_length=1, max_length=60)
    spent_on: date = Field(title="Day")
    currency: str = Field("EUR", title="Currency", pattern=r"^[A-Z]{3}$")
    amount: Annotated[int, Minor] = Field(title="Amount", gt=0, le=LARGEST)


class ImportCosts(Input):
    file: Annotated[str, Upload(".csv")] = Field(
        title="File",
        description="CSV with the columns category, description, reference, spent_on, currency, amount: "
        "one cost a line, days as 2026-11-28.",
    )


class RemoveCost(Input):
    number: int = Field(title="Cost")


@rule(FUNDER_REPORT, "add_cost")
async def add_cost(work: Work[FunderReport], given: AddCost, at: Moment) -> facts.CostAdded:
    _inside(work.row, given.spent_on, "spent_on")
    await _add(work, given, await _last(work.tx, work.row) + 1)
    return facts.CostAdded(category=given.category, amount_cents=given.amount)


@rule(FUNDER_REPORT, "import_costs")
async def import_costs(work: Work[FunderReport], given: ImportCosts, at: Moment) -> facts.CostsImported:
    """All of the file, or nothing of it."""
    (content,) = await read_once(work.tx, [given.file], work.actor.person, "file")
    costs = list(_costs_in(work.row, content))
    last = await _last(work.tx, work.row)
    for number, cost in enumerate(costs, start=last + 1):
        await _add(work, cost, number)
    return facts.CostsImported(costs=len(costs), amount_cents=sum(cost.amount for cost in costs))


@rule(FUNDER_REPORT, "remove_cost")
async def remove_cost(work: Work[FunderReport], given: RemoveCost, at: Moment) -> facts.CostRemoved:
    for cost in await costs_of(work.tx, work.row):
        if cost.number == given.number:
            cost.removed = True
            category = next(one for one in get_args(Category) if one == cost.category)
            return facts.CostRemoved(category=category, amount_cents=cost.amount_minor)
    raise DomainError("no-such-cost", "number")


async def _add(work: Work[FunderReport], given: AddCost, number: int) -> None:
    work.tx.add(
        OwnCost(
            id=new_id(), report=work.row.id, number=number, category=given.category,
            description=given.description, reference=given.reference, spent_on=given.spent_on,
            currency=given.currency, amount_minor=given.amount, entered_by=work.actor.person,
        )
    )  # fmt: skip


async def _last(tx: Tx, report: FunderReport) -> int:
    """The report's row is locked, so numbers are given one after the other."""
    newest = select(func.coalesce(func.max(OwnCost.number), 0)).where(OwnCost.report == report.id)
    return (await tx.session.exec(newest)).one()


def _inside(report: FunderReport, day: date, field: str, line: int = 0) -> None:
    if not report.since <= day <= report.until:
        if line:
            raise DomainError("cost-line-outside", field, line=line)
        raise DomainError("cost-outside", field)


def _costs_in(report: FunderReport, content: bytes) -> Iterator[AddCost]:
    try:
        told = content.decode("utf-8-sig")
        first = told.partition("\n")[0]
        rows = list(csv.DictReader(io.StringIO(told), delimiter=";" if ";" in first else ","))
    except (UnicodeDecodeError, csv.Error) as reason:
        raise DomainError("costs-unreadable", "file") from reason
    if not rows or not set(COLUMNS) <= set(rows[0]):
        raise DomainError("costs-without-columns", "file", columns=", ".join(COLUMNS))
    if len(rows) > MOST:
        raise DomainError("costs-too-many", "file", most=MOST)
    for line, row in enumerate(rows, start=2):
        try:
            cost = _cost(row)
        except (ValueError, AttributeError):
            raise DomainError("cost-line-unreadable", "file", line=line) from None
        _inside(report, cost.spent_on, "file", line)
        yield cost


def _cost(row: Mapping[str, str]) -> AddCost:
    """ValueError (pydantic's too) for what no cost can be."""
    given = {name: row[name].strip() for name in COLUMNS}
    if not _AMOUNT.fullmatch(given["amount"]):
        raise ValueError("no amount with at most two decimals")
    spent_on = date.fromisoformat(given["spent_on"])
    minor = int(Decimal(given["amount"]).scaleb(2))
    return AddCost.model_validate({**given, "spent_on": spent_on, "amount": minor})
