"""How a person's act is done: once per idempotency key, under the row's lock, by the table and its rule."""

from dataclasses import dataclass, replace
from typing import Any, Generic
from uuid import UUID

from contracts.errors import DomainError, NotKnownYet
from contracts.facts import Fact
from contracts.tables import Body, Input
from contracts.workdays import Moment
from services.chassis.acts.aggregate import Aggregate, R, Root
from services.chassis.acts.rules import rule_of
from services.chassis.database import Database, Tx
from services.chassis.facts.outbox import Cause, request_hash
from services.chassis.identity.actor import Actor

BREAK_GLASS = "break_glass"
"""By which road somebody has acted without the role, by a consent."""


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

    Every fact of a person carries its key, and keys are unique: a repeat, also one at the same instant, is
    refused, by that constraint or before. Whatever it was refused for, it then looks whether it was done.
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
    except (DomainError, NotKnownYet):
        async with database.transaction() as tx:
            done = await tx.outbox.caused_by(cause.actor, cause.key, cause.request_hash)
        if done is not None:
            return done
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
    parties, consent = frozenset[str](), None
    if row is not None:
        parties, consent = await kind.admit_or_lend(tx, actor, act, row, at)
    if consent is not None:
        cause = replace(cause, via=BREAK_GLASS)
    work = Work[R](tx, row, actor, parties, cause)
    body: Body = await rule.run(work, given, at) if rule.is_command else rule.run(row, given, at)
    if row is None:
        kind.permit(actor, act, work.row)
    if consent is not None:
        work.beside(consent.kind, consent.row, consent.act, consent.body)
    async with tx.outbox.together():
        fact = await kind.record(tx, work.row, name, body, at, cause)
        for other in work.after:
            await other.kind.record(tx, other.row, other.name, other.body, at, cause.beside(fact))
    return fact
