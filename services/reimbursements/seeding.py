"""The rate tables that the service starts with, each published as a fact once."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from contracts.amounts import clusterxchange_rates, daily_rates, travel_bands
from contracts.ids import named_id
from contracts.rate_table import Published
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.reimbursements.budgets.reservations import BY_STEP
from services.reimbursements.kinds import rate_tables
from services.reimbursements.models import PublishedRates

SCHEME = "clusterxchange"
VALID_FROM = {
    "erasmus-2021": date(2021, 1, 1),
    "erasmus-2024": date(2024, 1, 1),
    "commission-2021-35": date(2021, 1, 1),
    "commission-2023-4928": date(2023, 7, 26),
}


class Seed(NamedTuple):
    scheme: str
    version: str
    source: str
    valid_from: date
    rates: dict[str, Any]


def _seeds() -> Iterator[Seed]:
    lump, daily = clusterxchange_rates(), daily_rates()
    yield Seed(SCHEME, lump.version, lump.source, date(2014, 1, 1), lump.published())
    yield Seed("daily", daily.version, daily.source, date(2024, 11, 8), daily.published())
    for table in travel_bands():
        yield Seed("travel", table.version, table.source, VALID_FROM[table.version], table.published())


async def publish_rates(database: Database, clock: Clock) -> None:
    """Repeatable: a table that is published is not published again."""
    for seed in _seeds():
        row = PublishedRates(
            id=named_id("rate-table", seed.scheme, seed.version),
            scheme=seed.scheme,
            rate_version=seed.version,
            source=seed.source,
            valid_from=seed.valid_from,
            rates=seed.rates,
        )
        async with database.transaction() as tx:
            if await tx.get(PublishedRates, row.id) is None:
                body = Published(**seed._asdict())
                await rate_tables.record(tx, row, "publish", body, clock.moment(), BY_STEP)
