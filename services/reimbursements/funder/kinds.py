"""The aggregates of what the funder is told and pays, and whose they are."""

from contracts.funder_report import FUNDER_REPORT
from contracts.instalment import INSTALMENT
from services.chassis.acts.aggregate import Aggregate
from services.reimbursements.funder.models import FunderReport, Instalment

funder_reports = Aggregate(
    FunderReport,
    FUNDER_REPORT,
    scopes={
        "COORD": lambda row: row.partnership,
        "PAY": lambda row: row.member,
        "APPROVER": lambda row: row.member,
        "TREASURER": lambda row: row.member,
    },
    case=lambda row: None,
)
instalments = Aggregate(
    Instalment,
    INSTALMENT,
    scopes={
        "COORD": lambda row: row.partnership,
        "APPROVER": lambda row: row.member,
        "TREASURER": lambda row: row.member,
    },
    case=lambda row: None,
)
