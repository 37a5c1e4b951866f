"""Reads statements (camt.053, versions .08 and .02), in one piece or in pages.

Strict: a statement is read whole or refused whole, and so is one whose entries do not lead from its opening to
its closing balance. Only an entry with status BOOK is money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.errors import DomainError
from services.reimbursements.banking.entries import Entry, entries_of, is_credit
from services.reimbursements.banking.iban import is_iban
from services.reimbursements.banking.iso20022 import Node, read

STATEMENTS = ("camt.053.001.08", "camt.053.001.02")


@dataclass(frozen=True)
class Statement:
    """One statement of one account, in cents of euro."""

    id: str
    number: int | None
    account: str
    opening_cents: int
    closing_cents: int
    closed_on: date
    entries: tuple[Entry, ...]

    @property
    def booked(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.booked]

    def must_continue(self, closing_cents: int, number: int | None = None, on: date | None = None) -> None:
        """Refuses a statement that does not follow the one before: another balance, a number left out, an earlier
        day. Numbers begin anew each year with some banks, and are not given by others."""
        left_out = (
            number and self.number and self.number > number + 1 and on and on.year == self.closed_on.year
        )
        if self.opening_cents != closing_cents or left_out or (on and self.closed_on < on):
            raise DomainError("statement-gap", "file", expected=closing_cents, found=self.opening_cents)


@dataclass(frozen=True)
class _Page:
    """A statement, or the part of one that a bank put into one message."""

    number: int
    last: bool
    block: Node


def read_statements(*contents: bytes) -> list[Statement]:
    """The statements of these files, pages put together; refusals have the slugs message-… and statement-…."""
    pages: dict[tuple[str, str], list[_Page]] = {}
    for content in contents:
        message, _version = read(content, STATEMENTS)
        found = message.all("Stmt")
        if not found:
            raise message.refused("Stmt")
        for block in found:
            paging = block.maybe("StmtPgntn") or message.maybe("GrpHdr/MsgPgntn")
            pages.setdefault((_account(block), block.must("Id")), []).append(_page(block, paging))
    return [_statement(id, account, found) for (account, id), found in pages.items()]


def _page(block: Node, paging: Node | None) -> _Page:
    if paging is None:
        return _Page(1, True, block)
    number = paging.must("PgNb")
    if not number.isdecimal():
        raise paging.refused("PgNb")
    return _Page(int(number), paging.must("LastPgInd") in ("true", "1"), block)


def _statement(id: str, account: str, pages: Sequence[_Page]) -> Statement:
    pages = sorted(pages, key=lambda page: page.number)
    numbers = [page.number for page in pages]
    whole = [False] * (len(pages) - 1) + [True]
    if numbers != list(range(1, len(pages) + 1)) or [page.last for page in pages] != whole:
        raise DomainError("statement-pages", "file", found=", ".join(str(number) for number in numbers))
    first, last = pages[0].block, pages[-1].block
    opening, closing = _balance(first, "OPBD", "PRCD"), _balance(last, "CLBD")
    number = first.text("ElctrncSeqNb", "LglSeqNb")
    statement = Statement(
        id=id,
        number=int(number) if number and number.isdecimal() else None,
        account=account,
        opening_cents=_signed(opening),
        closing_cents=_signed(closing),
        closed_on=closing.day("Dt"),
        entries=entries_of([line for page in pages for line in page.block.all("Ntry")]),
    )
    booked = sum(entry.signed_cents for entry in statement.booked)
    if statement.opening_cents + booked != statement.closing_cents:
        raise DomainError(
            "statement-does-not-add-up",
            "file",
            opening=statement.opening_cents,
            booked=booked,
            closing=statement.closing_cents,
        )
    return statement


def _account(block: Node) -> str:
    account = block.must("Acct/Id/IBAN")
    if not is_iban(account):
        raise block.refused("Acct/Id/IBAN")
    if (currency := block.text("Acct/Ccy") or "EUR") != "EUR":
        raise DomainError("message-currency", "file", where="Acct/Ccy", currency=currency)
    return account


def _balance(block: Node, *kinds: str) -> Node:
    """The first of these kinds of balance; banks add others, some of a kind of their own, which say nothing here."""
    balances = {balance.text("Tp/CdOrPrtry/Cd"): balance for balance in block.all("Bal")}
    found = next((balances[kind] for kind in kinds if kind in balances), None)
    if found is None:
        raise block.refused(f"Bal[{kinds[0]}]")
    return found


def _signed(balance: Node) -> int:
    cents = balance.cents("Amt")
    return cents if is_credit(balance) else -cents
