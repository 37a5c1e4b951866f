"""The steps of a cut-off: closing it when its time is over, announcing it by date."""

from contracts import asks
from contracts.call import Closed as CallClosed
from contracts.cutoff import CUTOFF
from contracts.steps import Standing, Subject
from contracts.workdays import Moment
from services.applications.calls.models import Call
from services.applications.intake.cut_offs import announce_due, close
from services.applications.intake_models import CutOff
from services.applications.kinds import calls, cutoffs
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.steps import Offering

BY_STEP = Cause("system", via="system")


def offer_cut_offs(service: Offering) -> None:
    """Registers the steps."""
    offers, clock = service.offers, service.clock

    def where(row: CutOff) -> Standing:
        due = {"open": row.closes_at, "ranked": row.announce_at}.get(row.state)
        return Standing(
            state=row.state,
            open=CUTOFF.must_be_open(row.state, False),
            waits_for=CUTOFF.movers.get(row.state, ""),
            due_in=None if due is None else clock.real_seconds_until(due),
        )

    @offers.standing(asks.CutOff.standing)
    async def standing(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return where(await tx.found(CutOff, subject.uuid))

    @offers.step(asks.CutOff.close_cutoff)
    async def close_cutoff(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """The last one closes its call as well."""
        row = await cutoffs.locked(tx, subject.uuid)
        if row.state == "open" and await close(tx, row, at, BY_STEP):
            call = await tx.locked(Call, row.call)
            if call.state == "published":
                await calls.record(tx, call, "close", CallClosed(reason="over"), at, BY_STEP)
        return where(row)

    @offers.step(asks.CutOff.announce)
    async def announce(tx: Tx, subject: Subject, at: Moment) -> Standing:
        row = await cutoffs.locked(tx, subject.uuid)
        if row.state == "ranked":
            await announce_due(tx, row, at, BY_STEP)
        return where(row)
