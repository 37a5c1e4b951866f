"""State aid: what an undertaking declares before it is granted any, and the entry in the central register that is due
within twenty working days from the legal right, with its proof."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import aid_check as checked
from contracts import aid_declaration as declared
from contracts import aid_entry as facts
from contracts.aid_declaration import AID_DECLARATION
from contracts.aid_entry import AID_ENTRY
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import named_id, new_id
from contracts.nace import is_nace
from contracts.programmes import years_before
from contracts.tables import Input
from contracts.workdays import Moment, plus_working_days
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.web.look.values import amount
from services.reimbursements.budgets.aid_checks import locked_parties, waiting
from services.reimbursements.budgets.limit_models import AidDeclaration, AidEntry, Limit
from services.reimbursements.budgets.limits import (
    YEARS,
    de_minimis,
    declared_for,
    headroom,
    opened,
    roll_off,
)
from services.reimbursements.kinds import aid_checks, aid_entries
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion, Side, balance
from services.reimbursements.ledger.tables import Account
from services.reimbursements.models import Case, KnownParty, Reservation

WORKING_DAYS = 20
REMINDERS = (timedelta(days=5), timedelta(days=0))
"""Before the last day; from then on once a week."""
_RECEIVED = re.compile(r"(\d{4}-\d{2}-\d{2})\s*;\s*(\d{1,9}(?:\.\d{1,2})?)\s*;\s*(\S.*)")


class Declare(Input):
    organisation: UUID = Field(title="Organisation")
    member_state: str = Field(
        title="Country whose aid it is", description="That of the member that pays.", pattern="^[A-Z]{2}$"
    )
    nace: str = Field(
        title="NACE code of your main activity",
        pattern=r"^\d{2}(\.\d{1,2})?$",
        description="For example 72.11.",
    )
    linked: list[UUID] = Field(
        default_factory=list[UUID],
        title="Enterprises linked with you",
        description="Together you are one undertaking: control of more than half, or the same owner.",
        max_length=50,
    )
    received: list[str] = Field(
        default_factory=list[str],
        title="De minimis aid of the last three years",
        description="One per line: day; amount in euro; who gave it. For example 2025-03-01; 12000.00; Region of Lille",
        max_length=100,
    )


class Register(Input):
    registered_on: date = Field(title="Day of the entry")
    reference: str = Field(
        title="Reference in the register", description="It is the proof.", min_length=3, max_length=120
    )


@rule(AID_DECLARATION, "make")
async def declare(work: Work[AidDeclaration], given: Declare, at: Moment) -> declared.Made:
    """What was got elsewhere counts on the undertaking's headroom from the day on which it was granted."""
    tx = work.tx
    if not is_nace(given.nace):
        raise DomainError("nace-unknown", "nace", code=given.nace)
    party = await tx.get(KnownParty, given.organisation)
    if party is None:
        raise NotKnownYet("organisation", given.organisation)
    await locked_parties(tx, {given.organisation, *given.linked})
    identities = sorted({party.identity, *await _identities(tx, given.linked)})
    before = [found for one in identities if (found := await declared_for(tx, one))]
    undertaking = before[0].undertaking if before else identities[0]
    dropped = [one for found in before if found.member_state == given.member_state for one in found.received]
    received = [_received(line, at.today()) for line in given.received]
    work.row = AidDeclaration(
        id=new_id(),
        organisation=given.organisation,
        undertaking=undertaking,
        linked=identities,
        nace=given.nace,
        member_state=given.member_state,
        received=received,
        declared_by=work.actor.person,
        declared_at=at.now,
    )
    await _count(tx, work.row, dropped, at)
    for check in await waiting(tx, identities, given.member_state):
        work.beside(aid_checks, check, "declare", checked.Declared())
    return declared.Made(
        organisation=given.organisation,
        linked=tuple(identities),
        nace=given.nace,
        member_state=given.member_state,
        received_cents=sum(one["cents"] for one in received),
    )


