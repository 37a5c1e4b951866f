"""The tables of the ledger and the database's own guard over them.

Entries are only ever added, and only the database changes a balance: a trigger numbers each entry under the lock of
its account's balance, and after the last entry of a statement each balance is moved once. So a balance is always the
sum of its entries, and a CHECK on it is what "no overspend" means. Under the same lock each entry is chained to the
one before on its account: its digest covers everything that is recorded of it and of its posting."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import SQLModel


class Account(StrEnum):
    """Accounts of a budget line (book = line), of a paying member's cash (book = member), and of what one recipient may
    get (book = limit)."""

    ALLOTTED = "ALLOTTED"
    RECOVERED = "RECOVERED"
    AVAILABLE = "AVAILABLE"
    RESERVED = "RESERVED"
    COMMITTED = "COMMITTED"
    DRAWN = "DRAWN"
    PAID = "PAID"
    PAID_OUTSIDE = "PAID_OUTSIDE"

    BANK = "BANK"
    TRANSIT = "TRANSIT"
    PAYABLE = "PAYABLE"
    RECEIVABLE = "RECEIVABLE"
    SUPPORT = "SUPPORT"
    CHARGES = "CHARGES"
    SUSPENSE = "SUSPENSE"
    FUNDER_ADVANCE = "FUNDER_ADVANCE"
    DUE_TO_FUNDER = "DUE_TO_FUNDER"
    WRITTEN_OFF = "WRITTEN_OFF"
    OWN = "OWN"

    LIMIT = "LIMIT"
    HEADROOM = "HEADROOM"
    HELD = "HELD"
    GRANTED = "GRANTED"


@dataclass(frozen=True)
class Nature:
    """What an account is like.

    block  transactions balance in each block, for each book in it
    side   the side that raises its balance
    owner  whose sub-balance within the book it keeps; book: it has one balance only
    floor  whether a balance below zero is refused
    """

    block: Literal["budget", "cash", "limit"]
    side: Literal["debit", "credit"]
    owner: Literal["book", "reservation", "bank account", "batch", "claim", "line", "entry", "case"]
    floor: bool


CHART: dict[Account, Nature] = {
    Account.ALLOTTED: Nature("budget", "credit", "book", True),
    Account.RECOVERED: Nature("budget", "credit", "book", True),
    Account.AVAILABLE: Nature("budget", "debit", "book", True),
    Account.RESERVED: Nature("budget", "debit", "reservation", True),
    Account.COMMITTED: Nature("budget", "debit", "reservation", True),
    Account.DRAWN: Nature("budget", "debit", "reservation", True),
    Account.PAID: Nature("budget", "debit", "reservation", True),
    Account.PAID_OUTSIDE: Nature("budget", "debit", "reservation", True),
    Account.BANK: Nature("cash", "debit", "bank account", False),
    Account.TRANSIT: Nature("cash", "credit", "batch", True),
    Account.PAYABLE: Nature("cash", "credit", "claim", True),
    Account.RECEIVABLE: Nature("cash", "debit", "claim", True),
    Account.SUPPORT: Nature("cash", "debit", "line", False),
    Account.CHARGES: Nature("cash", "debit", "book", False),
    Account.SUSPENSE: Nature("cash", "debit", "entry", False),
    Account.FUNDER_ADVANCE: Nature("cash", "credit", "book", False),
    Account.DUE_TO_FUNDER: Nature("cash", "credit", "book", False),
    Account.WRITTEN_OFF: Nature("cash", "debit", "book", False),
    Account.OWN: Nature("cash", "credit", "book", False),
    Account.LIMIT: Nature("limit", "credit", "book", True),
    Account.HEADROOM: Nature("limit", "debit", "book", True),
    Account.HELD: Nature("limit", "debit", "case", True),
    Account.GRANTED: Nature("limit", "debit", "case", True),
}


def names(accounts: list[Account]) -> str:
    """As a list in SQL."""
    return ", ".join(f"'{account}'" for account in accounts)


CREDIT_ACCOUNTS = names([account for account, nature in CHART.items() if nature.side == "credit"])
FLOORED_ACCOUNTS = names([account for account, nature in CHART.items() if nature.floor])
_CHART = ", ".join(f"('{nature.block}', '{account}')" for account, nature in CHART.items())
_WITHOUT_OWNER = names([account for account, nature in CHART.items() if nature.owner == "book"])

ledger_transaction = Table(
    "ledger_transaction",
    SQLModel.metadata,
    Column("id", Uuid, primary_key=True, comment="made by whoever asks, so that a repeat is the same"),
    Column("kind", Text, nullable=False, comment="the row of the posting table, e.g. reserve"),
    Column("business_date", Date, nullable=False, comment="value date of what the bank booked, else the day"),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("reverses", Uuid, ForeignKey("ledger_transaction.id"), comment="the entry that this one corrects"),
    Column("case", Uuid),
    Column("claim", Uuid),
    Column(
        "posted_in", BigInteger, nullable=False, server_default=text("pg_current_xact_id()::text::bigint")
    ),
    UniqueConstraint("reverses", name="reversed_once"),
    Index("ledger_transaction_case", "case"),
    info={"rights": "SELECT, INSERT"},
)

ledger_entry = Table(
    "ledger_entry",
    SQLModel.metadata,
    Column("transaction", Uuid, ForeignKey("ledger_transaction.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("block", Text, nullable=False),
    Column("book", Uuid, nullable=False, comment="budget line, paying member, or limit"),
    Column("account", Text, nullable=False),
    Column("owner", Uuid, nullable=False, comment="whose sub-balance; the book itself if it has none"),
    Column("debit_cents", BigInteger, nullable=False),
    Column("credit_cents", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False, comment="without gap per account; set by the database"),
    Column("balance_cents", BigInteger, nullable=False, comment="after this entry; set by the database"),
    Column(
        "digest", LargeBinary, nullable=False, comment="chains it to the entry before; set by the database"
    ),
    PrimaryKeyConstraint("transaction", "position"),
    UniqueConstraint("book", "account", "owner", "number", name="ledger_number"),
    CheckConstraint(f"(block, account) IN ({_CHART})", name="ledger_chart"),
    CheckConstraint(f"(account IN ({_WITHOUT_OWNER})) = (owner = book)", name="ledger_owner"),
    CheckConstraint(
        "debit_cents >= 0 AND credit_cents >= 0 AND (debit_cents = 0) <> (credit_cents = 0)",
        name="ledger_one_side",
    ),
    info={"rights": "SELECT, INSERT"},
)

ledger_account_balance = Table(
    "ledger_account_balance",
    SQLModel.metadata,
    Column("book", Uuid, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("owner", Uuid, primary_key=True),
    Column("balance_cents", BigInteger, nullable=False),
    Column("last_number", BigInteger, nullable=False),
    Column("last_digest", LargeBinary, nullable=False, comment="of its newest entry; empty before the first"),
    CheckConstraint("account <> 'AVAILABLE' OR balance_cents >= 0", name="no_overspend"),
    CheckConstraint("account <> 'HEADROOM' OR balance_cents >= 0", name="limit_exceeded"),
    CheckConstraint(
        f"account IN ('AVAILABLE', 'HEADROOM') OR account NOT IN ({FLOORED_ACCOUNTS}) OR balance_cents >= 0",
        name="ledger_not_below_zero",
    ),
    Index("ledger_account_balance_owner", "owner"),
    info={"rights": "SELECT"},
)

_FIELDS = (
    *(f"NEW.{name}::text" for name in (
        "transaction", "position", "block", "book", "account", "owner", "debit_cents", "credit_cents", "number",
        "balance_cents",
    )),
    "posting.kind",
    "to_char(posting.business_date, 'YYYY-MM-DD')",
    "(extract(epoch FROM posting.recorded_at) * 1000000)::bigint::text",
    *(f"coalesce(posting.\"{name}\"::text, '')" for name in ("reverses", "case", "claim", "posted_in")),
)  # fmt: skip
_RECORDED = " || '|' || ".join(_FIELDS)
"""All that is recorded of an entry and its posting, in one text: what digests are made of."""

_POST = f"""
CREATE FUNCTION ledger_post() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    change bigint := NEW.debit_cents - NEW.credit_cents;
    posting ledger_transaction;
    before ledger_entry;
