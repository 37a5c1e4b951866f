"""Giving up a parked record that can never be read: kept with its reason and on record, but waited for no more."""

from typing import Any

from sqlalchemy import Row, func, insert, select, update

from contracts.errors import DomainError
from services.chassis.database import Database, Tx
from services.chassis.facts import inbox
from services.chassis.facts.inbox import Turn
from services.chassis.facts.intake import COMPACTED
from services.chassis.facts.reader import Reader
from services.chassis.facts.tables import parked, redrives


async def discard(reader: Reader, database: Database, id: int, *, by: str, reason: str) -> None:
    """Its version counts as heard, without its effect, and those that wait behind it are taken in.

    DomainError: not-found, discarded-before; discard-not-yet while an earlier record of its subject is missing.
    """
    async with database.transaction() as tx:
        mine = select(parked).where(parked.c.id == id, parked.c.reader == reader.name)
        row = (await tx.execute(mine.with_for_update())).one_or_none()
        if row is None:
            raise DomainError("not-found", status=404)
        if row.discarded_at is not None:
            raise DomainError("discarded-before", status=409)
        await _pass_over(tx, row)
        given_up = {
            "discarded_at": func.clock_timestamp(), "discarded_by": by, "discarded_because": reason
        }  # fmt: skip
        await tx.execute(update(parked).where(parked.c.id == id).values(given_up))
        what = {"filter": {"id": str(id)}, "outcome": {"discarded": 1}}
        await tx.execute(insert(redrives).values(by=by, dry_run=False, **what))
    if row.subject is not None and row.version is not None:
        await reader.at_work_on(database).go_on(row.subject, row.version + 1)


async def _pass_over(tx: Tx, row: Row[Any]) -> None:
    if row.subject is None or row.version is None:
        return
    compacted = row.topic in COMPACTED
    if await inbox.move(tx, row.reader, row.subject, row.version, compacted=compacted) is Turn.AHEAD:
        raise DomainError("discard-not-yet", status=409)
