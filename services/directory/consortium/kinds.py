"""The aggregates of a partnership's plan, and whose they are."""

from contracts.deliverable import DELIVERABLE
from contracts.work_package import WORK_PACKAGE
from services.chassis.acts.aggregate import Aggregate
from services.directory.consortium.models import Deliverable, WorkPackage


def _nobodys_case(row: object) -> None:
    """A plan belongs to no case."""


work_packages = Aggregate(
    WorkPackage,
    WORK_PACKAGE,
    scopes={"COORD": lambda row: row.partnership, "OFFICER": lambda row: row.partnership},
    case=_nobodys_case,
    home=lambda row: f"/partnerships/{row.partnership}",
)
deliverables = Aggregate(
    Deliverable,
    DELIVERABLE,
    scopes={
        "LEAD": lambda row: row.lead,
        "PEER": lambda row: row.peer,
        "COORD": lambda row: row.partnership,
        "OFFICER": lambda row: row.partnership,
    },
    case=_nobodys_case,
)
