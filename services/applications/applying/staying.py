"""What a call with a form freezes beside the answers: the host that was chosen, and the days of a visit that count.

At a host the working days of its country count, as in an exchange. A visit without host keeps nobody's calendar: a
fair opens on Sundays, so all its days count.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from contracts.amounts import Mode, check_stay, counted_days, distance_km
from contracts.call_rules import CallRules
from contracts.errors import DomainError
from contracts.expressions import Source
from contracts.terms import Terms
from contracts.workdays import Moment, days_between
from services.applications.applying.choosing import chosen_id
from services.applications.forms.answers import Filled
from services.applications.matching import known
from services.applications.models import Application
from services.applications.projections import KnownOrganisation, KnownParticipation
from services.chassis.database import Tx


async def host_of(tx: Tx, case: Application, form: Filled, rules: CallRules) -> dict[str, Any]:
    """What is frozen of the host that was chosen; nothing where the call has none."""
    if not rules.with_host:
        return {}
    chosen = chosen_id(form.look(Source(of="answer", name=rules.host)))
    host = await tx.get(KnownOrganisation, chosen) if chosen else None
    if host is None:
        raise DomainError("answer-not-host", rules.host)
    visitor = await known(tx, case.visitor)
    if host.id == visitor.id:
        raise DomainError("own-host", rules.host)
    return {
        "host": host.id,
        "host_name": host.name,
        "host_country": host.country,
        "host_town": host.town,
        "host_partnership": await _partnership(tx, case, host.id),
        "distance_km": distance_km(visitor.latitude, visitor.longitude, host.latitude, host.longitude),
    }


async def _partnership(tx: Tx, case: Application, host: UUID) -> UUID:
    """With whom it is registered as host: the visitor's own partnership before another."""
    own = col(KnownParticipation.partnership) == case.visitor_partnership
    statement = (
        select(KnownParticipation.partnership)
        .where(
            KnownParticipation.organisation == host,
            col(KnownParticipation.side).in_(("host", "both")),
            col(KnownParticipation.validated),
        )
        .order_by(own.desc(), col(KnownParticipation.id))
    )
    return (await tx.session.exec(statement)).first() or case.visitor_partnership


def stay(
    rules: CallRules, frozen: Mapping[str, Any], first: date, last: date, at: Moment, field: str
) -> dict[str, Any]:
    """The days of a visit that is still ahead, within the scheme's limits where there is a host. frozen: host_country
    and terms; field: what asks for the days."""
    if last < first:
        raise DomainError("last-before-first", field)
    if first <= at.today():
        raise DomainError("first-day-past", field)
    days = days_between(first, last)
    counted = days
    if rules.with_host:
        terms = Terms(**frozen["terms"])
        check_stay(days, frozen["host_country"], Mode.PHYSICAL, terms, field)
        counted = counted_days(days, frozen["host_country"])
    return {"days": tuple(days), "working_days": len(counted)}
