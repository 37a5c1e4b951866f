"""How a person's act is done: once per idempotency key, under the row's lock, by the table and its rule."""

from dataclasses import dataclass
from typing import Any, Generic
from uuid import UUID

from contracts.errors import DomainError
from contracts.facts import Fact
from contracts.tables import Body, Input
from contracts.workdays import Moment
from services.chassis.acts.aggregate import Aggregate, R, Root
from services.chassis.acts.rules import rule_of
from services.chassis.database import Database, Tx
from services.chassis.facts.outbox import Cause, request_hash
from services.chassis.identity.actor import Actor


class Work(Generic[R]):
    """What a command works with: the transaction, its row, who acts, and the facts it writes beside.

    A creating command sets `row` itself; facts written with `beside` follow the act's own fact.
    """

    def __init__(self, tx: Tx, row: R | None, actor: Actor, parties: frozenset[str], cause: Cause) -> None:
        self.tx = tx
        self._row = row
        self.actor = actor
        self.parties = parties
        self.cause = cause
        self.after: list[Beside] = []

    @property
    def row(self) -> R:
        if self._row is None:
            raise LookupError("this act creates its row; set work.row first")
        return self._row

    @row.setter
    def row(self, row: R) -> None:
        self._row = row

    @property
    def has_row(self) -> bool:
        return self._row is not None

    def beside(self, kind: Aggregate[Any], row: Root, name: str, body: Body) -> None:
        """Another row's act in the same transaction; recorded after this act's own fact."""
        self.after.append(Beside(kind, row, name, body))


@dataclass(frozen=True)
class Beside:
    kind: Aggregate[Any]
    row: Root
    name: str
    body: Body


async def perform(
    database: Database,
    kind: Aggregate[R],
    name: str,
    id: UUID | None,
    given: Input,
    *,
    actor: Actor,
    key: str,
    at: Moment,
    correlation: UUID | None = None,
) -> Fact:
    """Does an act once. A repeat with the same key answers with the first time's fact.

    Two equal requests at the same instant meet at a unique key, the outbox's or the row's own: whatever the
    loser was refused for, it looks again whether it was done a moment ago.
    """
    cause = Cause(
        actor=str(actor.person),
        key=key,
        request_hash=request_hash([kind.table.name, name, id, given.model_dump(mode="json")]),
        behalf_of=str(actor.behalf_of) if actor.behalf_of else None,
        via=actor.via,
        correlation=correlation,
    )
    try:
        async with database.transaction() as tx:
            return await perform_in(tx, kind, name, id, given, actor=actor, cause=cause, at=at)
    except DomainError as refusal:
        async with database.transaction() as tx:
            done = await tx.outbox.caused_by(cause.actor, cause.key, cause.request_hash)
        if done is not None:
            return done
        if refusal.slug == "outbox-once":
            raise DomainError("try-again", status=409) from refusal
        raise


async def perform_in(
    tx: Tx,
    kind: Aggregate[R],
    name: str,
    id: UUID | None,
    given: Input,
    *,
    actor: Actor,
    cause: Cause,
    at: Moment,
) -> Fact:
    """The act in a transaction that the caller holds."""
    act = kind.table.act(name)
    rule = rule_of(kind.table, act)
    if rule is None:
        raise DomainError("no-such-act", status=404)
    row = None if id is None else await kind.locked(tx, id)
    if done := await tx.outbox.caused_by(cause.actor, cause.key, cause.request_hash):
        return done
    parties = frozenset[str]() if row is None else kind.permit(actor, act, row)
    if row is not None and row.state not in act.sources:
        raise DomainError(f"{name.replace('_', '-')}-not-now", status=409, state=row.state)
    work = Work[R](tx, row, actor, parties, cause)
    body: Body = await rule.run(work, given, at) if rule.is_command else rule.run(row, given, at)
    if row is None:
        kind.permit(actor, act, work.row)
    fact = await kind.record(tx, work.row, name, body, at, cause)
    for other in work.after:
        await other.kind.record(tx, other.row, other.name, other.body, at, cause.beside(fact))
    return fact
