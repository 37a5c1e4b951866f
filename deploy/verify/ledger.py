"""The books balance: each transaction in each block and book, the whole, and every balance as recomputed."""

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from deploy.verify.evidence import Evidence, Finding
from services.reimbursements.ledger_verify import recompute


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
    url = evidence.places.databases["reimbursements"].replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_async_engine(url)
    try:
        async with AsyncSession(engine) as session:
            differences = await recompute(session)
    finally:
        await engine.dispose()
    finding.violations += [
        f"{each.rule}: transaction {each.transaction}, {each.account} of {each.owner} in {each.book}:"
        f" expected {each.expected} cents, found {each.found}"
        for each in differences
    ]
    return finding
