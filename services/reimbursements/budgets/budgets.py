"""Budget lines: opened by the coordinator for a paying member, raised or cut later; each change serves the queue."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import select

from contracts import budget as facts
from contracts.budget import BUDGET
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import named_id, new_id
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.web.look.forms import Cents
from services.chassis.web.look.values import amount
from services.reimbursements.banking.iban import parse_iban
from services.reimbursements.budgets.reservations import available, serve_queue
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from services.reimbursements.models import Budget, KnownAction, KnownParty
from services.reimbursements.payees.knowing import block_known
from services.reimbursements.payments.models import PayingAccount
from services.reimbursements.vault import Vault


class Open(Input):
    partnership: UUID = Field(title="Partnership")
    member: UUID = Field(
        title="Paying member", description="It holds the line, signs and pays in its own name."
    )
    name: str = Field(title="Name of the line", min_length=2, max_length=120)
    category: facts.Category = Field(
        default="support",
        title="What it pays",
        description="Only support to third parties is granted to applicants; own costs are planned here.",
    )
    amount_cents: Annotated[int, Cents] = Field(title="Amount in euro", gt=0, le=10_000_000_00)
    iban: str = Field(title="Account that pays (IBAN)", min_length=15, max_length=42)
    outside_sepa: bool = Field(False, title="Does this account’s bank execute payments outside SEPA as well?")


class Change(Input):
    amount_cents: Annotated[int, Cents] = Field(title="Amount in euro", gt=0, le=10_000_000_00)


@rule(BUDGET, "open")
async def open_(work: Work[Budget], given: Open, at: Moment) -> facts.Opened:
    tx = work.tx
    action = await tx.get(KnownAction, given.partnership)
    if action is None:
        raise NotKnownYet("partnership", given.partnership)
    if given.member not in action.members:
        raise DomainError("not-a-member", "member")
    account = await _account(work, given, at)
    work.row = Budget(
        id=new_id(),
        partnership=given.partnership,
        member=given.member,
        account=account.id,
        name=given.name,
        category=given.category,
        action_start=action.first_day,
        action_end=action.last_day,
        opened_at=at.now,
    )
    occasion = Occasion(named_id("posting", "open", work.row.id), at.today())
    await ledger.allocate(tx.session, occasion, work.row.id, given.amount_cents)
    return facts.Opened(
        partnership=given.partnership,
        member=given.member,
        name=given.name,
        category=given.category,
        amount_cents=given.amount_cents,
        action_start=action.first_day,
        action_end=action.last_day,
    )


@rule(BUDGET, "raise")
async def raise_(work: Work[Budget], given: Change, at: Moment) -> facts.Raised:
    """More money serves those who wait, in the same transaction."""
    line = work.row
    occasion = Occasion(named_id("posting", "raise", line.id, line.version), at.today())
    await ledger.allocate(work.tx.session, occasion, line.id, given.amount_cents)
    await serve_queue(work.tx, line, at, work.cause.of_a_step())
    return facts.Raised(amount_cents=given.amount_cents)


@rule(BUDGET, "cut")
async def cut(work: Work[Budget], given: Change, at: Moment) -> facts.Cut:
    line = work.row
    left = await available(work.tx, line.id)
    if left < given.amount_cents:
        raise DomainError("cut-beyond-available", "amount_cents", available=amount(left))
    occasion = Occasion(named_id("posting", "cut", line.id, line.version), at.today())
    await ledger.cut(work.tx.session, occasion, line.id, given.amount_cents)
    return facts.Cut(amount_cents=given.amount_cents)


async def _account(work: Work[Budget], given: Open, at: Moment) -> PayingAccount:
    """The member's account, known or new; an account belongs to one member, and is no payee's."""
    tx, member, iban = work.tx, given.member, parse_iban(given.iban)
    vault = tx.tool(Vault)
    mark = vault.fingerprint(iban)
    known = (
        await tx.session.exec(select(PayingAccount).where(PayingAccount.iban_hash == mark))
    ).one_or_none()
    if known is not None:
        if known.member != member:
            raise DomainError("account-of-another", "iban")
        return known
    party = await tx.get(KnownParty, member)
    if party is None:
        raise NotKnownYet("organisation", member)
    id = new_id()
    account = PayingAccount(
        id=id,
        member=member,
        holder=party.name,
        town=party.town,
        country=party.country,
        iban_cipher=vault.seal(iban.encode(), id, under=member),
        iban_hash=mark,
        outside_sepa=given.outside_sepa,
    )
    tx.add(account)
    await block_known(tx, [mark], "payer", at, work.cause.of_a_step())
    return account
