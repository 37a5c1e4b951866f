"""For how long the law wants the records of an action; where several times apply, the longest."""

from datetime import date
from uuid import UUID

from sqlmodel import col, func, select

from contracts.programmes import programme_of
from services.chassis.database import Tx
from services.reimbursements.budgets.limit_models import AidEntry
from services.reimbursements.models import KnownAction

KEPT_YEARS, KEPT_YEARS_SMALL, SMALL_GRANT = 5, 3, 60_000_00
"""For how long records are kept after the funder's last payment: less under a grant of at most 60,000 euro (FS-10)."""
KEPT_YEARS_AID = 10
"""… and records of State aid, from the year in which it was granted (FS-12)."""


def kept_until(
    final_on: date, granted_cents: int, programme: str, aid_granted_on: date | None = None
) -> date:
    """The last day on which records of an action are kept, whose last payment has this value date (FS-10). Interreg
    counts five years from the end of that year, State aid ten from the end of the year of the last grant (FS-12)."""
    years = KEPT_YEARS_SMALL if granted_cents <= SMALL_GRANT else KEPT_YEARS
    last = (
        date(final_on.year + KEPT_YEARS, 12, 31)
        if programme.startswith("Interreg")
        else _later(final_on, years)
    )
    return max(last, date(aid_granted_on.year + KEPT_YEARS_AID, 12, 31)) if aid_granted_on else last


async def until(tx: Tx, partnership: UUID, member: UUID, final_on: date, received_cents: int) -> date:
    """The last day on which a member keeps its records of a partnership's action."""
    aided = select(func.max(col(AidEntry.granted_on))).where(
        AidEntry.partnership == partnership, AidEntry.payer == member
    )
    programme = programme_of((await tx.found(KnownAction, partnership)).programme)
    return kept_until(final_on, received_cents, programme.name, (await tx.session.exec(aided)).one())


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
