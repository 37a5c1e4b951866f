"""What a case is frozen with at submission: parties, days, distance, rate, lines, terms. Shown before as a preview."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from contracts import application as facts
from contracts.amounts import (
    Mode,
    Rate,
    check_stay,
    counted_days,
    distance_km,
    latest_last_day,
    lump_sum,
)
from contracts.errors import DomainError, NotKnownYet
from contracts.terms import Terms
from contracts.workdays import Moment, days_between
from services.applications.application import DECLARATIONS
from services.applications.calls.models import Call
from services.applications.groups.sharing import share
from services.applications.models import Application
from services.applications.projections import KnownBudget, KnownOrganisation, KnownRates
from services.applications.supporting import frozen_units, tables_of
from services.chassis.database import Tx
from services.chassis.statements import Fixed

SCHEME = "clusterxchange"


async def freeze(tx: Tx, application: Application, at: Moment) -> facts.Frozen:
    """All rules of a submission at one moment; DomainError names the field that breaks one."""
    await share(tx, application)
    ground = await ground_of(tx, application, at)
    visitor, host, terms = ground.visitor, ground.host, ground.terms
    days = _stay(application, host, terms, at)
    _complete(application)
    if application.mode == Mode.PHYSICAL and days[-1] > (latest := ground.latest_last_day):
        raise DomainError("too-late-to-be-paid", "last_day", latest=latest)
    return facts.Frozen(
        number=application.number,
        call=ground.call,
        edition=ground.edition,
        proposal=application.proposal,
        applicant=application.applicant,
        visitor=visitor.id,
        visitor_identity=visitor.identity,
        visitor_name=visitor.name,
        visitor_country=visitor.country,
        visitor_town=visitor.town,
        host=host.id,
        host_name=host.name,
        host_country=host.country,
        host_town=host.town,
        visitor_partnership=application.visitor_partnership,
        host_partnership=application.host_partnership,
        payer=application.payer,
        budget=application.budget,
        mode=Mode(application.mode).value,
        first_day=days[0],
        last_day=days[-1],
        days=tuple(days),
        currency="EUR",
        terms=asdict(terms),
        action_end=ground.action_end,
        round=application.round,
        group=application.group_visit,
        **ground.frozen(days, application),
    )


class Side(NamedTuple):
    """One of the two organisations, as this service knows it."""

    id: UUID
    identity: UUID
    name: str
    country: str
    town: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Ground:
    """What a case's rules stand on: the call, both organisations, the budget's end, and the rates in force today."""

    call: UUID
    edition: str
    terms: Terms
    visitor: Side
    host: Side
    action_end: date
    rates: Mapping[str, Any]
    rate_version: str
    support: Mapping[str, Any]
    """The call's, with the tables of units in force today where it pays units."""

    @property
    def latest_last_day(self) -> date:
        """The last day of a stay that can still be paid."""
        return latest_last_day(self.action_end, self.terms)

    @property
    def rate(self) -> Rate:
        """The rate of the host's country."""
        country = self.host.country
        if country not in self.rates:
            raise DomainError("no-rate", "host", country=country, table=self.rate_version)
        entry = self.rates[country]
        return Rate(country, entry["cents"], entry["basis"], self.rate_version)

    @property
    def distance_km(self) -> int:
        visitor, host = self.visitor, self.host
        return distance_km(visitor.latitude, visitor.longitude, host.latitude, host.longitude)

    def frozen(self, days: Collection[date], case: Application) -> dict[str, Any]:
        """The sum as it stands, with what it is computed from."""
        support: dict[str, Any] = {**self.support, "green": case.green} if self.support else {}
        if support.get("kind", "lump_sum") != "lump_sum":
            base = {
                "host_country": self.host.country,
                "distance_km": self.distance_km,
                "mode": case.mode,
                "support": support,
            }
            return {**frozen_units(base, days), "distance_km": self.distance_km, "support": support}
        result = lump_sum(self.rate, days, self.distance_km, Mode(case.mode), self.terms)
        return {
            "working_days": result.working_days,
            "distance_km": result.distance_km,
            "amount_cents": result.amount_cents,
            "rate_version": result.rate.table,
            "rate_cents": result.rate.cents,
            "rate_basis": result.rate.basis,
            "lines": tuple(asdict(line) for line in result.lines),
            "support": support,
        }


