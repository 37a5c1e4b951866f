"""Rules of Participation: an organisation takes part in a partnership's scheme, as visitor or as host.

Who may take part (CX-10 to CX-15) is one list of conditions: it refuses at submission what can never be, and
is shown to the officer beside the decision.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import participation as facts
from contracts.countries import ELIGIBLE
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.participation import PARTICIPATION, Activity, ReasonCode, Side
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.directory.kinds import participations
from services.directory.models import Organisation, Participation, Partnership
from services.directory.organisation import looked_after

VISITORS = ("cluster", "network", "support", "sme")
"""Kinds that may visit; training providers, large companies, public authorities host only (CX-10, CX-11)."""
NEED_NO_CLUSTER = ("cluster", "network")
CONFIRMED_FOR = timedelta(days=365)
"""A validated participation rests when nobody has confirmed the interest for so long (CX-62)."""
AT_ONCE = 200
"""Participations that one sweep lets rest; the next one goes on."""


Topic = Annotated[str, Field(min_length=2, max_length=80)]
LanguageCode = Annotated[str, Field(pattern="^[a-z]{2}$")]


class Pair(Input):
    organisation: UUID = Field(title="Which organisation takes part?")
    partnership: UUID = Field(
        title="With which partnership?",
        description="It validates your profile and is your contact from then on.",
    )


class Profile(Input):
    """What catalogue and matching show, and why the organisation wants to take part."""

    side: Side = Field(title="How does your organisation take part?")
    activities: tuple[Activity, ...] = Field(title="What is the exchange for?", min_length=1, max_length=5)
    sectors: tuple[Topic, ...] = Field((), title="Sectors and topics", max_length=20)
    languages: tuple[LanguageCode, ...] = Field((), title="Languages you can work in", max_length=24)
    motivation: str = Field(
        title="Why do you want to take part, and what do you offer or look for?",
        description="The partnership's officer reads this.",
        min_length=10,
        max_length=2000,
    )


class Submit(Profile, Pair):
    """Who with whom comes first, then the profile."""


class Return(Input):
    reason: ReasonCode = Field(title="What is missing?")
    explanation: str = Field(title="Tell the organisation what to do", min_length=3, max_length=2000)


class Reject(Input):
    reason: ReasonCode = Field(title="Why is it rejected?")
    explanation: str = Field(title="Explain it to the organisation", min_length=3, max_length=2000)


class Validate(Input):
    agency_approval: str = Field(
        "",
        title="Reference of the agency's approval",
        description="Only for a host that is no member of a cluster organisation.",
        max_length=200,
    )


@dataclass(frozen=True)
class Condition:
    """One rule of taking part: slug of its refusal, the field; a final one refuses at submission."""

    slug: str
    where: str
    met: bool
    final: bool = True
    params: dict[str, Any] = field(default_factory=dict[str, Any])

    def refuse_unless_met(self) -> None:
        if not self.met:
            raise DomainError(self.slug, self.where, **self.params)


def conditions(organisation: Organisation, side: str) -> tuple[Condition, ...]:
    """The rules for an organisation on a side, each met or not."""
    visits = side in ("visitor", "both")
    of_cluster = organisation.kind in NEED_NO_CLUSTER or organisation.cluster is not None
    membership = (
        Condition("visitor-needs-cluster", "organisation", of_cluster)
        if visits
        else Condition("host-needs-approval", "agency_approval", of_cluster, final=False)
    )
    return (
        Condition(
            "country-not-eligible",
            "organisation",
            organisation.country in ELIGIBLE,
            params={"country": organisation.country},
        ),
        Condition("hosts-only", "side", not visits or organisation.kind in VISITORS),
        membership,
    )


@rule(PARTICIPATION, "submit")
async def submit(work: Work[Participation], given: Submit, at: Moment) -> facts.Submitted:
    organisation = await work.tx.get(Organisation, given.organisation)
    if organisation is None or not work.actor.may("member", organisation.id):
        raise DomainError("not-your-organisation", "organisation")
    if await work.tx.get(Partnership, given.partnership) is None:
        raise DomainError("partnership-unknown", "partnership")
    work.row = Participation(
        id=new_id(),
        organisation=organisation.id,
        partnership=given.partnership,
        contact=work.actor.person,
        **kept(given),
        submitted_at=at.now,
    )
    check(organisation, given.side)
    looked_after(work, await work.tx.locked(Organisation, organisation.id), given.partnership)
    return facts.Submitted(**public(work.row))


@rule(PARTICIPATION, "revise")
async def revise(work: Work[Participation], given: Profile, at: Moment) -> facts.Revised:
    check(await work.tx.found(Organisation, work.row.organisation), given.side)
    for name, value in kept(given).items():
        setattr(work.row, name, value)
    work.row.submitted_at = at.now
    work.row.reason = work.row.explanation = ""
    return facts.Revised(**public(work.row))


@rule(PARTICIPATION, "return")
async def return_(work: Work[Participation], given: Return, at: Moment) -> facts.Returned:
    _not_of_own_organisation(work)
    work.row.reason, work.row.explanation = given.reason, given.explanation
    return facts.Returned(reason=given.reason)


@rule(PARTICIPATION, "reject")
async def reject(work: Work[Participation], given: Reject, at: Moment) -> facts.Rejected:
    _not_of_own_organisation(work)
    work.row.reason, work.row.explanation = given.reason, given.explanation
    work.row.decided_by = work.actor.person
    return facts.Rejected(reason=given.reason)


@rule(PARTICIPATION, "validate")
async def validate(work: Work[Participation], given: Validate, at: Moment) -> facts.Validated:
    """Judged again: the organisation may have changed since it was submitted."""
    _not_of_own_organisation(work)
    row = work.row
    for condition in conditions(await work.tx.found(Organisation, row.organisation), row.side):
        if condition.final or not given.agency_approval:
            condition.refuse_unless_met()
    row.agency_approval = given.agency_approval
    row.decided_by = work.actor.person
    row.confirmed_at = at.now
    return facts.Validated(**public(row))


@rule(PARTICIPATION, "resume")
def resume(row: Participation, given: Nothing, at: Moment) -> facts.Resumed:
    row.confirmed_at = at.now
    return facts.Resumed(**public(row))


@rule(PARTICIPATION, "withdraw")
def withdraw(row: Participation, given: Nothing, at: Moment) -> facts.Withdrawn:
    return facts.Withdrawn()


async def rest_unconfirmed(tx: Tx, at: Moment, cause: Cause) -> int:
    """Lets participations rest that nobody has confirmed for a year; answers how many. Part of the sweep."""
    statement = (
        select(Participation)
        .where(Participation.state == "validated", col(Participation.confirmed_at) <= at.now - CONFIRMED_FOR)
        .order_by(col(Participation.confirmed_at))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = (await tx.session.exec(statement)).all()
    for row in rows:
        await participations.record(tx, row, "rest", facts.Rested(), at, cause)
    return len(rows)


def public(row: Participation) -> dict[str, Any]:
    """The public profile, as facts carry it."""
    return row.model_dump(include=set(facts.Profile.model_fields))


def kept(given: Profile) -> dict[str, Any]:
    """The columns of a profile."""
    return given.model_dump(include=set(Profile.model_fields)) | {
        name: list(getattr(given, name)) for name in ("activities", "sectors", "languages")
    }


def check(organisation: Organisation, side: str) -> None:
    """DomainError for what can never be: a merged record, or a final condition that is not met."""
    if organisation.state == "merged":
        raise DomainError("organisation-merged", "organisation")
    for condition in conditions(organisation, side):
        if condition.final:
            condition.refuse_unless_met()


def _not_of_own_organisation(work: Work[Participation]) -> None:
    """Nobody decides on their own organisation."""
    if work.actor.may("member", work.row.organisation):
        raise DomainError("own-organisation", status=403)
