"""Records that wait in their reader's database: for an earlier one (gap), or as they failed (error).

Either way the subject stands behind that record, and its bytes, headers and place are kept. One that can never
be read is given up by an operator (discard.py): it is kept too, with the reason, but nobody waits for it.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from services.chassis.database import Tx
from services.chassis.facts.record import Hints, Record, hints
from services.chassis.facts.tables import inbox, parked

Reason = Literal["gap", "error"]
WAITS = parked.c.discarded_at.is_(None)


@dataclass(frozen=True)
class Filter:
    """Which parked records are meant; what is None does not narrow."""

    id: int | None = None
    reader: str | None = None
    topic: str | None = None
    type: str | None = None
    subject: UUID | None = None
    reason: Reason | None = None

    def clauses(self) -> list[ColumnElement[bool]]:
        return [parked.c[name] == value for name, value in asdict(self).items() if value is not None]


async def put(tx: Tx, reader: str, record: Record, feed: int, reason: Reason, error: str | None) -> None:
    """Parks a record, or says again why it still waits."""
    place: Hints = hints(record)
    row = {
        "reader": reader,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "feed": feed,
        "subject": place.subject,
        "version": place.version,
        "type": _text(place.type),
        "reason": reason,
        "error": _text(error),
        "key": record.key,
        "value": record.value,
        "headers": [
            [_text(name), value if value is None else b64encode(value).decode()]
            for name, value in record.headers
        ],
    }
    again = {
        name: row[name]
        for name in ("subject", "version", "type", "reason", "error", "key", "value", "headers")
    }
    statement = insert(parked).values(row)
    await tx.execute(
        statement.on_conflict_do_update(
            constraint="parked_once", set_={**again, "attempts": parked.c.attempts + 1}
        )
    )


def record_of(row: Row[Any]) -> Record:
    """The record as it was when it was parked."""
    headers = tuple((name, value if value is None else b64decode(value)) for name, value in row.headers)
    return Record(row.topic, row.partition, row.offset, row.key, row.value, headers)


async def settled(tx: Tx, reader: str, subject: UUID, version: int, *, compacted: bool) -> bool:
    """Forgets what is parked up to a version that was applied; whether the next version is parked.

    What was given up stays, except in a compacted topic: there the newest version says all, perhaps that the
    person is erased.
    """
    mine = and_(parked.c.reader == reader, parked.c.subject == subject, parked.c.version <= version + 1)
    if not compacted:
        mine = and_(mine, WAITS)
    versions = (await tx.execute(select(parked.c.version).where(mine))).scalars().all()
    if any(found <= version for found in versions):
        await tx.execute(delete(parked).where(mine, parked.c.version <= version))
    return version + 1 in versions


async def heads(tx: Tx, reader: str, subject: UUID, version: int) -> Sequence[Row[Any]]:
    """Parked records of one version of a subject; usually one, more after a re-feed."""
    statement = select(parked).where(
        parked.c.reader == reader, parked.c.subject == subject, parked.c.version == version, WAITS
    )
    return (await tx.execute(statement.order_by(parked.c.id))).all()


async def ripe(tx: Tx, reader: str, compacted: Iterable[str], limit: int) -> Sequence[Row[Any]]:
    """Gaps whose turn may have come: nothing earlier of their subject is missing. Some of them, if many."""
    behind = exists().where(
        inbox.c.reader == parked.c.reader,
        inbox.c.subject == parked.c.subject,
        inbox.c.version >= parked.c.version - 1,
    )
    turn = or_(behind, parked.c.version == 1, parked.c.topic.in_(list(compacted)))
    statement = select(parked).where(parked.c.reader == reader, parked.c.reason == "gap", WAITS, turn)
    return (await tx.execute(statement.order_by(func.random()).limit(limit))).all()


async def listed(tx: Tx, filter: Filter, *, after: int = 0, limit: int = 50) -> Sequence[Row[Any]]:
    """A page of what is parked, oldest first, `after` the last id seen."""
    statement = (
        select(parked).where(parked.c.id > after, *filter.clauses()).order_by(parked.c.id).limit(limit)
    )
    return (await tx.execute(statement)).all()


async def counted(tx: Tx, reader: str) -> Sequence[Row[Any]]:
    """Per reason: how many wait, and since when the oldest does (seconds)."""
    age = func.extract("epoch", func.clock_timestamp() - func.min(parked.c.parked_at))
    statement = select(parked.c.reason, func.count().label("number"), age.label("age"))
    return (
        await tx.execute(statement.where(parked.c.reader == reader, WAITS).group_by(parked.c.reason))
    ).all()


def _text(value: str | None) -> str | None:
    """As PostgreSQL takes it: without NUL."""
    return None if value is None else value.replace("\x00", "\N{REPLACEMENT CHARACTER}")
