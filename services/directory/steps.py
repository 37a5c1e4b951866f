"""The one step that directory offers: the daily sweep of clocks too long for a workflow of their own."""

from contracts.asks import SWEEPS
from contracts.steps import Standing, Subject
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.steps import Offers
from services.directory.consortium.deliverable import remind_of_deliverables
from services.directory.mandate import expire_ended
from services.directory.participation import rest_unconfirmed
from services.directory.recognition import watch_labels
from services.directory.signing_in.factors import forget_waiting
from services.directory.signing_in.links import forget_old
from services.directory.signing_in.provider import forget_visits
from services.directory.signing_in.sessions import expire_idle

CAUSE = Cause("system", via="system")
SWEEP = next(step for step in SWEEPS if step.owner == "directory")


def offer(offers: Offers) -> None:
    """Registers the step."""

    @offers.step(SWEEP)
    async def sweep(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """Ends what has ended by its date, reminds of what ends or is due soon, forgets spent links."""
        await expire_ended(tx, at, CAUSE)
        await watch_labels(tx, at, CAUSE)
        await remind_of_deliverables(tx, at, CAUSE)
        await rest_unconfirmed(tx, at, CAUSE)
        await expire_idle(tx, at, CAUSE)
        await forget_old(tx)
        await forget_waiting(tx)
        await forget_visits(tx)
        return Standing("swept", open=False)
