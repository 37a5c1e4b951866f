"""How visitor and host find each other: proposals, accepted by the host, five open at most (CX-43, CX-44, CX-60)."""

from uuid import UUID

from pydantic import Field
from sqlmodel import col, func, or_, select

from contracts import proposal as facts
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import new_id
from contracts.proposal import PROPOSAL
from contracts.tables import Input, Nothing
from contracts.terms import Terms
from contracts.workdays import Moment
from services.applications.application import in_time, is_due
from services.applications.calls.models import Call
from services.applications.groups.models import GroupVisit
from services.applications.models import Application, Proposal
from services.applications.projections import KnownOrganisation, KnownParticipation
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx

OVER = ("withdrawn", "lapsed", "rejected", "cancelled", "not_completed", "closed")
"""States in which an exchange keeps nobody from another one with the same host."""


class Make(Input):
    """A visitor's validated participation asks a host's."""

    call: UUID = Field(title="Under which call?")
    visitor: UUID = Field(title="Who visits?", description="Your organisation, validated as visitor.")
    host: UUID = Field(title="Whom do you want to visit?")
    message: str = Field(
        "",
        title="Your message to the host",
        max_length=2000,
        description="Say what you want to learn or do there. A reason makes an answer more likely.",
    )


class Join(Input):
    """A visitor's validated participation joins a group visit."""

    group: UUID = Field(title="Which group visit?")
    visitor: UUID = Field(title="Who joins?", description="Your organisation, validated as visitor.")


@rule(PROPOSAL, "make")
async def make(work: Work[Proposal], given: Make, at: Moment) -> facts.Made:
    tx = work.tx
    call = await known_call(tx, given.call)
    visitor = await validated(tx, given.visitor, "visitor", lock=True)
    host = await validated(tx, given.host, "host")
    await _may_visit(tx, call, visitor, host.organisation)
    terms = Terms(**call.terms)
    if await open_proposals(tx, visitor.organisation) >= terms.open_proposals:
        raise DomainError("too-many-proposals", "host", most=terms.open_proposals)
    due_at = at.plus_days(terms.proposal_days)
    work.row = Proposal(
        id=new_id(),
        call=call.id,
        visitor=visitor.organisation,
        host=host.organisation,
        visitor_partnership=visitor.partnership,
        host_partnership=host.partnership,
        visitor_contact=work.actor.person,
        host_contact=host.contact,
        message=given.message,
        made_at=at.now,
        due_at=due_at,
    )
    return facts.Made(
        visitor=visitor.organisation,
        host=host.organisation,
        visitor_partnership=visitor.partnership,
        host_partnership=host.partnership,
        due_at=due_at,
    )


@rule(PROPOSAL, "join")
async def join(work: Work[Proposal], given: Join, at: Moment) -> facts.Joined:
    """Matched at once, by the rules of any exchange. The place is taken when the application is submitted."""
    tx = work.tx
    visitor = await validated(tx, given.visitor, "visitor", lock=True)
    group = await tx.locked(GroupVisit, given.group)
    if group.state != "open" or at.today() > group.join_until:
        raise DomainError("group-not-open", status=409)
    if group.taken >= group.places:
        raise DomainError("group-full", status=409)
    await _may_visit(tx, await known_call(tx, group.call), visitor, group.host)
    group.members = list(dict.fromkeys([*group.members, visitor.organisation]))
    tx.add(group)
    work.row = Proposal(
        id=new_id(),
        call=group.call,
        visitor=visitor.organisation,
        host=group.host,
        visitor_partnership=visitor.partnership,
        host_partnership=group.host_partnership,
        visitor_contact=work.actor.person,
        host_contact=group.host_contact,
        group_visit=group.id,
        made_at=at.now,
        due_at=at.now,
    )
    return facts.Joined(group=group.id, visitor=visitor.organisation, host=group.host)


