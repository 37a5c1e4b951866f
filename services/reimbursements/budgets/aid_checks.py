"""Before money is reserved: whoever has to declare State aid is asked for it as soon as the case is submitted, and
whoever decides sees what the recipient may still get.

The recipient's row is locked by whoever asks and by whoever declares, so that nobody is asked for what is there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import col, select

from contracts import aid_check as facts
from contracts.errors import NotKnownYet
from contracts.ids import named_id
from contracts.programmes import programme_of
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.many import among
from services.reimbursements.budgets.limit_models import AidCheck, Limit
from services.reimbursements.budgets.limits import counted_on, declared_lately, headroom, too_old
from services.reimbursements.kinds import aid_checks
from services.reimbursements.ledger.posting import Side, balance
from services.reimbursements.ledger.tables import Account
from services.reimbursements.models import Case, KnownAction, KnownParty, Reservation


async def ask(tx: Tx, case: Case, at: Moment, cause: Cause) -> None:
    """Once per case, and only where its support is State aid."""
    action = await tx.get(KnownAction, case.partnership)
    if action is None:
        raise NotKnownYet("partnership", case.partnership)
    basis, id = programme_of(action.programme).aid, named_id("aid-check", case.id)
    if basis == "none" or not case.amount_cents or await tx.get(AidCheck, id):
        return
    payer, identity = await tx.get(KnownParty, case.payer), UUID(case.frozen["visitor_identity"])
    if payer is None:
        raise NotKnownYet("organisation", case.payer)
    await locked_parties(tx, [case.organisation])
    row = AidCheck(
        id=id,
        case_id=case.id,
        organisation=case.organisation,
        identity=identity,
        payer=case.payer,
        partnership=case.partnership,
        basis=basis,
        member_state=payer.country,
    )
    known = await declared_lately(tx, identity, payer.country, basis, at)
    needed = (facts.Known if known else facts.Asked)(
        organisation=case.organisation, basis=basis, member_state=payer.country
    )
    await aid_checks.record(tx, row, "ask", needed, at, cause)


async def waiting(tx: Tx, identities: Collection[UUID], member_state: str) -> Sequence[AidCheck]:
    """The cases that wait for a declaration of these legal identities for aid of this country, locked."""
    statement = (
        select(AidCheck)
        .where(AidCheck.state == "asked", AidCheck.member_state == member_state)
        .where(among(AidCheck.identity, identities))
        .order_by(col(AidCheck.id))
        .with_for_update()
    )
    return (await tx.session.exec(statement)).all()


async def ask_again(tx: Tx, at: Moment, cause: Cause) -> None:
    """The daily sweep: of cases without money yet, those whose declaration has grown too old."""
    statement = (
        select(AidCheck)
        .join(Case, col(Case.id) == AidCheck.case_id)
        .where(AidCheck.state == "declared", ~col(Case.ended), ~col(Case.granted))
        .where(
            ~exists().where(
                col(Reservation.case_id) == Case.id, col(Reservation.state).in_(("queued", "made"))
            )
        )
        .order_by(col(AidCheck.id))
        .with_for_update(of=AidCheck)
    )
    for row in (await tx.session.exec(statement)).all():
        basis = _basis(row)
        if not await declared_lately(tx, row.identity, row.member_state, basis, at):
            body = facts.Outdated(organisation=row.organisation, basis=basis, member_state=row.member_state)
            await aid_checks.record(tx, row, "ask_again", body, at, cause)


async def must_be_declared(tx: Tx, case: Case, at: Moment) -> None:
    """NotKnownYet where the case's support is State aid, and what its undertaking declared may not be relied on."""
    row = await tx.get(AidCheck, named_id("aid-check", case.id))
    if row and not await declared_lately(tx, row.identity, row.member_state, _basis(row), at):
        raise NotKnownYet("declaration of State aid", row.identity)


def _basis(row: AidCheck) -> Literal["de_minimis", "gber_20a"]:
    return "gber_20a" if row.basis == "gber_20a" else "de_minimis"


async def drop(tx: Tx, case: Case, at: Moment, cause: Cause) -> None:
    """The case has ended: nobody has to declare for it."""
    row = await tx.get(AidCheck, named_id("aid-check", case.id))
    if row is not None and (await tx.locked(AidCheck, row.id)).state == "asked":
        await aid_checks.record(tx, row, "drop", facts.Dropped(), at, cause)


async def locked_parties(tx: Tx, organisations: Collection[UUID]) -> None:
    """Lets those who ask and those who declare wait for each other."""
    statement = select(KnownParty).where(among(KnownParty.id, organisations))
    await tx.session.exec(statement.order_by(col(KnownParty.id)).with_for_update())


@dataclass(frozen=True)
class Outlook:
    """What is left of one limit for a case, in cents. own: what the case holds or was granted already."""

    limit: Limit
    left_cents: int
    own_cents: int

    def allows(self, cents: int) -> bool:
        return cents <= self.left_cents + self.own_cents


async def outlooks(tx: Tx, case: Case, at: Moment) -> list[Outlook]:
    """Of every limit of the case as it stands now, none of them opened; NotKnownYet before the declaration."""
    found: list[Outlook] = []
    for limit in await counted_on(tx, case):
        left = await headroom(tx, limit) if await tx.get(Limit, limit.id) else limit.ceiling_cents
        if limit.kind == "de_minimis":
            left += sum(cents for _owner, cents in await too_old(tx, limit, at))
        sides = (Side(account, limit.id, case.id) for account in (Account.HELD, Account.GRANTED))
        own = [await balance(tx.session, side) for side in sides]
        found.append(Outlook(limit, left, sum(own)))
    return found
