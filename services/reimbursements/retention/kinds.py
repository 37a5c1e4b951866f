"""The aggregate of kept records, and whose they are."""

from contracts.retention import RETENTION
from services.chassis.acts.aggregate import Aggregate
from services.reimbursements.retention.models import Retention

retentions = Aggregate(
    Retention,
    RETENTION,
    scopes={
        "COORD": lambda row: row.partnership,
        "APPROVER": lambda row: row.member,
        "TREASURER": lambda row: row.member,
    },
    case=lambda row: None,
)