async def _may_visit(tx: Tx, call: Call, visitor: KnownParticipation, host: UUID) -> None:
    """What keeps this visitor from this host under this call."""
    if call.state != "published" or call.form is not None:
        raise DomainError("no-such-call", "call")
    if visitor.partnership != call.partnership:
        raise DomainError("call-of-another-partnership", "call")
    if visitor.organisation == host:
        raise DomainError("own-host", "host")
    from_here, to_there = await known(tx, visitor.organisation), await known(tx, host)
    if from_here.country == to_there.country:
        raise DomainError("same-country", "host", country=to_there.country)
    if await visited_before(tx, call.edition, from_here.identity):
        raise DomainError("visited-before", "visitor", edition=call.edition)
    await _refuse_matched(tx, call, visitor.organisation, host)


@rule(PROPOSAL, "accept")
def accept(proposal: Proposal, given: Nothing, at: Moment) -> facts.Accepted:
    in_time(proposal.due_at, at)
    return facts.Accepted(visitor=proposal.visitor, host=proposal.host)


@rule(PROPOSAL, "decline")
def decline(proposal: Proposal, given: Nothing, at: Moment) -> facts.Declined:
    return facts.Declined()


@rule(PROPOSAL, "withdraw")
def withdraw(proposal: Proposal, given: Nothing, at: Moment) -> facts.Withdrawn:
    return facts.Withdrawn()


@rule(PROPOSAL, "expire")
def expire(proposal: Proposal, given: Nothing, at: Moment) -> facts.Expired:
    is_due(proposal.due_at, at)
    return facts.Expired()


async def _refuse_matched(tx: Tx, call: Call, visitor: UUID, host: UUID) -> None:
    """DomainError while an exchange of these two is under way, or may still be applied for under the same call. One
    that has ended leaves them free to try again."""
    statement = (
        select(col(Proposal.id))
        .outerjoin(Application, col(Application.proposal) == col(Proposal.id))
        .where(
            Proposal.visitor == visitor,
            Proposal.host == host,
            Proposal.state == "accepted",
            or_(
                col(Application.submitted_at).is_(None) & (col(Proposal.call) == call.id),
                col(Application.submitted_at).is_not(None) & col(Application.state).not_in(OVER),
            ),
        )
    )
    if (await tx.session.exec(statement.limit(1))).first() is not None:
        raise DomainError("matched-already", status=409)


async def known(tx: Tx, organisation: UUID) -> KnownOrganisation:
    """An organisation that this service has heard of; NotKnownYet otherwise."""
    row = await tx.get(KnownOrganisation, organisation)
    if row is None:
        raise NotKnownYet("organisation", organisation)
    return row


async def known_call(tx: Tx, id: UUID) -> Call:
    call = await tx.get(Call, id)
    if call is None:
        raise DomainError("no-such-call", "call")
    return call


async def validated(tx: Tx, id: UUID, side: str, *, lock: bool = False) -> KnownParticipation:
    """A validated participation on this side; the visitor's is locked while its open proposals are counted."""
    statement = select(KnownParticipation).where(KnownParticipation.id == id)
    row = (await tx.session.exec(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        raise NotKnownYet("participation", id)
    if not row.validated or row.side not in (side, "both"):
        raise DomainError(f"not-validated-as-{side}", side)
    return row


async def visited_before(tx: Tx, edition: str, identity: UUID, apart_from: UUID | None = None) -> bool:
    """Whether this legal identity has used its one visit of the edition (CX-23)."""
    statement = select(col(Application.id)).where(
        Application.edition == edition,
        Application.identity_at_award == identity,
        col(Application.uses_visit),
        col(Application.state).in_(("awarded", "granted", "closed", "not_completed")),
        Application.id != apart_from,
    )
    return (await tx.session.exec(statement)).first() is not None


async def open_proposals(tx: Tx, visitor: UUID) -> int:
    """How many proposals of an organisation wait for an answer."""
    statement = (
        select(func.count())
        .select_from(Proposal)
        .where(Proposal.visitor == visitor, Proposal.state == "open")
    )
    return (await tx.session.exec(statement)).one()
