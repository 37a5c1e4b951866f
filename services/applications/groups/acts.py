"""Rules of GroupVisit. A changed agenda is every member's: open Commitments are voided and opened anew."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import select

from contracts import agreement as agreement_facts
from contracts import application as application_facts
from contracts import group as facts
from contracts.application import Mode
from contracts.errors import DomainError
from contracts.group import GROUP, CancelReason, DelegateKind
from contracts.ids import new_id
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.applications.agreements.papers import agreements_of
from services.applications.agreements.signing import documents_of
from services.applications.application import terms_of
from services.applications.groups.models import GroupVisit
from services.applications.groups.sharing import cases_of, share
from services.applications.kinds import agreements, applications, groups
from services.applications.matching import known, known_call, validated
from services.applications.models import Application
from services.applications.projections import KnownPartnership
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause

MOST_PLACES, MOST_DELEGATES = 200, 100
FOLLOWS = (
    "draft",
    "submitted",
    "in_review",
    "changes_requested",
    "assessed",
    "selected",
    "awaiting_budget",
    "awarded",
)
"""States in which an application still takes on what its group changes."""


AgendaText = Annotated[
    str,
    Field(
        title="Agenda, day by day",
        description="It becomes part of every member's Commitment to Quality.",
        min_length=10,
        max_length=6000,
    ),
]


class Agenda(Input):
    agenda: AgendaText


class Plan(Input):
    call: UUID = Field(title="Under which call?")
    host: UUID = Field(title="Who receives the group?", description="It accepts once for all members.")
    title: str = Field(title="Name of the group visit", min_length=5, max_length=160)
    mode: Mode = Field("physical", title="How do you meet?")
    first_day: date = Field(title="First day at the host")
    last_day: date = Field(title="Last day at the host", description="Travel days do not count.")
    places: int = Field(title="Places", description="So many organisations.", ge=1, le=MOST_PLACES)
    join_until: date = Field(
        title="Members submit their applications until",
        description="After that day nobody joins any more. Leave time to review and to sign.",
    )
    agenda: AgendaText


class Lessons(Input):
    lessons: str = Field(
        title="What did you learn?",
        description="What will clusters do otherwise? All members of the group read this; leave out names of people.",
        min_length=10,
        max_length=6000,
    )


class Cancel(Input):
    reason: CancelReason = Field(title="Why is it cancelled?")
    explanation: str = Field(title="Explain it to the members", min_length=10, max_length=2000)


class NameDelegate(Input):
    organisation: UUID = Field(title="Of which organisation?")
    name: str = Field(title="Who travels?", min_length=2, max_length=120)
    kind: DelegateKind = Field(
        title="At whose cost?",
        description="Staff of a partner travels at its own cost and gets no grant. Everybody else applies for one.",
    )


class RemoveDelegate(Input):
    delegate: UUID = Field(title="Who does not travel?")


@rule(GROUP, "plan")
async def plan(work: Work[GroupVisit], given: Plan, at: Moment) -> facts.Planned:
    call = await known_call(work.tx, given.call)
    if call.state != "published" or call.form is not None:
        raise DomainError("no-such-call", "call")
    host = await validated(work.tx, given.host, "host")
    if given.last_day < given.first_day:
        raise DomainError("last-before-first", "last_day")
    if not at.today() <= given.join_until < given.first_day:
        raise DomainError("group-join-until", "join_until")
    work.row = GroupVisit(
        id=new_id(),
        **given.model_dump(exclude={"host"}),
        partnership=call.partnership,
        host=host.organisation,
        host_partnership=host.partnership,
        host_contact=host.contact,
    )
    return facts.Planned.model_validate(work.row.model_dump(include=set(facts.Planned.model_fields)))


@rule(GROUP, "open")
def open_(group: GroupVisit, given: Nothing, at: Moment) -> facts.Opened:
    """The host accepts all that will join."""
    if at.today() > group.join_until:
        raise DomainError("group-too-late", status=409)
    return facts.Opened(agenda_version=group.agenda_version, places=group.places, join_until=group.join_until)


@rule(GROUP, "change_agenda")
async def change_agenda(work: Work[GroupVisit], given: Agenda, at: Moment) -> facts.Revised:
    """Nothing is changed that everybody has signed: such a member asks for an amendment."""
    group = work.row
    if given.agenda == group.agenda:
        raise DomainError("nothing-changed", status=409)
    group.agenda, group.agenda_version = given.agenda, group.agenda_version + 1
    await work.tx.session.flush()
    reopened = signed = 0
    for case in await cases_of(work.tx, group.id):
        if case.state == "granted" or await _is_signed(work.tx, case):
            signed += 1
        elif case.state in FOLLOWS:
            await share(work.tx, case)
            work.tx.add(case)
            if case.state == "awarded":
                await _open_anew(work.tx, case, at, work.cause.of_a_step())
                reopened += 1
    return facts.Revised(agenda_version=group.agenda_version, reopened=reopened, signed=signed)


async def _is_signed(tx: Tx, case: Application) -> bool:
    papers = await agreements_of(tx, case.id) if case.state == "awarded" else []
    return any((one.kind, one.state, one.round) == ("quality", "completed", case.round) for one in papers)


async def _open_anew(tx: Tx, case: Application, at: Moment, cause: Cause) -> None:
    """The open Commitment with the text as it is now; all have the whole time to sign again."""
    for paper in await agreements_of(tx, case.id):
        if (paper.kind, paper.state) == ("quality", "open"):
            await agreements.record(
                tx, paper, "void", agreement_facts.Voided(reason="text_changed"), at, cause
            )
    await tx.session.flush()
    for paper, body in documents_of(case, "", at):
        if paper.kind == "quality":
            await agreements.record(tx, paper, "open", body, at, cause)
    fresh = at.plus_days(terms_of(case).signing_days)
    if case.due_at is None or fresh > case.due_at:
        case.due_at, case.reminders = fresh, 0
        moved = application_facts.Rescheduled(due_at=fresh, reason="waits_for_others")
        await applications.record(tx, case, "extend", moved, at, cause)


@rule(GROUP, "note_lessons")
def note_lessons(group: GroupVisit, given: Lessons, at: Moment) -> facts.LessonsNoted:
    """When the visit is over; noted again, it replaces what stood there."""
    if at.today() <= group.last_day:
        raise DomainError("group-not-over", status=409, day=group.last_day)
    if given.lessons == group.lessons:
        raise DomainError("nothing-changed", status=409)
    group.lessons = given.lessons
    return facts.LessonsNoted()


@rule(GROUP, "cancel")
async def cancel(work: Work[GroupVisit], given: Cancel, at: Moment) -> facts.Cancelled:
    """The members' cases are ended by their own acts, each by itself."""
    work.row.explanation = given.explanation
    return facts.Cancelled(reason=given.reason, members=len(await cases_of(work.tx, work.row.id)))


