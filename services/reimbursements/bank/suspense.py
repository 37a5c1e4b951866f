"""Booked entries become postings; what is not known waits in suspense until two people say what it was, or the bank
does.

Nothing is guessed and nothing is rounded away: what a person names has to be the entry's sum to the cent.
"""

from typing import Annotated, get_args
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import suspense as facts
from contracts.errors import DomainError
from contracts.ids import named_id, new_id
from contracts.suspense import SUSPENSE
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.web.look.forms import Cents
from services.reimbursements.bank import settling
from services.reimbursements.bank.models import SuspenseLine
from services.reimbursements.bank.reconciling import CHARGE, Meaning, paid_back
from services.reimbursements.bank.settling import NOT_SAID, Booked
from services.reimbursements.banking.entries import Entry
from services.reimbursements.claims.recovery import Received, receive
from services.reimbursements.kinds import claims, suspense
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from services.reimbursements.payments.held import NOT_PAID, in_its_place
from services.reimbursements.payments.models import PayingAccount, Payment
from services.reimbursements.payments.payments import OPEN, Attempt, locked_attempts
from services.reimbursements.vault import Vault


class Explain(Input):
    how: facts.How = Field(title="What was it?")
    payments: str = Field(
        "", title="Payments", description="End-to-end ids of the payments, each on a line of its own.",
        max_length=4000,
    )  # fmt: skip
    fee_cents: Annotated[int, Cents] = Field(0, title="Fee that was kept, in euro", ge=0)
    reason: str = Field(title="How do you know?", min_length=3, max_length=2000)


async def post(
    tx: Tx, statement: UUID, booked: Booked, entry: Entry, meaning: Meaning, at: Moment, cause: Cause
) -> str:
    """Posts one booked entry and answers as what; what is not known is posted to suspense, with an alarm."""
    account = booked.account
    if meaning.kind != "suspense":
        reason = entry.items[0].return_reason if entry.items else None
        await _settle(tx, booked, entry.cents, meaning, reason or NOT_SAID, at, cause)
        return meaning.kind
    unknown = ledger.unknown_credit if entry.credit else ledger.unknown_debit
    occasion = _occasion("unknown", booked)
    await unknown(tx.session, occasion, account.member, account.id, entry.cents)
    id = new_id()
    row = SuspenseLine(
        id=id,
        member=account.member,
        account=account.id,
        statement=statement,
        posting=occasion.id,
        identity=booked.identity,
        order_id=entry.order_id or "",
        cents=entry.signed_cents,
        booked_on=booked.booked_on,
        value_on=booked.value_on,
        why=meaning.why,
        told=tx.tool(Vault).seal(entry.told.encode(), id, under=account.member),
        opened_at=at.now,
    )
    opened = facts.Opened(member=account.member, amount_cents=entry.signed_cents, why=meaning.why)
    await suspense.record(tx, row, "open", opened, at, cause)
    return "suspense"


async def explained_by_advice(
    tx: Tx, account: PayingAccount, line: SuspenseLine, meaning: Meaning, at: Moment, cause: Cause
) -> bool:
    """Posts what the bank's own advice says of a line, if that is known to the cent."""
    if meaning.kind == "suspense":
        return False
    await _settle(tx, _booked(account, line), abs(line.cents), meaning, NOT_SAID, at, cause)
    line.how = "advice"
    await suspense.record(tx, line, "settle", facts.Settled(how="advice"), at, cause)
    return True


@rule(SUSPENSE, "explain")
async def explain(work: Work[SuspenseLine], given: Explain, at: Moment) -> facts.Explained:
    """The first person; a second one looks at it before anything is posted."""
    line, named = work.row, given.payments.split()
    await _meaning(work.tx, line, given.how, named, given.fee_cents)
    line.how, line.payments, line.fee_cents = given.how, named, given.fee_cents
    line.reason, line.explained_by = given.reason, work.actor.person
    return facts.Explained(how=given.how)


@rule(SUSPENSE, "send_back")
async def send_back(work: Work[SuspenseLine], given: Nothing, at: Moment) -> facts.SentBack:
    line = work.row
    line.how, line.payments, line.fee_cents, line.reason, line.explained_by = "", [], 0, "", None
    return facts.SentBack()


