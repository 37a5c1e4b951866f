"""Files that nothing refers to any more: of a form that was never completed, taken out of an answer, of a draft that
was deleted, of a message that was never sent. They are removed once nobody has given them to anything for some days.

Whatever a service keeps is looked through, each text and each JSON of all its tables: a table that is new tomorrow
counts from its first row, and a file that one row names stays.
"""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import text

from contracts.errors import TransientError
from services.chassis.database import Database, Tx
from services.chassis.facts.tables import inbox, outbox
from services.chassis.files import Files, alone, forget, kept_files

EVERY = timedelta(days=1)
SOON = timedelta(minutes=10)
"""How long after its start a service looks first."""
PATIENCE = "10min"
"""Looking through everything may take longer than any other statement."""
NO_NEED = (kept_files.name, "refused_files", outbox.name, inbox.name)
"""Tables that say that a file was sent or refused, not that anybody needs it; what a fact tells of stands in a row."""

log = structlog.get_logger(__name__)


class DroppedFiles:
    """The daily sweep of a service's store.

    days      of real time in which a file was neither sent nor given to anything
    current   table → a query for those of its rows that count, where others are kept only to compare with
    """

    def __init__(self, database: Database, files: Files, days: int) -> None:
        self._database = database
        self._files = files
        self._age = timedelta(days=days)
        self.current: dict[str, str] = {}

    async def run(self) -> None:
        """Sweeps until cancelled."""
        await asyncio.sleep(SOON.total_seconds())
        while True:
            try:
                if gone := await self.sweep(datetime.now(UTC)):
                    log.info("files that nothing refers to are removed", files=gone)
            except TransientError as reason:
                log.warning("files were not swept", reason=str(reason))
            await asyncio.sleep(EVERY.total_seconds())

    async def sweep(self, now: datetime) -> int:
        """Removes what nothing refers to; answers how many files it was."""
        before = now - self._age
        async with self._database.transaction() as tx:
            dropped = await self._named_nowhere(tx, before)
        gone = [id for id in dropped if await self._removed(id, before)]
        strays = await asyncio.to_thread(self._files.older, before)
        return len(gone) + len([id for id in strays if await self._stray(id)])

    async def _named_nowhere(self, tx: Tx, before: datetime) -> list[str]:
        tables = (await tx.execute(_TABLES, {"no_need": list(NO_NEED)})).all()
        named = " UNION ALL ".join(
            f"SELECT found[1] FROM {self._rows(one.name)} AS row, "  # noqa: S608, the names are the database's own
            f"regexp_matches(concat_ws(' ', {one.words}), '[0-9a-f]{{64}}', 'g') AS found"
            for one in tables
        )
        await tx.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE}'"))
        old = "SELECT id FROM kept_files WHERE state <> 'removed' GROUP BY id HAVING max(kept_at) < :before"
        found = await tx.execute(text(f"{old} EXCEPT ({named})" if named else old), {"before": before})
        return list(found.scalars().all())

    def _rows(self, table: str) -> str:
        return f"({self.current[table]})" if table in self.current else f'"{table}"'

    async def _removed(self, id: str, before: datetime) -> bool:
        """Unless somebody has sent it again, or given it to something, since it was looked for."""
        rows = kept_files.select().where(kept_files.c.id == id).with_for_update()
        async with self._database.transaction() as tx:
            await alone(tx, id)
            found = (await tx.execute(rows)).all()
            if any(row.kept_at >= before for row in found):
                return False
            await forget(tx, [id])
            self._files.remove(id)
        return True

    async def _stray(self, id: str) -> bool:
        """Bytes that no row keeps: the service was killed before it could say whose they are, or before it had removed
        them."""
        keeps = kept_files.select().where(kept_files.c.id == id, kept_files.c.state != "removed").limit(1)
        async with self._database.transaction() as tx:
            await alone(tx, id)
            if (await tx.execute(keeps)).first():
                return False
            self._files.remove(id)
        return True


_TABLES = text("""
    SELECT table_name AS name, string_agg(quote_ident(column_name) || '::text', ', ') AS words
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> ALL(:no_need)
        AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY')
    GROUP BY table_name ORDER BY table_name""")
