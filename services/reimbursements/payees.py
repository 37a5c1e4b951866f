"""Payees: an organisation gives the account it is paid to; a second person checks it before anything is paid
(FS-33, FS-40). The number is kept under the vault's key and leaves this service in payment files only.
"""

from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import payee as facts
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import new_id
from contracts.payee import PAYEE
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.reimbursements.banking.iban import masked, parse_iban
from services.reimbursements.claims import file_itself
from services.reimbursements.models import Case, Claim, KnownParty, Payee
from services.reimbursements.payment_models import PayingAccount
from services.reimbursements.vault import Vault


class Enter(Input):
    organisation: UUID = Field(title="Organisation that is paid")
    holder: str = Field(
        title="Account holder", description="Must be the organisation itself.", min_length=2, max_length=140
    )
    iban: str = Field(title="Account number (IBAN)", min_length=15, max_length=42)


class Change(Input):
    holder: str = Field(title="Account holder", min_length=2, max_length=140)
    iban: str = Field(title="Account number (IBAN)", min_length=15, max_length=42)


class Check(Input):
    outcome: Literal["match", "close", "no_match", "not_possible"] = Field(
        title="What did the bank's name check say?"
    )
    remark: str = Field("", title="Reason", description="Needed for anything but a match.", max_length=2000)


class Refuse(Input):
    remark: str = Field(title="Why is the account refused?", min_length=3, max_length=2000)


@rule(PAYEE, "enter")
async def enter(work: Work[Payee], given: Enter, at: Moment) -> facts.Entered:
    tx = work.tx
    party = await tx.get(KnownParty, given.organisation)
    if party is None:
        raise NotKnownYet("organisation", given.organisation)
    members = await _members(tx, given.organisation)
    if not members:
        raise DomainError("no-case-yet", "organisation", status=409)
    known = select(Payee.id).where(Payee.organisation == given.organisation)
    if (await tx.session.exec(known)).first() is not None:
        raise DomainError("payee-once", "organisation", status=409)
    row = Payee(
        id=new_id(),
        organisation=given.organisation,
        members=members,
        holder=given.holder,
        town=party.town,
        country=party.country,
        iban_cipher=b"",
        iban_hash="",
        iban_masked="",
        entered_by=work.actor.person,
    )
    await _set_account(tx, row, given.iban)
    work.row = row
    return facts.Entered(organisation=given.organisation)


@rule(PAYEE, "change")
async def change(work: Work[Payee], given: Change, at: Moment) -> facts.Changed:
    """A change re-opens the check."""
    row = work.row
    members = await _members(work.tx, row.organisation)
    await _set_account(work.tx, row, given.iban)
    row.members, row.holder, row.entered_by = members, given.holder, work.actor.person
    row.checked_by, row.outcome, row.remark = None, "", ""
    return facts.Changed(organisation=row.organisation)


@rule(PAYEE, "check")
async def check(work: Work[Payee], given: Check, at: Moment) -> facts.Checked:
    """Opens the way for claims that wait for the account only: they file themselves."""
    row, tx = work.row, work.tx
    _not_the_claimant(work)
    if given.outcome != "match" and not given.remark:
        raise DomainError("reason-missing", "remark")
    row.checked_by = work.actor.person
    row.outcome, row.remark = given.outcome, given.remark
    waiting = select(Claim).where(Claim.organisation == row.organisation, Claim.state == "opened")
    for claim in (await tx.session.exec(waiting.order_by(col(Claim.id)))).all():
        case = await tx.locked(Case, claim.case_id)
        locked = await tx.locked(Claim, claim.id)
        if locked.state == "opened":
            await file_itself(tx, locked, case, at, work.cause.of_a_step())
    return facts.Checked(organisation=row.organisation, outcome=given.outcome)


@rule(PAYEE, "refuse")
async def refuse(work: Work[Payee], given: Refuse, at: Moment) -> facts.Refused:
    _not_the_claimant(work)
    work.row.remark = given.remark
    return facts.Refused(organisation=work.row.organisation)


def _not_the_claimant(work: Work[Payee]) -> None:
    """Whoever gave the account, or belongs to the organisation, does not judge it."""
    own = work.actor.scopes("member") | work.actor.scopes("owner")
    if work.actor.person == work.row.entered_by or work.row.organisation in own:
        raise DomainError("own-account", status=403)


async def _set_account(tx: Tx, row: Payee, typed: str) -> None:
    """One account is one organisation's, and never the payer's own."""
    vault, iban = tx.tool(Vault), parse_iban(typed)
    mark = vault.fingerprint(iban)
    others = select(Payee).where(Payee.iban_hash == mark, Payee.organisation != row.organisation)
    own = select(PayingAccount).where(PayingAccount.iban_hash == mark)
    if (await tx.session.exec(others)).first() or (await tx.session.exec(own)).first():
        raise DomainError("account-known-elsewhere", "iban")
    row.iban_cipher = vault.seal(iban.encode(), row.id)
    row.iban_hash = mark
    row.iban_masked = masked(iban)


async def _members(tx: Tx, organisation: UUID) -> list[UUID]:
    """The paying members that have a case of this organisation: theirs it is to check the account."""
    rows = await tx.session.exec(select(col(Case.payer)).where(Case.organisation == organisation).distinct())
    return sorted(rows.all())
