"""Erasure in the outbox: what the facts of a subject said is replaced; that they happened stays."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import update

from services.chassis.database import Tx
from services.chassis.facts.tables import outbox


async def blank(tx: Tx, subject: UUID, body: Mapping[str, Any]) -> None:
    """Gives all facts of a subject this body, which must say nothing personal.

    Readers forget what they keep of the subject, and have parked of it, when they hear its next fact.
    """
    await tx.execute(update(outbox).where(outbox.c.subject == subject).values(body=dict(body)))
