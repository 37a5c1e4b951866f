"""The delivery log: what operators and their programs read of the mails, newest first; nobody else."""

from typing import Annotated, Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import tuple_
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.delivery import DELIVERY
from contracts.errors import DomainError
from contracts.tables import PARTIES
from services.chassis.database import Tx
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.identity.people import KnownPerson, people_of
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Link, Tag, TagKind
from services.chassis.web.look.values import moment, number
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, fact_line, party, state_word
from services.notifications.models import Delivery, Told
from services.notifications.notices import PAYER

PAGE = 50
State: TypeAlias = Literal["queued", "sent", "failed", "dropped"]
STATES: tuple[State, ...] = ("queued", "sent", "failed", "dropped")
KINDS: dict[str, TagKind] = {"queued": "wait", "sent": "good", "failed": "bad"}
RESENDABLE = DELIVERY.act("resend").sources


class Entry(NamedTuple):
    """One line of the log."""

    delivery: Delivery
    told: Told
    person: KnownPerson | None


def pages(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    async def operator(actor: Annotated[Actor, Depends(service.reception.actor)]) -> Actor:
        if not actor.may("operator", PLATFORM):
            raise DomainError("not-found", status=404)
        return actor

    by_operator = [Depends(operator)]

    @router.get(
        "/api/v1/deliveries", tags=["delivery"], summary="Mails, newest first", dependencies=by_operator
    )
    async def deliveries_json(
        state: State | None = None,
        case: UUID | None = None,
        after: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
    ) -> list[dict[str, Any]]:
        """`after` is the last id of the page before."""
        async with database.transaction() as tx:
            return [_as_json(entry) for entry in await _listed(tx, state, case, after, limit)]

    @router.get("/api/v1/deliveries/{id}", tags=["delivery"], summary="One mail", dependencies=by_operator)
    async def delivery_json(id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            delivery = await tx.found(Delivery, id)
            told = await tx.found(Told, delivery.about)
            people = await people_of(tx, [delivery.person])
        return _as_json(Entry(delivery, told, people.get(delivery.person)))

    @router.get("/deliveries", include_in_schema=False, dependencies=by_operator)
    async def deliveries_page(
        request: Request, state: State | None = None, case: UUID | None = None, after: UUID | None = None
    ) -> Response:
        async with database.transaction() as tx:
            entries = await _listed(tx, state, case, after, PAGE)
        kept = "".join(f"{name}={value}&" for name, value in (("state", state), ("case", case)) if value)
        last = entries[-1].delivery.id if len(entries) == PAGE else None
        return look.page(
            request,
            "deliveries.html",
            state=state or "",
            states=[("", _("All")), *((one, state_word("delivery", one)) for one in STATES)],
            columns=[
                Column(_("Queued")),
                Column(_("To")),
                Column(_("About")),
                Column(_("State")),
                Column(_("What you can do")),
            ],
            rows=[_row(entry) for entry in entries],
            next=f"?{kept}after={last}" if last else "",
        )

    return router


async def _listed(
    tx: Tx, state: State | None, case: UUID | None, after: UUID | None, limit: int
) -> list[Entry]:
    place = tuple_(col(Delivery.queued_at), col(Delivery.id))
    statement = select(Delivery, Told).join(Told, col(Told.id) == col(Delivery.about))
    if state:
        statement = statement.where(Delivery.state == state)
    if case:
        statement = statement.where(Told.case_id == case)
    if after:
        last = select(Delivery.queued_at, Delivery.id).where(Delivery.id == after).scalar_subquery()
        statement = statement.where(place < last)
    ordered = statement.order_by(col(Delivery.queued_at).desc(), col(Delivery.id).desc()).limit(limit)
    rows = (await tx.session.exec(ordered)).all()
    people = await people_of(tx, [delivery.person for delivery, _told in rows])
    return [Entry(delivery, told, people.get(delivery.person)) for delivery, told in rows]


def _as_json(entry: Entry) -> dict[str, Any]:
    delivery, told, person = entry
    return {
        "id": str(delivery.id),
        "state": delivery.state,
        "version": delivery.version,
        "template": delivery.template,
        "person": str(delivery.person),
        "name": person.name if person else "",
        "email": person.email if person else "",
        "fact": str(told.id),
        "subject": str(told.subject),
        "case": str(told.case_id) if told.case_id else None,
        "queued_at": delivery.queued_at.isoformat(),
        "tries": delivery.tries,
        "resent": delivery.resent,
        "code": delivery.code,
    }


def _row(entry: Entry) -> list[Cell | str]:
    delivery, told, person = entry
    case = f"/cases/{told.case_id}" if told.case_id else ""
    return [
        moment(delivery.queued_at),
        Cell(person.name or _("Erased"), note=person.email) if person else Cell(_("Not known yet")),
        Cell(fact_line(f"relais.{told.key}.v1"), note=_audience(delivery.template), href=case),
        Cell(note=_how(delivery), tag=_tag(delivery)),
        Cell(button=_resend(delivery)),
    ]


def _audience(template: str) -> str:
    """For whom the notice is, in words."""
    words = ("PAY" if word == PAYER else word for word in template.split())
    return ", ".join(party(word) for word in words if word in PARTIES)


def _tag(delivery: Delivery) -> Tag:
    return Tag(state_word("delivery", delivery.state), KINDS.get(delivery.state, "plain"))


def _how(delivery: Delivery) -> str:
    """Why it was not sent, or not yet; how often it was tried."""
    if not delivery.code:
        return ""
    if not delivery.code.isdigit():
        return coded("delivery", delivery.code)
    words = {"code": delivery.code, "tries": number(delivery.tries)}
    return _("Reply %(code)s of the mail server, tries: %(tries)s") % words


def _resend(delivery: Delivery) -> Link | None:
    if delivery.state not in RESENDABLE:
        return None
    return Link(act_words("delivery", "resend").button, f"/deliveries/{delivery.id}/resend")