@rule(GROUP, "name_delegate")
async def name_delegate(work: Work[GroupVisit], given: NameDelegate, at: Moment) -> facts.DelegateNamed:
    """Who is of a partner is never a third party, and the other way round."""
    group = work.row
    if len(group.delegates) >= MOST_DELEGATES:
        raise DomainError("delegates-too-many", status=409, most=MOST_DELEGATES)
    await known(work.tx, given.organisation)
    is_partner = given.organisation in await partners_of(work.tx, group)
    if given.kind == "partner_staff" and not is_partner:
        raise DomainError("delegate-no-partner", "kind")
    if given.kind == "third_party" and is_partner:
        raise DomainError("delegate-of-partner", "kind")
    group.delegates = [*group.delegates, {"id": str(new_id()), **given.model_dump(mode="json")}]
    return facts.DelegateNamed(organisation=given.organisation, kind=given.kind)


@rule(GROUP, "remove_delegate")
async def remove_delegate(work: Work[GroupVisit], given: RemoveDelegate, at: Moment) -> facts.DelegateRemoved:
    group = work.row
    gone = next((one for one in group.delegates if one["id"] == str(given.delegate)), None)
    if gone is None:
        raise DomainError("no-such-delegate", "delegate")
    group.delegates = [one for one in group.delegates if one is not gone]
    return facts.DelegateRemoved(organisation=gone["organisation"])


async def partners_of(tx: Tx, group: GroupVisit) -> set[UUID]:
    """The members of both partnerships."""
    found = [await tx.get(KnownPartnership, id) for id in (group.partnership, group.host_partnership)]
    return {member for one in found if one is not None for member in one.members}


async def fix_over(tx: Tx, at: Moment, cause: Cause) -> None:
    """The daily sweep: nobody joins any more once the last day to do so is over."""
    statement = (
        select(GroupVisit)
        .where(GroupVisit.state == "open", GroupVisit.join_until < at.today())
        .limit(200)
        .with_for_update()
    )
    for group in (await tx.session.exec(statement)).all():
        await groups.record(tx, group, "fix", facts.Fixed(members=group.taken), at, cause)
