"""The ledger's acts: each is a row of the posting table, entered for a case, a claim, a batch or an account.

Whoever calls holds the locks of the case, the budget line and the reservation, in this order, and gives an id
that is the same for the same act. Of an act that a booked entry causes, `explains` names the entry of the bank that
has waited in SUSPENSE until now. All answer whether something was entered: False for a repeat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.reimbursements.ledger.posting import Move, Occasion, balances_of, post, recorded
from services.reimbursements.ledger.posting_table import Place, explaining, moves
from services.reimbursements.ledger.tables import Account


@dataclass(frozen=True)
class Payout:
    """A sum that a claim draws from a reservation on a line, and the member that pays it."""

    line: UUID
    reservation: UUID
    member: UUID
    claim: UUID
    cents: int

    def place(
        self, batch: UUID | None = None, bank_account: UUID | None = None, entry: UUID | None = None
    ) -> Place:
        return Place(
            line=self.line, member=self.member, reservation=self.reservation, claim=self.claim,
            batch=batch, bank_account=bank_account, entry=entry,
        )  # fmt: skip


async def allocate(session: AsyncSession, occasion: Occasion, line: UUID, cents: int) -> bool:
    """The line is given more."""
    return await _enter(session, occasion, "allocate", cents, Place(line=line))


async def cut(session: AsyncSession, occasion: Occasion, line: UUID, cents: int) -> bool:
    """Only what is available can be cut."""
    return await _enter(session, occasion, "cut", cents, Place(line=line))


async def transfer(session: AsyncSession, occasion: Occasion, line: UUID, to: UUID, cents: int) -> bool:
    """What is available moves to another line: two lines, whose sum is zero."""
    return await _enter(session, occasion, "transfer", cents, Place(line=line), Place(line=to))


async def reserve(
    session: AsyncSession, occasion: Occasion, line: UUID, reservation: UUID, cents: int
) -> bool:
    """Refused as no-overspend when the line has less available."""
    return await _enter(session, occasion, "reserve", cents, Place(line=line, reservation=reservation))


async def release(
    session: AsyncSession, occasion: Occasion, line: UUID, reservation: UUID, cents: int
) -> bool:
    """All or a part of a reservation that is no grant goes back."""
    return await _enter(session, occasion, "release", cents, Place(line=line, reservation=reservation))


async def commit(
    session: AsyncSession, occasion: Occasion, line: UUID, reservation: UUID, cents: int
) -> bool:
    """The financial agreement is signed by all."""
    return await _enter(session, occasion, "commit", cents, Place(line=line, reservation=reservation))


async def amend(session: AsyncSession, occasion: Occasion, line: UUID, reservation: UUID, cents: int) -> bool:
    """A signed amendment changes what is committed by so much, up or down: never below what is drawn and paid."""
    act = "amend_up" if cents > 0 else "amend_down"
    return await _enter(session, occasion, act, abs(cents), Place(line=line, reservation=reservation))


async def end_of_case(session: AsyncSession, occasion: Occasion, line: UUID, reservation: UUID) -> int:
    """The rest goes back to the line; how much that was."""
    if before := await recorded(session, occasion.id):
        return sum(entry.debit_cents for entry in before)
    rest = await balances_of(session, reservation)
    sums = {"reserved": rest[Account.RESERVED], "committed": rest[Account.COMMITTED]}
    if released := sum(sums.values()):
        place = Place(line=line, reservation=reservation)
        await post(session, occasion, "end_of_case", moves("end_of_case", sums, place))
    return released


async def approve(session: AsyncSession, occasion: Occasion, payout: Payout) -> bool:
    """The accepted sum is drawn and owed."""
    return await _enter(session, occasion, "approve", payout.cents, payout.place())


async def give_back(session: AsyncSession, occasion: Occasion, payout: Payout) -> bool:
    """An approved claim is returned before it was ordered."""
    return await _enter(session, occasion, "give_back", payout.cents, payout.place())


async def order(session: AsyncSession, occasion: Occasion, batch: UUID, payouts: Sequence[Payout]) -> bool:
    """Two people have authorised the batch."""
    return await _enter_all(session, occasion, "order", payouts, batch)


async def withdraw_order(
    session: AsyncSession, occasion: Occasion, batch: UUID, payouts: Sequence[Payout]
) -> bool:
    """Withdrawn before sending, or refused by the bank for a cause of the payer's."""
    return await _enter_all(session, occasion, "withdraw_order", payouts, batch)


