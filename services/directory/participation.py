"""Rules of Participation: an organisation takes part in a partnership's scheme, as visitor, host or provider.

Who may take part (CX-10 to CX-15) is one list of conditions: it refuses at submission what can never be, and
is shown to the officer beside the decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Any, Literal
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
from services.chassis.files import kept as kept_files
from services.chassis.files import relied_on
from services.chassis.web.look.forms import Upload
from services.directory.kinds import participations
from services.directory.models import Organisation, Participation, Partnership
from services.directory.organisation import looked_after
from services.directory.partnership import all_partnerships

VISITORS = ("cluster", "network", "support", "sme")
"""Kinds that may visit; training providers, large companies, public authorities host only (CX-10, CX-11)."""
NEED_NO_CLUSTER = ("cluster", "network")
CONFIRMED_FOR = timedelta(days=365)
"""A validated participation rests when nobody has confirmed the interest for so long (CX-62)."""
AT_ONCE = 200
"""Participations that one sweep lets rest; the next one goes on."""
SETTLED_DAYS = 183
"""Days with a residence permit that a national of a third country needs who represents an organisation (CX-14)."""


Topic = Annotated[str, Field(min_length=2, max_length=80)]
Service = Annotated[str, Field(min_length=3, max_length=200)]
LanguageCode = Annotated[str, Field(pattern="^[a-z]{2}$")]
CountryCode = Annotated[str, Field(pattern="^[A-Z]{2}$")]
Consent = Literal["directory", "person"]
"""directory: listed in public; person: whoever travels knows what is kept of them."""


class Pair(Input):
    organisation: UUID = Field(title="Which organisation takes part?")
    partnership: UUID | None = Field(
        None,
        title="With which partnership?",
        description="It validates your profile and is your contact from then on. Left empty, it is the one that your"
        " cluster belongs to, or the one with most of your topics.",
    )


class Profile(Input):
    """What catalogue and matching show, and why the organisation wants to take part."""

    side: Side = Field(title="How does your organisation take part?")
    activities: tuple[Activity, ...] = Field(title="What is the exchange for?", min_length=1, max_length=5)
    sectors: tuple[Topic, ...] = Field((), title="Sectors and topics", max_length=20)
    languages: tuple[LanguageCode, ...] = Field((), title="Languages you can work in", max_length=24)
    countries: tuple[CountryCode, ...] = Field(
        (),
        title="Countries that you prefer",
        description="Where you would like to go, or where visitors should come from. None chosen means any.",
        max_length=60,
    )
    first_day: date | None = Field(None, title="An exchange could begin on")
    last_day: date | None = Field(
        None, title="And should end by", description="Leave both empty if any time suits you."
    )
    motivation: str = Field(
        title="Why do you want to take part, and what do you offer or look for?",
        description="The partnership's officer reads this.",
        min_length=10,
        max_length=2000,
    )
    objectives: str = Field(
        "",
        title="What do you want to have reached afterwards?",
        description="The partnership's officer reads this.",
        max_length=2000,
    )
    services: tuple[Service, ...] = Field(
        (),
        title="Services that you offer as knowledge provider",
        description="Everybody reads this in the list of knowledge providers. One on each line.",
        max_length=20,
    )
    function: str = Field(
        "", title="Your function there", description="Of you, or of whoever travels.", max_length=100
    )
    phone: str = Field(
        "",
        title="Telephone",
        description="With the code of the country, such as +48 12 297 46 00.",
        pattern=r"^(\+[0-9 ()/.-]{6,30})?$",
    )
    cv: Annotated[str, Upload(".pdf,.docx")] | None = Field(
        None,
        title="Curriculum vitae",
        description="PDF or DOCX. Only your officer and your organisation open it.",
    )
    third_country: bool = Field(
        False, title="Whoever travels is a national of a country that does not take part"
    )
    permit_days: int | None = Field(
        None,
        title="Days that they have spent in a country that takes part, with a residence permit",
        description="Only for such a person: at least 183.",
        ge=0,
        le=40_000,
    )
    business: bool = Field(False, title="They have started a business there, or intend to")
    consents: tuple[Consent, ...] = Field((), title="What do you agree to?")


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
        *(() if side == "provider" else (membership,)),
    )


@rule(PARTICIPATION, "submit")
async def submit(work: Work[Participation], given: Submit, at: Moment) -> facts.Submitted:
    organisation = await work.tx.get(Organisation, given.organisation)
    if organisation is None or not work.actor.may("member", organisation.id):
        raise DomainError("not-your-organisation", "organisation")
    chosen = given.partnership or await _assigned(work.tx, organisation, given.sectors, at.today())
    if await work.tx.get(Partnership, chosen) is None:
        raise DomainError("partnership-unknown", "partnership")
    work.row = Participation(
        id=new_id(),
        organisation=organisation.id,
        partnership=chosen,
        contact=work.actor.person,
        **kept(given),
        submitted_at=at.now,
    )
    check(organisation, given.side)
    _consistent(given, at.today())
    await _with_cv(work, given)
    looked_after(work, await work.tx.locked(Organisation, organisation.id), chosen)
    return facts.Submitted(**public(work.row))


@rule(PARTICIPATION, "revise")
async def revise(work: Work[Participation], given: Profile, at: Moment) -> facts.Revised:
    check(await work.tx.found(Organisation, work.row.organisation), given.side)
    _consistent(given, at.today())
    await _with_cv(work, given)
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
    await relied_on(work.tx, [row.cv] if row.cv else [])
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
    """The columns of a profile; its file is kept apart."""
    return given.model_dump(include=set(Profile.model_fields) - {"cv"}) | {
        name: list(getattr(given, name))
        for name in ("activities", "sectors", "languages", "countries", "services", "consents")
    }


def check(organisation: Organisation, side: str) -> None:
    """DomainError for what can never be: a merged record, or a final condition that is not met."""
    if organisation.state == "merged":
        raise DomainError("organisation-merged", "organisation")
    for condition in conditions(organisation, side):
        if condition.final:
            condition.refuse_unless_met()


def _consistent(given: Profile, today: date) -> None:
    """DomainError for dates that are over or the wrong way round, and for a traveller who has not settled (CX-14)."""
    if given.last_day is not None and given.last_day < today:
        raise DomainError("profile-over", "last_day")
    if given.first_day and given.last_day and given.last_day < given.first_day:
        raise DomainError("profile-days", "last_day")
    if given.side == "provider" and not given.services:
        raise DomainError("services-missing", "services")
    if given.third_country and ((given.permit_days or 0) < SETTLED_DAYS or not given.business):
        raise DomainError("not-settled", "permit_days", days=SETTLED_DAYS)


async def _with_cv(work: Work[Participation], given: Profile) -> None:
    """Takes in another file; without one, what was sent before stays."""
    if given.cv:
        (file,) = await kept_files(work.tx, [given.cv], work.actor.person, "cv")
        work.row.cv, work.row.cv_name = file.id, file.name


async def _assigned(tx: Tx, organisation: Organisation, sectors: Sequence[str], today: date) -> UUID:
    """The partnership of the organisation's own cluster, else the running one with most of its topics (CX-41)."""
    own = organisation.id if organisation.kind == "cluster" else organisation.cluster
    topics = {topic.casefold() for topic in sectors}

    def closeness(one: Partnership) -> tuple[bool, int]:
        return own in one.members, len(topics & {theme.casefold() for theme in one.themes})

    running = [one for one in await all_partnerships(tx) if one.first_day <= today <= one.last_day]
    best = max(running, key=closeness, default=None)
    if best is None or closeness(best) == (False, 0):
        raise DomainError("partnership-to-choose", "partnership")
    return best.id


def _not_of_own_organisation(work: Work[Participation]) -> None:
    """Nobody decides on their own organisation."""
    if work.actor.may("member", work.row.organisation):
        raise DomainError("own-organisation", status=403)
