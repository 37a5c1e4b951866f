"""The eligibility check: each rule and its result, recorded on the case for everyone to read."""

from datetime import date
from typing import Any

from sqlmodel import select

from contracts.amounts import Mode, latest_last_day
from contracts.countries import ELIGIBLE
from contracts.terms import Terms
from contracts.workdays import Moment
from services.applications.application import DECLARATIONS, terms_of
from services.applications.applying.freezing import check_by_call
from services.applications.matching import known, visited_before
from services.applications.models import Application
from services.applications.projections import KnownOrganisation, KnownParticipation
from services.chassis.database import Tx

VISITOR_KINDS = frozenset({"cluster", "network", "support", "sme"})


async def check(tx: Tx, application: Application, at: Moment) -> list[dict[str, Any]]:
    """Every rule by its slug, and whether it is met; what it says and where it comes from are words of contracts. A
    call with a form brings its own rules."""
    if application.form is not None or application.host is None:
        return await check_by_call(tx, application, at)
    visitor, host = await known(tx, application.visitor), await known(tx, application.host)
    frozen, terms = application.frozen, terms_of(application)
    in_scheme = await _validated(tx, visitor, "visitor"), await _validated(tx, host, "host")
    before = await visited_before(tx, application.edition, visitor.identity, application.id)
    return [
        _result("two-countries", visitor.country != host.country),
        _result("eligible-countries", {visitor.country, host.country} <= ELIGIBLE),
        _result("visitor-kind", visitor.kind in VISITOR_KINDS),
        _result("visitor-in-cluster", visitor.kind != "sme" or visitor.cluster is not None),
        _result("both-validated", all(in_scheme)),
        _result("visits-once", not before),
        _result("long-enough", frozen["working_days"] >= terms.min_days),
        _result("payable-in-time", _payable(application, terms)),
        _result("declared", set(DECLARATIONS) <= set(application.declarations)),
    ]


def _result(rule: str, met: bool) -> dict[str, Any]:
    return {"rule": rule, "met": met}


def _payable(application: Application, terms: Terms) -> bool:
    if application.mode == Mode.VIRTUAL or application.last_day is None:
        return True
    return application.last_day <= latest_last_day(
        date.fromisoformat(application.frozen["action_end"]), terms
    )


async def _validated(tx: Tx, organisation: KnownOrganisation, side: str) -> bool:
    rows = await tx.session.exec(
        select(KnownParticipation).where(KnownParticipation.organisation == organisation.id)
    )
    return any(row.validated and row.side in (side, "both") for row in rows)
