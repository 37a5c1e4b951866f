"""What a reader has heard of each subject. The inbox moves in the same transaction as the effect of the
record, so a record delivered twice has one effect, and one that comes too early is told apart.
"""

from enum import Enum
from uuid import UUID

from sqlalchemy import case
from sqlalchemy.dialects.postgresql import insert

from services.chassis.database import Tx
from services.chassis.facts.tables import inbox


class Turn(Enum):
    """Whether a record is the one that its reader waits for."""

    NEXT = "next"
    SEEN = "seen"
    AHEAD = "ahead"


async def move(tx: Tx, reader: str, subject: UUID, version: int, *, compacted: bool) -> Turn:
    """Moves the inbox on if it is this version's turn; it is locked in any case until the transaction ends.

    In a compacted topic the newest version wins and there are no gaps.
    """
    moves = compacted or inbox.c.version == version - 1
    statement = (
        insert(inbox)
        .values(reader=reader, subject=subject, version=version if compacted or version == 1 else 0)
        .on_conflict_do_update(
            index_elements=[inbox.c.reader, inbox.c.subject],
            set_={"version": version if moves is True else case((moves, version), else_=inbox.c.version)},
            where=inbox.c.version < version,
        )
        .returning(inbox.c.version)
    )
    now = (await tx.execute(statement)).scalar_one_or_none()
    if now is None:
        return Turn.SEEN
    return Turn.NEXT if now == version else Turn.AHEAD
