"""The posting table: what each act debits and credits, in every block. Every posting is made from a row of it.

`X / Y` debits X and credits Y. A word behind it says which part of the sum moves, if not all of it; `'` means the
account of the other place: the line that a transfer goes to, the reservation of a replacing claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.reimbursements.ledger.posting import Move, Side
from services.reimbursements.ledger.tables import CHART, Account

_TABLE = """
allocate                 | AVAILABLE / ALLOTTED                          |
cut                      | ALLOTTED / AVAILABLE                          |
transfer                 | ALLOTTED / AVAILABLE, AVAILABLE' / ALLOTTED'  |
reserve                  | RESERVED / AVAILABLE                          |
release                  | AVAILABLE / RESERVED                          |
commit                   | COMMITTED / RESERVED                          |
amend_up                 | COMMITTED / AVAILABLE                         |
amend_down               | AVAILABLE / COMMITTED                         |
end_of_case              | AVAILABLE / RESERVED reserved, AVAILABLE / COMMITTED committed |
approve                  | DRAWN / COMMITTED          | SUPPORT / PAYABLE
give_back                | COMMITTED / DRAWN          | PAYABLE / SUPPORT
order                    |                            | PAYABLE / TRANSIT
withdraw_order           |                            | TRANSIT / PAYABLE
refuse_payee             | COMMITTED / DRAWN          | TRANSIT / PAYABLE, PAYABLE / SUPPORT
book                     | PAID / DRAWN               | TRANSIT / BANK
book_outside             | PAID_OUTSIDE / DRAWN       | TRANSIT / BANK
take_back                | COMMITTED / PAID           | BANK / PAYABLE net, CHARGES / PAYABLE fee, PAYABLE / SUPPORT
take_back_outside        | COMMITTED / PAID_OUTSIDE   | BANK / PAYABLE net, CHARGES / PAYABLE fee, PAYABLE / SUPPORT
take_back_closed         | COMMITTED' / PAID          | BANK / PAYABLE net, CHARGES / PAYABLE fee, PAYABLE / SUPPORT
take_back_closed_outside | COMMITTED' / PAID_OUTSIDE  | BANK / PAYABLE net, CHARGES / PAYABLE fee, PAYABLE / SUPPORT
order_recovery           |                            | RECEIVABLE / SUPPORT
withdraw_recovery        |                            | SUPPORT / RECEIVABLE
recover                  | AVAILABLE / RECOVERED      | BANK / RECEIVABLE
recover_outside          |                            | BANK / RECEIVABLE, SUPPORT / DUE_TO_FUNDER share
waive                    |                            | WRITTEN_OFF / RECEIVABLE, SUPPORT / DUE_TO_FUNDER share
charge                   |                            | CHARGES / BANK
receive_advance          |                            | BANK / FUNDER_ADVANCE
pass_on_advance          |                            | FUNDER_ADVANCE / BANK
repay_funder             |                            | DUE_TO_FUNDER / BANK
cut_by_funder            |                            | WRITTEN_OFF / SUPPORT
regain_cut               |                            | SUPPORT / WRITTEN_OFF
ask_back                 |                            | FUNDER_ADVANCE / DUE_TO_FUNDER
opening_balance          |                            | BANK / OWN
opening_overdraft        |                            | OWN / BANK
unknown_debit            |                            | SUSPENSE / BANK
unknown_credit           |                            | BANK / SUSPENSE
own_debit                |                            | OWN / BANK
own_credit               |                            | BANK / OWN
limit_open               | HEADROOM / LIMIT           |
limit_hold               | HELD / HEADROOM            |
limit_release            | HEADROOM / HELD            |
limit_grant              | GRANTED / HELD             |
limit_lower              | HEADROOM / GRANTED         |
limit_declare            | GRANTED / HEADROOM         |
"""


@dataclass(frozen=True)
class Leg:
    """One debit and its credit. part: which part of the sum; debit_there, credit_there: at the other place."""

    debit: Account
    credit: Account
    part: str = "sum"
    debit_there: bool = False
    credit_there: bool = False


@dataclass(frozen=True)
class Place:
    """Whose accounts an act moves: line, member and limit are the books, the others own what is kept for them.

    entry  the booked entry, not explained yet, whose sum stands in SUSPENSE
    """

    line: UUID | None = None
    member: UUID | None = None
    reservation: UUID | None = None
    claim: UUID | None = None
    batch: UUID | None = None
    bank_account: UUID | None = None
    entry: UUID | None = None
    limit: UUID | None = None
    case: UUID | None = None

    def side(self, account: Account) -> Side:
        nature = CHART[account]
        book = {"budget": self.line, "cash": self.member, "limit": self.limit}[nature.block]
        owner = book if nature.owner == "book" else getattr(self, nature.owner.replace(" ", "_"))
        if book is None or owner is None:
            raise ValueError(f"{account} needs its {nature.block} book and its {nature.owner}")
        return Side(account, book, owner)


def moves(act: str, sums: Mapping[str, int], here: Place, there: Place | None = None) -> list[Move]:
    """The row's legs as moves between the accounts of these places, the parts in cents."""
    return [
        Move(
            _at(here, there, there_only=leg.debit_there).side(leg.debit),
            _at(here, there, there_only=leg.credit_there).side(leg.credit),
            sums[leg.part],
        )
        for leg in POSTINGS[act]
        if sums[leg.part]
    ]


def explaining(act: str) -> str:
    """The row of an act whose entry stood in SUSPENSE: the same, with SUSPENSE in the place of BANK."""
    return f"{act}_from_suspense"


def _at(here: Place, there: Place | None, *, there_only: bool) -> Place:
    if not there_only:
        return here
    if there is None:
        raise ValueError("this act has two places")
    return there


def read(table: str) -> dict[str, tuple[Leg, ...]]:
    """The rows of a table, and of each that the bank causes the one for an entry that has waited in SUSPENSE."""
    rows: dict[str, tuple[Leg, ...]] = {}
    for line in table.strip().splitlines():
        act, *blocks = (cell.strip() for cell in line.split("|"))
        legs = tuple(_leg(leg.split()) for block in blocks if block for leg in block.split(", "))
        rows[act] = legs
        if not act.startswith("unknown") and any(Account.BANK in (leg.debit, leg.credit) for leg in legs):
            rows[explaining(act)] = tuple(_out_of_suspense(leg) for leg in legs)
    return rows


def _leg(words: list[str]) -> Leg:
    debit, _, credit, *part = words
    return Leg(
        Account(debit.rstrip("'")), Account(credit.rstrip("'")), *part,
        debit_there=debit.endswith("'"), credit_there=credit.endswith("'"),
    )  # fmt: skip


def _out_of_suspense(leg: Leg) -> Leg:
    debit, credit = (Account.SUSPENSE if one is Account.BANK else one for one in (leg.debit, leg.credit))
    return Leg(debit, credit, leg.part, leg.debit_there, leg.credit_there)


POSTINGS: Mapping[str, tuple[Leg, ...]] = read(_TABLE)
"""Act → its legs."""
