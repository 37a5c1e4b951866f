"""The documents of a case, and the amendment that is open on it; both are read under the case's lock."""

from uuid import UUID

from sqlmodel import col, select

from contracts import agreement as agreement_facts
from contracts import amendment as amendment_facts
from contracts.workdays import Moment
from services.applications.amendments.models import Amendment
from services.applications.kinds import agreements, amendments
from services.applications.models import Agreement
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause


async def agreements_of(tx: Tx, case: UUID) -> list[Agreement]:
    """The case's agreements of all rounds and amendments, locked in the order of their ids."""
    statement = (
        select(Agreement).where(Agreement.application == case).order_by(col(Agreement.id)).with_for_update()
    )
    return list((await tx.session.exec(statement)).all())


async def open_amendment(tx: Tx, case: UUID) -> Amendment | None:
    """The case's amendment that is asked for or being signed, locked."""
    statement = select(Amendment).where(
        Amendment.application == case, col(Amendment.state).in_(("requested", "agreed"))
    )
    return (await tx.session.exec(statement.with_for_update())).one_or_none()


async def papers_of(tx: Tx, amendment: Amendment) -> list[Agreement]:
    """The amendment's documents that still count."""
    rows = await agreements_of(tx, amendment.application)
    return [row for row in rows if row.amendment == amendment.id and row.state in ("open", "completed")]


async def lapse(
    tx: Tx, amendment: Amendment, how: str, reason: amendment_facts.LapseReason, at: Moment, cause: Cause
) -> None:
    """Its time is over (lapse), or its case has ended (fall): the old terms stand."""
    for row in await papers_of(tx, amendment):
        await agreements.record(tx, row, "expire", agreement_facts.Expired(), at, cause)
    await amendments.record(tx, amendment, how, amendment_facts.Lapsed(reason=reason), at, cause)


async def fall_with(tx: Tx, case: UUID, at: Moment, cause: Cause) -> None:
    """The case has ended: what was asked to be changed of it lapses in the same transaction."""
    amendment = await open_amendment(tx, case)
    if amendment is not None:
        await lapse(tx, amendment, "fall", "case_ended", at, cause)