async def refuse_payee(session: AsyncSession, occasion: Occasion, batch: UUID, payout: Payout) -> bool:
    """The bank refused the payee's account."""
    return await _enter_all(session, occasion, "refuse_payee", [payout], batch)


async def book(
    session: AsyncSession,
    occasion: Occasion,
    batch: UUID,
    bank_account: UUID,
    payouts: Sequence[Payout],
    *,
    inside: bool,
    explains: UUID | None = None,
) -> bool:
    """The bank has paid. inside: whether the value date lies inside of the action."""
    act = "book" if inside else "book_outside"
    return await _enter_all(session, occasion, act, payouts, batch, bank_account, explains)


async def take_back(
    session: AsyncSession,
    occasion: Occasion,
    bank_account: UUID,
    payout: Payout,
    *,
    inside: bool,
    fee_cents: int = 0,
    explains: UUID | None = None,
) -> bool:
    """The bank returned a payment, less what it or the other bank kept."""
    act = "take_back" if inside else "take_back_outside"
    place = payout.place(bank_account=bank_account, entry=explains)
    sums = _with_fee(payout.cents, fee_cents)
    return await _enter(session, occasion, act, sums, place, explains=explains)


async def take_back_after_closing(
    session: AsyncSession,
    occasion: Occasion,
    bank_account: UUID,
    payout: Payout,
    new_reservation: UUID,
    *,
    inside: bool,
    fee_cents: int = 0,
    explains: UUID | None = None,
) -> bool:
    """The same after the claim was closed: the sum is committed on the reservation of the replacing claim."""
    act = "take_back_closed" if inside else "take_back_closed_outside"
    here = payout.place(bank_account=bank_account, entry=explains)
    there = Place(line=payout.line, reservation=new_reservation)
    sums = _with_fee(payout.cents, fee_cents)
    return await _enter(session, occasion, act, sums, here, there, explains=explains)


async def order_recovery(session: AsyncSession, occasion: Occasion, payout: Payout) -> bool:
    """So much of a paid claim is asked back."""
    return await _enter(session, occasion, "order_recovery", payout.cents, payout.place())


async def withdraw_recovery(session: AsyncSession, occasion: Occasion, payout: Payout) -> bool:
    """Nothing is asked back any longer: the bank has returned the payment itself."""
    return await _enter(session, occasion, "withdraw_recovery", payout.cents, payout.place())


async def recover(
    session: AsyncSession,
    occasion: Occasion,
    bank_account: UUID,
    payout: Payout,
    *,
    inside: bool,
    share_cents: int = 0,
    explains: UUID | None = None,
) -> bool:
    """The bank booked what was asked back, or a part. Inside of the action it can be granted again; outside of it
    the funder's share is owed to the funder."""
    act = "recover" if inside else "recover_outside"
    place = payout.place(bank_account=bank_account, entry=explains)
    sums = {"sum": payout.cents, "share": share_cents}
    return await _enter(session, occasion, act, sums, place, explains=explains)


async def waive(session: AsyncSession, occasion: Occasion, payout: Payout, share_cents: int = 0) -> bool:
    """The rest is not asked back any longer: the member bears it, and owes the funder's share."""
    sums = {"sum": payout.cents, "share": share_cents}
    return await _enter(session, occasion, "waive", sums, payout.place())


async def cut_by_funder(
    session: AsyncSession, occasion: Occasion, member: UUID, cents_by_line: Mapping[UUID, int]
) -> bool:
    """Support that the funder does not accept: it stays paid, and the member bears it."""
    entered: list[Move] = []
    for line, cents in cents_by_line.items():
        entered += moves("cut_by_funder", _parts(cents), Place(line=line, member=member))
    return await post(session, occasion, "cut_by_funder", entered)


