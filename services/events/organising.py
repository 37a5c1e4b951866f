"""What organisers read and fill in: an event's list with its line, attendance and feedback, and the door."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, get_args
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from fastapi import Query
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts import countries
from contracts.errors import DomainError
from contracts.event import EVENT, Kind
from contracts.ids import new_id
from contracts.words import CODES
from contracts.workdays import BUSINESS_ZONE
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.identity.people import people_of
from services.chassis.service import Service
from services.chassis.web.faces import Prepare, Prepared
from services.chassis.web.look import forms
from services.chassis.web.look.charts import Bar
from services.chassis.web.look.parts import Cell, Column, Figure, Link
from services.chassis.web.look.values import country, number, percent, short_day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words
from services.chassis.web.sheet import Ending, saved
from services.chassis.web.who import Who
from services.events import road
from services.events.attendance import Record, find
from services.events.kinds import events
from services.events.models import Attendance, Event, KnownPartnership, Registration
from services.events.reads import PAGE, Listed, Participant, Results, event_of, participants, results_of
from services.events.saving import registrations_listing

Limit = Annotated[int, Query(ge=1, le=100)]


def add_organising(service: Service) -> None:
    """Routes for the organisers of an event; to everybody else it has no such pages."""
    app, database, pages = service.app, service.database, service.pages

    @app.get("/api/v1/events/{id}/registrations")
    async def registrations_json(
        actor: Who, id: UUID, after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        """Everybody who registered, in that order, with the place in the line and the days they were seen."""
        async with database.transaction() as tx:
            await organised(tx, actor, id)
            return [one.json() for one in await participants(tx, id, after, limit)]

    @app.get("/api/v1/events/{id}/results")
    async def results_json(actor: Who, id: UUID) -> dict[str, Any]:
        """Attendance by day, and the feedback."""
        async with database.transaction() as tx:
            one = await organised(tx, actor, id)
            return (await results_of(tx, one.event)).json()

    @app.get("/events/{id}/organise", include_in_schema=False)
    async def organise_html(request: Request, actor: Who, id: UUID, below: UUID | None = None) -> Response:
        """`below` is the last registration of the page before; `done` is what an act has led here from."""
        async with database.transaction() as tx:
            one = await organised(tx, actor, id)
            people = await participants(tx, id, below)
            results = await results_of(tx, one.event)
        return pages.page(
            request,
            "organise.html",
            title=one.event.title,
            one=one,
            tag=road.tag("event", one.event.state),
            acts=_acts(one.event),
            figures=_figures(one, results),
            columns=[
                Column(_("No."), number=True),
                *map(Column, (_("Name"), _("Standing"), _("Seen"), _("Next"))),
            ],
            rows=[_row(one.event, person) for person in people],
            next=f"?below={people[-1].registration.id}" if len(people) == PAGE else "",
            results=results,
            present=[Bar(short_day(day), seen) for day, seen in results.present.items()],
            answers=[Bar(_(CODES[f"helpful.{value}"]), given) for value, given in results.answers.items()],
            rate=percent(results.answered / results.registered) if results.registered else "",
        )

    @app.get("/events/{id}/registrations.{ending}", include_in_schema=False)
    async def registrations_file(actor: Who, id: UUID, ending: Ending) -> Response:
        async with database.transaction() as tx:
            one = await organised(tx, actor, id)
        return await saved(database, registrations_listing(one.event), ending, service.clock.now())

    @app.get("/events/{id}/check-in", include_in_schema=False)
    async def check_in_html(
        request: Request,
        actor: Who,
        id: UUID,
        code: str = "",
        registration: UUID | None = None,
        done: str = "",
    ) -> Response:
        """Where the QR code on a confirmation leads: one look, one button, ready for the next."""
        async with database.transaction() as tx:
            one = await organised(tx, actor, id)
            given = Record(event=id, code=code[:20], registration=registration, day=None)
            beside = await _door(tx, one, given, done)
        words = act_words("attendance", "record")
        return pages.page(
            request,
            "attendance/record.html",
            title=words.title,
            button=words.button,
            explanation="",
            fields=forms.fields(Record, given.model_dump(exclude_none=True)),
            errors={},
            problem="",
            key=str(new_id()),
            action="/attendances/record",
            back=f"/events/{id}/organise",
            **beside,
        )

    _routes = registrations_json, results_json, organise_html, registrations_file, check_in_html


async def organised(tx: Tx, actor: Actor, id: UUID) -> Listed:
    """The event, for those who organise it; DomainError("not-found") for others."""
    one = await event_of(tx, id)
    if not events.parties(actor, one.event):
        raise DomainError("not-found", status=404)
    return one


async def prepare_record(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The door's page again, after a refusal."""
    one = await organised(tx, actor, _event_in(query))
    return Prepared(values={"event": one.event.id}, beside=await _door(tx, one, None, ""))


