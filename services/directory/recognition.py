"""Rules of Recognition: a cluster applies for a label or reports one; an officer of another organisation records the
award from its certificate. The daily sweep reminds, expires and lapses.

How long a label is valid and how long it can be renewed is data (labels.json), each figure with its basis.
"""

import json
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import recognition as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.recognition import RECOGNITION
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.files import kept
from services.chassis.web.look.forms import Upload
from services.directory.kinds import recognitions
from services.directory.label_models import Recognition
from services.directory.models import Organisation

CERTIFICATE = ".pdf,.jpg,.jpeg,.png"
REMINDERS = (6, 3, 1)
"""Months before the end of validity."""
AT_ONCE = 500
Validity = Literal["valid", "expired", "lapsed", "date_unknown", "applied"]


@dataclass(frozen=True)
class Level:
    """Validity of a first award and of a renewal in months; basis says whether a source gives them."""

    level: str
    first_months: int
    renewal_months: int
    basis: str
    source: str


@dataclass(frozen=True)
class Scheme:
    scheme: str
    name: str
    renewable_months: int
    levels: tuple[Level, ...]

    def level(self, name: str) -> Level:
        return next(one for one in self.levels if one.level == name)


@lru_cache
def schemes() -> dict[str, Scheme]:
    """All recognition schemes by their code."""
    known: list[dict[str, Any]] = json.loads((Path(__file__).parent / "labels.json").read_text("utf-8"))
    return {
        one["scheme"]: Scheme(
            one["scheme"],
            one["name"],
            one["renewable_months"],
            tuple(Level(**level) for level in one["levels"]),
        )
        for one in known
    }


class Claimed(Input):
    organisation: UUID = Field(title="Which cluster organisation?")
    label: str = Field(title="Label and level")


class Report(Claimed):
    """A label that a cluster says it has; without a certificate its date is unknown."""


class Award(Input):
    awarded_on: date = Field(title="Awarded on", description="As on the certificate.")
    valid_until: date | None = Field(
        None, title="Valid until", description="Left empty: worked out from the scheme's terms."
    )
    certificate: Annotated[str, Upload(CERTIFICATE)] = Field(title="Certificate")
    score: int | None = Field(None, title="Score in per cent, if there is one", ge=0, le=100)


class Renew(Input):
    awarded_on: date = Field(title="Renewed on", description="As on the certificate.")
    certificate: Annotated[str, Upload(CERTIFICATE)] = Field(title="Certificate")
    score: int | None = Field(None, title="Score in per cent, if there is one", ge=0, le=100)


@rule(RECOGNITION, "apply")
async def apply(work: Work[Recognition], given: Claimed, at: Moment) -> facts.Applied:
    work.row = await _claimed(work, given)
    return facts.Applied(**_said(work.row))


@rule(RECOGNITION, "report")
async def report(work: Work[Recognition], given: Report, at: Moment) -> facts.Reported:
    work.row = await _claimed(work, given)
    return facts.Reported(**_said(work.row))


@rule(RECOGNITION, "award")
async def award(work: Work[Recognition], given: Award, at: Moment) -> facts.Awarded:
    row = work.row
    _of_another(work)
    if given.awarded_on > at.today():
        raise DomainError("award-ahead", "awarded_on")
    terms = schemes()[row.scheme].level(row.level)
    row.awarded_on = given.awarded_on
    row.valid_until = given.valid_until or end_of_month(months_later(given.awarded_on, terms.first_months))
    if row.valid_until < given.awarded_on:
        raise DomainError("award-ends-first", "valid_until")
    await _certified(work, given.certificate, given.score)
    return facts.Awarded(**_said(row), awarded_on=row.awarded_on, valid_until=row.valid_until)


