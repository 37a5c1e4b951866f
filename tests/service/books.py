"""What must hold of the money after every story: what `relais verify money` proves."""

from services.chassis.database import Database
from services.reimbursements.ledger.proof import proved


async def sound(database: Database) -> None:
    """Asserts all of it."""
    async with database.transaction() as tx:
        proof = await proved(tx.session)
    assert {rule: found for rule, found in proof.rules.items() if found} == {}
