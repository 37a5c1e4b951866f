"""Lists of claims: by the last day to pay, as quick among a million as among a thousand; and many verified at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, TextClause, select, text, tuple_, union_all
from sqlmodel import col
from sqlmodel import select as rows_of

from contracts.claim import CLAIM
from contracts.errors import DomainError
from contracts.money import Money
from services.chassis.database import Tx
from services.chassis.finding import has
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Tag
from services.chassis.web.look.values import amount, short_day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.sheet import PIECE, Listing, Rows
from services.chassis.web.together import Result, each
from services.reimbursements.claims.checks import Verify
from services.reimbursements.claims.page import claim_tag
from services.reimbursements.kinds import claims
from services.reimbursements.models import OPEN_CLAIMS, Claim, KnownParty
from services.reimbursements.reading import names_of, scopes_of

PLACE = (col(Claim.pay_by), col(Claim.number))
UNFINISHED = "unfinished"


class Wanted(BaseModel):
    """What a list of claims is narrowed to.

    q      found in its number or in the name of the organisation that claims
    state  where it stands, or "unfinished"
    case   those of one case
    after  the last one seen: those that follow it
    """

    q: Annotated[str, Field(max_length=100)] = ""
    state: str = ""
    case: UUID | None = None
    after: UUID | None = None


def standings() -> list[tuple[str, str]]:
    """What one may narrow a list to, in words; what is not finished first."""
    states = dict.fromkeys(end.to for act in CLAIM.acts for end in act.ends if end.to)
    return [(UNFINISHED, _("Not finished")), *((one, state_word("claim", one)) for one in states)]


async def page_of(tx: Tx, actor: Actor, wanted: Wanted, limit: int) -> list[Claim]:
    """The reader's claims by the last day to pay.

    Each of the reader's scopes is a walk along an index of its own that stops after a page; what they bring is
    merged. An OR of scopes would have the database read everything first."""
    conditions: list[ColumnElement[bool] | TextClause] = []
    if wanted.case is not None:
        conditions.append(col(Claim.case_id) == wanted.case)
    if wanted.state == UNFINISHED:
        conditions.append(text(OPEN_CLAIMS))
    elif wanted.state:
        conditions.append(col(Claim.state) == wanted.state)
    if words := wanted.q.strip():
        named = select(col(KnownParty.id)).where(has(words, [KnownParty.name]))
        conditions.append(has(words, [Claim.number]) | col(Claim.organisation).in_(named))
    if wanted.after is not None:
        last = await tx.found(Claim, wanted.after)
        conditions.append(tuple_(*PLACE) > (last.pay_by, last.number))
    walks = [
        select(col(Claim.id), *PLACE).where(column == scope, *conditions).order_by(*PLACE).limit(limit)
        for column, scope in scopes_of(claims, actor)
    ]
    if not walks:
        return []
    found = union_all(*(select(walk.subquery()) for walk in walks)).subquery()
    firsts = select(found.c.id).distinct()
    statement = rows_of(Claim).where(col(Claim.id).in_(firsts)).order_by(*PLACE).limit(limit)
    return list((await tx.session.exec(statement)).all())


class Place(NamedTuple):
    """The claims beside one in the reader's work list."""

    before: UUID | None
    after: UUID | None


async def neighbours(tx: Tx, actor: Actor, claim: Claim) -> Place:
    """Those that wait like this one, one step before and after it by the last day to pay."""
    here: Any = tuple_(*PLACE)
    mine = [column == scope for column, scope in scopes_of(claims, actor) if column.key != "organisation"]
    if not mine:
        return Place(None, None)
    walked: list[UUID | None] = []
    for backwards in (True, False):
        beyond = here < (claim.pay_by, claim.number) if backwards else here > (claim.pay_by, claim.number)
        order = [column.desc() if backwards else column.asc() for column in PLACE]
        walks = [
            select(col(Claim.id), *PLACE)
            .where(one, beyond, col(Claim.state) == claim.state)
            .order_by(*order)
            .limit(1)
            for one in mine
        ]
        found = union_all(*(select(walk.subquery()) for walk in walks)).subquery()
        turned = [column.desc() if backwards else column.asc() for column in (found.c.pay_by, found.c.number)]
        walked.append((await tx.execute(select(found.c.id).order_by(*turned).limit(1))).scalar_one_or_none())
    return Place(*walked)


def table_of(rows: Sequence[Claim], names: Mapping[UUID, str], today: date, actor: Actor) -> dict[str, Any]:
    """Columns and rows, and which of them the reader may verify together with others."""
    late = {row.id: row.pay_by < today and CLAIM.must_be_open(row.state, row.final) for row in rows}
    verifies = actor.scopes("verifier")
    return {
        "columns": [
            Column(_("Claim")),
            Column(_("Organisation")),
            Column(_("Amount in EUR"), number=True),
            Column(_("Pay by")),
            Column(_("Standing")),
        ],
        "rows": [
            [
                Cell(row.number, href=f"/claims/{row.id}"),
                names.get(row.organisation, ""),
                amount(row.amount_cents),
                Cell(short_day(row.pay_by), tag=Tag(_("late"), "bad") if late[row.id] else None),
                Cell(tag=claim_tag(row)),
            ]
            for row in rows
        ],
        "ids": [row.id for row in rows],
        "numbers": [row.number for row in rows],
        "together": [
            row.state == "filed" and not row.takes_receipts and row.payer in verifies for row in rows
        ],
    }


def listing_of(actor: Actor, wanted: Wanted) -> Listing:
    """The same list as it is saved, with the amounts of every step."""

    async def read(tx: Tx, after: UUID | None) -> tuple[Rows, UUID | None]:
        rows = await page_of(tx, actor, wanted.model_copy(update={"after": after}), PIECE)
        names = await names_of(tx, [one for row in rows for one in (row.organisation, row.payer)])
        told: Rows = [
            (
                row.number, names.get(row.organisation, ""), names.get(row.payer, ""), Money(row.amount_cents),
                Money(row.accepted_cents), Money(row.paid_cents),
                row.pay_by, state_word("claim", row.state),
            )
            for row in rows
        ]  # fmt: skip
        return told, rows[-1].id if rows else None

    columns = [
        Column(_("Claim")),
        Column(_("Organisation")),
        Column(_("Paying member")),
        Column(_("Amount in EUR"), number=True),
        Column(_("Accepted in EUR"), number=True),
        Column(_("Paid in EUR"), number=True),
        Column(_("Pay by")),
        Column(_("Standing")),
    ]
    return Listing("claims", _("Claims"), columns, read)


async def verify_together(service: Service, actor: Actor, ids: Sequence[UUID], key: str) -> list[Result]:
    """Verifies each as it is claimed. Claims with receipts are looked at line by line and refused here."""
    return await each(
        service, claims, actor, ids, key, _as_claimed, lambda _fact: _("Verified, sent to the approver")
    )


def _as_claimed(claim: Claim) -> tuple[str, Verify]:
    if claim.takes_receipts:
        raise DomainError("lines-unchecked", status=409)
    return "verify", Verify(accepted_cents=None, remark="")
