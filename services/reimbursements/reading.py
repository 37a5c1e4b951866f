"""What all pages of money share: whose rows a reader sees, what they may do with one, and names.

Lists and single rows are filtered by the same scopes, so that whatever is listed can be opened.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, Any, TypeAlias, cast
from uuid import UUID

from fastapi import Query
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, select

from contracts.errors import DomainError
from contracts.tables import PARTIES
from services.chassis.acts.aggregate import Aggregate, R
from services.chassis.acts.rules import rule_of
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.web.look.parts import Link
from services.chassis.web.sentences import act_words
from services.reimbursements.kinds import budgets
from services.reimbursements.models import Budget, KnownAction, KnownParty

PAGE = 50
Limit: TypeAlias = Annotated[int, Query(ge=1, le=200)]
SETTING_BACK = (
    "return",
    "reject",
    "refuse",
    "send_back",
    "hold",
    "withdraw",
    "ask_withdrawal",
    "cut",
    "refuse_appeal",
    "drop",
    "propose_recovery",
    "ask_waiver",
)
"""Acts that turn something back: never the first button."""


async def visible(tx: Tx, kind: Aggregate[R], actor: Actor, id: UUID) -> R:
    """The row, if the reader takes part in it; DomainError("not-found") to a stranger."""
    row = await tx.found(kind.model, id)
    if not kind.parties(actor, row):
        raise DomainError("not-found", status=404)
    return row


def of_reader(kind: Aggregate[R], actor: Actor) -> ColumnElement[bool]:
    """The condition for the rows in which the reader takes part: the aggregate's own scopes, asked of its columns."""
    conditions: list[ColumnElement[bool]] = []
    for party, scope in kind.scopes.items():
        column = cast("ColumnElement[Any]", scope(cast("R", kind.model)))
        held = actor.scopes(PARTIES[party])
        is_list = isinstance(column.type, ARRAY)
        conditions.append(column.op("&&", is_comparison=True)(list(held)) if is_list else column.in_(held))
    return or_(*conditions)


def scopes_of(kind: Aggregate[R], actor: Actor) -> list[tuple[Any, UUID]]:
    """Column and value for every scope in which the reader takes part in rows of a kind; each pair once."""
    pairs: dict[tuple[str, UUID], tuple[Any, UUID]] = {}
    for party, scope in kind.scopes.items():
        column: Any = scope(cast("R", kind.model))
        for held in actor.scopes(PARTIES[party]):
            pairs[column.key, held] = (column, held)
    return list(pairs.values())


async def newest(
    tx: Tx, kind: Aggregate[R], actor: Actor, after: UUID | None, limit: int, *where: ColumnElement[bool]
) -> list[R]:
    """The reader's rows, newest first, from the one after `after` on."""
    id = col(kind.model.id)
    conditions = [of_reader(kind, actor), *where, *([id < after] if after else [])]
    statement = select(kind.model).where(and_(*conditions)).order_by(id.desc()).limit(limit)
    return list((await tx.session.exec(statement)).all())


def acts_of(kind: Aggregate[R], row: R, actor: Actor, hidden: Collection[str] = ()) -> list[Link]:
    """What the reader may do with the row now, acts that lead on first, without those that a page leads to itself."""
    parties = kind.parties(actor, row)
    possible = [
        act
        for act in kind.table.acts
        if act.by_person
        and row.state in act.sources
        and act.name not in hidden
        and parties.intersection(act.parties)
        and rule_of(kind.table, act)
    ]
    return [
        Link(
            act_words(kind.table.name, act.name).button,
            f"/{kind.table.path}/{row.id}/{act.name.replace('_', '-')}",
        )
        for act in sorted(possible, key=lambda act: act.name in SETTING_BACK)
    ]


def further(rows: Sequence[R], limit: int, query: str = "") -> str:
    """Where the next rows are; empty if these are the last."""
    return f"?{query}after={rows[-1].id}" if len(rows) == limit else ""


async def names_of(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of organisations by id; those that were not heard of are left out."""
    rows = await tx.session.exec(select(KnownParty).where(col(KnownParty.id).in_(set(ids))))
    return {row.id: row.name for row in rows}


async def partnerships_of(tx: Tx, ids: Iterable[UUID]) -> list[KnownAction]:
    rows = await tx.session.exec(
        select(KnownAction).where(col(KnownAction.id).in_(set(ids))).order_by(col(KnownAction.name))
    )
    return list(rows.all())


def case_link(actor: Actor, budget: Budget, case: UUID | None) -> str:
    """To a case's page, for whoever of a budget's readers sees all of its cases: others see those with a claim."""
    sees = not budgets.parties(actor, budget).isdisjoint(("COORD", "PAY"))
    return f"/cases/{case}" if case and sees else ""
