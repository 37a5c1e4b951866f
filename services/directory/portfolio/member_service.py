"""Rules of MemberService: a cluster's own people plan, pilot and offer services, and say where each was learned."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from pydantic import Field
from sqlalchemy import any_, or_
from sqlmodel import col, select

from contracts import member_service as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.member_service import MEMBER_SERVICE, About
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.web.faces import Prepared
from services.chassis.web.look.values import day
from services.directory.consortium.models import Activity
from services.directory.models import Organisation, Partnership
from services.directory.portfolio.models import MemberService

ORIGINS = 100
"""The newest activities to choose an origin from."""


class Describe(Input):
    title: str = Field(title="What is the service called?", min_length=3, max_length=120)
    about: About = Field(title="What is it about?")
    description: str = Field(
        title="What do members get?", description="Everybody reads this.", min_length=10, max_length=2000
    )
    origin: UUID | None = Field(
        None,
        title="Where did you learn it?",
        description="A training, a visit or an exchange of your partnerships.",
    )
    lesson: str = Field("", title="What did you learn there?", max_length=1000)


class Plan(Describe):
    organisation: UUID = Field(title="Which cluster organisation?")


class Since(Input):
    since: date = Field(title="Since when?")


@rule(MEMBER_SERVICE, "plan")
async def plan(work: Work[MemberService], given: Plan, at: Moment) -> facts.Planned:
    cluster = await work.tx.get(Organisation, given.organisation)
    if cluster is None or not work.actor.may("member", given.organisation):
        raise DomainError("not-your-organisation", "organisation")
    if cluster.kind not in ("cluster", "network"):
        raise DomainError("services-of-clusters", "organisation")
    await _learned_there(work.tx, cluster.id, given.origin)
    work.row = MemberService(id=new_id(), **given.model_dump())
    return facts.Planned.model_validate(_public(work.row))


@rule(MEMBER_SERVICE, "describe")
async def describe(work: Work[MemberService], given: Describe, at: Moment) -> facts.Described:
    await _learned_there(work.tx, work.row.organisation, given.origin)
    for name in Describe.model_fields:
        setattr(work.row, name, getattr(given, name))
    return facts.Described.model_validate(_public(work.row))


@rule(MEMBER_SERVICE, "pilot")
def pilot(row: MemberService, given: Since, at: Moment) -> facts.Piloted:
    row.piloted_since = _not_ahead(given.since, at)
    return facts.Piloted(since=given.since)


@rule(MEMBER_SERVICE, "offer")
def offer(row: MemberService, given: Since, at: Moment) -> facts.Offered:
    if row.piloted_since is not None and given.since < row.piloted_since:
        raise DomainError("offered-before-piloted", "since", day=row.piloted_since)
    row.offered_since = _not_ahead(given.since, at)
    return facts.Offered(since=given.since)


@rule(MEMBER_SERVICE, "withdraw")
def withdraw(row: MemberService, given: Nothing, at: Moment) -> facts.Withdrawn:
    return facts.Withdrawn()


async def prepare_plan(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The reader's own clusters, and what their partnerships have done."""
    statement = select(Organisation).where(
        col(Organisation.id).in_(actor.scopes("member")), col(Organisation.kind).in_(("cluster", "network"))
    )
    own = (await tx.session.exec(statement.order_by(col(Organisation.name)))).all()
    chosen = query.get("organisation") or (str(own[0].id) if own else "")
    mine = [one.id for one in own if str(one.id) == chosen]
    choices = {"organisation": [(str(one.id), one.name) for one in own], "origin": await _origins(tx, mine)}
    return Prepared(values={**query, "organisation": chosen}, choices=choices)


async def prepare_description(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """What stands, to be changed."""
    assert isinstance(row, MemberService)
    return Prepared(values=row.model_dump(), choices={"origin": await _origins(tx, [row.organisation])})


async def activities_of(tx: Tx, organisations: Sequence[UUID]) -> Sequence[Activity]:
    """Trainings, visits and exchanges of these organisations and of their partnerships; the newest first."""
    joined = select(Partnership.id).where(
        or_(*(any_(col(Partnership.members)) == one for one in organisations))
    )
    statement = select(Activity).where(
        col(Activity.state).in_(("planned", "done")),
        or_(
            col(Activity.partnership).in_(joined),
            col(Activity.organisations).op("&&")(list(organisations)),
        ),
    )
    return (await tx.session.exec(statement.order_by(col(Activity.day).desc()).limit(ORIGINS))).all()


async def _origins(tx: Tx, organisations: Sequence[UUID]) -> list[tuple[str, str]]:
    found = await activities_of(tx, organisations) if organisations else ()
    return [(str(one.id), f"{one.title}, {day(one.day)}" if one.day else one.title) for one in found]


async def _learned_there(tx: Tx, organisation: UUID, origin: UUID | None) -> None:
    """DomainError for an origin that is no activity of the cluster or of its partnerships."""
    if origin is not None and origin not in {one.id for one in await activities_of(tx, [organisation])}:
        raise DomainError("origin-unknown", "origin")


def _not_ahead(since: date, at: Moment) -> date:
    if since > at.today():
        raise DomainError("since-ahead", "since")
    return since


def _public(row: MemberService) -> dict[str, object]:
    return row.model_dump(include=set(facts.Public.model_fields))
