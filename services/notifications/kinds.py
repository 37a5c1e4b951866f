"""The one aggregate of notifications: a delivery. Only operators see it, and may have it sent again."""

from datetime import UTC, datetime

from contracts.delivery import DELIVERY, Resent
from contracts.tables import Nothing
from contracts.workdays import Moment
from services.chassis.acts.aggregate import Aggregate
from services.chassis.acts.rules import rule
from services.chassis.identity.actor import PLATFORM
from services.notifications.models import Delivery

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""A moment to try at that has passed in any case."""

deliveries = Aggregate(
    Delivery,
    DELIVERY,
    scopes={"OPERATOR": lambda row: PLATFORM},
    case=lambda row: None,
    home=lambda row: "/deliveries",
)


@rule(DELIVERY, "resend")
def resend(delivery: Delivery, given: Nothing, at: Moment) -> Resent:
    """It is written anew and under another message id, so that no mail client takes it for the old one."""
    delivery.resent += 1
    delivery.tries = 0
    delivery.try_at = AT_ONCE
    delivery.code = ""
    return Resent(person=delivery.person)
