"""What a call pays and how: asked of whoever publishes it, looked up for a case, frozen with it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import col, select

from contracts.amounts import (
    COVERED,
    Category,
    Support,
    counted_days,
    estimate,
    travel_bands,
    units_of_case,
)
from contracts.amounts import support_of as frozen_support
from contracts.amounts.support import Kind, RateDay
from contracts.errors import DomainError, NotKnownYet
from contracts.tables import Input
from services.applications.projections import KnownRates
from services.chassis.database import Tx
from services.chassis.web.look.forms import Cents

TRAVEL, DAILY = "travel", "daily"
"""Names under which reimbursements publishes the tables of units."""


class Pays(Input):
    """The money side of a call. Left as it is, ClusterXchange's lump sum is paid."""

    kind: Kind = Field("lump_sum", title="What is paid?")
    intensity_percent: int = Field(
        100, title="Intensity", description="Per cent of its costs that the recipient gets.", ge=1, le=100
    )
    claimable_cents: Annotated[int, Cents] = Field(
        0,
        title="Most that is paid for costs with receipts, in euro",
        description="The ceiling of actual costs, the value of a voucher, or what is paid beside units.",
        ge=0,
        le=100_000_000,
    )
    categories: list[Category] = Field(
        default_factory=list[Category], title="What may be claimed with receipts?"
    )
    rate_day: RateDay = Field("submission", title="Which exchange rate counts?")
    travel_table: str = Field("erasmus-2024", title="Distance bands", max_length=60)


def support_of(given: Pays) -> dict[str, Any]:
    """The call's support as data. DomainError at the field that makes no sense of what was chosen."""
    if given.kind in ("actual_cost", "voucher") and not given.claimable_cents:
        raise DomainError("ceiling-missing", "claimable_cents")
    if bool(given.claimable_cents) != bool(given.categories):
        raise DomainError("ceiling-and-categories", "categories")
    if given.kind == "lump_sum" and (given.claimable_cents or given.intensity_percent != 100):
        raise DomainError("lump-sum-stands", "kind")
    if given.kind == "unit_cost" and set(given.categories).intersection(COVERED["daily_unit"]):
        raise DomainError("covered-by-units", "categories")
    if given.travel_table not in {table.version for table in travel_bands()}:
        raise DomainError("no-such-table", "travel_table")
    chosen = Support(
        kind=given.kind,
        intensity_percent=given.intensity_percent,
        claimable_cents=given.claimable_cents,
        categories=tuple(sorted(set(given.categories))),
        rate_day=given.rate_day,
        travel_table=given.travel_table,
    )
    return asdict(chosen)


async def tables_of(
    tx: Tx, support: Mapping[str, Any], partnership: object, country: str, today: date
) -> dict[str, Any]:
    """The bands and the daily rate that count for a case of this host country now, as they are frozen."""
    travel = await _table(tx, TRAVEL, support["travel_table"], partnership, today)
    daily = await _table(tx, DAILY, support["daily_table"], partnership, today)
    if country not in daily.rates:
        raise DomainError("no-rate", "host", country=country, table=daily.version)
    return {
        "travel": {"version": travel.version, "bands": travel.rates},
        "daily": {"version": daily.version, **daily.rates[country]},
    }


async def _table(tx: Tx, scheme: str, version: str, partnership: object, today: date) -> KnownRates:
    """The partnership's own lowered version of a table, if there is one in force, else the table."""
    own, published = col(KnownRates.partnership), col(KnownRates.version)
    statement = (
        select(KnownRates)
        .where(
            col(KnownRates.scheme) == scheme,
            col(KnownRates.valid_from) <= today,
            (own.is_(None) & (published == version))
            | ((own == partnership) & published.startswith(version + "/")),
        )
        .order_by(own.is_(None), col(KnownRates.valid_from).desc())
        .limit(1)
    )
    found = (await tx.session.exec(statement)).one_or_none()
    if found is None:
        raise NotKnownYet("rate table", version)
    return found


def frozen_units(frozen: Mapping[str, Any], days: Collection[date]) -> dict[str, Any]:
    """Amount and lines of a case that is not paid by lump sum, beside what it is frozen with."""
    support = frozen_support(frozen)
    units = units_of_case(frozen, days) if support.kind == "unit_cost" else None
    result = estimate(support, units)
    travel = frozen["support"].get("travel")
    return {
        "amount_cents": result.amount_cents,
        "lines": tuple(asdict(line) for line in result.lines),
        "working_days": len(counted_days(days, frozen["host_country"])),
        "rate_cents": 0,
        "rate_basis": "confirmed",
        "rate_version": travel["version"] if travel else support.kind,
    }
