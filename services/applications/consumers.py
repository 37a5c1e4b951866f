"""What applications hears: organisations, partnerships, participations, budgets and rates, kept as projections; the
ends of claims; and that the time of records is over."""

from uuid import UUID

from contracts import budget, claim, organisation, participation, partnership, rate_table, retention, transfer
from contracts.facts import Fact
from contracts.organisation import ORGANISATION
from contracts.tables import Body
from contracts.workdays import Moment
from services.applications.intake_models import KnownAllocation
from services.applications.projections import (
    KnownBudget,
    KnownOrganisation,
    KnownParticipation,
    KnownPartnership,
    KnownRates,
)
from services.applications.removal import remove
from services.applications.voucher import hear_claim
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.facts.reader import Reader
from services.chassis.identity.people import hear_people


def hear(reader: Reader) -> None:
    """Registers the projections."""
    hear_people(reader)

    @reader.hears(*(body for body in ORGANISATION.facts if issubclass(body, organisation.Public)))
    async def registered(tx: Tx, fact: Fact, body: organisation.Public) -> None:
        known = body.model_dump(include=set(KnownOrganisation.model_fields))
        row = KnownOrganisation(id=fact.subject, **known)
        await tx.session.merge(row)

    @reader.hears(partnership.Formed, partnership.Revised)
    async def formed(tx: Tx, fact: Fact, body: partnership.Public) -> None:
        row = KnownPartnership(
            id=fact.subject,
            name=body.name,
            programme=body.programme,
            coordinator=body.coordinator,
            members=list(body.members),
            first_day=body.first_day,
            last_day=body.last_day,
        )
        await tx.session.merge(row)

    async def profile(tx: Tx, id: UUID, body: participation.Profile, validated: bool) -> None:
        row = KnownParticipation(
            id=id,
            organisation=body.organisation,
            partnership=body.partnership,
            side=body.side,
            contact=body.contact,
            activities=list(body.activities),
            sectors=list(body.sectors),
            languages=list(body.languages),
            countries=list(body.countries),
            first_day=body.first_day,
            last_day=body.last_day,
            validated=validated,
        )
        await tx.session.merge(row)

    @reader.hears(participation.Submitted, participation.Revised)
    async def asked(tx: Tx, fact: Fact, body: participation.Profile) -> None:
        await profile(tx, fact.subject, body, validated=False)

    @reader.hears(participation.Validated, participation.Resumed)
    async def validated(tx: Tx, fact: Fact, body: participation.Profile) -> None:
        await profile(tx, fact.subject, body, validated=True)

    @reader.hears(participation.Rested, participation.Withdrawn, participation.Rejected)
    async def left(tx: Tx, fact: Fact, body: Body) -> None:
        row = await tx.get(KnownParticipation, fact.subject)
        if row is not None:
            row.validated = False

    @reader.hears(budget.Opened)
    async def opened(tx: Tx, fact: Fact, body: budget.Opened) -> None:
        if body.category != "support":
            return  # a member's own costs: no call grants them
        row = KnownBudget(
            id=fact.subject,
            partnership=body.partnership,
            member=body.member,
            name=body.name,
            action_start=body.action_start,
            action_end=body.action_end,
        )
        await tx.session.merge(row)
        await allocated(tx, fact, fact.subject, body.amount_cents)

    async def allocated(tx: Tx, fact: Fact, line: UUID, cents: int) -> None:
        await tx.session.merge(KnownAllocation(fact=fact.id, budget=line, cents=cents))

    @reader.hears(budget.Raised)
    async def raised(tx: Tx, fact: Fact, body: budget.Raised) -> None:
        await allocated(tx, fact, fact.subject, body.amount_cents)

    @reader.hears(budget.Cut)
    async def cut(tx: Tx, fact: Fact, body: budget.Cut) -> None:
        await allocated(tx, fact, fact.subject, -body.amount_cents)

    @reader.hears(transfer.Made)
    async def transferred(tx: Tx, fact: Fact, body: transfer.Made) -> None:
        await allocated(tx, fact, body.giver, -body.amount_cents)
        await allocated(tx, fact, body.taker, body.amount_cents)

    @reader.hears(rate_table.Published)
    async def rates(tx: Tx, fact: Fact, body: rate_table.Published) -> None:
        row = KnownRates(
            id=fact.subject,
            scheme=body.scheme,
            version=body.version,
            valid_from=body.valid_from,
            partnership=body.partnership,
            rates=body.rates,
        )
        await tx.session.merge(row)

    @reader.hears(claim.Opened)
    async def claimed(tx: Tx, fact: Fact, body: claim.Opened) -> None:
        await hear_claim(tx, fact, None)

    @reader.hears(claim.Closed)
    async def claim_closed(tx: Tx, fact: Fact, body: claim.Closed) -> None:
        await hear_claim(tx, fact, body.paid_cents)

    @reader.hears(claim.Finalised, claim.Replaced)
    async def claim_ended(tx: Tx, fact: Fact, body: Body) -> None:
        await hear_claim(tx, fact, 0)

    @reader.hears(retention.Removed)
    async def removed(tx: Tx, fact: Fact, body: retention.Removed) -> None:
        cause = Cause("system", via="system", correlation=fact.correlation, causation=fact.id)
        await remove(tx, body.partnership, body.member, Moment(fact.time), cause)
