"""How a reader takes in one record: once, in order per subject, without losing it or stopping at it.

Three ends are possible: applied, known already, or parked. An outage ends in none of them: it is raised, and
whoever delivered the record tries again without limit.
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from contracts.errors import NotKnownYet, TransientError
from contracts.facts import Fact, MalformedFact
from contracts.tables import Body
from contracts.topics import TOPICS
from services.chassis import logs, metrics
from services.chassis.database import Database, Tx
from services.chassis.facts import inbox, parked
from services.chassis.facts.acknowledging import StartAgain
from services.chassis.facts.inbox import Turn
from services.chassis.facts.record import Record, envelope, in_words, opened
from services.chassis.facts.tables import followed

log = structlog.get_logger(__name__)

COMPACTED = frozenset(topic.name for topic in TOPICS if topic.compacted)
PAUSES = (0.1, 0.4)
"""Seconds between the attempts at a record that fails by itself. It is parked well within ten seconds."""


class Hearer(Protocol):
    """What the intake asks of a reader."""

    @property
    def name(self) -> str: ...

    def cares_for(self, type: str) -> bool: ...

    async def handle(self, tx: Tx, fact: Fact, body: Body) -> None: ...


class Intake:
    """One reader at work on its database."""

    def __init__(self, reader: Hearer, database: Database) -> None:
        self._reader = reader
        self._database = database
        self._feeds: dict[tuple[str, int], int] = {}

    async def hear(self, record: Record) -> None:
        """Deals with a record from the broker. StartAgain on a feed that was not followed yet; TransientError
        in an outage."""
        try:
            fact = envelope(record)
        except MalformedFact as reason:
            await self._park(record, 0, "error", reason)
            return
        await self._follow(record, fact.feed)
        await self.settle(record, PAUSES)

    async def settle(self, record: Record, pauses: Sequence[float] = ()) -> Turn | None:
        """Takes a record in, and with it those that waited for it; None if it was parked."""
        turn, waits = await self._settle_one(record, pauses)
        if waits:
            fact = envelope(record)
            await self.go_on(fact.subject, fact.version + 1)
        return turn

    async def go_on(self, subject: UUID, version: int) -> None:
        """Takes in what waited for the version before this one, and what waits behind it."""
        while await self._settle_next(subject, version):
            version += 1

    async def take(self, tx: Tx, record: Record, fact: Fact) -> tuple[Turn, bool]:
        """The record's effect, in the caller's transaction; and whether the next version waits already."""
        compacted = fact.topic in COMPACTED
        turn = await inbox.move(tx, self._reader.name, fact.subject, fact.version, compacted=compacted)
        if turn is Turn.AHEAD:
            await parked.put(tx, self._reader.name, record, fact.feed, "gap", None)
            return turn, False
        if turn is Turn.NEXT:
            await self._apply(tx, record, fact)
        waits = await parked.settled(tx, self._reader.name, fact.subject, fact.version, compacted=compacted)
        return turn, waits and turn is Turn.NEXT and not compacted

    async def sweep(self, limit: int = 100) -> None:
        """Tries gaps again whose turn may have come: a reference that was not known yet may be known now."""
        async with self._database.transaction() as tx:
            rows = await parked.ripe(tx, self._reader.name, COMPACTED, limit)
        for row in rows:
            await self.settle(parked.record_of(row))

    async def _settle_one(self, record: Record, pauses: Sequence[float]) -> tuple[Turn | None, bool]:
        feed = 0
        for pause in (*pauses, None):
            try:
                fact = envelope(record)
                feed = fact.feed
                with logs.bound(correlation=fact.correlation, case=fact.case, reader=self._reader.name):
                    async with self._database.transaction() as tx:
                        turn, waits = await self.take(tx, record, fact)
                self._count(record, turn.value)
                return turn, waits
            except MalformedFact as reason:
                await self._park(record, feed, "error", reason)
                break
            except TransientError as reason:
                if not isinstance(reason, NotKnownYet):
                    raise
                if pause is None:
                    await self._park(record, feed, "gap", reason)
            except Exception as reason:  # the record's own fault: whatever its handler cannot bear
                if pause is None:
                    await self._park(record, feed, "error", reason)
            if pause is not None:
                await asyncio.sleep(pause)
        return None, False

    async def _settle_next(self, subject: UUID, version: int) -> bool:
        """The parked record of this version; another one of the same version if the first fails. Whether the
        next version waits.
        """
        async with self._database.transaction() as tx:
            rows = await parked.heads(tx, self._reader.name, subject, version)
        for row in rows:
            record = parked.record_of(row)
            turn, waits = await self._settle_one(record, ())
            if turn in (Turn.NEXT, Turn.SEEN):
                return waits
        return False

    async def _apply(self, tx: Tx, record: Record, fact: Fact) -> None:
        whole, body = opened(record, fact) if self._reader.cares_for(fact.type) else (None, None)
        if whole is not None and body is not None:
            await self._reader.handle(tx, whole, body)
            await tx.session.flush()

    async def _park(self, record: Record, feed: int, reason: parked.Reason, why: Exception) -> None:
        words = in_words(why)
        async with self._database.transaction() as tx:
            await parked.put(tx, self._reader.name, record, feed, reason, words)
        self._count(record, reason)
        place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        log.warning("parked", reader=self._reader.name, reason=reason, error=words, **place)

    async def _follow(self, record: Record, feed: int) -> None:
        """StartAgain when the record belongs to a higher feed than this partition was read for; a lower one
        is old."""
        place = (record.topic, record.partition)
        if feed <= self._feeds.get(place, 0):
            return
        async with self._database.transaction() as tx:
            mine = (
                followed.c.reader == self._reader.name,
                followed.c.topic == place[0],
                followed.c.partition == place[1],
            )
            known = (await tx.execute(select(followed.c.feed).where(*mine))).scalar_one_or_none() or 0
        self._feeds[place] = known
        if feed > known:
            raise StartAgain(partial(self._remember, place, feed))

    async def _remember(self, place: tuple[str, int], feed: int) -> None:
        row: Mapping[str, object] = {
            "reader": self._reader.name, "topic": place[0], "partition": place[1], "feed": feed
        }  # fmt: skip
        async with self._database.transaction() as tx:
            statement = insert(followed).values(row)
            keys = [followed.c.reader, followed.c.topic, followed.c.partition]
            await tx.execute(statement.on_conflict_do_update(index_elements=keys, set_={"feed": feed}))
        self._feeds[place] = feed

    def _count(self, record: Record, outcome: str) -> None:
        metrics.facts_heard.labels(self._reader.name, record.topic, outcome).inc()