_visitor, _host = aliased(KnownOrganisation), aliased(KnownOrganisation)
_newest_rates = (
    select(col(KnownRates.id))
    .where(
        col(KnownRates.scheme) == SCHEME,
        col(KnownRates.valid_from) <= bindparam("today"),
        or_(col(KnownRates.partnership).is_(None), col(KnownRates.partnership) == col(Call.partnership)),
    )
    .order_by(col(KnownRates.partnership).is_(None), col(KnownRates.valid_from).desc())
    .limit(1)
)
"""A partnership's own lowered version counts before the common one."""
_GROUND = Fixed(
    select(
        *(getattr(side, name).label(f"{role}_{name}")
          for role, side in (("visitor", _visitor), ("host", _host)) for name in Side._fields),
        col(Call.id), col(Call.edition), col(Call.terms), col(Call.support), col(Call.partnership), col(Call.budget),
        col(KnownBudget.action_end), col(KnownRates.rates), col(KnownRates.version),
    )
    .select_from(Call)
    .outerjoin(_visitor, col(_visitor.id) == bindparam("visitor"))
    .outerjoin(_host, col(_host.id) == bindparam("host"))
    .outerjoin(KnownBudget, col(KnownBudget.id) == col(Call.budget))
    .outerjoin(KnownRates, col(KnownRates.id) == _newest_rates.correlate(Call).scalar_subquery())
    .where(col(Call.id) == bindparam("call"))
)  # fmt: skip
"""One statement: every submission and every look at a draft asks it."""


async def ground_of(tx: Tx, case: Application, at: Moment) -> Ground:
    """NotKnownYet names what this service has not heard of."""
    given = {"call": case.call, "visitor": case.visitor, "host": case.host, "today": at.today()}
    rows = await tx.look(_GROUND, given)
    if not rows:
        raise DomainError("no-such-call", "call")
    row = rows[0]
    visitor, host = (
        Side._make(row[: len(Side._fields)]),
        Side._make(row[len(Side._fields) : 2 * len(Side._fields)]),
    )
    for what, id, known in (
        ("organisation", case.visitor, visitor.id),
        ("organisation", case.host, host.id),
        ("budget", row.budget, row.action_end),
        ("rate table", SCHEME, row.version),
    ):
        if known is None:
            raise NotKnownYet(what, id)
    support: dict[str, Any] = row.support
    if support.get("kind") == "unit_cost":
        support |= await tables_of(tx, support, row.partnership, host.country, at.today())
    return Ground(
        row.id,
        row.edition,
        Terms(**row.terms),
        visitor,
        host,
        row.action_end,
        row.rates,
        row.version,
        support,
    )


def planned_days(application: Application) -> list[date]:
    """The days with agenda at the host: a period for a physical stay, single days for a virtual one."""
    if application.mode == Mode.VIRTUAL:
        return sorted(set(application.days))
    if application.first_day and application.last_day and application.first_day <= application.last_day:
        return days_between(application.first_day, application.last_day)[:400]
    return []


def _stay(application: Application, host: Side, terms: Terms, at: Moment) -> list[date]:
    if application.first_day is None:
        raise DomainError("first-day-missing", "first_day")
    if application.last_day is None:
        raise DomainError("last-day-missing", "last_day")
    if application.last_day < application.first_day:
        raise DomainError("last-before-first", "last_day")
    if application.first_day <= at.today():
        raise DomainError("first-day-past", "first_day")
    days = planned_days(application)
    if not days:
        raise DomainError("days-missing", "days")
    check_stay(days, host.country, Mode(application.mode), terms)
    return counted_days(days, host.country) if application.mode == Mode.VIRTUAL else days


def _complete(application: Application) -> None:
    if not application.activities:
        raise DomainError("activities-missing", "activities")
    if len(application.objectives) < 10:
        raise DomainError("objectives-missing", "objectives")
    if len(application.agenda) < 10:
        raise DomainError("agenda-missing", "agenda")
    if missing := [name for name in DECLARATIONS if name not in application.declarations]:
        raise DomainError(
            "declarations-missing", "declarations", missing=[f"declare.{name}" for name in missing]
        )
