"""The aggregates of a member's months, and whose they are."""

from contracts.books_export import BOOKS_EXPORT
from contracts.chart import CHART
from contracts.period import PERIOD
from services.chassis.acts.aggregate import Aggregate
from services.reimbursements.periods.models import BooksExport, Chart, Period

periods = Aggregate(
    Period,
    PERIOD,
    scopes={
        "PAY": lambda row: row.member,
        "VERIFIER": lambda row: row.member,
        "APPROVER": lambda row: row.member,
        "TREASURER": lambda row: row.member,
    },
    case=lambda row: None,
)
charts = Aggregate(
    Chart,
    CHART,
    scopes={"APPROVER": lambda row: row.member, "TREASURER": lambda row: row.member},
    case=lambda row: None,
    home=lambda row: f"/charts/{row.id}",
)
books_exports = Aggregate(
    BooksExport,
    BOOKS_EXPORT,
    scopes={"APPROVER": lambda row: row.member, "TREASURER": lambda row: row.member},
    case=lambda row: None,
    home=lambda row: f"/periods/{row.period}",
)
