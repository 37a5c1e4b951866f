"""What everybody reads: the events, and the registrations of one's own with code and calendar file."""

from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import Query
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from contracts.invitations import CONTENT_TYPE, FILE_NAME, Invitation
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.identity.people import people_of
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Link, Move
from services.chassis.web.look.values import days
from services.chassis.web.look.words import gettext as _
from services.chassis.web.who import Guest, Who
from services.events import road
from services.events.attendance import days_of, readable
from services.events.kinds import events, registrations
from services.events.models import Event, Registration
from services.events.places import position
from services.events.reads import (
    PAGE,
    Listed,
    days_seen,
    event_of,
    events_page,
    live_registration,
    registrations_of,
)
from services.events.road import Scene

Limit = Annotated[int, Query(ge=1, le=100)]


def add_views(service: Service) -> None:
    """Routes that read and ask for no role."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock
    web_url = service.settings.web_url

    @app.get("/api/v1/events")
    async def events_json(
        after: UUID | None = None, past: bool = False, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        """Events that are ahead, or those that are over; `after` is the last id of the page before."""
        async with database.transaction() as tx:
            return [one.json() for one in await events_page(tx, after, past=past, limit=limit)]

    @app.get("/api/v1/events/{id}")
    async def event_json(id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await event_of(tx, id)).json()

    @app.get("/events", include_in_schema=False)
    async def events_html(
        request: Request,
        reader: Guest,
        after: UUID | None = None,
        past: bool = False,
    ) -> Response:
        async with database.transaction() as tx:
            rows = await events_page(tx, after, past=past)
        return pages.page(
            request,
            "events.html",
            title=_("Past events") if past else _("Events"),
            listed=[(one, road.tag("event", one.event.state)) for one in rows],
            past=past,
            organises=bool(reader and reader.scopes("organiser")),
            next=f"?past={'1' if past else '0'}&after={rows[-1].event.id}" if len(rows) == PAGE else "",
        )

    @app.get("/events/{id}", include_in_schema=False)
    async def event_html(request: Request, reader: Guest, id: UUID) -> Response:
        async with database.transaction() as tx:
            one = await event_of(tx, id)
            mine = await live_registration(tx, id, reader.person) if reader else None
        open_ = one.event.state == "published" and clock.now() <= one.event.registration_until
        return pages.page(
            request,
            "event.html",
            title=one.event.title,
            one=one,
            tag=road.tag("event", one.event.state),
            move=_event_move(one, reader, mine, open_=open_),
            organises=bool(reader and events.parties(reader, one.event)),
        )

    @app.get("/api/v1/registrations")
    async def mine_json(actor: Who, after: UUID | None = None, limit: Limit = PAGE) -> list[dict[str, Any]]:
        """My registrations, the latest first."""
        async with database.transaction() as tx:
            rows = await registrations_of(tx, actor.person, after, limit)
        return [_registration_json(row, event) for row, event in rows]

    @app.get("/registrations", include_in_schema=False)
    async def mine_html(request: Request, actor: Who, after: UUID | None = None) -> Response:
        async with database.transaction() as tx:
            rows = await registrations_of(tx, actor.person, after)
        return pages.page(
            request,
            "registrations.html",
            title=_("My registrations"),
            columns=[Column(_("Event")), Column(_("When")), Column(_("Where")), Column(_("Standing"))],
            rows=[
                [
                    Cell(event.title, href=f"/registrations/{row.id}"),
                    Cell(days(days_of(event)[0], days_of(event)[-1])),
                    Cell(event.town),
                    Cell(tag=road.tag("registration", row.state)),
                ]
                for row, event in rows
            ],
            next=f"?after={rows[-1][0].id}" if len(rows) == PAGE else "",
        )

    @app.get("/api/v1/registrations/{id}")
    async def registration_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            scene = await _scene(tx, actor, id)
        return _registration_json(scene.row, scene.event) | {
            "position": scene.position if scene.row.state == "waiting" else None,
            "present": [day.isoformat() for day in scene.seen],
        }

    @app.get("/registrations/{id}", include_in_schema=False)
    async def registration_html(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            scene = await _scene(tx, actor, id)
        code = scene.row.code if scene.row.state == "confirmed" and not scene.over else None
        return pages.page(
            request,
            "registration.html",
            title=scene.event.title,
            scene=scene,
            move=road.move(scene),
            posts=road.posts(scene),
            code=readable(code) if code else "",
            qr=_qr(f"{web_url}/events/{scene.event.id}/check-in?code={code}") if code else "",
        )

    @app.get("/registrations/{id}/calendar.ics")
    async def calendar(actor: Who, id: UUID) -> Response:
        """The calendar file: imported again after a change it replaces what was imported before."""
        async with database.transaction() as tx:
            scene = await _scene(tx, actor, id)
        row, event = scene.row, scene.event
        invitation = Invitation(
            registration=row.id,
            sequence=row.version + event.version,
            title=event.title,
            venue=event.venue,
            town=event.town,
            country=event.country,
            timezone=event.timezone,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            url=f"{web_url}/registrations/{row.id}",
            cancelled=not scene.live,
        )
        headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
        return Response(invitation.calendar(clock.now()), media_type=CONTENT_TYPE, headers=headers)

    async def _scene(tx: Tx, actor: Actor, id: UUID) -> Scene:
        row = await tx.found(Registration, id)
        parties = registrations.parties(actor, row)
        if not parties:
            raise DomainError("not-found", status=404)
        people = await people_of(tx, [row.person])
        return Scene(
            row,
            await event_of(tx, row.event),
            name=people[row.person].name if row.person in people else "",
            position=await position(tx, row),
            seen=(await days_seen(tx, [row.id])).get(row.id, []),
            own="REGISTRANT" in parties,
            now=clock.now(),
        )

    _routes = (
        events_json, event_json, events_html, event_html, mine_json, mine_html,
        registration_json, registration_html, calendar,
    )  # fmt: skip


def _registration_json(row: Registration, event: Event) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "state": row.state,
        "version": row.version,
        "event": {
            "id": str(event.id), "title": event.title, "state": event.state, "timezone": event.timezone,
            "starts_at": event.starts_at.isoformat(), "ends_at": event.ends_at.isoformat(),
        },
        "person": str(row.person),
        "registered_at": row.registered_at.isoformat(),
        "code": readable(row.code) if row.code and row.state == "confirmed" else None,
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "ended_by": row.ended_by or None,
        "helpful": row.helpful,
    }  # fmt: skip


def _event_move(one: Listed, reader: Actor | None, mine: Registration | None, *, open_: bool) -> Move:
    """What the reader can do about an event."""
    if mine is not None:
        link = Link(_("See your registration"), f"/registrations/{mine.id}")
        return Move(_("You are registered"), mine=False, others=[link])
    if not open_:
        return Move(_("Registration is closed"), mine=False)
    register = f"/registrations/register?event={one.event.id}"
    href = register if reader else f"/sign-in?next={register}"
    if one.event.approval:
        title, text = _("You can apply for a place"), _("The organiser approves each registration.")
    elif one.pool.free:
        title, text = _("There is a place for you"), _("It is yours as soon as you register.")
    else:
        title = _("You can wait for a place")
        text = _("All places are taken. When one becomes free, the first in line is asked.")
    return Move(
        title, mine=True, text=text, due=one.event.registration_until, button=Link(_("Register"), href)
    )


def _qr(address: str) -> Markup:
    """The address as a QR code, drawn in the page itself."""
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(scale=6, border=4, dark="#16202a", title=_("QR code for the door"))
    return Markup(drawn)  # noqa: S704 - drawn here, and the title is escaped by segno
