"""The aggregates of reimbursements, and whose they are. Locks: case, budget line, reservation (ledger.md's order)."""

from contracts.advice import ADVICE
from contracts.aid_check import AID_CHECK
from contracts.aid_declaration import AID_DECLARATION
from contracts.aid_entry import AID_ENTRY
from contracts.batch import BATCH
from contracts.budget import BUDGET
from contracts.claim import CLAIM
from contracts.exchange_table import EXCHANGE_TABLE
from contracts.finance_file import FINANCE_FILE
from contracts.late_payment import LATE_PAYMENT
from contracts.payee import PAYEE
from contracts.payment import PAYMENT
from contracts.rate_table import RATE_TABLE
from contracts.reservation import RESERVATION
from contracts.sanctions_list import SANCTIONS_LIST
from contracts.staff_list import STAFF_LIST
from contracts.statement import STATEMENT
from contracts.suspense import SUSPENSE
from contracts.transfer import TRANSFER
from services.chassis.acts.aggregate import Aggregate
from services.chassis.database import Tx
from services.chassis.refused_files import refused_files_of
from services.reimbursements.bank.models import Advice, Statement, SuspenseLine
from services.reimbursements.budgets.limit_models import AidCheck, AidDeclaration, AidEntry
from services.reimbursements.claims.models import ExchangeTable, LatePayment
from services.reimbursements.models import Budget, Case, Claim, PublishedRates, Reservation, Transfer
from services.reimbursements.payees.models import Payee, SanctionsList, StaffList
from services.reimbursements.payments.models import Batch, PayingAccount, Payment


async def _account_first(tx: Tx, row: SuspenseLine) -> PayingAccount:
    return await tx.locked(PayingAccount, row.account)


async def _case_first(tx: Tx, row: Claim) -> Case:
    return await tx.locked(Case, row.case_id)


async def _claim_first(tx: Tx, row: Payment) -> Claim:
    await tx.locked(Case, row.case_id)
    return await tx.locked(Claim, row.claim)


rate_tables = Aggregate(
    PublishedRates, RATE_TABLE, scopes={"COORD": lambda row: row.partnership}, case=lambda row: None
)
budgets = Aggregate(
    Budget,
    BUDGET,
    scopes={
        "COORD": lambda line: line.partnership,
        "PAY": lambda line: line.member,
        "VERIFIER": lambda line: line.member,
        "APPROVER": lambda line: line.member,
        "TREASURER": lambda line: line.member,
    },
    case=lambda line: None,
)
transfers = Aggregate(
    Transfer,
    TRANSFER,
    scopes={"COORD": lambda row: row.partnership, "PAY": lambda row: row.giving_member},
    case=lambda row: None,
)
late_payments = Aggregate(
    LatePayment,
    LATE_PAYMENT,
    scopes={"APPROVER": lambda row: row.member, "TREASURER": lambda row: row.member},
    case=lambda row: row.case_id,
)
aid_checks = Aggregate(
    AidCheck,
    AID_CHECK,
    scopes={
        "CLAIMANT": lambda row: row.organisation,
        "VOP": lambda row: row.partnership,
        "COORD": lambda row: row.partnership,
        "PAY": lambda row: row.payer,
        "VERIFIER": lambda row: row.payer,
    },
    case=lambda row: row.case_id,
)
aid_declarations = Aggregate(
    AidDeclaration,
    AID_DECLARATION,
    scopes={"CLAIMANT": lambda row: row.organisation},
    case=lambda row: None,
)
aid_entries = Aggregate(
    AidEntry,
    AID_ENTRY,
    scopes={
        "PAY": lambda row: row.payer,
        "VERIFIER": lambda row: row.payer,
        "COORD": lambda row: row.partnership,
        "CLAIMANT": lambda row: row.organisation,
    },
    case=lambda row: row.case_id,
)
exchange_tables = Aggregate(
    ExchangeTable,
    EXCHANGE_TABLE,
    scopes={
        "VERIFIER": lambda row: row.member,
        "APPROVER": lambda row: row.member,
        "TREASURER": lambda row: row.member,
    },
    case=lambda row: None,
)
reservations = Aggregate(
    Reservation,
    RESERVATION,
    scopes={
        "VO": lambda row: row.organisation,
        "VOP": lambda row: row.partnership,
        "COORD": lambda row: row.partnership,
        "PAY": lambda row: row.payer,
    },
    case=lambda row: row.case_id,
    hidden_from=lambda row: ("VO",) if row.held else (),
)
payees = Aggregate(
    Payee,
    PAYEE,
    scopes={
        "CLAIMANT": lambda payee: payee.organisation,
        "SELF": lambda payee: payee.contact,
        "VERIFIER": lambda payee: payee.members,
        "APPROVER": lambda payee: payee.members,
    },
    case=lambda payee: None,
)
claims = Aggregate(
    Claim,
    CLAIM,
    scopes={
        "CLAIMANT": lambda claim: claim.organisation,
        "VERIFIER": lambda claim: claim.payer,
        "APPROVER": lambda claim: claim.payer,
        "TREASURER": lambda claim: claim.payer,
        "VOP": lambda claim: claim.partnership,
        "COORD": lambda claim: claim.partnership,
    },
    case=lambda claim: claim.case_id,
    lock_first=_case_first,
)
payments = Aggregate(
    Payment,
    PAYMENT,
    scopes={"TREASURER": lambda payment: payment.member, "CLAIMANT": lambda payment: payment.organisation},
    case=lambda payment: payment.case_id,
    home=lambda payment: f"/batches/{payment.batch}",
    lock_first=_claim_first,
)
batches = Aggregate(Batch, BATCH, scopes={"TREASURER": lambda batch: batch.members}, case=lambda batch: None)
statements = Aggregate(
    Statement, STATEMENT, scopes={"TREASURER": lambda row: row.member}, case=lambda row: None
)
advices = Aggregate(Advice, ADVICE, scopes={"TREASURER": lambda row: row.member}, case=lambda row: None)
suspense = Aggregate(
    SuspenseLine,
    SUSPENSE,
    scopes={"TREASURER": lambda line: line.member},
    case=lambda line: None,
    lock_first=_account_first,
)
sanctions_lists = Aggregate(
    SanctionsList,
    SANCTIONS_LIST,
    scopes={
        "VERIFIER": lambda row: row.member,
        "APPROVER": lambda row: row.member,
        "TREASURER": lambda row: row.member,
    },
    case=lambda row: None,
)
staff_lists = Aggregate(
    StaffList,
    STAFF_LIST,
    scopes={
        "VERIFIER": lambda row: row.member,
        "APPROVER": lambda row: row.member,
        "TREASURER": lambda row: row.member,
    },
    case=lambda row: None,
)
refused_files = refused_files_of(FINANCE_FILE)
