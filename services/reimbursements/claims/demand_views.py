"""Money to be paid back, as an aged list: what each debtor still owes and for how long it is overdue."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter
from sqlmodel import col, or_, select
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column
from services.chassis.web.look.values import amount, short_day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.who import Who
from services.reimbursements.claims.models import Demand
from services.reimbursements.models import Claim
from services.reimbursements.reading import names_of

AGES = (0, 30, 60, 90)
"""Days overdue at which the next column begins."""
FINANCE = ("verifier", "approver", "treasurer", "payer")


def demand_views(service: Service) -> APIRouter:
    """Routes that read demands."""
    router, database, pages = APIRouter(), service.database, service.pages

    @router.get("/api/v1/demands", tags=["claim"])
    async def demands_json(actor: Who) -> list[dict[str, Any]]:
        """Open demands of the reader's members and partnerships, the oldest due first."""
        today = service.clock.moment().today()
        async with database.transaction() as tx:
            rows = await _open(tx, actor)
        return [
            {
                "claim": str(row.claim), "number": row.number, "organisation": str(row.organisation),
                "amount_cents": row.amount_cents, "open_cents": row.open_cents, "level": row.level,
                "due_on": str(row.due_on), "overdue_days": overdue(row, today),
            }
            for row in rows
        ]  # fmt: skip

    @router.get("/demands", include_in_schema=False)
    async def demands_page(request: Request, actor: Who) -> Response:
        today = service.clock.moment().today()
        async with database.transaction() as tx:
            rows = await _open(tx, actor)
            names = await names_of(tx, (row.organisation for row in rows))
        with reading(pages.context(request)):
            columns = [
                Column(_("Demand")),
                Column(_("Who owes it")),
                Column(_("Due")),
                Column(_("Reminders")),
                *(Column(label, number=True) for label in _ages()),
            ]
            shown = [
                [
                    Cell(row.number, href=f"/claims/{row.claim}"),
                    names.get(row.organisation, ""),
                    short_day(row.due_on) if row.due_on else "",
                    f"{row.level} / 3",
                    *_by_age(row.open_cents, overdue(row, today)),
                ]
                for row in rows
            ]
            total = [_("Total"), "", "", "", *_totals(rows, today)]
        return pages.page(request, "demands.html", columns=columns, rows=shown, total=total)

    return router


def overdue(row: Demand, today: date) -> int:
    """Days since it first had to be paid; a reminder gives time, but makes no debt younger."""
    first_due = row.first_due_on or today
    return max((today - first_due).days, 0)


def _age(days: int) -> int:
    return sum(days > limit for limit in AGES)


def _ages() -> list[str]:
    return [_("Not due"), _("1 to 30 days"), _("31 to 60 days"), _("61 to 90 days"), _("Older")]


def _by_age(cents: int, days: int) -> list[str]:
    return [amount(cents) if _age(days) == age else "" for age in range(len(AGES) + 1)]


def _totals(rows: Sequence[Demand], today: date) -> list[str]:
    return [
        amount(sum(row.open_cents for row in rows if _age(overdue(row, today)) == age))
        for age in range(len(AGES) + 1)
    ]


async def _open(tx: Tx, actor: Actor) -> list[Demand]:
    members = {scope for role in FINANCE for scope in actor.scopes(role)}
    statement = (
        select(Demand)
        .join(Claim, col(Claim.id) == col(Demand.claim))
        .where(
            or_(
                col(Demand.member).in_(members),
                col(Claim.partnership).in_(actor.scopes("coordinator")),
                col(Demand.organisation).in_(actor.scopes("member")),
            ),
            col(Demand.ordered_on).is_not(None),
            col(Demand.settled_on).is_(None),
        )
        .order_by(col(Demand.first_due_on), col(Demand.id))
        .limit(500)
    )
    return list((await tx.session.exec(statement)).all())