BEGIN
    IF NEW.account IN ({CREDIT_ACCOUNTS}) THEN
        change := -change;
    END IF;
    SELECT * INTO posting FROM ledger_transaction WHERE id = NEW.transaction;
    IF posting.posted_in IS DISTINCT FROM pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'nothing is added to a posting that is already recorded'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_append_only';
    END IF;
    LOOP
        PERFORM FROM ledger_account_balance
            WHERE book = NEW.book AND account = NEW.account AND owner = NEW.owner FOR UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO ledger_account_balance VALUES (NEW.book, NEW.account, NEW.owner, 0, 0, '')
            ON CONFLICT DO NOTHING;
    END LOOP;
    SELECT * INTO before FROM ledger_entry
        WHERE book = NEW.book AND account = NEW.account AND owner = NEW.owner ORDER BY number DESC LIMIT 1;
    NEW.balance_cents := coalesce(before.balance_cents, 0) + change;
    NEW.number := coalesce(before.number, 0) + 1;
    NEW.digest := sha256(coalesce(before.digest, '') || convert_to({_RECORDED}, 'UTF8'));
    RETURN NEW;
END $$"""  # noqa: S608, the names are ours
"""Plans are made for a table that grows: one that was made while it was empty would read all of it each time."""

_KEEP = """
CREATE FUNCTION ledger_keep() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE ledger_account_balance AS kept
        SET balance_cents = newest.balance_cents, last_number = newest.number, last_digest = newest.digest
        FROM (
            SELECT DISTINCT ON (book, account, owner) book, account, owner, number, balance_cents, digest
                FROM added ORDER BY book, account, owner, number DESC
        ) AS newest
        WHERE kept.book = newest.book AND kept.account = newest.account AND kept.owner = newest.owner;
    RETURN NULL;
