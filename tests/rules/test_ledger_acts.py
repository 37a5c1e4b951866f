"""What each act of the ledger posts: the row of its name, at these places, with these parts of the sum."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import new_id
from services.reimbursements.ledger import acts
from services.reimbursements.ledger.acts import Payout
from services.reimbursements.ledger.posting import Move, Occasion, Posting, together
from services.reimbursements.ledger.posting_table import Place, moves

OCCASION = Occasion(new_id(), date(2026, 9, 14), new_id(), new_id())
LINE, OTHER, RESERVATION, NEW, MEMBER, CLAIM, BATCH, BANK, ENTRY, LIMIT, CASE = (new_id() for _ in range(11))
PAYOUT = Payout(LINE, RESERVATION, MEMBER, CLAIM, 100)
SECOND = Payout(OTHER, new_id(), MEMBER, new_id(), 70)
SUM = {"sum": 100}
SHARED = {"sum": 100, "share": 60}
RETURNED = {"sum": 100, "net": 95, "fee": 5}
WHOLE = {"sum": 100, "net": 100, "fee": 0}

ON_LINE = Place(line=LINE)
RESERVED = Place(line=LINE, reservation=RESERVATION)
CLAIMED = Place(line=LINE, member=MEMBER, reservation=RESERVATION, claim=CLAIM)
ORDERED = Place(LINE, MEMBER, RESERVATION, CLAIM, BATCH)
BOOKED = Place(LINE, MEMBER, RESERVATION, CLAIM, BATCH, BANK)
EXPLAINED = Place(LINE, MEMBER, RESERVATION, CLAIM, BATCH, BANK, ENTRY)
AT_BANK = Place(LINE, MEMBER, RESERVATION, CLAIM, bank_account=BANK)
BY_ENTRY = Place(LINE, MEMBER, RESERVATION, CLAIM, bank_account=BANK, entry=ENTRY)
ACCOUNT = Place(member=MEMBER, bank_account=BANK)
OWN_ENTRY = Place(member=MEMBER, bank_account=BANK, entry=OCCASION.id)
THAT_ENTRY = Place(member=MEMBER, bank_account=BANK, entry=ENTRY)
LIMITED = Place(limit=LIMIT, case=CASE)
REPLACING = Place(line=LINE, reservation=NEW)

Act = Callable[[AsyncSession], Awaitable[object]]


def two(row: str, place: Callable[[Payout], Place]) -> list[Move]:
    """One posting over two payouts."""
    return moves(row, SUM, place(PAYOUT)) + moves(row, {"sum": 70}, place(SECOND))


def ordered(payout: Payout) -> Place:
    return Place(payout.line, MEMBER, payout.reservation, payout.claim, BATCH)


def booked(payout: Payout) -> Place:
    return Place(payout.line, MEMBER, payout.reservation, payout.claim, BATCH, BANK)


def explained(payout: Payout) -> Place:
    return Place(payout.line, MEMBER, payout.reservation, payout.claim, BATCH, BANK, ENTRY)


ACTS: list[tuple[str, list[Move], Act]] = [
    ("allocate", moves("allocate", SUM, ON_LINE), lambda s: acts.allocate(s, OCCASION, LINE, 100)),
    ("cut", moves("cut", SUM, ON_LINE), lambda s: acts.cut(s, OCCASION, LINE, 100)),
    (
        "transfer",
        moves("transfer", SUM, ON_LINE, Place(line=OTHER)),
        lambda s: acts.transfer(s, OCCASION, LINE, OTHER, 100),
    ),
    ("reserve", moves("reserve", SUM, RESERVED), lambda s: acts.reserve(s, OCCASION, LINE, RESERVATION, 100)),
    ("release", moves("release", SUM, RESERVED), lambda s: acts.release(s, OCCASION, LINE, RESERVATION, 100)),
    ("commit", moves("commit", SUM, RESERVED), lambda s: acts.commit(s, OCCASION, LINE, RESERVATION, 100)),
    ("amend_up", moves("amend_up", SUM, RESERVED), lambda s: acts.amend(s, OCCASION, LINE, RESERVATION, 100)),
    (
        "amend_down",
        moves("amend_down", SUM, RESERVED),
        lambda s: acts.amend(s, OCCASION, LINE, RESERVATION, -100),
    ),
    (
        "amend_up",
        moves("amend_up", {"sum": 1}, RESERVED),
        lambda s: acts.amend(s, OCCASION, LINE, RESERVATION, 1),
    ),
    ("approve", moves("approve", SUM, CLAIMED), lambda s: acts.approve(s, OCCASION, PAYOUT)),
    ("give_back", moves("give_back", SUM, CLAIMED), lambda s: acts.give_back(s, OCCASION, PAYOUT)),
    ("order", two("order", ordered), lambda s: acts.order(s, OCCASION, BATCH, [PAYOUT, SECOND])),
    (
        "withdraw_order",
        two("withdraw_order", ordered),
        lambda s: acts.withdraw_order(s, OCCASION, BATCH, [PAYOUT, SECOND]),
    ),
    (
        "refuse_payee",
        moves("refuse_payee", SUM, ORDERED),
        lambda s: acts.refuse_payee(s, OCCASION, BATCH, PAYOUT),
    ),
    (
        "book",
        two("book", booked),
        lambda s: acts.book(s, OCCASION, BATCH, BANK, [PAYOUT, SECOND], inside=True),
    ),
    (
        "book_outside",
        moves("book_outside", SUM, BOOKED),
        lambda s: acts.book(s, OCCASION, BATCH, BANK, [PAYOUT], inside=False),
    ),
    (
        "book_from_suspense",
        two("book_from_suspense", explained),
        lambda s: acts.book(s, OCCASION, BATCH, BANK, [PAYOUT, SECOND], inside=True, explains=ENTRY),
    ),
    (
        "take_back",
        moves("take_back", RETURNED, AT_BANK),
        lambda s: acts.take_back(s, OCCASION, BANK, PAYOUT, inside=True, fee_cents=5),
    ),
    (
        "take_back_outside",
        moves("take_back_outside", WHOLE, AT_BANK),
        lambda s: acts.take_back(s, OCCASION, BANK, PAYOUT, inside=False),
    ),
    (
        "take_back_from_suspense",
        moves("take_back_from_suspense", RETURNED, BY_ENTRY),
        lambda s: acts.take_back(s, OCCASION, BANK, PAYOUT, inside=True, fee_cents=5, explains=ENTRY),
    ),
    (
        "take_back_closed",
        moves("take_back_closed", RETURNED, AT_BANK, REPLACING),
        lambda s: acts.take_back_after_closing(s, OCCASION, BANK, PAYOUT, NEW, inside=True, fee_cents=5),
    ),
    (
        "take_back_closed_outside",
        moves("take_back_closed_outside", WHOLE, AT_BANK, REPLACING),
        lambda s: acts.take_back_after_closing(s, OCCASION, BANK, PAYOUT, NEW, inside=False),
    ),
    (
        "take_back_closed_from_suspense",
        moves("take_back_closed_from_suspense", WHOLE, BY_ENTRY, REPLACING),
        lambda s: acts.take_back_after_closing(s, OCCASION, BANK, PAYOUT, NEW, inside=True, explains=ENTRY),
    ),
    (
        "order_recovery",
        moves("order_recovery", SUM, CLAIMED),
        lambda s: acts.order_recovery(s, OCCASION, PAYOUT),
    ),
    (
        "withdraw_recovery",
        moves("withdraw_recovery", SUM, CLAIMED),
        lambda s: acts.withdraw_recovery(s, OCCASION, PAYOUT),
    ),
    (
        "recover",
        moves("recover", SHARED, AT_BANK),
        lambda s: acts.recover(s, OCCASION, BANK, PAYOUT, inside=True),
    ),
    (
        "recover_outside",
        moves("recover_outside", SHARED, AT_BANK),
        lambda s: acts.recover(s, OCCASION, BANK, PAYOUT, inside=False, share_cents=60),
    ),
    (
        "recover_outside_from_suspense",
        moves("recover_outside_from_suspense", {"sum": 100, "share": 0}, BY_ENTRY),
        lambda s: acts.recover(s, OCCASION, BANK, PAYOUT, inside=False, explains=ENTRY),
    ),
    ("waive", moves("waive", SHARED, CLAIMED), lambda s: acts.waive(s, OCCASION, PAYOUT, 60)),
    ("waive", moves("waive", {"sum": 100, "share": 0}, CLAIMED), lambda s: acts.waive(s, OCCASION, PAYOUT)),
    (
        "cut_by_funder",
        moves("cut_by_funder", SUM, Place(line=LINE, member=MEMBER))
        + moves("cut_by_funder", {"sum": 70}, Place(line=OTHER, member=MEMBER)),
        lambda s: acts.cut_by_funder(s, OCCASION, MEMBER, {LINE: 100, OTHER: 70}),
    ),
    (
        "regain_cut",
        moves("regain_cut", SUM, Place(line=LINE, member=MEMBER)),
        lambda s: acts.regain_cut(s, OCCASION, LINE, MEMBER, 100),
    ),
    (
        "ask_back",
        moves("ask_back", SUM, Place(member=MEMBER)),
        lambda s: acts.ask_back(s, OCCASION, MEMBER, 100),
    ),
    ("charge", moves("charge", SUM, ACCOUNT), lambda s: acts.charge(s, OCCASION, MEMBER, BANK, 100)),
    (
        "charge_from_suspense",
        moves("charge_from_suspense", SUM, THAT_ENTRY),
        lambda s: acts.charge(s, OCCASION, MEMBER, BANK, 100, ENTRY),
    ),
    (
        "opening_balance",
        moves("opening_balance", {"sum": 1}, ACCOUNT),
        lambda s: acts.opening_balance(s, OCCASION, MEMBER, BANK, 1),
    ),
    (
        "opening_overdraft",
        moves("opening_overdraft", SUM, ACCOUNT),
        lambda s: acts.opening_balance(s, OCCASION, MEMBER, BANK, -100),
    ),
    (
        "unknown_debit",
        moves("unknown_debit", SUM, OWN_ENTRY),
        lambda s: acts.unknown_debit(s, OCCASION, MEMBER, BANK, 100),
    ),
    (
        "unknown_credit",
        moves("unknown_credit", SUM, OWN_ENTRY),
        lambda s: acts.unknown_credit(s, OCCASION, MEMBER, BANK, 100),
    ),
    (
        "receive_advance",
        moves("receive_advance", SUM, ACCOUNT),
        lambda s: acts.of_account(s, OCCASION, "receive_advance", MEMBER, BANK, 100),
    ),
    (
        "limit_hold",
        moves("limit_hold", SUM, LIMITED),
        lambda s: acts.limited(s, OCCASION, "limit_hold", LIMIT, CASE, 100),
    ),
]


async def posted(act: Act) -> list[Posting]:
    """What an act posts, without a database: it waits to be written, and is taken away."""
    session = AsyncSession()
    async with together(session) as waiting:
        assert await act(session) is True
        found = list(waiting)
        waiting.clear()
    return found


@pytest.mark.parametrize(("row", "expected", "act"), ACTS)
async def test_an_act_posts_its_row(row: str, expected: list[Move], act: Act) -> None:
    (posting,) = await posted(act)
    assert (posting.occasion, posting.kind, posting.reverses) == (OCCASION, row, None)
    sides = [(entry.side, entry.debit_cents, entry.credit_cents) for entry in posting.entries]
    assert sides == [
        side
        for move in expected
        for side in ((move.debit, move.cents, 0), (move.credit, 0, move.cents))
        if move.cents
    ]


async def test_an_act_that_moves_nothing_or_less_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match=r"^nothing to post for allocate$"):
        await posted(lambda s: acts.allocate(s, OCCASION, LINE, 0))
    with pytest.raises(ValueError, match=r"^a move is never negative: turn its sides$"):
        await posted(lambda s: acts.cut(s, OCCASION, LINE, -1))
