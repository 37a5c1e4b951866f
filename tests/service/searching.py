"""Looking for a word in everything that a service keeps: its tables, and the bytes in its folder."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from services.chassis.database import Database


async def tables_with(database: Database, word: str) -> list[str]:
    """Tables with a row that says it, in whatever column."""
    async with database.transaction() as tx:
        tables = (await tx.execute(_TABLES)).scalars().all()
        return [name for name in tables if (await tx.execute(_has(name), {"word": f"%{word}%"})).first()]


def files_with(folder: Path, word: str) -> Iterator[Path]:
    """Files whose bytes say it."""
    return (path for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes())


def _has(table: str):
    return text(f'SELECT 1 FROM "{table}" AS row WHERE row::text ILIKE :word LIMIT 1')


_TABLES = text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1")
