"""The payment file of a batch: one order for each paying account, and one more for what SEPA does not reach; checked,
made once, kept. And whether the accounts hold what it orders.
"""

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col, func, select

from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.web.look.values import amount
from services.reimbursements.bank.models import Statement
from services.reimbursements.banking import sepa
from services.reimbursements.banking.iban import bic_of, masked
from services.reimbursements.banking.sepa import Address, Order, Party, Transfer, write
from services.reimbursements.banking.sepa_check import check
from services.reimbursements.ledger.posting import balances_of
from services.reimbursements.ledger.tables import Account
from services.reimbursements.payees.models import Payee
from services.reimbursements.payees.screening import must_be_clear
from services.reimbursements.payments.models import Batch, FileDownload, PayingAccount, Payment, PaymentFile
from services.reimbursements.payments.payments import OPEN, Due, locked_all, outside_sepa
from services.reimbursements.vault import Vault


@dataclass(frozen=True)
class Funds:
    """What an account holds by its last statement, what was ordered from it and is not booked, what is to be ordered.
    balance_cents is None before the first statement: then nothing is known, and nothing is claimed."""

    holder: str
    account: str
    balance_cents: int | None
    ordered_cents: int
    batch_cents: int

    @property
    def left_cents(self) -> int | None:
        return None if self.balance_cents is None else self.balance_cents - self.ordered_cents

    @property
    def short(self) -> bool:
        return self.left_cents is not None and self.batch_cents > self.left_cents


async def funds_of(tx: Tx, payments: Iterable[Payment]) -> list[Funds]:
    """Of each account that these payments are to be made from, those in them left out of what was ordered."""
    asked: dict[UUID, int] = {}
    for payment in payments:
        assert payment.account is not None
        asked[payment.account] = asked.get(payment.account, 0) + payment.amount_cents
    own = {payment.id for payment in payments}
    newest = (
        select(Statement.account, Statement.closing_cents)
        .where(col(Statement.account).in_(asked))
        .ext(distinct_on(col(Statement.account)))
        .order_by(col(Statement.account), col(Statement.id).desc())
    )
    last = dict((await tx.session.exec(newest)).all())
    ordered = dict(
        (
            await tx.session.exec(
                select(col(Payment.account), func.sum(Payment.amount_cents))
                .where(
                    col(Payment.account).in_(asked), col(Payment.state).in_(OPEN), ~col(Payment.id).in_(own)
                )
                .group_by(col(Payment.account))
            )
        ).all()
    )
    accounts = (await tx.session.exec(select(PayingAccount).where(col(PayingAccount.id).in_(asked)))).all()
    vault = tx.tool(Vault)
    return [
        Funds(
            one.holder,
            masked(vault.open(one.iban_cipher, one.id, under=one.member).decode()),
            last.get(one.id),
            int(ordered.get(one.id, 0)),
            asked[one.id],
        )
        for one in sorted(accounts, key=lambda one: one.holder)
    ]


async def write_file(tx: Tx, batch: Batch, attempts: Sequence[Due], at: Moment) -> str:
    """Writes the file of what the ledger has in transit, has it checked, keeps it, answers its hash; a fault refuses
    the authorisation."""
    payees = await locked_all(tx, Payee, {one.payment.payee for one in attempts})
    accounts = await _accounts(tx, attempts)
    if unchecked := [payee.holder for payee in payees.values() if payee.state != "checked"]:
        raise DomainError("payee-changed", status=409, holder=unchecked[0])
    await must_be_clear(tx, payees.values(), at)
    orders = _orders(tx.tool(Vault), batch, attempts, accounts, payees)
    initiator = accounts[attempts[0].payment.account].holder
    transit = (await balances_of(tx.session, batch.id))[Account.TRANSIT]
    if (transit, len(attempts)) != (batch.sum_cents, batch.payments):
        raise DomainError(
            "file-not-authorised", None, status=409, where=batch.message_id,
            given=amount(batch.sum_cents), counted=amount(transit),
        )  # fmt: skip
    authorised = {
        id: sum(one.payment.amount_cents for one in attempts if one.payment.order_id == id)
        for id in (order.id for order in orders)
    }
    written = await asyncio.to_thread(_checked, batch.message_id, initiator, orders, authorised, at)
    sha256 = hashlib.sha256(written.content).hexdigest()
    changes = [asdict(change) for change in written.changes]
    content = tx.tool(Vault).seal(written.content, batch.id, under=batch.member)
    tx.add(PaymentFile(batch=batch.id, sha256=sha256, content=content, changes=changes))
    return sha256


