"""Redriving: parked records run through their reader's own handlers again, in order, and on record."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Row, insert, select

from services.chassis.database import Database, Tx
from services.chassis.facts.inbox import Turn
from services.chassis.facts.intake import Intake
from services.chassis.facts.parked import WAITS, Filter, record_of
from services.chassis.facts.reader import Reader
from services.chassis.facts.record import envelope, in_words
from services.chassis.facts.tables import parked, redrives

Result = Literal["applied", "known", "gap", "error"]
_RESULTS: dict[Turn, Result] = {Turn.NEXT: "applied", Turn.SEEN: "known", Turn.AHEAD: "gap"}


@dataclass(frozen=True)
class Redriven:
    """What became of one parked record. Applied and known ones are parked no more; the others still are.

    known   its version, or a newer one, had been applied already
    gap     an earlier record of its subject is missing, or something that it refers to
    """

    id: int
    result: Result
    error: str | None = None


async def redrive(
    reader: Reader, database: Database, filter: Filter, *, by: str, dry_run: bool = False
) -> Sequence[Redriven]:
    """Redrives what the filter lets through. A dry run does the same in a transaction that it takes back."""
    intake = reader.at_work_on(database)
    async with database.transaction() as tx:
        rows = await _chosen(tx, reader, filter)
    outcome = await _tried(intake, database, rows) if dry_run else await _done(intake, database, rows)
    async with database.transaction() as tx:
        await tx.execute(
            insert(redrives).values(
                by=by,
                filter={name: str(value) for name, value in asdict(filter).items() if value is not None},
                dry_run=dry_run,
                outcome=Counter(each.result for each in outcome),
            )
        )
    return outcome


async def _chosen(tx: Tx, reader: Reader, filter: Filter) -> Sequence[Row[Any]]:
    """Lowest version first per subject, so that what waited for one of them follows in the same go."""
    statement = select(parked).where(parked.c.reader == reader.name, WAITS, *filter.clauses())
    return (await tx.execute(statement.order_by(parked.c.subject, parked.c.version, parked.c.id))).all()


async def _done(intake: Intake, database: Database, rows: Sequence[Row[Any]]) -> list[Redriven]:
    outcome: list[Redriven] = []
    for row in rows:
        still = await _still_parked(database, row.id)
        if still is None:  # it followed when the one before it was applied
            outcome.append(Redriven(row.id, "applied"))
            continue
        turn = await intake.settle(record_of(row))
        after = await _still_parked(database, row.id)
        if after is not None:
            outcome.append(Redriven(row.id, after.reason, after.error))
        else:
            outcome.append(Redriven(row.id, _RESULTS[turn] if turn else "applied"))
    return outcome


async def _still_parked(database: Database, id: int) -> Row[Any] | None:
    async with database.transaction() as tx:
        return (await tx.execute(select(parked).where(parked.c.id == id))).one_or_none()


class _TakeBack(Exception):
    """Ends the transaction of a dry run."""


async def _tried(intake: Intake, database: Database, rows: Sequence[Row[Any]]) -> list[Redriven]:
    outcome: list[Redriven] = []
    with suppress(_TakeBack):
        async with database.transaction() as tx:
            for row in rows:
                outcome.append(await _tried_one(intake, tx, row))
            raise _TakeBack
    return outcome


async def _tried_one(intake: Intake, tx: Tx, row: Row[Any]) -> Redriven:
    record = record_of(row)
    try:
        async with tx.session.begin_nested():
            await tx.session.connection()  # sets the savepoint
            turn, _ = await intake.take(tx, record, envelope(record))
    except Exception as reason:  # the record's own fault, as when it is redriven in earnest
        return Redriven(row.id, "error", in_words(reason))
    return Redriven(row.id, _RESULTS[turn])
