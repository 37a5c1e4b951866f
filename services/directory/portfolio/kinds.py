"""The aggregate of member services, and whose they are."""

from contracts.member_service import MEMBER_SERVICE
from services.chassis.acts.aggregate import Aggregate
from services.directory.portfolio.models import MemberService


def _nobodys_case(row: object) -> None:
    """A service belongs to no case."""


member_services = Aggregate(
    MemberService,
    MEMBER_SERVICE,
    scopes={"MEMBER": lambda row: row.organisation},
    case=_nobodys_case,
    home=lambda row: f"/directory/{row.organisation}",
)
