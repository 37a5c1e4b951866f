"""What the ledger answers, and what the proof says of a change behind the guards: which rule, which posting, which
account, and by how much.
"""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from contracts.errors import DomainError
from contracts.ids import new_id
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Side, balance, last_number, reverse, totals
from services.reimbursements.ledger.tables import Account as A
from services.reimbursements.ledger.verify import Difference, chain_head, recompute
from tests.databases import Databases
from tests.service.ledgers import Ledger, World, execute, fresh, granted, occasion


async def test_balance_and_number_are_those_of_one_account(books: Ledger) -> None:
    world, other = World(), World()
    other.line = world.line
    await books.do(lambda s: granted(s, world))
    await books.do(lambda s: ledger.reserve(s, occasion(), world.line, other.reservation, 1_000))
    async with books.open() as session:
        for side, cents, number in (
            (Side(A.AVAILABLE, world.line, world.line), 121_000, 3),
            (Side(A.COMMITTED, world.line, world.reservation), 78_000, 1),
            (Side(A.RESERVED, world.line, world.reservation), 0, 2),
            (Side(A.RESERVED, world.line, other.reservation), 1_000, 1),
            (Side(A.DRAWN, world.line, world.reservation), 0, 0),
            (Side(A.AVAILABLE, new_id(), world.line), 0, 0),
        ):
            assert (await balance(session, side), await last_number(session, side)) == (cents, number), side
        nothing = new_id()
        assert (await totals(session, [nothing]))[nothing] == dict.fromkeys(A, 0)


async def test_a_correction_is_of_its_own_kind_and_another_content_under_one_id_is_a_conflict(
    books: Ledger,
) -> None:
    world, first, undone = World(), occasion(), occasion()
    await books.do(lambda s: ledger.allocate(s, first, world.line, 500))
    with pytest.raises(DomainError) as refused:
        await books.do(lambda s: ledger.allocate(s, first, world.line, 501))
    assert (refused.value.slug, refused.value.status) == ("posting-differs", 409)
    await books.do(lambda s: reverse(s, undone, first.id))
    async with books.open() as session:
        rows = await execute(
            session, "SELECT kind, reverses FROM ledger_transaction WHERE id = :id", {"id": undone.id}
        )
        assert [tuple(row) for row in rows] == [("reverse", first.id)]


async def test_the_head_is_one_digest_over_the_newest_of_every_account(books: Ledger) -> None:
    await books.do(lambda s: granted(s, World()))
    async with books.open() as session:
        rows = await execute(
            session,
            "SELECT DISTINCT ON (book, account, owner) digest FROM ledger_entry"
            " ORDER BY book, account, owner, number DESC",
        )
        whole = b"".join(bytes(row.digest) for row in rows)
        assert await chain_head(session) == hashlib.sha256(whole).hexdigest()
        looked: list[int] = []
        assert await recompute(session, looked.append) == []
        (entries,) = (await execute(session, "SELECT count(*) FROM ledger_entry")).one()
        assert sum(looked) == entries > 0


async def tampered(postgres: Databases, *changes: str) -> tuple[World, UUID, Sequence[Difference]]:
    """What the proof says after the owner has changed this behind the guards: of line, reservation and the posting
    that committed it."""
    world = World()
    async with fresh(postgres) as books:
        await books.do(lambda s: granted(s, world))
        with psycopg.connect(books.admin, autocommit=True) as owner:
            owner.execute("SET session_replication_role = replica")
            for change in changes:
                owner.execute(change.encode())
        async with books.open() as session:
            committed = await session.scalar(text("SELECT id FROM ledger_transaction WHERE kind = 'commit'"))
            assert isinstance(committed, UUID)
            return world, committed, await recompute(session)


async def test_a_balance_that_was_changed_is_told_with_its_account(postgres: Databases) -> None:
    world, _, found = await tampered(
        postgres, "UPDATE ledger_account_balance SET balance_cents = 5 WHERE account = 'COMMITTED'"
    )
    rule = "balance is not the sum of its entries"
    assert found == [Difference(rule, world.line, "COMMITTED", world.reservation, None, 78_000, 5)]


async def test_an_entry_that_was_changed_is_told_with_its_posting_in_the_order_of_recording(
    postgres: Databases,
) -> None:
    """The second entry of RESERVED: its number, its running balance, and what it says."""
    changed = "account = 'RESERVED' AND number = 2"
    world, committed, found = await tampered(
        postgres, f"UPDATE ledger_entry SET balance_cents = 7, number = 4 WHERE {changed}"
    )
    at = (world.line, "RESERVED", world.reservation, committed)
    assert found == [
        Difference("numbers have a gap", *at, 2, 4),
        Difference("running balance is wrong", *at, 0, 7),
        Difference("entry is not what was recorded", *at, 4, 4),
    ]


async def test_a_posting_that_does_not_balance_is_told_with_both_sums(postgres: Databases) -> None:
    world, committed, found = await tampered(
        postgres, "UPDATE ledger_entry SET debit_cents = 77000 WHERE account = 'COMMITTED'"
    )
    rule = "posting does not balance"
    assert Difference(rule, world.line, None, None, committed, 77_000, 78_000) in found
