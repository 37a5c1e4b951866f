"""The terms of a case as an amendment would have them: every rule of a submission asked anew, nothing stored."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from contracts.amounts import Line, sum_of_case
from contracts.call_rules import CallRules
from contracts.errors import DomainError
from contracts.workdays import Moment, end_of_day
from services.applications.amendments.models import Amendment
from services.applications.amendments.partners import other_host, other_provider, refuse_unfit
from services.applications.application import rules_of, terms_of
from services.applications.applying.ground import latest_last_day
from services.applications.applying.staying import stay
from services.applications.freezing import freeze
from services.applications.groups.models import GroupVisit
from services.applications.models import Application
from services.chassis.database import Tx

CHANGING = ("first_day", "last_day", "days", "working_days", "amount_cents", "lines", "support", "rate_cents",
            "rate_basis", "rate_version", "answers_hash")  # fmt: skip
"""Of what a case is frozen with, what an amendment may change."""
OF_HOST = ("host", "host_name", "host_country", "host_town", "host_partnership", "distance_km")
"""And beside that, where the host is another one."""


class Asked(NamedTuple):
    """What is to be changed; None stays as it is."""

    first_day: date | None
    last_day: date | None
    amount_cents: int | None
    agenda: str | None = None
    host: UUID | None = None
    provider: UUID | None = None


async def amended(tx: Tx, case: Application, asked: Asked, at: Moment) -> Application:
    """A copy of the case under the changed terms, not to be stored. DomainError at the field that breaks a rule."""
    copy = Application(**case.model_dump())
    if case.form is not None:
        if asked.agenda is not None:
            raise DomainError("agenda-of-exchange", "agenda")
        if asked.host is not None:
            raise DomainError("host-of-exchange", "host")
        copy.frozen = _by_call(case, rules_of(case), asked, at)
        if asked.provider is not None:
            await other_provider(tx, copy, asked.provider, at)
    elif asked.provider is not None:
        raise DomainError("provider-of-grant", "provider")
    elif asked.amount_cents is not None:
        raise DomainError("amount-follows-from-days", "amount_cents")
    else:
        copy.first_day, copy.last_day = asked.first_day or case.first_day, asked.last_day or case.last_day
        await _agenda(tx, copy, asked)
        if asked.host is not None:
            await other_host(tx, copy, asked.host)
        now = (await freeze(tx, copy, at)).model_dump(mode="json")
        names = CHANGING if copy.host == case.host else (*CHANGING, *OF_HOST)
        copy.frozen = {**case.frozen, **{name: now[name] for name in names}}
        if copy.host != case.host:
            await refuse_unfit(tx, copy, at)
    copy.amount_cents = copy.frozen["amount_cents"]
    return copy


async def _agenda(tx: Tx, copy: Application, asked: Asked) -> None:
    """The agenda as asked for; a member of a group takes over the group's as it stands, and has neither an agenda nor
    days of its own."""
    copy.agenda = asked.agenda or copy.agenda
    if copy.group_visit is not None:
        for name in ("agenda", "first_day", "last_day"):
            if getattr(asked, name) is not None:
                raise DomainError("group-shares", name)
        group = await tx.found(GroupVisit, copy.group_visit)
        copy.agenda, copy.agenda_version = group.agenda, group.agenda_version


def take(case: Application, amendment: Amendment) -> None:
    """Gives a case the new terms."""
    frozen = case.frozen = amendment.frozen
    case.amount_cents = amendment.amount_cents
    if amendment.provider is not None:
        case.answers = amendment.answers
    if begins_on(case) is not None:
        case.first_day, case.last_day = (date.fromisoformat(frozen[day]) for day in ("first_day", "last_day"))
    if case.form is None:
        case.host, case.host_partnership = UUID(frozen["host"]), UUID(frozen["host_partnership"])
    if amendment.agenda:
        case.agenda, case.agenda_version = amendment.agenda, amendment.agenda_version


def under(case: Application, amendment: Amendment) -> Application:
    """A copy of the case under the new terms; not to be stored."""
    copy = Application(**case.model_dump())
    take(copy, amendment)
    return copy


def changed_of(before: Application, after: Application) -> dict[str, Any]:
    """The frozen fields that differ."""
    return {
        name: after.frozen[name]
        for name in (*CHANGING, *OF_HOST)
        if after.frozen.get(name) != before.frozen.get(name)
    }


def _by_call(case: Application, rules: CallRules, asked: Asked, at: Moment) -> dict[str, Any]:
    """A grant by form: its days within the call's limits, its sum below the call's most."""
    frozen = case.frozen
    first = asked.first_day or date.fromisoformat(frozen["first_day"])
    last = asked.last_day or date.fromisoformat(frozen["last_day"])
    if last < first:
        raise DomainError("last-before-first", "last_day")
    limits, length = rules.duration, (last - first).days + 1
    if limits.question and limits.most_days is not None and length > limits.most_days:
        raise DomainError("answer-period-long", "last_day", most=limits.most_days, length=length)
    latest = latest_last_day(date.fromisoformat(frozen["action_end"]), rules, terms_of(case))
    if last > latest and rules.amount.owed:
        raise DomainError("too-late-to-be-paid", "last_day", latest=latest)
    changed: dict[str, Any] = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    if asked.amount_cents is not None:
        if rules.amount.mode != "requested":
            raise DomainError("amount-follows-from-days", "amount_cents")
        if rules.amount.cap_cents is not None and asked.amount_cents > rules.amount.cap_cents:
            raise DomainError("above-the-most", "amount_cents", most=rules.amount.cap_cents // 100)
        cents = asked.amount_cents
        changed |= {
            "amount_cents": cents,
            "lines": [asdict(Line("requested", {}, cents=cents))],
            "support": {**frozen["support"], "claimable_cents": cents},
        }
    if begins_on(case) is not None and (asked.first_day or asked.last_day):
        changed |= _other_days(rules, {**frozen, **changed}, at)
    return {**frozen, **changed}


def _other_days(rules: CallRules, frozen: dict[str, Any], at: Moment) -> dict[str, Any]:
    """The days of a visit that count, and the sum where it follows from them."""
    first, last = (date.fromisoformat(frozen[day]) for day in ("first_day", "last_day"))
    found = stay(rules, frozen, first, last, at, "last_day")
    days = {**found, "days": [day.isoformat() for day in found["days"]]}
    if rules.amount.mode != "lump_sum":
        return days
    result = sum_of_case({**frozen, **days})
    return {**days, "amount_cents": result.amount_cents, "lines": [asdict(line) for line in result.lines]}


def begins_on(case: Application) -> date | None:
    """The day from which a visit takes place under the terms that hold now; None for a grant without one."""
    if case.form is not None and rules_of(case).fulfilment.kind == "voucher":
        return None
    return date.fromisoformat(case.frozen["first_day"])


def in_time_for(case: Application, due_at: datetime) -> datetime:
    """A date, or the end of the last day before the visit begins, if that is earlier."""
    begins = begins_on(case)
    return due_at if begins is None else min(due_at, end_of_day(begins - timedelta(days=1)))
