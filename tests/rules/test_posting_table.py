"""How the posting table is read, and whose accounts an act moves."""

from uuid import UUID

import pytest

from contracts.ids import new_id
from services.reimbursements.ledger.posting import Move, Side
from services.reimbursements.ledger.posting_table import Leg, Place, explaining, moves, read
from services.reimbursements.ledger.tables import Account as A

LINE, RESERVATION, MEMBER, CLAIM, BATCH, BANK, ENTRY, LIMIT, CASE = (new_id() for _ in range(9))
EVERYTHING = Place(LINE, MEMBER, RESERVATION, CLAIM, BATCH, BANK, ENTRY, LIMIT, CASE)


def test_a_row_is_read_leg_by_leg() -> None:
    rows = read("""
move      | ALLOTTED / AVAILABLE, AVAILABLE' / ALLOTTED' |
owe       |                     | SUPPORT / PAYABLE
take_back | COMMITTED' / PAID   | BANK / PAYABLE net, CHARGES / PAYABLE fee
""")
    assert rows == {
        "move": (
            Leg(A.ALLOTTED, A.AVAILABLE),
            Leg(A.AVAILABLE, A.ALLOTTED, debit_there=True, credit_there=True),
        ),
        "owe": (Leg(A.SUPPORT, A.PAYABLE),),
        "take_back": (
            Leg(A.COMMITTED, A.PAID, debit_there=True),
            Leg(A.BANK, A.PAYABLE, "net"),
            Leg(A.CHARGES, A.PAYABLE, "fee"),
        ),
        "take_back_from_suspense": (
            Leg(A.COMMITTED, A.PAID, debit_there=True),
            Leg(A.SUSPENSE, A.PAYABLE, "net"),
            Leg(A.CHARGES, A.PAYABLE, "fee"),
        ),
    }
    assert explaining("take_back") == "take_back_from_suspense"


def test_what_the_bank_pays_waits_in_suspense_as_well_and_what_is_unknown_does_not() -> None:
    rows = read("""
pay           | PAID / DRAWN' | TRANSIT' / BANK'
unknown_debit |               | SUSPENSE / BANK
""")
    assert set(rows) == {"pay", "pay_from_suspense", "unknown_debit"}
    assert rows["pay_from_suspense"] == (
        Leg(A.PAID, A.DRAWN, credit_there=True),
        Leg(A.TRANSIT, A.SUSPENSE, debit_there=True, credit_there=True),
    )


@pytest.mark.parametrize(
    ("account", "book", "owner"),
    [
        (A.AVAILABLE, LINE, LINE),
        (A.DRAWN, LINE, RESERVATION),
        (A.SUPPORT, MEMBER, LINE),
        (A.PAYABLE, MEMBER, CLAIM),
        (A.TRANSIT, MEMBER, BATCH),
        (A.BANK, MEMBER, BANK),
        (A.SUSPENSE, MEMBER, ENTRY),
        (A.OWN, MEMBER, MEMBER),
        (A.HEADROOM, LIMIT, LIMIT),
        (A.HELD, LIMIT, CASE),
    ],
)
def test_each_account_has_a_book_and_an_owner(account: A, book: UUID, owner: UUID) -> None:
    assert EVERYTHING.side(account) == Side(account, book, owner)


@pytest.mark.parametrize("place", [Place(), Place(member=MEMBER), Place(claim=CLAIM)])
def test_an_account_of_nobody_is_refused(place: Place) -> None:
    with pytest.raises(ValueError, match=r"^PAYABLE needs its cash book and its claim$"):
        place.side(A.PAYABLE)


def test_a_part_that_is_nothing_moves_nothing() -> None:
    assert moves("take_back", {"sum": 100, "net": 100, "fee": 0}, EVERYTHING) == [
        Move(Side(A.COMMITTED, LINE, RESERVATION), Side(A.PAID, LINE, RESERVATION), 100),
        Move(Side(A.BANK, MEMBER, BANK), Side(A.PAYABLE, MEMBER, CLAIM), 100),
        Move(Side(A.PAYABLE, MEMBER, CLAIM), Side(A.SUPPORT, MEMBER, LINE), 100),
    ]


def test_a_transfer_has_two_places() -> None:
    with pytest.raises(ValueError, match=r"^this act has two places$"):
        moves("transfer", {"sum": 1}, EVERYTHING)
    other = new_id()
    first, second = moves("transfer", {"sum": 1}, Place(line=LINE), Place(line=other))
    assert (first.debit.book, first.credit.book) == (LINE, LINE)
    assert (second.debit.book, second.credit.book) == (other, other)
