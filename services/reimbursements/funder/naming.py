"""Which partnerships a member reports in."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.chassis.database import Tx
from services.reimbursements.models import KnownAction


async def partnerships_with(tx: Tx, members: Collection[UUID]) -> Sequence[KnownAction]:
    """Partnerships that one of these is a member of, by name."""
    statement = select(KnownAction).where(col(KnownAction.members).op("&&")(list(members)))
    return (await tx.session.exec(statement.order_by(col(KnownAction.name)))).all()
