"""What a case is frozen with at submission: parties, days, distance, rate, lines, terms. Shown before as a preview."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date

from sqlmodel import col, select

from contracts import application as facts
from contracts.amounts import (
    LumpSum,
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
from services.applications.matching import known, known_call
from services.applications.models import Application, Call, KnownBudget, KnownOrganisation, KnownRates
from services.chassis.database import Tx

SCHEME = "clusterxchange"


async def freeze(tx: Tx, application: Application, at: Moment) -> facts.Frozen:
    """All rules of a submission at one moment; DomainError names the field that breaks one."""
    call = await known_call(tx, application.call)
    terms = Terms(**call.terms)
    visitor, host = await known(tx, application.visitor), await known(tx, application.host)
    budget = await known_budget(tx, call)
    days = _stay(application, host, terms, at)
    _complete(application)
    if application.mode == Mode.PHYSICAL:
        latest = latest_last_day(budget.action_end, terms)
        if days[-1] > latest:
            raise DomainError("too-late-to-be-paid", "last_day", latest=latest.isoformat())
    result = await preview(tx, visitor, host, days, Mode(application.mode), terms, at)
    return facts.Frozen(
        number=application.number,
        call=call.id,
        edition=call.edition,
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
        working_days=result.working_days,
        distance_km=result.distance_km,
        amount_cents=result.amount_cents,
        currency="EUR",
        rate_version=result.rate.table,
        rate_cents=result.rate.cents,
        rate_basis=result.rate.basis,
        terms=asdict(terms),
        lines=tuple(asdict(line) for line in result.lines),
        action_end=budget.action_end,
        round=application.round,
    )


async def preview(
    tx: Tx,
    visitor: KnownOrganisation,
    host: KnownOrganisation,
    days: Collection[date],
    mode: Mode,
    terms: Terms,
    at: Moment,
) -> LumpSum:
    """The sum as it stands, by the rate table in force today."""
    rate = await rate_of(tx, host.country, at)
    way = distance_km(visitor.latitude, visitor.longitude, host.latitude, host.longitude)
    return lump_sum(rate, days, way, mode, terms)


async def rate_of(tx: Tx, country: str, at: Moment) -> Rate:
    """The rate of a host country in the newest table that is valid today."""
    statement = (
        select(KnownRates)
        .where(KnownRates.scheme == SCHEME, KnownRates.valid_from <= at.today())
        .order_by(col(KnownRates.valid_from).desc())
    )
    table = (await tx.session.exec(statement)).first()
    if table is None:
        raise NotKnownYet("rate table", SCHEME)
    if country not in table.rates:
        raise DomainError("no-rate", "host", country=country, table=table.version)
    entry = table.rates[country]
    return Rate(country, entry["cents"], entry["basis"], table.version)


async def known_budget(tx: Tx, call: Call) -> KnownBudget:
    budget = await tx.get(KnownBudget, call.budget)
    if budget is None:
        raise NotKnownYet("budget", call.budget)
    return budget


def planned_days(application: Application) -> list[date]:
    """The days with agenda at the host: a period for a physical stay, single days for a virtual one."""
    if application.mode == Mode.VIRTUAL and application.days:
        return sorted(set(application.days))
    if application.first_day and application.last_day and application.first_day <= application.last_day:
        return days_between(application.first_day, application.last_day)[:400]
    return []


def _stay(application: Application, host: KnownOrganisation, terms: Terms, at: Moment) -> list[date]:
    if application.first_day is None:
        raise DomainError("first-day-missing", "first_day")
    if application.last_day is None:
        raise DomainError("last-day-missing", "last_day")
    if application.last_day < application.first_day:
        raise DomainError("last-before-first", "last_day")
    if application.first_day <= at.today():
        raise DomainError("first-day-past", "first_day")
    days = planned_days(application)
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
        raise DomainError("declarations-missing", "declarations", missing=", ".join(missing))