END $$"""

_BALANCED = """
CREATE FUNCTION ledger_balanced() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_entry WHERE transaction = NEW.id)
        OR EXISTS (SELECT FROM ledger_entry WHERE transaction = NEW.id
            GROUP BY block, book HAVING sum(debit_cents) <> sum(credit_cents)) THEN
        RAISE EXCEPTION 'posting % does not balance', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balanced';
    END IF;
    RETURN NULL;
END $$"""

_APPEND_ONLY = """
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the ledger is corrected by a reversing entry', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$"""

TABLES = (ledger_transaction, ledger_entry, ledger_account_balance)


def append_only(table: str, refused: str = "UPDATE OR DELETE OR TRUNCATE") -> str:
    """A trigger that refuses what the login has no privilege for either, whoever asks."""
    return (
        f"CREATE TRIGGER append_only BEFORE {refused} ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
    )


GUARD: list[str] = [
    _POST,
    "CREATE TRIGGER ledger_post BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_post()",
    _KEEP,
    "CREATE TRIGGER ledger_keep AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep()",
    _BALANCED,
    "CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON ledger_transaction"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced()",
    _APPEND_ONLY,
    append_only("ledger_transaction"),
    append_only("ledger_entry"),
    append_only("ledger_account_balance", "DELETE OR TRUNCATE"),
    "CREATE TRIGGER only_by_entries BEFORE INSERT OR UPDATE ON ledger_account_balance"
    " FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_append_only()",
]
"""Triggers, for the migration that creates TABLES: to run once after them, as the login that owns them.

What the service's own login may do stands on each table as `info["rights"]`."""

UNGUARD: list[str] = [
    f"DROP FUNCTION {function}()"
    for function in ("ledger_post", "ledger_keep", "ledger_balanced", "ledger_append_only")
]
"""For the way back, after TABLES are dropped."""