async def file_of(tx: Tx, batch: Batch) -> tuple[bytes, PaymentFile]:
    """The bytes that were authorised, and what is known of them; DomainError("not-found") before that."""
    kept = await tx.found(PaymentFile, batch.id)
    return tx.tool(Vault).open(kept.content, batch.id, under=batch.member), kept


async def fetched(tx: Tx, batch: Batch, person: UUID, at: Moment) -> bytes:
    """The bytes for whoever fetches them, which is kept for ever."""
    content, kept = await file_of(tx, batch)
    tx.add(FileDownload(id=new_id(), batch=batch.id, person=person, sha256=kept.sha256, at=at.now))
    return content


async def _accounts(tx: Tx, attempts: Sequence[Due]) -> dict[UUID | None, PayingAccount]:
    """The accounts that these are paid from."""
    accounts = {one.payment.account for one in attempts}
    found = await tx.session.exec(select(PayingAccount).where(col(PayingAccount.id).in_(accounts)))
    return {account.id: account for account in found}


def _orders(
    vault: Vault,
    batch: Batch,
    attempts: Sequence[Due],
    accounts: Mapping[UUID | None, PayingAccount],
    payees: Mapping[UUID, Payee],
) -> list[Order]:
    """One order per paying account, and one more for its payments outside SEPA; each payment keeps its order's id."""
    groups: dict[tuple[UUID, bool], list[Due]] = {}
    for one in attempts:
        assert one.payment.account is not None
        outside = outside_sepa(payees[one.payment.payee], batch.execution_date)
        groups.setdefault((one.payment.account, outside), []).append(one)
    orders: list[Order] = []
    for n, ((account, outside), group) in enumerate(sorted(groups.items()), start=1):
        paying = accounts[account]
        if outside and not paying.outside_sepa:
            raise DomainError(
                "bank-not-outside-sepa", status=409, holder=payees[group[0].payment.payee].holder
            )
        id = batch.message_id if len(groups) == 1 else f"{batch.message_id}-{n}"
        for one in group:
            one.payment.order_id = id
        transfers = tuple(
            Transfer(
                one.payment.end_to_end_id,
                one.payment.amount_cents,
                _payee(vault, payees[one.payment.payee]),
                f"{one.claim.number} {paying.holder}",
            )
            for one in group
        )
        orders.append(Order(id, _payer(vault, paying), batch.execution_date, transfers, outside))
    return orders


def _checked(
    id: str, initiator: str, orders: Collection[Order], authorised: dict[str, int], at: Moment
) -> sepa.PaymentFile:
    """The file, read again from its bytes. Ids of earlier files cannot be in it: they are unique in the database."""
    written = write(id, at.now, initiator, list(orders))
    if faults := check(written.content, authorised, ()):
        raise DomainError(f"file-{faults[0].slug}", None, status=409, **faults[0].params)
    return written


def _payer(vault: Vault, account: PayingAccount) -> Party:
    iban = vault.open(account.iban_cipher, account.id, under=account.member).decode()
    return Party(account.holder, Address(account.town, account.country), iban, bic_of(iban))


def _payee(vault: Vault, payee: Payee) -> Party:
    number = vault.open(payee.iban_cipher, payee.id, under=payee.key).decode()
    given = vault.open(payee.bic_cipher, payee.id, under=payee.key).decode() if payee.bic_cipher else None
    address = Address(payee.town, payee.country, payee.street, payee.building, payee.postcode)
    bic = given or (bic_of(number) if payee.is_iban else None)
    return Party(payee.holder, address, number, bic, payee.is_iban)
