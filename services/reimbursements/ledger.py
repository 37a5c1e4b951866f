"""The posting table: one function per act, which says what it debits and credits in both blocks.

Whoever calls holds the locks of the case, the budget line and the reservation, in this order, and gives an id
that is the same for the same act. In `X / Y` below, X is debited and Y credited."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.reimbursements.ledger_tables import Account
from services.reimbursements.posting import Move, Occasion, Side, balances_of, post, recorded


@dataclass(frozen=True)
class Payout:
    """A sum that a claim draws from a reservation on a line, and the member that pays it."""

    line: UUID
    reservation: UUID
    member: UUID
    claim: UUID
    cents: int


async def allocate(session: AsyncSession, occasion: Occasion, line: UUID, cents: int) -> bool:
    """AVAILABLE / ALLOTTED."""
    move = Move(_line(Account.AVAILABLE, line), _line(Account.ALLOTTED, line), cents)
    return await post(session, occasion, "allocate", [move])


async def cut(session: AsyncSession, occasion: Occasion, line: UUID, cents: int) -> bool:
    """ALLOTTED / AVAILABLE: only what is available can be cut."""
    move = Move(_line(Account.ALLOTTED, line), _line(Account.AVAILABLE, line), cents)
    return await post(session, occasion, "cut", [move])


async def reserve(
    session: AsyncSession, occasion: Occasion, line: UUID, reservation: UUID, cents: int
) -> bool:
    """RESERVED / AVAILABLE; refused as no-overspend when the line has less available."""
    move = Move(_of(Account.RESERVED, line, reservation), _line(Account.AVAILABLE, line), cents)
    return await post(session, occasion, "reserve", [move])


async def release(
    session: AsyncSession, occasion: Occasion, line: UUID, reservation: UUID, cents: int
) -> bool:
    """AVAILABLE / RESERVED: a reservation that never became a grant."""
    move = Move(_line(Account.AVAILABLE, line), _of(Account.RESERVED, line, reservation), cents)
    return await post(session, occasion, "release", [move])


async def commit(
    session: AsyncSession, occasion: Occasion, line: UUID, reservation: UUID, cents: int
) -> bool:
    """COMMITTED / RESERVED: the financial agreement is signed by all."""
    move = Move(_of(Account.COMMITTED, line, reservation), _of(Account.RESERVED, line, reservation), cents)
    return await post(session, occasion, "commit", [move])


async def end_of_case(session: AsyncSession, occasion: Occasion, line: UUID, reservation: UUID) -> int:
    """AVAILABLE / RESERVED and AVAILABLE / COMMITTED: the rest goes back to the line; how much that was."""
    if before := await recorded(session, occasion.id):
        return sum(entry.debit_cents for entry in before)
    rest = await balances_of(session, reservation)
    moves = [
        Move(_line(Account.AVAILABLE, line), _of(account, line, reservation), rest[account])
        for account in (Account.RESERVED, Account.COMMITTED)
    ]
    released = sum(move.cents for move in moves)
    if released:
        await post(session, occasion, "end_of_case", moves)
    return released


async def approve(session: AsyncSession, occasion: Occasion, payout: Payout) -> bool:
    """DRAWN / COMMITTED; SUPPORT / PAYABLE: the accepted sum is drawn and owed."""
    return await post(session, occasion, "approve", [*_drawn(payout), *_owed(payout)])


async def give_back(session: AsyncSession, occasion: Occasion, payout: Payout) -> bool:
    """COMMITTED / DRAWN; PAYABLE / SUPPORT: an approved claim is returned before it was ordered."""
    return await post(session, occasion, "give_back", [*_turned(_drawn(payout)), *_turned(_owed(payout))])


async def order(session: AsyncSession, occasion: Occasion, batch: UUID, payouts: Sequence[Payout]) -> bool:
    """PAYABLE / TRANSIT: two people have authorised the batch."""
    return await post(session, occasion, "order", [_ordered(payout, batch) for payout in payouts])


async def withdraw_order(
    session: AsyncSession, occasion: Occasion, batch: UUID, payouts: Sequence[Payout]
) -> bool:
    """TRANSIT / PAYABLE: withdrawn before sending, or refused by the bank for a cause of the payer's."""
    moves = _turned([_ordered(payout, batch) for payout in payouts])
    return await post(session, occasion, "withdraw_order", moves)


async def refuse_payee(session: AsyncSession, occasion: Occasion, batch: UUID, payout: Payout) -> bool:
    """COMMITTED / DRAWN; TRANSIT / PAYABLE, PAYABLE / SUPPORT: the bank refused the payee's account."""
    moves = [*_drawn(payout), _ordered(payout, batch), *_owed(payout)]
    return await post(session, occasion, "refuse_payee", _turned(moves))


