"""How many statements something takes: lists must need the same number however long they are."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from services.chassis.database import Database


@contextmanager
def statements(database: Database) -> Generator[list[str]]:
    """The statements that run inside, as they are sent."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
