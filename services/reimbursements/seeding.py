"""The rate table that the service starts with, published as a fact once."""

from datetime import date

from contracts.amounts import clusterxchange_rates
from contracts.ids import named_id
from contracts.rate_table import Published
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.reimbursements.kinds import rate_tables
from services.reimbursements.models import PublishedRates
from services.reimbursements.reservations import BY_STEP

SCHEME = "clusterxchange"


async def publish_rates(database: Database, clock: Clock) -> None:
    """Repeatable: a table that is published is not published again."""
    table = clusterxchange_rates()
    rates = {country: {"cents": rate.cents, "basis": rate.basis} for country, rate in table.rates.items()}
    row = PublishedRates(
        id=named_id("rate-table", SCHEME, table.version),
        scheme=SCHEME,
        rate_version=table.version,
        source=table.source,
        valid_from=date(2014, 1, 1),
        rates=rates,
    )
    async with database.transaction() as tx:
        if await tx.get(PublishedRates, row.id) is None:
            body = Published(
                scheme=row.scheme,
                version=row.rate_version,
                source=row.source,
                valid_from=row.valid_from,
                rates=rates,
            )
            await rate_tables.record(tx, row, "publish", body, clock.moment(), BY_STEP)
