"""Payees: an organisation gives the account it is paid to; a second person checks it before anything is paid
(FS-33, FS-40). The number is kept under a key of the payee's own and leaves this service in payment files only.
"""

from typing import Literal, get_args
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import payee as facts
from contracts.countries import in_sepa
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import new_id
from contracts.payee import PAYEE
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.reimbursements.banking.iban import country_of, masked, parse_bic, parse_iban
from services.reimbursements.claims.opening import file_itself
from services.reimbursements.models import Case, Claim, KnownParty
from services.reimbursements.payees.knowing import known_as
from services.reimbursements.payees.models import Payee, PayeeVersion
from services.reimbursements.payees.screening import newest_list, screened
from services.reimbursements.vault import Vault


class Account(Input):
    """What is given of an account. Within SEPA holder and IBAN are enough."""

    holder: str = Field(
        title="Account holder", description="Must be the organisation itself.", min_length=2, max_length=140
    )
    iban: str = Field("", title="Account number (IBAN)", max_length=42)
    other: str = Field(
        "", title="Account number, if there is no IBAN", max_length=34, pattern=r"^[A-Za-z0-9 /-]*$"
    )
    bic: str = Field("", title="BIC of the bank", description="Needed outside SEPA only.", max_length=11)
    street: str = Field("", title="Street", description="Needed outside SEPA only.", max_length=70)
    building: str = Field("", title="House number", max_length=16)
    postcode: str = Field("", title="Postcode", max_length=16)


class Enter(Account):
    organisation: UUID = Field(title="Organisation that is paid")


class Excuse(Input):
    reason: str = Field(title="Why may this account be used all the same?", min_length=3, max_length=2000)


class Check(Input):
    outcome: Literal["match", "close", "no_match", "not_possible"] = Field(
        title="What did the bank's name check say?"
    )
    remark: str = Field("", title="Reason", description="Needed for anything but a match.", max_length=2000)


class Refuse(Input):
    remark: str = Field(title="Why is the account refused?", min_length=3, max_length=2000)


@rule(PAYEE, "enter")
async def enter(work: Work[Payee], given: Enter, at: Moment) -> facts.Entered | facts.Blocked:
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
        key=new_id(),
        members=members,
        holder=given.holder,
        town=party.town,
        country=party.country,
        iban_cipher=b"",
        iban_hash="",
        iban_masked="",
        entered_by=work.actor.person,
    )
    await _give(work, row, given, at)
    work.row = row
    return _given(row) or facts.Entered(organisation=given.organisation)


@rule(PAYEE, "change")
async def change(work: Work[Payee], given: Account, at: Moment) -> facts.Changed | facts.Blocked:
    """A change re-opens the check, and whoever gave the account before is told."""
    row = work.row
    members = await _members(work.tx, row.organisation)
    row.contact = row.entered_by
    await _give(work, row, given, at)
    row.members = members
    return _given(row) or facts.Changed(organisation=row.organisation)


@rule(PAYEE, "excuse")
async def excuse(work: Work[Payee], given: Excuse, at: Moment) -> facts.Excused:
    _not_the_claimant(work)
    work.row.excuse, work.row.excused_by = given.reason, work.actor.person
    return facts.Excused(organisation=work.row.organisation)


@rule(PAYEE, "release")
async def release(work: Work[Payee], given: Nothing, at: Moment) -> facts.Released:
    """The second of two people who say that a blocked account may be used."""
    _not_the_claimant(work)
    row = work.row
    if row.excused_by is None:
        raise DomainError("excuse-first", status=409)
    if row.excused_by == work.actor.person:
        raise DomainError("excused-yourself", status=403)
    row.released_by = work.actor.person
    return facts.Released(organisation=row.organisation)


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
    own = work.actor.partial_to
    if work.actor.person == work.row.entered_by or work.row.organisation in own:
        raise DomainError("own-account", status=403)


async def _give(work: Work[Payee], row: Payee, given: Account, at: Moment) -> None:
    """Puts the account on the row, as one more version, and compares its holder with the sanctions lists."""
    tx, vault = work.tx, work.tx.tool(Vault)
    number, is_iban = _number(given)
    bic = parse_bic(given.bic) if given.bic else ""
    bank_country = country_of(number) if is_iban else bic[4:6]
    if not is_iban or not in_sepa(bank_country, at.today()):
        for field in ("bic", "street"):
            if not getattr(given, field):
                raise DomainError("outside-sepa-needs-more", field)
    mark = vault.fingerprint(number)
    blocked = await known_as(tx, row, mark)
    row.holder, row.street, row.building, row.postcode = (
        given.holder,
        given.street,
        given.building,
        given.postcode,
    )
    row.iban_cipher = vault.seal(number.encode(), row.id, under=row.key)
    row.bic_cipher = vault.seal(bic.encode(), row.id, under=row.key) if bic else None
    row.iban_hash, row.iban_masked, row.is_iban = mark, masked(number), is_iban
    row.bank_country, row.entered_by = bank_country, work.actor.person
    row.checked_by, row.outcome, row.remark = None, "", ""
    row.blocked, row.excuse, row.excused_by, row.released_by = blocked or "", "", None, None
    row.screening, row.hits, row.screened_at = "", [], None
    with tx.session.no_autoflush:  # the row is whole only when its state is set as well
        if await newest_list(tx) is not None:
            await screened(tx, row, at, None)
    id = new_id()
    tx.add(
        PayeeVersion(
            id=id,
            payee=row.id,
            number=row.version + 1,
            key=row.key,
            holder_cipher=vault.seal(given.holder.encode(), id, under=row.key),
            iban_cipher=vault.seal(number.encode(), id, under=row.key),
            given_by=work.actor.person,
            given_at=at.now,
        )
    )


def _given(row: Payee) -> facts.Blocked | None:
    why: facts.Why | None = next((one for one in get_args(facts.Why) if one == row.blocked), None)
    return facts.Blocked(organisation=row.organisation, why=why) if why else None


def _number(given: Account) -> tuple[str, bool]:
    """The number as files have it, and whether it is an IBAN."""
    if given.iban:
        return parse_iban(given.iban), True
    number = given.other.replace(" ", "").upper()
    if len(number) < 4:
        raise DomainError("account-missing", "iban")
    return number, False


async def _members(tx: Tx, organisation: UUID) -> list[UUID]:
    """The paying members that have a case of this organisation: theirs it is to check the account."""
    rows = await tx.session.exec(select(col(Case.payer)).where(Case.organisation == organisation).distinct())
    return sorted(rows.all())