async def regain_cut(session: AsyncSession, occasion: Occasion, line: UUID, member: UUID, cents: int) -> bool:
    """Support that the funder had cut came back, or is written off by a waiver: the member bears it no longer so."""
    return await _enter(session, occasion, "regain_cut", cents, Place(line=line, member=member))


async def ask_back(session: AsyncSession, occasion: Occasion, member: UUID, cents: int) -> bool:
    """So much of what the funder has paid it asks back, since it accepts less."""
    return await _enter(session, occasion, "ask_back", cents, Place(member=member))


async def charge(
    session: AsyncSession,
    occasion: Occasion,
    member: UUID,
    bank_account: UUID,
    cents: int,
    explains: UUID | None = None,
) -> bool:
    """Of the bank: never eligible, never on the support line."""
    return await of_account(session, occasion, "charge", member, bank_account, cents, explains)


async def opening_balance(
    session: AsyncSession, occasion: Occasion, member: UUID, bank_account: UUID, cents: int
) -> bool:
    """What stood on the account before its first statement, or was overdrawn."""
    act = "opening_balance" if cents > 0 else "opening_overdraft"
    return await of_account(session, occasion, act, member, bank_account, abs(cents))


async def unknown_debit(
    session: AsyncSession, occasion: Occasion, member: UUID, bank_account: UUID, cents: int
) -> bool:
    """A booked debit that nobody ordered waits under its own id until a person has explained it."""
    return await of_account(session, occasion, "unknown_debit", member, bank_account, cents)


async def unknown_credit(
    session: AsyncSession, occasion: Occasion, member: UUID, bank_account: UUID, cents: int
) -> bool:
    """A booked credit that nobody expected, in the same way."""
    return await of_account(session, occasion, "unknown_credit", member, bank_account, cents)


async def of_account(
    session: AsyncSession,
    occasion: Occasion,
    act: str,
    member: UUID,
    bank_account: UUID,
    cents: int,
    explains: UUID | None = None,
) -> bool:
    """An entry of the bank that is about no claim: a charge, an instalment of the funder (receive_advance), one
    passed on (pass_on_advance; the member enters its own receive_advance from its own statement), a repayment
    (repay_funder), other business of the account (own_debit, own_credit)."""
    place = Place(member=member, bank_account=bank_account, entry=explains or occasion.id)
    return await _enter(session, occasion, act, cents, place, explains=explains)


async def limited(
    session: AsyncSession, occasion: Occasion, act: str, limit: UUID, case: UUID, cents: int
) -> bool:
    """What a recipient may get: limit_open, limit_hold, limit_release, limit_grant, limit_lower, limit_declare.
    Refused as limit-exceeded when less headroom is left."""
    return await _enter(session, occasion, act, cents, Place(limit=limit, case=case))


async def _enter(
    session: AsyncSession,
    occasion: Occasion,
    act: str,
    sums: int | dict[str, int],
    here: Place,
    there: Place | None = None,
    explains: UUID | None = None,
) -> bool:
    row = explaining(act) if explains else act
    return await post(session, occasion, row, moves(row, _parts(sums), here, there))


async def _enter_all(
    session: AsyncSession,
    occasion: Occasion,
    act: str,
    payouts: Sequence[Payout],
    batch: UUID,
    bank_account: UUID | None = None,
    explains: UUID | None = None,
) -> bool:
    """Several payouts of one batch as one posting."""
    row = explaining(act) if explains else act
    entered: list[Move] = []
    for payout in payouts:
        entered += moves(row, _parts(payout.cents), payout.place(batch, bank_account, explains))
    return await post(session, occasion, row, entered)


def _parts(sums: int | dict[str, int]) -> dict[str, int]:
    return {"sum": sums} if isinstance(sums, int) else sums


def _with_fee(cents: int, fee_cents: int) -> dict[str, int]:
    return {"sum": cents, "net": cents - fee_cents, "fee": fee_cents}