async def prepare_register(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    one = await event_of(tx, _event_in(query))
    return Prepared(values={"event": one.event.id}, beside={"one": one})


async def prepare_publish(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    statement = select(KnownPartnership).where(col(KnownPartnership.id).in_(actor.scopes("organiser")))
    mine = (await tx.session.exec(statement.order_by(col(KnownPartnership.name)))).all()
    if not mine:
        raise DomainError("role-organiser", status=403)
    return Prepared(
        values={"partnership": mine[0].id, "timezone": BUSINESS_ZONE, "kind": "event_xchange"},
        choices={
            "kind": [(kind, coded("event_kind", kind)) for kind in get_args(Kind)],
            "partnership": [(str(one.id), one.name) for one in mine],
            "country": sorted(
                ((code, country(code)) for code in countries.ELIGIBLE), key=lambda pair: pair[1]
            ),
            "timezone": [(zone, zone.replace("_", " ")) for zone in _zones()],
        },
    )


async def prepare_reschedule(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    assert isinstance(row, Event)
    zone = ZoneInfo(row.timezone)
    dates = {"starts_at": row.starts_at, "ends_at": row.ends_at, "registration_until": row.registration_until}
    return Prepared(
        values={name: f"{value.astimezone(zone):%Y-%m-%dT%H:%M}" for name, value in dates.items()},
        beside={"timezone": row.timezone},
    )


EVENT_FORMS: dict[str, Prepare] = {"publish": prepare_publish, "reschedule": prepare_reschedule}
REGISTRATION_FORMS: dict[str, Prepare] = {"register": prepare_register}
ATTENDANCE_FORMS: dict[str, Prepare] = {"record": prepare_record}


def _event_in(query: Mapping[str, str]) -> UUID:
    try:
        return UUID(query.get("event", ""))
    except ValueError:
        raise DomainError("not-found", status=404) from None


async def _door(tx: Tx, one: Listed, given: Record | None, recorded: str) -> dict[str, Any]:
    """What stands beside the code: who it belongs to, who was let in just now, and how many are there."""
    row = await find(tx, given) if given and (given.code or given.registration) else None
    done = await _just_recorded(tx, one.event, recorded)
    people = await people_of(tx, [each.person for each in (row, done) if each])
    names = {id: person.name for id, person in people.items()}
    results = await results_of(tx, one.event)
    return {
        "one": one,
        "who": row and (names.get(row.person) or _("Name not known yet")),
        "has_place": row is not None and row.state == "confirmed",
        "done": done and (names.get(done.person) or _("Name not known yet")),
        "present": [Bar(short_day(day), seen) for day, seen in results.present.items()],
        "registered": results.registered,
    }


async def _just_recorded(tx: Tx, event: Event, recorded: str) -> Attendance | None:
    """The attendance that an act has led here from ("<id>:<version>")."""
    try:
        row = await tx.get(Attendance, UUID(recorded.partition(":")[0]))
    except ValueError:
        return None
    return row if row and row.event == event.id else None


def _acts(event: Event) -> list[Link]:
    """What can be done with the event in its state."""
    return [
        Link(act_words("event", act.name).title, f"/events/{event.id}/{act.name.replace('_', '-')}")
        for act in EVENT.acts
        if act.by_person and event.state in act.sources
    ]


def _figures(one: Listed, results: Results) -> list[Figure]:
    of = _("of %(n)s") % {"n": number(results.registered)}
    return [
        Figure(
            number(results.registered), _("have a place"), of=_("of %(n)s") % {"n": number(one.pool.places)}
        ),
        Figure(number(one.waiting), _("in line"), kind="wait" if one.waiting else "plain"),
        Figure(number(results.attended), _("were seen"), of=of),
        Figure(number(results.answered), _("gave feedback"), of=of),
    ]


def _row(event: Event, one: Participant) -> list[Cell]:
    row = one.registration
    position = _("number %(n)s in line") % {"n": number(one.position)} if one.position else ""
    return [
        Cell(number(row.number)),
        Cell(one.name or _("Name not known yet"), href=f"/registrations/{row.id}"),
        Cell(tag=road.tag("registration", row.state), note=position or road.ended_by(row, own=False)),
        Cell(", ".join(short_day(day) for day in one.seen)),
        Cell(button=_next(event, row)),
    ]


def _next(event: Event, row: Registration) -> Link | None:
    """What the organiser may have to do about somebody."""
    if row.state == "pending":
        return Link(_("Decide"), f"/registrations/{row.id}")
    if row.state == "confirmed" and event.state not in ("closed", "cancelled"):
        return Link(_("Check in"), f"/events/{event.id}/check-in?registration={row.id}")
    return None


@lru_cache
def _zones() -> list[str]:
    """Zones of the countries that may take part."""
    others = {
        "Asia/Nicosia",
        "Asia/Yerevan",
        "Atlantic/Azores",
        "Atlantic/Canary",
        "Atlantic/Madeira",
        "Atlantic/Reykjavik",
    }
    return sorted(zone for zone in available_timezones() if zone.startswith("Europe/") or zone in others)
