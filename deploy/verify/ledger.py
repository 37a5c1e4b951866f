"""The books balance: each transaction in each block and book, the whole, and every balance as recomputed."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from deploy.verify.evidence import Evidence, Finding
from services.reimbursements.ledger.proof import Proof, entries_of, proved, said
from services.reimbursements.ledger.verify import recompute


async def check(evidence: Evidence) -> Finding:
    """What the ledger proves about itself, from its entries alone."""
    finding = Finding()
    (entries,) = await evidence.rows("reimbursements", "SELECT count(*) AS number FROM ledger_entry")
    finding.examined = entries.number
    unequal = await evidence.rows(
        "reimbursements",
        "SELECT block, sum(debit_cents) AS debit, sum(credit_cents) AS credit FROM ledger_entry"
        " GROUP BY block HAVING sum(debit_cents) <> sum(credit_cents)",
    )
    finding.violations += [
        f"the {row.block} block has {row.debit} cents debit and {row.credit} cents credit" for row in unequal
    ]
    async with reading(evidence.places.databases["reimbursements"]) as session:
        finding.violations += [said(each) for each in await recompute(session)]
    return finding


async def money(url: str, begun: Callable[[int], None], looked_at: Callable[[int], None]) -> Proof:
    """Proves everything about the money in one snapshot. begun is told how many entries there are, looked_at how many
    more of them were examined."""
    async with reading(url) as session:
        begun(await entries_of(session))
        return await proved(session, looked_at)


@asynccontextmanager
async def reading(url: str) -> AsyncGenerator[AsyncSession]:
    """A session that reads one snapshot and writes nothing."""
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        isolation_level="REPEATABLE READ",
        connect_args={"options": "-c default_transaction_read_only=on -c timezone=UTC", "connect_timeout": 5},
    )
    try:
        async with AsyncSession(engine) as session:
            yield session
    finally:
        await engine.dispose()