@rule(RECOGNITION, "renew")
async def renew(work: Work[Recognition], given: Renew, at: Moment) -> facts.Renewed:
    """The new period follows the old one without a gap, whenever in time it was renewed."""
    row = work.row
    _of_another(work)
    if given.awarded_on > at.today():
        raise DomainError("award-ahead", "awarded_on")
    assert row.valid_until is not None and row.awarded_on is not None
    if validity(row, at.today()) == "lapsed":
        raise DomainError("renew-not-now", status=409)
    if given.awarded_on <= row.awarded_on:
        raise DomainError("renewed-before-award", "awarded_on", day=row.awarded_on)
    terms = schemes()[row.scheme].level(row.level)
    row.valid_until = end_of_month(months_later(row.valid_until, terms.renewal_months))
    row.awarded_on = given.awarded_on
    await _certified(work, given.certificate, given.score)
    return facts.Renewed(**_said(row), awarded_on=given.awarded_on, valid_until=row.valid_until)


def validity(row: Recognition, today: date) -> Validity:
    """What a label may be used for today, also before the sweep has said so; a reported one has no date that anybody
    has seen."""
    until, renewable = row.valid_until, renewable_until(row)
    if until is None or renewable is None:
        return "date_unknown" if row.state == "reported" else "applied"
    return "valid" if today <= until else "expired" if today <= renewable else "lapsed"


def renewable_until(row: Recognition) -> date | None:
    """Until when it can be renewed."""
    if row.valid_until is None:
        return None
    return months_later(row.valid_until, schemes()[row.scheme].renewable_months)


async def watch_labels(tx: Tx, at: Moment, cause: Cause) -> None:
    """Reminds six, three and one month before, expires and lapses. Part of the daily sweep."""
    today = at.today()
    statement = (
        select(Recognition)
        .where(
            col(Recognition.state).in_(("awarded", "expired")),
            col(Recognition.valid_until) <= months_later(today, max(REMINDERS)),
        )
        .order_by(col(Recognition.valid_until))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for row in (await tx.session.exec(statement)).all():
        until, renewable = row.valid_until, renewable_until(row)
        assert until is not None and renewable is not None
        if row.state == "awarded" and until < today:
            body = facts.Expired(**_said(row), renewable_until=renewable)
            await recognitions.record(tx, row, "expire", body, at, cause)
        elif row.state == "awarded" and (due := _due(row, until, today)):
            row.reminded = due
            reminder = facts.Reminded(**_said(row), months=due, valid_until=until)
            await recognitions.record(tx, row, "remind", reminder, at, cause)
        if row.state == "expired" and renewable < today:
            await recognitions.record(tx, row, "lapse", facts.Lapsed(**_said(row)), at, cause)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_month(day: date) -> date:
    """Periods end with the month in which they were assessed."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _due(row: Recognition, until: date, today: date) -> int:
    """The latest reminder whose time has come and that was not said; 0 if there is none."""
    come = [months for months in REMINDERS if today >= months_later(until, -months)]
    latest = min(come, default=0)
    return latest if latest and (row.reminded == 0 or latest < row.reminded) else 0


async def _claimed(work: Work[Recognition], given: Claimed) -> Recognition:
    organisation = await work.tx.get(Organisation, given.organisation)
    if organisation is None or not work.actor.may("member", given.organisation):
        raise DomainError("not-your-organisation", "organisation")
    if organisation.kind != "cluster":
        raise DomainError("label-for-clusters", "organisation")
    scheme, _slash, level = given.label.partition("/")
    known = schemes().get(scheme)
    if known is None or level not in {one.level for one in known.levels}:
        raise DomainError("label-unknown", "label")
    return Recognition(
        id=new_id(),
        organisation=organisation.id,
        scheme=scheme,
        level=level,
        partnerships=list(organisation.partnerships),
    )


def _of_another(work: Work[Recognition]) -> None:
    """By an officer who has no role in that cluster."""
    if any(scope == work.row.organisation for _role, scope in work.actor.roles):
        raise DomainError("own-organisation", status=403)


async def _certified(work: Work[Recognition], certificate: str, score: int | None) -> None:
    row = work.row
    await kept(work.tx, [certificate], work.actor.person, "certificate")
    row.certificate, row.score, row.reminded = certificate, score, 0


def _said(row: Recognition) -> dict[str, Any]:
    return row.model_dump(include={"organisation", "scheme", "level"})
