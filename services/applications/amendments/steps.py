"""The steps of an amendment: its documents are opened once its money is set aside, or it is declined; it lapses."""

from typing import cast

from contracts import amendment as facts
from contracts import asks
from contracts.amendment import AMENDMENT
from contracts.errors import NotKnownYet
from contracts.steps import Standing, Subject
from contracts.workdays import Moment
from services.applications.agreements.papers import lapse
from services.applications.agreements.signing import documents_of
from services.applications.amendments.models import Amendment
from services.applications.amendments.terms import begins_on, under
from services.applications.application import is_due
from services.applications.kinds import agreements, amendments
from services.applications.models import Application
from services.applications.projections import KnownOrganisation
from services.applications.standing import BY_STEP, standing_of
from services.chassis.database import Tx
from services.chassis.steps import Offering


def offer(service: Offering) -> None:
    """Registers them. Each takes the amendment's id; the case is locked first."""
    offers, clock = service.offers, service.clock

    async def of(tx: Tx, subject: Subject) -> tuple[Application, Amendment]:
        found = await tx.found(Amendment, subject.uuid)
        case = await tx.locked(Application, found.application)
        return case, await tx.locked(Amendment, found.id)

    def where(amendment: Amendment) -> Standing:
        """Agreed, it waits for nobody until its documents are open."""
        waits_for = "VO HO VOP HOP PAY" if amendment.state == "agreed" and amendment.signing else ""
        return standing_of(
            clock, amendment.state, AMENDMENT.must_be_open(amendment.state, False),
            waits_for or AMENDMENT.movers.get(amendment.state, ""), amendment.due_at, amendment.reminders,
        )  # fmt: skip

    @offers.standing(asks.Amendment.standing)
    async def standing(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return where(await tx.found(Amendment, subject.uuid))

    @offers.step(asks.Amendment.open_signing)
    async def open_signing(tx: Tx, subject: Subject, at: Moment) -> Standing:
        case, amendment = await of(tx, subject)
        if amendment.state == "agreed" and not amendment.signing:
            payer = await tx.get(KnownOrganisation, case.payer)
            if payer is None:
                raise NotKnownYet("organisation", case.payer)
            amendment.signing = True
            await amendments.record(tx, amendment, "open_signing", facts.SigningOpened(), at, BY_STEP)
            for agreement, opened in documents_of(under(case, amendment), payer.name, at, amendment):
                await agreements.record(tx, agreement, "open", opened, at, BY_STEP)
        return where(amendment)

    @offers.step(asks.Amendment.decline)
    async def decline(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """The ledger has said why not."""
        _, amendment = await of(tx, subject)
        if amendment.state == "agreed" and not amendment.signing:
            body = facts.Refused(reason=cast("facts.Refusal", subject.reason))
            await amendments.record(tx, amendment, "decline", body, at, BY_STEP)
        return where(amendment)

    @offers.step(asks.Amendment.lapse)
    async def lapsed(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """Its time is over; where the old first day is reached, the old terms have begun."""
        case, amendment = await of(tx, subject)
        if amendment.state in AMENDMENT.act("lapse").sources:
            is_due(amendment.due_at, at)
            reason: facts.LapseReason = "not_decided" if amendment.state == "requested" else "not_signed"
            if (begins := begins_on(case)) is not None and at.today() >= begins:
                reason = "first_day_reached"
            await lapse(tx, amendment, "lapse", reason, at, BY_STEP)
        return where(amendment)

    @offers.step(asks.Amendment.remind)
    async def remind(tx: Tx, subject: Subject, at: Moment) -> Standing:
        _, amendment = await of(tx, subject)
        if amendment.state in AMENDMENT.act("remind").sources and amendment.reminders == subject.number:
            amendment.reminders += 1
            body = facts.Reminded(stage=amendment.state, number=amendment.reminders)
            await amendments.record(tx, amendment, "remind", body, at, BY_STEP)
        return where(amendment)