async def book(
    session: AsyncSession,
    occasion: Occasion,
    batch: UUID,
    bank_account: UUID,
    payouts: Sequence[Payout],
    *,
    inside: bool,
) -> bool:
    """PAID (PAID_OUTSIDE if the value date lies outside of the action) / DRAWN; TRANSIT / BANK."""
    paid = Account.PAID if inside else Account.PAID_OUTSIDE
    moves: list[Move] = []
    for payout in payouts:
        bank = _cash(Account.BANK, payout.member, bank_account)
        moves += [
            Move(_reserved(paid, payout), _reserved(Account.DRAWN, payout), payout.cents),
            Move(_cash(Account.TRANSIT, payout.member, batch), bank, payout.cents),
        ]
    return await post(session, occasion, "book", moves)


async def take_back(
    session: AsyncSession,
    occasion: Occasion,
    bank_account: UUID,
    payout: Payout,
    *,
    inside: bool,
    fee_cents: int = 0,
) -> bool:
    """COMMITTED / PAID; BANK (net) and CHARGES (fee) / PAYABLE, PAYABLE / SUPPORT: the bank returned it."""
    moves = _returned(payout, payout.reservation, bank_account, inside, fee_cents)
    return await post(session, occasion, "take_back", moves)


async def take_back_after_closing(
    session: AsyncSession,
    occasion: Occasion,
    bank_account: UUID,
    payout: Payout,
    new_reservation: UUID,
    *,
    inside: bool,
    fee_cents: int = 0,
) -> bool:
    """The same after the claim was closed: the sum is committed on the reservation of the replacing claim."""
    moves = _returned(payout, new_reservation, bank_account, inside, fee_cents)
    return await post(session, occasion, "take_back_after_closing", moves)


async def charge(
    session: AsyncSession, occasion: Occasion, member: UUID, bank_account: UUID, cents: int
) -> bool:
    """CHARGES / BANK: never eligible, never on the support line."""
    move = Move(_cash(Account.CHARGES, member), _cash(Account.BANK, member, bank_account), cents)
    return await post(session, occasion, "charge", [move])


async def opening_balance(
    session: AsyncSession, occasion: Occasion, member: UUID, bank_account: UUID, cents: int
) -> bool:
    """BANK / OWN (turned for an overdraft): what stood on the account before its first statement."""
    move = Move(_cash(Account.BANK, member, bank_account), _cash(Account.OWN, member), abs(cents))
    return await post(session, occasion, "opening_balance", [move] if cents > 0 else _turned([move]))


async def unknown_debit(
    session: AsyncSession, occasion: Occasion, member: UUID, bank_account: UUID, cents: int
) -> bool:
    """SUSPENSE / BANK: a booked debit that nobody ordered, until a person has explained it."""
    move = Move(_cash(Account.SUSPENSE, member), _cash(Account.BANK, member, bank_account), cents)
    return await post(session, occasion, "unknown_debit", [move])


async def unknown_credit(
    session: AsyncSession, occasion: Occasion, member: UUID, bank_account: UUID, cents: int
) -> bool:
    """BANK / SUSPENSE: a booked credit that nobody expected."""
    move = Move(_cash(Account.BANK, member, bank_account), _cash(Account.SUSPENSE, member), cents)
    return await post(session, occasion, "unknown_credit", [move])


def _drawn(payout: Payout) -> list[Move]:
    return [Move(_reserved(Account.DRAWN, payout), _reserved(Account.COMMITTED, payout), payout.cents)]


def _owed(payout: Payout) -> list[Move]:
    support = _cash(Account.SUPPORT, payout.member, payout.line)
    return [Move(support, _cash(Account.PAYABLE, payout.member, payout.claim), payout.cents)]


def _ordered(payout: Payout, batch: UUID) -> Move:
    payable = _cash(Account.PAYABLE, payout.member, payout.claim)
    return Move(payable, _cash(Account.TRANSIT, payout.member, batch), payout.cents)


def _returned(
    payout: Payout, reservation: UUID, bank_account: UUID, inside: bool, fee_cents: int
) -> list[Move]:
    paid = _reserved(Account.PAID if inside else Account.PAID_OUTSIDE, payout)
    payable = _cash(Account.PAYABLE, payout.member, payout.claim)
    bank = _cash(Account.BANK, payout.member, bank_account)
    return [
        Move(_of(Account.COMMITTED, payout.line, reservation), paid, payout.cents),
        Move(bank, payable, payout.cents - fee_cents),
        Move(_cash(Account.CHARGES, payout.member), payable, fee_cents),
        *_turned(_owed(payout)),
    ]


def _turned(moves: Sequence[Move]) -> list[Move]:
    return [Move(move.credit, move.debit, move.cents) for move in moves]


def _line(account: Account, line: UUID) -> Side:
    return Side(account, line, line)


def _of(account: Account, line: UUID, reservation: UUID) -> Side:
    return Side(account, line, reservation)


def _reserved(account: Account, payout: Payout) -> Side:
    return _of(account, payout.line, payout.reservation)


def _cash(account: Account, member: UUID, owner: UUID | None = None) -> Side:
    return Side(account, member, owner or member)
