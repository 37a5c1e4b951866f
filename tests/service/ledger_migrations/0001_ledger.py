"""A database with nothing but the ledger in it."""

from alembic import op

from services.chassis.migrate import create, drop
from services.reimbursements.ledger.tables import GUARD, TABLES, UNGUARD

revision = "0001"
down_revision = None


def upgrade() -> None:
    create(op, *TABLES)
    for statement in GUARD:
        op.execute(statement)


def downgrade() -> None:
    drop(op, *TABLES)
    for statement in UNGUARD:
        op.execute(statement)
