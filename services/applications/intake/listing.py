"""The applications of a call as its officers list them: as quick among a hundred thousand as among a thousand."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.application import APPLICATION
from contracts.errors import DomainError
from services.applications.calls import acts
from services.applications.models import Application
from services.applications.projections import KnownOrganisation
from services.chassis.database import Tx
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Tag
from services.chassis.web.look.values import amount, moment
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.who import Who

PAGE, MOST = 50, 200
STATES = tuple(
    dict.fromkeys(
        state
        for act in APPLICATION.acts
        for state in (*act.source.split(), *(end.to for end in act.ends))
        if state not in ("", "draft")
    )
)
"""States that officers may ask for: a draft is its applicant's."""


async def page_of(tx: Tx, call: UUID, state: str, after: UUID | None, limit: int) -> list[Application]:
    """Submitted applications in the order in which they were begun; DomainError for a state that does not exist."""
    if state and state not in STATES:
        raise DomainError("no-such-state", "state", name=state)
    chosen = col(Application.state) == state if state else col(Application.state) != "draft"
    statement = select(Application).where(Application.call == call, chosen).order_by(col(Application.id))
    if after is not None:
        statement = statement.where(col(Application.id) > after)
    return list((await tx.session.exec(statement.limit(limit))).all())


async def names_of(tx: Tx, rows: Sequence[Application]) -> dict[UUID, str]:
    """What the applicants are called."""
    ids = {row.visitor for row in rows}
    found = select(KnownOrganisation.id, KnownOrganisation.name).where(col(KnownOrganisation.id).in_(ids))
    return dict((await tx.session.exec(found)).all())


def add_lists(service: Service) -> None:
    """Routes of the list."""
    app, database, pages = service.app, service.database, service.pages

    @app.get("/api/v1/calls/{id}/applications")
    async def as_json(
        actor: Who, id: UUID, state: str = "", after: UUID | None = None, limit: int = PAGE
    ) -> list[dict[str, Any]]:
        """Submitted applications of a call for its officers; `after` is the last id of the page before."""
        async with database.transaction() as tx:
            await acts.seen(tx, id, actor)
            rows = await page_of(tx, id, state, after, min(max(limit, 1), MOST))
            names = await names_of(tx, rows)
        return [
            {
                "id": str(row.id), "number": row.number, "state": row.state, "applicant": names.get(row.visitor, ""),
                "amount_cents": row.amount_cents, "submitted_at": row.submitted_at, "score": row.score,
                "place": row.place, "outcome": row.outcome, "waiting": row.waiting,
            }
            for row in rows
        ]  # fmt: skip

    @app.get("/calls/{id}/applications", include_in_schema=False)
    async def as_page(
        request: Request, actor: Who, id: UUID, state: str = "", after: UUID | None = None
    ) -> Response:
        async with database.transaction() as tx:
            call = await acts.seen(tx, id, actor)
            rows = await page_of(tx, id, state, after, PAGE)
            names = await names_of(tx, rows)
        return pages.page(
            request, "applications.html", title=_("Applications"), call=call, state=state,
            states=[(one, state_word("application", one)) for one in STATES],
            columns=[
                Column(_("Case")),
                Column(_("Amount in EUR"), number=True),
                Column(_("Submitted")),
                Column(_("Standing")),
            ],
            rows=[
                [
                    Cell(row.number, href=f"/applications/{row.id}", note=names.get(row.visitor, "")),
                    amount(row.amount_cents),
                    moment(row.submitted_at) if row.submitted_at else "–",
                    Cell(tag=Tag(state_word("application", row.state))),
                ]
                for row in rows
            ],
            next=f"?state={state}&after={rows[-1].id}" if len(rows) == PAGE else "",
        )  # fmt: skip