@rule(SUSPENSE, "confirm")
async def confirm(work: Work[SuspenseLine], given: Nothing, at: Moment) -> facts.Settled:
    """The second person: the line leaves suspense by an entry that names it."""
    line, tx, cause = work.row, work.tx, work.cause.of_a_step()
    if work.actor.person == line.explained_by:
        raise DomainError("explained-yourself", status=403)
    account = await tx.found(PayingAccount, line.account)
    meaning = await _meaning(tx, line, line.how, line.payments, line.fee_cents)
    booked = _booked(account, line)
    if meaning is None:
        act = "own_credit" if line.cents > 0 else "own_debit"
        await ledger.of_account(
            tx.session, _occasion("own", booked), act, account.member, account.id, abs(line.cents),
            explains=line.posting,
        )  # fmt: skip
    else:
        await _settle(tx, booked, abs(line.cents), meaning, NOT_SAID, at, cause)
    line.settled_by = work.actor.person
    return facts.Settled(how=next(how for how in get_args(facts.How) if how == line.how))


async def _meaning(tx: Tx, line: SuspenseLine, how: str, named: list[str], fee_cents: int) -> Meaning | None:
    """What a person says that a line is, if it can be: nothing is posted that does not fit to the cent. None for
    other business of the account."""
    if how == "own":
        return None
    if how == "charge":
        if line.cents > 0:
            raise DomainError("explanation-direction", "how")
        return CHARGE
    attempts = await _attempts(tx, line.account, named)
    paid = how == "payments"
    if paid != (line.cents < 0):
        raise DomainError("explanation-direction", "how")
    for one in attempts:
        if paid and one.payment.state in NOT_PAID:
            await in_its_place(tx, one)
        elif (one.payment.state not in OPEN) if paid else (one.payment.state != "booked" or paid_back(one)):
            raise DomainError("explanation-payment", "payments", id=one.payment.end_to_end_id)
    total = sum(one.payment.amount_cents for one in attempts)
    if total + (fee_cents if paid else -fee_cents) != abs(line.cents):
        raise DomainError("explanation-sum", "payments")
    fees = (fee_cents, *(0 for _one in attempts[1:])) if fee_cents or not paid else ()
    return Meaning("payment" if paid else "return", tuple(attempts), fees)


async def _attempts(tx: Tx, account: UUID, named: list[str]) -> list[Attempt]:
    """The payments of this account with these ids, locked."""
    statement = select(Payment.id, Payment.end_to_end_id).where(
        Payment.account == account, col(Payment.end_to_end_id).in_(named)
    )
    found = dict((await tx.session.exec(statement)).all())
    if missing := [id for id in named if id not in found.values()]:
        raise DomainError("explanation-payment", "payments", id=missing[0])
    if not named or len(found) != len(named):
        raise DomainError("explanation-sum", "payments")
    return await locked_attempts(tx, found)


async def _settle(
    tx: Tx, booked: Booked, cents: int, meaning: Meaning, reason: str, at: Moment, cause: Cause
) -> None:
    """Posts what is known. A fee that was taken with payments is a charge of its own; one that was kept of a payment
    that came back lowers what has come."""
    account = booked.account
    if meaning.kind == "repayment":
        await _paid_back(tx, meaning.attempts[0], booked, cents, at, cause)
        return
    charge = cents if meaning.kind == "charge" else sum(meaning.fees) if meaning.kind == "payment" else 0
    for n, attempt in enumerate(meaning.attempts):
        if meaning.kind == "payment":
            if attempt.payment.state in NOT_PAID:
                await settling.reinstated(tx, attempt, at, cause)
            await settling.paid(tx, attempt, booked, at, cause)
        else:
            await settling.returned(tx, attempt, booked, meaning.fees[n], reason, at, cause)
    if charge:
        occasion = _occasion("charge", booked)
        await ledger.charge(
            tx.session, occasion, account.member, account.id, charge, explains=booked.explains
        )


async def _paid_back(tx: Tx, attempt: Attempt, booked: Booked, cents: int, at: Moment, cause: Cause) -> None:
    assert attempt.demand is not None
    occasion = Occasion(
        _occasion("recovered", booked).id, booked.value_on, case=attempt.case.id, claim=attempt.claim.id
    )
    received = Received(occasion, booked.account.id, cents)
    told = await receive(tx, attempt.claim, attempt.demand, received, at, cause)
    await claims.record(tx, attempt.claim, "confirm_recovery", told, at, cause)


def _booked(account: PayingAccount, line: SuspenseLine) -> Booked:
    return Booked(account, line.booked_on, line.value_on, line.identity, line.posting)


def _occasion(act: str, booked: Booked) -> Occasion:
    """The entry's identity on the account makes the same entry the same posting."""
    return Occasion(named_id("posting", act, booked.account.id, booked.identity), booked.value_on)
