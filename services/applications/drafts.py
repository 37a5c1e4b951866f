"""Drafts: kept from the first answer on, saved as often as one likes, without a fact. One per accepted proposal."""

from datetime import date
from uuid import UUID

from pydantic import Field
from sqlalchemy import Sequence, select
from sqlmodel import SQLModel

from contracts import participation
from contracts.application import Mode
from contracts.errors import DomainError
from contracts.ids import named_id
from contracts.tables import Input
from contracts.workdays import Moment
from services.applications.application import DECLARATIONS, case_number
from services.applications.groups.sharing import SHARED, refuse_own, share
from services.applications.kinds import proposals
from services.applications.matching import known_call
from services.applications.models import Application, Proposal
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor

numbers = Sequence("application_numbers", metadata=SQLModel.metadata)


class When(Input):
    """First page: when, and how."""

    mode: Mode | None = Field(None, title="How do you meet?")
    first_day: date | None = Field(None, title="First day at the host")
    last_day: date | None = Field(None, title="Last day at the host", description="Travel days do not count.")
    green: bool = Field(
        False,
        title="Most of the way by train, bus, shared car or bicycle",
        description="Low-emission travel is paid better where the scheme pays units.",
    )


class Days(Input):
    """The page of a virtual exchange: its days need not follow each other."""

    days: list[date] = Field(default_factory=list[date], title="On which days do you meet?")


class What(Input):
    """Second page: what for."""

    activities: list[participation.Activity] = Field(
        default_factory=list[participation.Activity], title="What will you do?"
    )
    objectives: str = Field(
        "", title="What do you want to achieve?", max_length=4000, description="Both partnerships read this."
    )
    agenda: str = Field(
        "",
        title="Agenda, day by day",
        max_length=6000,
        description="It becomes part of the Commitment to Quality.",
    )


class Declare(Input):
    """Third page: what the recipient declares."""

    declarations: list[str] = Field(default_factory=list[str], title="I declare for my organisation")


class Draft(When, Days, What, Declare):
    """A draft as machines save it: only what is given is changed."""


def draft_id(proposal: UUID) -> UUID:
    """The case of a proposal: known before it exists, so that creating it twice is creating it once."""
    return named_id("application", proposal)


async def save(tx: Tx, proposal_id: UUID, given: Input, actor: Actor, at: Moment) -> Application:
    """Creates the draft if need be and keeps what was given. An idempotent PUT: no fact, no key."""
    proposal = await tx.locked(Proposal, proposal_id)
    if "VO" not in proposals.parties(actor, proposal):
        raise DomainError("not-found", status=404)
    if proposal.state != "accepted":
        raise DomainError("not-matched", status=409)
    case = await tx.get(Application, draft_id(proposal_id))
    if case is None:
        case = await _created(tx, proposal, actor, at)
    else:
        case = await tx.locked(Application, case.id)
    if case.state not in ("draft", "changes_requested"):
        raise DomainError("save-not-now", status=409)
    refuse_own(case, given)
    for name in given.model_fields_set - (SHARED if case.group_visit else frozenset()):
        value = getattr(given, name)
        if name == "declarations":
            value = [one for one in value if one in DECLARATIONS]
        if name != "mode" or value is not None:
            setattr(case, name, value)
    if case.first_day and case.last_day:
        case.days = [day for day in case.days if case.first_day <= day <= case.last_day]
    case.saved_at = at.now
    tx.add(case)
    return case


async def next_number(tx: Tx) -> int:
    """The next case's."""
    return int(await tx.session.scalar(select(numbers.next_value())) or 0)


async def _created(tx: Tx, proposal: Proposal, actor: Actor, at: Moment) -> Application:
    call = await known_call(tx, proposal.call)
    case = Application(
        id=draft_id(proposal.id),
        state="draft",
        number=case_number(await next_number(tx), at),
        call=call.id,
        proposal=proposal.id,
        edition=call.edition,
        applicant=actor.person,
        visitor=proposal.visitor,
        host=proposal.host,
        visitor_partnership=proposal.visitor_partnership,
        host_partnership=proposal.host_partnership,
        payer=call.payer,
        budget=call.budget,
        group_visit=proposal.group_visit,
        created_at=at.now,
        saved_at=at.now,
    )
    await share(tx, case)
    return case
