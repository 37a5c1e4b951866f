"""Facts are added to the outbox in the transaction of the act that made them; the relay publishes them.

The outbox is also the idempotency record: (actor, key) is unique, and a repeated act answers from its row.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.errors import DomainError
from contracts.facts import Fact, source_of
from contracts.ids import new_id
from services.chassis.facts.tables import outbox, unpublished
from services.chassis.many import write_changes
from services.chassis.statements import Driver, Fixed

BODY_LIMIT = 256 * 1024
"""Bytes of a fact's body; larger ones are refused when added, not by the broker later."""


@dataclass(frozen=True)
class Cause:
    """Why a fact is written: who acted, under which idempotency key, in which click.

    key is None for steps and for what a service does on hearing a fact.
    """

    actor: str
    key: str | None = None
    request_hash: str | None = None
    behalf_of: str | None = None
    via: str = "self"
    correlation: UUID | None = None
    causation: UUID | None = None

    def of_a_step(self) -> "Cause":
        """The cause of what the service does in the wake of an act: without the act's key."""
        return Cause(self.actor, None, None, self.behalf_of, self.via, self.correlation, self.causation)

    def beside(self, fact: Fact) -> "Cause":
        """The cause of a fact that stands beside `fact`: only the first carries the key."""
        return Cause(self.actor, None, None, self.behalf_of, self.via, self.correlation, fact.id)


def request_hash(content: Any) -> str:
    """Fingerprint of a request, to tell a repeat from another request under the same key."""
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


def fact_of(row: Any, service: str, feed: int = 0) -> Fact:
    """The fact that a row of a service's outbox holds."""
    return Fact(
        id=row.id,
        type=row.type,
        source=source_of(service),
        subject=row.subject,
        version=row.version,
        state=row.state,
        time=row.time,
        recordedtime=row.recorded_at,
        body=row.body,
        case=row.case_id,
        wakes=tuple(row.wakes),
        audience=tuple(row.audience),
        actor=row.actor,
        behalfof=row.behalf_of,
        via=row.via,
        correlation=row.correlation,
        causation=row.causation,
        feed=feed,
        topic=row.topic,
    )


class Outbox:
    """Writes in the caller's transaction and never commits."""

    def __init__(self, session: AsyncSession, driver: Driver, service: str) -> None:
        self._session = session
        self._driver = driver
        self._service = service
        self._waiting: list[Mapping[str, Any]] | None = None

    async def caused_by(self, actor: str, key: str | None, hash: str | None = None) -> Fact | None:
        """The first fact of an act that was done before under this key.

        DomainError("key-reused") if the earlier request said something else.
        """
        if key is None:
            return None
        row = await (await _CAUSED_BY.on(self._driver, {"actor": actor, "key": key})).fetchone()
        if row is None:
            return None
        if hash is not None and row.request_hash != hash:
            raise DomainError("key-reused", status=409)
        return fact_of(row, self._service)

    async def add(self, fact: Fact, cause: Cause) -> Fact:
        """Writes the fact and marks it unpublished; DomainError("fact-too-large") beyond BODY_LIMIT."""
        body = dict(fact.body)
        if len(orjson.dumps(body)) > BODY_LIMIT:
            raise DomainError("fact-too-large", status=413)
        values: dict[str, Any] = {
            "id": fact.id,
            "topic": fact.topic,
            "type": fact.type,
            "subject": fact.subject,
            "version": fact.version,
            "state": fact.state,
            "case_id": fact.case,
            "wakes": list(fact.wakes),
            "audience": list(fact.audience),
            "body": body,
            "time": fact.time,
            "actor": cause.actor,
            "key": cause.key,
            "request_hash": cause.request_hash,
            "behalf_of": cause.behalf_of,
            "via": cause.via,
            "correlation": cause.correlation,
            "causation": cause.causation,
        }
        if self._waiting is not None:
            self._waiting.append(values)
            return fact
        await self._write([values])
        return fact

    @asynccontextmanager
    async def together(self) -> AsyncGenerator[None]:
        """What is added within is written at its end in one go, in the same order, and so is what was changed of many
        rows alike: for acts on thousands of them."""
        if self._waiting is not None:
            yield
            return
        waiting: list[Mapping[str, Any]] = []
        self._waiting = waiting
        try:
            yield
        finally:
            self._waiting = None
        if waiting:
            await self._write(waiting)

    async def _write(self, facts: Sequence[Mapping[str, Any]]) -> None:
        """After the rows that they tell of."""
        await write_changes(self._session, self._driver)
        await self._session.flush()
        if len(facts) == 1:
            await _ADD.on(self._driver, {**facts[0], "body": Jsonb(facts[0]["body"])})
        else:
            await _ADD_ALL.on(self._driver, {"facts": orjson.dumps(facts).decode()})


_CAUSED_BY = Fixed(
    select(outbox).where(outbox.c.actor == bindparam("actor"), outbox.c.key == bindparam("key"))
)

_given = [column.name for column in outbox.c if column.name not in ("position", "recorded_at")]
_added = (
    insert(outbox)
    .values({name: bindparam(name) for name in _given})
    .returning(outbox.c.position, outbox.c.topic, outbox.c.subject, outbox.c.version)
    .cte("added")
)
_ADD = Fixed(insert(unpublished).from_select(["position", "topic", "subject", "version"], select(_added)))
"""The row and its mark in one round trip."""

_names = ", ".join(f'"{name}"' for name in _given)
_types = ", ".join(f'"{name}" {outbox.c[name].type.compile(PGDialect_psycopg())}' for name in _given)
_ADD_ALL = Fixed(
    text(
        f"WITH added AS (INSERT INTO outbox ({_names}) SELECT {_names}"  # noqa: S608, the names are ours
        f" FROM ROWS FROM (jsonb_to_recordset(CAST(:facts AS jsonb)) AS ({_types}))"
        f" WITH ORDINALITY AS given ({_names}, turn) ORDER BY turn RETURNING position, topic, subject, version)"
        " INSERT INTO unpublished (position, topic, subject, version)"
        " SELECT position, topic, subject, version FROM added"
    )
)
"""The same for any number of facts, which are given as one document of JSON."""


def make_fact(
    *,
    topic: str,
    service: str,
    type: str,
    subject: UUID,
    version: int,
    state: str,
    at: datetime,
    body: dict[str, Any],
    case: UUID | None,
    wakes: tuple[str, ...],
    audience: tuple[str, ...],
    cause: Cause,
) -> Fact:
    """A fact that is about to be added; recordedtime is set by the database."""
    return Fact(
        id=new_id(),
        type=type,
        source=source_of(service),
        subject=subject,
        version=version,
        state=state,
        time=at,
        recordedtime=at,
        body=body,
        case=case,
        wakes=wakes,
        audience=audience,
        actor=cause.actor,
        behalfof=cause.behalf_of,
        via=cause.via,
        correlation=cause.correlation,
        causation=cause.causation,
        topic=topic,
    )