async def granted(
    tx: Tx, case: Case, row: Reservation, limits: list[Limit], at: Moment, cause: Cause
) -> None:
    """The legal right is conferred: the entry in the register is due."""
    for limit in limits:
        if limit.kind == "cap":
            continue
        identity = UUID(case.frozen["visitor_identity"])
        member = await tx.found(KnownParty, case.payer)
        declaration = await declared_for(tx, identity, member.country)
        due_on = plus_working_days(at.today(), WORKING_DAYS, member.country)
        entry = AidEntry(
            id=named_id("aid-entry", case.id),
            case_id=case.id,
            organisation=case.organisation,
            undertaking=limit.identity,
            payer=case.payer,
            partnership=case.partnership,
            kind=limit.kind,
            nace=declaration.nace if declaration else "",
            member_state=member.country,
            amount_cents=row.amount_cents,
            granted_on=at.today(),
            due_on=due_on,
        )
        body = facts.Opened(
            undertaking=limit.identity, member_state=member.country, amount_cents=row.amount_cents,
            granted_on=at.today(), due_on=due_on,
        )  # fmt: skip
        await aid_entries.record(tx, entry, "open", body, at, cause)


@rule(AID_ENTRY, "register")
async def register(work: Work[AidEntry], given: Register, at: Moment) -> facts.Registered:
    if not work.row.granted_on <= given.registered_on <= at.today():
        raise DomainError("registered-when", "registered_on")
    work.row.registered_on, work.row.reference = given.registered_on, given.reference
    work.row.registered_by = work.actor.person
    return facts.Registered(registered_on=given.registered_on)


async def remind(tx: Tx, at: Moment, cause: Cause) -> int:
    """The daily sweep: who must register is reminded before the day, on it, and every week after it. How many were."""
    statement = select(AidEntry.id).where(
        AidEntry.state == "due", col(AidEntry.due_on) <= at.today() + REMINDERS[0]
    )
    told = 0
    for id in (await tx.session.exec(statement.order_by(col(AidEntry.id)))).all():
        entry = await tx.locked(AidEntry, id)
        if entry.state == "due" and at.today() >= _next_reminder(entry):
            entry.reminders += 1
            overdue = at.today() > entry.due_on
            body = facts.Reminded(stage="overdue" if overdue else "due", number=entry.reminders)
            await aid_entries.record(tx, entry, "remind", body, at, cause)
            told += 1
    return told


def _next_reminder(entry: AidEntry) -> date:
    if entry.reminders < len(REMINDERS):
        return entry.due_on - REMINDERS[entry.reminders]
    return entry.due_on + timedelta(weeks=entry.reminders - len(REMINDERS) + 1)


async def _identities(tx: Tx, organisations: list[UUID]) -> set[UUID]:
    parties = [await tx.get(KnownParty, id) for id in organisations]
    if None in parties:
        raise DomainError("linked-unknown", "linked")
    return {party.identity for party in parties if party}


def _received(line: str, today: date) -> dict[str, Any]:
    """One line of the declaration; what is older than the window does not count and is refused to be said."""
    found = _RECEIVED.fullmatch(line.strip())
    try:
        granted_on = date.fromisoformat(found[1]) if found else None
    except ValueError:
        granted_on = None
    if found is None or granted_on is None:
        raise DomainError("aid-line-unreadable", "received", line=line)
    if not years_before(today, YEARS) < granted_on <= today:
        raise DomainError("aid-line-outside", "received", line=line)
    return {"on": granted_on.isoformat(), "cents": int(Decimal(found[2]) * 100), "by": found[3]}


async def _count(tx: Tx, made: AidDeclaration, dropped: list[dict[str, Any]], at: Moment) -> None:
    """What is declared takes headroom; what an earlier declaration said and this one does not gives it back. Who has
    got more than the ceiling is told so, for nothing can be granted then."""
    limit = await opened(tx, de_minimis(made.undertaking, made.member_state), at)
    await roll_off(tx, limit, at)
    for one in dropped:
        owner = _declared(limit, one)
        stands = await balance(tx.session, Side(Account.GRANTED, limit.id, owner))
        if one not in made.received and stands:
            occasion = Occasion(named_id("posting", "no_longer", made.id, owner), at.today())
            await ledger.limited(tx.session, occasion, "limit_lower", limit.id, owner, stands)
    for one in made.received:
        owner = _declared(limit, one)
        if not await balance(tx.session, Side(Account.GRANTED, limit.id, owner)):
            occasion = Occasion(
                named_id("posting", "declared", made.id, owner), date.fromisoformat(one["on"])
            )
            if one["cents"] > await headroom(tx, limit):
                raise DomainError("aid-beyond-ceiling", "received", ceiling=amount(limit.ceiling_cents))
            await ledger.limited(tx.session, occasion, "limit_declare", limit.id, owner, one["cents"])


def _declared(limit: Limit, one: dict[str, Any]) -> UUID:
    """The same aid, declared again, is the same."""
    return named_id("declared-aid", limit.id, one["on"], one["cents"], one["by"])
