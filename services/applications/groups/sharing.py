"""What a member's application has from its group: the days, the agenda, and a place while it is not ended."""

from uuid import UUID

from sqlmodel import col, select

from contracts.amounts import Mode
from contracts.errors import DomainError
from contracts.tables import Input
from contracts.workdays import working_days
from services.applications.groups.models import GroupVisit
from services.applications.intake.counter import ENDED
from services.applications.models import Application
from services.applications.projections import KnownOrganisation
from services.chassis.database import Tx

SHARED = frozenset({"mode", "first_day", "last_day", "days", "agenda"})
"""Answers of an application that are its group's."""


async def share(tx: Tx, case: Application) -> None:
    """Gives a member's application the days and the agenda of its group as they stand; others keep their own."""
    if case.group_visit is None:
        return
    group = await tx.found(GroupVisit, case.group_visit)
    case.mode, case.first_day, case.last_day = group.mode, group.first_day, group.last_day
    case.agenda, case.agenda_version = group.agenda, group.agenda_version
    host = await tx.get(KnownOrganisation, group.host)
    if group.mode == Mode.VIRTUAL and host is not None:
        case.days = list(working_days(group.first_day, group.last_day, host.country))


def refuse_own(case: Application, given: Input) -> None:
    """DomainError("group-shares") for an answer that a member cannot give otherwise than its group."""
    if case.group_visit is None:
        return
    for name in SHARED & given.model_fields_set:
        if getattr(given, name) not in (None, "", [], getattr(case, name)):
            raise DomainError("group-shares", name)


async def refuse_if_cancelled(tx: Tx, case: Application) -> None:
    """DomainError("group-cancelled"): nobody approves or signs a visit whose group does not travel."""
    if case.group_visit is not None and (await tx.found(GroupVisit, case.group_visit)).state == "cancelled":
        raise DomainError("group-cancelled", status=409)


async def take_place(tx: Tx, case: Application) -> None:
    """A member submits for the first time. DomainError("group-not-open") or ("group-full")."""
    if case.group_visit is None or case.group_place:
        return
    group = await tx.locked(GroupVisit, case.group_visit)
    if group.state != "open":
        raise DomainError("group-not-open", status=409)
    if group.taken >= group.places:
        raise DomainError("group-full", status=409)
    group.taken += 1
    case.group_place = True
    tx.add(group)


async def leave(tx: Tx, case: Application) -> None:
    """Any end of a member's case frees its place."""
    if case.group_visit is None or not case.group_place or not (case.state in ENDED or case.final):
        return
    group = await tx.locked(GroupVisit, case.group_visit)
    group.taken -= 1
    case.group_place = False
    tx.add(group)


async def cases_of(tx: Tx, group: UUID, *, lock: bool = False) -> list[Application]:
    """The members' applications, drafts too, in the order of their ids."""
    statement = select(Application).where(Application.group_visit == group).order_by(col(Application.id))
    return list((await tx.session.exec(statement.with_for_update() if lock else statement)).all())
