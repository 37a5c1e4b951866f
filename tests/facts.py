"""Facts for tests: made by hand, written to outboxes, and carried to readers without a broker in between."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from contracts.catalogue import fact_type
from contracts.facts import Fact, source_of
from contracts.ids import new_id
from contracts.tables import Body
from services.chassis.database import Database, Tx
from services.chassis.facts.acknowledging import StartAgain
from services.chassis.facts.outbox import Cause, fact_of
from services.chassis.facts.reader import Reader
from services.chassis.facts.record import Record
from services.chassis.facts.tables import outbox


def a_fact(body: Body, subject: UUID | None = None, version: int = 1, **said: Any) -> Fact:
    """A fact with this body; `said` sets other attributes of the envelope."""
    kind = fact_type(type(body))
    now = datetime.now(UTC)
    attributes: dict[str, Any] = {
        "id": new_id(),
        "type": kind.type,
        "source": source_of(kind.table.service),
        "subject": subject or new_id(),
        "version": version,
        "state": "",
        "time": now,
        "recordedtime": now,
        "body": body.model_dump(mode="json"),
        "topic": kind.topic,
    }
    return Fact(**{**attributes, **said})


async def say(tx: Tx, *facts: Fact) -> None:
    """Writes facts to the outbox, as acts do."""
    for fact in facts:
        await tx.outbox.add(fact, Cause(fact.actor))


_OFFSETS = count()
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def record_of(fact: Fact) -> Record:
    """The fact as a record of its own."""
    key, value = str(fact.subject).encode(), orjson.dumps(dict(fact.body))
    return Record(fact.topic, 0, next(_OFFSETS), key, value, tuple(fact.headers()))


async def deliver(reader: Reader, database: Database, *what: Fact | Record) -> None:
    """Lets a reader hear facts or raw records, on exactly the road that Kafka's take.

    A reader that was not born before was born long ago, so that nothing is history.
    """
    intake = reader.at_work_on(database)
    async with database.transaction() as tx:
        await reader.born(tx, LONG_AGO)
    for each in what:
        record = each if isinstance(each, Record) else record_of(each)
        try:
            await intake.hear(record)
        except StartAgain as wish:
            await wish.remember()
            await intake.hear(record)


async def deliver_outbox(source: Database, reader: Reader, target: Database) -> None:
    """Lets a reader hear all that a service ever said on the topics it reads; it skips what it knows."""
    facts = await said(source, [topic.name for topic in reader.topics])
    await deliver(reader, target, *facts)


async def said(source: Database, topics: Iterable[str]) -> list[Fact]:
    """All facts of an outbox on these topics, oldest first."""
    statement = select(outbox).where(outbox.c.topic.in_(list(topics))).order_by(outbox.c.position)
    async with source.transaction() as tx:
        rows = (await tx.execute(statement)).all()
    return [fact_of(row, source.source) for row in rows]
