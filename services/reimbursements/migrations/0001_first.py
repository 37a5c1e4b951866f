"""First tables of reimbursements, and the ledger with its guard."""

from alembic import op

from services.chassis.migrate import create, create_chassis, drop, drop_chassis, table_of
from services.reimbursements.claims import numbers
from services.reimbursements.ledger_tables import GUARD, UNGUARD
from services.reimbursements.ledger_tables import TABLES as LEDGER
from services.reimbursements.models import (
    Batch,
    Budget,
    Case,
    Claim,
    KnownAction,
    KnownParty,
    Payee,
    PayingAccount,
    Payment,
    PaymentFile,
    PublishedRates,
    Reservation,
    Statement,
    StatementEntry,
)

revision = "0001"
down_revision = None

TABLES = tuple(
    table_of(model)
    for model in (
        PublishedRates,
        PayingAccount,
        Budget,
        Case,
        Reservation,
        Payee,
        Claim,
        Payment,
        Batch,
        PaymentFile,
        Statement,
        StatementEntry,
        KnownParty,
        KnownAction,
    )
)


def upgrade() -> None:
    create_chassis(op)
    numbers.create(op.get_bind())
    create(op, *TABLES, *LEDGER)
    for statement in GUARD:
        op.execute(statement)


def downgrade() -> None:
    drop(op, *TABLES, *LEDGER)
    for statement in UNGUARD:
        op.execute(statement)
    numbers.drop(op.get_bind())
    drop_chassis(op)
