"""The one aggregate of notifications: a delivery, which its person and the operators may see."""

from datetime import UTC, datetime

from contracts.delivery import DELIVERY, Resent
from contracts.tables import Nothing
from contracts.workdays import Moment
from services.chassis.acts.aggregate import Aggregate
from services.chassis.acts.rules import rule
from services.notifications.models import Delivery

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""A moment to try at that has passed in any case."""

deliveries = Aggregate(Delivery, DELIVERY, scopes={"SELF": lambda row: row.person}, case=lambda row: None)


@rule(DELIVERY, "resend")
def resend(delivery: Delivery, given: Nothing, at: Moment) -> Resent:
    """It is written anew and under another message id, so that no mail client takes it for the old one."""
    delivery.resent += 1
    delivery.tries = 0
    delivery.try_at = AT_ONCE
    delivery.code = ""
    return Resent(person=delivery.person)
