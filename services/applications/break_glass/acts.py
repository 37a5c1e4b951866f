"""One act in somebody's place: asked for with a reason, consented to by a second person, done once, or expired."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from contracts import break_glass as facts
from contracts.break_glass import BREAK_GLASS, OF_A_CASE, place_in
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Act, Input, Nothing
from contracts.workdays import Moment
from services.applications import kinds
from services.applications.application import document_scopes, in_time
from services.applications.break_glass.models import OPEN, BreakGlass
from services.applications.kinds import break_glasses
from services.applications.models import Application
from services.applications.review.conflicts import without_own
from services.chassis.acts.aggregate import Aggregate, Consent, Root
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.identity.actor import Actor

CONSENT_DAYS = 2
"""Working days that a request waits for consent."""
USABLE = timedelta(days=1)
AT_ONCE = 500
"""Requests that one sweep ends; the next one goes on."""
KINDS: dict[str, Aggregate[Any]] = {name: getattr(kinds, f"{name}s") for name in OF_A_CASE}


class Request(Input):
    """what: "aggregate.act:id", as in "visit.validate:0190…"."""

    application: UUID = Field(title="Case")
    what: str = Field(
        title="Which act, in whose place?",
        description="One act that is possible now.",
        pattern=r"^[a-z_]+\.[a-z_]+:[0-9a-f-]{36}$",
    )
    reason: facts.Reason = Field(title="Why can they not do it themselves?")
    explanation: str = Field(
        title="Explain it to everybody concerned, and why it cannot wait", min_length=10, max_length=2000
    )


@rule(BREAK_GLASS, "request")
async def request(work: Work[BreakGlass], given: Request, at: Moment) -> facts.Requested:
    tx, actor = work.tx, work.actor
    case = await tx.locked(Application, given.application)
    if not actor.may("coordinator", case.visitor_partnership):
        raise DomainError("not-found", status=404)
    await without_own(tx, case, actor)
    name, _colon, id = given.what.partition(":")
    kind, act = _listed(name)
    row = await tx.get(kind.model, UUID(id))
    if row is None or kind.case(row) != case.id:
        raise DomainError("not-found", status=404)
    party = place_in(kind.table, act)
    if party is None:
        raise DomainError("break-glass-never", "what")
    if kind.parties(actor, row).intersection(act.parties):
        raise DomainError("break-glass-needless", "what")
    if row.state not in act.sources:
        raise DomainError("break-glass-not-in-state", "what", status=409)
    await _make_way(work, row.id, name, at)
    work.row = BreakGlass(
        id=new_id(),
        application=case.id,
        scopes=document_scopes(case),
        act=name,
        thing=row.id,
        party=party,
        reason=given.reason,
        explanation=given.explanation,
        requested_by=actor.person,
        requested_at=at.now,
        due_at=at.plus_working_days(CONSENT_DAYS),
    )
    return facts.Requested(act=name, thing=row.id, party=party, reason=given.reason, due_at=work.row.due_at)


@rule(BREAK_GLASS, "consent")
async def consent(work: Work[BreakGlass], given: Nothing, at: Moment) -> facts.Consented:
    row, actor = work.row, work.actor
    in_time(row.due_at, at)
    if row.requested_by == actor.person:
        raise DomainError("break-glass-own", status=403)
    await without_own(work.tx, await work.tx.found(Application, row.application), actor)
    row.consented_by, row.due_at = actor.person, at.now + USABLE
    return facts.Consented(**of_act(row), due_at=row.due_at)


@rule(BREAK_GLASS, "refuse")
def refuse(row: BreakGlass, given: Nothing, at: Moment) -> facts.Refused:
    in_time(row.due_at, at)
    return facts.Refused(**of_act(row))


async def lift(tx: Tx, kind: Aggregate[Any], actor: Actor, act: Act, row: Root, at: Moment) -> Consent | None:
    """The consent by which this actor may do this act on this row once, if there is one that has not expired."""
    statement = select(BreakGlass).where(
        BreakGlass.state == "consented",
        BreakGlass.act == f"{kind.table.name}.{act.name}",
        BreakGlass.thing == row.id,
        BreakGlass.requested_by == actor.person,
        col(BreakGlass.due_at) >= at.now,
    )
    found = (await tx.session.exec(statement.with_for_update())).one_or_none()
    if found is None:
        return None
    if not actor.stepped_up:
        raise DomainError("step-up-needed", status=403)
    return Consent(found.party, break_glasses, found, "use", facts.Used(**of_act(found)))


async def expire_over(tx: Tx, at: Moment, cause: Cause) -> None:
    """Those whose time is over. Part of the daily sweep; after its time one is of no use, swept or not."""
    statement = _over(at).order_by(col(BreakGlass.id)).limit(AT_ONCE).with_for_update(skip_locked=True)
    for row in (await tx.session.exec(statement)).all():
        await _expire(tx, row, at, cause)


async def _make_way(work: Work[BreakGlass], thing: UUID, act: str, at: Moment) -> None:
    """One whose time is over does not stand in the way of the next."""
    statement = _over(at).where(BreakGlass.thing == thing, BreakGlass.act == act)
    for row in (await work.tx.session.exec(statement.with_for_update())).all():
        await _expire(work.tx, row, at, work.cause.of_a_step())
    await work.tx.session.flush()


def _over(at: Moment) -> SelectOfScalar[BreakGlass]:
    return select(BreakGlass).where(col(BreakGlass.state).in_(OPEN), col(BreakGlass.due_at) < at.now)


async def _expire(tx: Tx, row: BreakGlass, at: Moment, cause: Cause) -> None:
    await break_glasses.record(tx, row, "expire", facts.Expired(**of_act(row)), at, cause)


def of_act(row: BreakGlass) -> dict[str, Any]:
    return {"act": row.act, "thing": row.thing, "party": row.party}


def _listed(name: str) -> tuple[Aggregate[Any], Act]:
    """DomainError("break-glass-never") for what no table of a case lists."""
    aggregate, _dot, act = name.partition(".")
    kind = KINDS.get(aggregate)
    found = next((one for one in kind.table.acts if one.name == act), None) if kind else None
    if kind is None or found is None:
        raise DomainError("break-glass-never", "what")
    return kind, found


for _kind in KINDS.values():
    _kind.lift = lift
