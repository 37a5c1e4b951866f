"""First tables of reimbursements, and the ledger with its guard."""

from alembic import op

from services.chassis.migrate import create, create_chassis, drop, drop_chassis, table_of
from services.reimbursements.audit.models import CaseFact, PackDownload
from services.reimbursements.bank.models import (
    Advice,
    AdviceEntry,
    BankFile,
    Statement,
    StatementEntry,
    SuspenseLine,
)
from services.reimbursements.budgets.amendments import KnownAmendment
from services.reimbursements.budgets.limit_models import AidCheck, AidDeclaration, AidEntry, Limit
from services.reimbursements.claims.models import (
    ClaimLine,
    Demand,
    ExchangeTable,
    KnownAttendance,
    KnownRegistration,
    LatePayment,
    Receipt,
)
from services.reimbursements.claims.opening import numbers
from services.reimbursements.claims.recovery import demand_numbers
from services.reimbursements.funder.models import (
    CutRegained,
    FunderReport,
    Instalment,
    OwnCost,
    ReportedEntry,
    ReportVersion,
    SupportCut,
)
from services.reimbursements.ledger.tables import GUARD, UNGUARD, append_only
from services.reimbursements.ledger.tables import TABLES as LEDGER
from services.reimbursements.models import (
    Approval,
    Budget,
    Case,
    Claim,
    KnownAction,
    KnownParty,
    PublishedRates,
    Reservation,
    Transfer,
)
from services.reimbursements.payees.models import (
    Payee,
    PayeeVersion,
    SanctionedName,
    SanctionsList,
    StaffAccount,
    StaffList,
)
from services.reimbursements.payments.models import Batch, FileDownload, PayingAccount, Payment, PaymentFile
from services.reimbursements.periods.models import BooksExport, Chart, Period, PeriodPosting
from services.reimbursements.retention.models import Retention

revision = "0001"
down_revision = None

TABLES = tuple(
    table_of(model)
    for model in (
        PublishedRates,
        PayingAccount,
        Budget,
        Transfer,
        LatePayment,
        Case,
        KnownAmendment,
        Reservation,
        Payee,
        PayeeVersion,
        StaffList,
        StaffAccount,
        SanctionsList,
        SanctionedName,
        Claim,
        Approval,
        Payment,
        Batch,
        PaymentFile,
        FileDownload,
        Statement,
        StatementEntry,
        Limit,
        AidCheck,
        AidDeclaration,
        AidEntry,
        BankFile,
        Advice,
        AdviceEntry,
        SuspenseLine,
        KnownParty,
        KnownAction,
        ClaimLine,
        Receipt,
        ExchangeTable,
        Demand,
        KnownRegistration,
        KnownAttendance,
        Period,
        Chart,
        BooksExport,
        FunderReport,
        OwnCost,
        ReportVersion,
        SupportCut,
        CutRegained,
        Instalment,
        Retention,
        CaseFact,
        PackDownload,
    )
)
NEVER_CHANGED = tuple(
    table_of(model)
    for model in (
        Approval,
        PaymentFile,
        FileDownload,
        Statement,
        StatementEntry,
        BankFile,
        Advice,
        AdviceEntry,
        PayeeVersion,
        StaffList,
        StaffAccount,
        SanctionsList,
        SanctionedName,
        AidDeclaration,
        BooksExport,
        ReportVersion,
        SupportCut,
        CutRegained,
        PackDownload,
    )
)
NEVER_DELETED = tuple(
    table_of(model)
    for model in (
        Budget,
        Transfer,
        LatePayment,
        Reservation,
        Payee,
        Claim,
        ClaimLine,
        Receipt,
        Demand,
        Payment,
        Batch,
        Limit,
        AidEntry,
        SuspenseLine,
        Period,
        Chart,
        FunderReport,
        OwnCost,
        Instalment,
        Retention,
    )
)
OF_THE_LEDGER = (table_of(PeriodPosting), table_of(ReportedEntry))
"""Need the ledger's own tables first."""


def upgrade() -> None:
    create_chassis(op)
    numbers.create(op.get_bind())
    demand_numbers.create(op.get_bind())
    create(op, *TABLES, *LEDGER, *OF_THE_LEDGER)
    for statement in GUARD:
        op.execute(statement)
    for table in (*NEVER_CHANGED, *OF_THE_LEDGER):
        op.execute(append_only(table.name))
    for table in NEVER_DELETED:
        op.execute(append_only(table.name, "DELETE OR TRUNCATE"))


def downgrade() -> None:
    drop(op, *TABLES, *LEDGER, *OF_THE_LEDGER)
    for statement in UNGUARD:
        op.execute(statement)
    numbers.drop(op.get_bind())
    demand_numbers.drop(op.get_bind())
    drop_chassis(op)
