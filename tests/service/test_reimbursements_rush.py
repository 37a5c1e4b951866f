"""Many at once: a double click has one effect, two hundred approvals never draw more than is there, and nobody waits
for each other in a ring.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import asks
from contracts.ids import new_id
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from services.reimbursements.ledger.verify import recompute
from tests.conftest import FreshDatabase
from tests.people import Person
from tests.service.books import sound
from tests.service.money import Finance, done, finance
from tests.service.told import AMOUNT


@pytest.fixture
async def money(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Finance]:
    async with finance(await fresh_database("reimbursements"), tmp_path, 200 * AMOUNT) as played:
        yield played
        await sound(played.stage.database)


async def clicks(act: Any, times: int = 20) -> dict[str, Any]:
    """The same request so many times at once, under one key: the answer that all of them got."""
    key = str(new_id())
    answers = await asyncio.gather(*(act(key) for _ in range(times)))
    assert {answer.status_code for answer in answers} <= {200, 201}, Counter(
        answer.text for answer in answers
    )
    told = [answer.json() for answer in answers]
    assert all(one == told[0] for one in told)
    return told[0]


async def test_a_double_click_on_approve_draws_once(money: Finance) -> None:
    _, claim = await money.play_to_claim()
    await money.verify(claim)
    path = f"/api/v1/claims/{claim}/approve"
    assert (await clicks(lambda key: money.approver.post(path, key=key), times=100))["state"] == "approved"
    assert len(await money.rows("select 1 from payments")) == 1
    assert len(await money.rows("select 1 from ledger_transaction where kind = 'approve'")) == 1


async def test_a_double_click_on_propose_second_and_authorise_orders_once(money: Finance) -> None:
    for _ in range(3):
        await money.play_to_approval()
    body = {"member": str(money.member)}
    batch = (await clicks(lambda key: money.first.post("/api/v1/batches", body, key=key)))["id"]
    await clicks(lambda key: money.first.post(f"/api/v1/batches/{batch}/second", key=key))
    await clicks(lambda key: money.second.post(f"/api/v1/batches/{batch}/authorise", key=key))
    assert len(await money.rows("select 1 from payment_files")) == 1
    assert len(await money.rows("select 1 from batches")) == 1
    assert len(await money.rows("select 1 from ledger_transaction where kind = 'order'")) == 1


async def test_a_double_click_on_a_statement_reads_it_once(money: Finance) -> None:
    await money.play_to_approval()
    _, file = await money.play_to_order()
    body = {"file": await money.upload(money.booked(file))}
    await clicks(lambda key: money.first.post("/api/v1/statements", body, key=key))
    assert len(await money.rows("select 1 from statements")) == 1


async def test_two_approvers_at_once_approve_once(money: Finance) -> None:
    other = await money.stage.person("Anna", ("approver", money.member))
    _, claim = await money.play_to_claim()
    await money.verify(claim)
    path = f"/api/v1/claims/{claim}/approve"
    answers = await asyncio.gather(*(person.post(path) for person in (money.approver, other) * 5))
    told = Counter(answer.json().get("slug", "done") for answer in answers)
    assert told == {"done": 1, "approve-not-now": 9}


async def test_two_treasurers_with_one_batch_each_take_every_payment_once(money: Finance) -> None:
    for _ in range(4):
        await money.play_to_approval()
    body = {"member": str(money.member)}
    answers = await asyncio.gather(
        *(person.post("/api/v1/batches", body) for person in (money.first, money.second) * 4)
    )
    told = Counter(answer.json().get("slug", "done") for answer in answers)
    assert told == {"done": 1, "nothing-to-pay": 7}
    assert len(await money.rows("select 1 from payments where state = 'batched'")) == 4


async def test_approving_and_returning_at_once_ends_in_one_of_both(money: Finance) -> None:
    asked = {"reason": "amount", "explanation": "Please look at the amount again."}
    for _ in range(4):
        _, claim = await money.play_to_claim()
        await money.verify(claim)
        path = f"/api/v1/claims/{claim}"
        await asyncio.gather(
            money.approver.post(f"{path}/approve"), money.verifier.post(f"{path}/return", asked),
            money.first.post("/api/v1/batches", {"member": str(money.member)}),
        )  # fmt: skip
        assert (await money.state(claim))["state"] in ("approved", "returned")
        await sound(money.stage.database)


async def test_statements_withdrawals_and_ends_of_cases_at_once_wait_for_nobody_in_a_ring(
    money: Finance,
) -> None:
    """The bank books one batch while another is withdrawn, claims are approved and other cases end, all on one
    line; whatever comes first, everything comes to an end and the books agree."""
    booked = [await money.play_to_approval() for _ in range(6)]
    _, file = await money.play_to_order()
    content = money.booked(file)
    for _ in range(6):
        await money.play_to_approval()
    second, _ = await money.play_to_order()
    done(await money.first.post(f"/api/v1/batches/{second}/ask-withdrawal"))
    claims = [(await money.play_to_claim())[1] for _ in range(6)]
    for claim in claims:
        await money.verify(claim)
    others = [await money.submitted() for _ in range(12)]
    for case in others[:6]:
        await money.reserve(case)
    everything: list[Awaitable[Any]] = [
        money.import_statement(content),
        money.second.post(f"/api/v1/batches/{second}/withdraw"),
        *(money.approver.post(f"/api/v1/claims/{claim}/approve") for claim in claims),
        *(money.withdrawn(case) for case in others[:6]),
        *(money.reserve(case) for case in others[6:]),
        *(money.step(asks.Claim.standing, claim) for _, claim in booked),
    ]
    answers = await asyncio.gather(*everything)
    refused = [answer.text for answer in answers if getattr(answer, "is_error", False)]
    assert refused == []
    assert {(await money.state(claim))["state"] for _, claim in booked} == {"paid"}


async def test_the_bank_returns_a_payment_while_its_claim_closes(money: Finance) -> None:
    """Whichever comes first, the money is there once: the claim is returned, or closed and replaced."""
    played = [await money.play_to_approval() for _ in range(4)]
    await money.pay()
    money.stage.clock.forward(timedelta(days=10))
    for case, claim in played:
        await asyncio.gather(money.give_back(claim), *(money.step(asks.Claim.close, claim) for _ in range(3)))
        assert (await money.state(claim))["state"] in ("returned", "replaced")
        assert (await money.step(asks.Claim.open, case)).state in ("returned", "opened")
        await sound(money.stage.database)


async def test_two_hundred_approvals_against_one_reservation_never_overdraw(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """Two hundred verified claims on money for seven, so many that each takes two approvers: the ledger's
    constraint draws the line."""
    async with finance(await fresh_database("reimbursements"), tmp_path, 7 * AMOUNT) as money:
        _, claim = await money.play_to_claim()
        await money.verify(claim)
        await money_for_seven(money, claim)
        ids = await two_hundred(money, claim)
        gate = asyncio.Semaphore(14)

        async def one(approver: Person, id: UUID) -> str:
            async with gate:
                return (await approver.post(f"/api/v1/claims/{id}/approve")).json().get("slug", "done")

        passed = Counter(await asyncio.gather(*(one(money.approver, id) for id in ids)))
        assert passed == {"done": 200}
        assert (await money.accounts())["DRAWN"] == 0
        second = await money.stage.person("Second", ("approver", money.member))
        told = Counter(await asyncio.gather(*(one(second, id) for id in ids)))
        assert told == {"done": 7, "ledger-not-below-zero": 193}
        accounts = await money.accounts()
        assert (accounts["DRAWN"], accounts["COMMITTED"], accounts["AVAILABLE"]) == (7 * AMOUNT, 0, 0)
        assert len(await money.rows("select 1 from payments")) == 7
        async with money.stage.database.transaction() as tx:
            assert await recompute(tx.session) == []


async def money_for_seven(money: Finance, claim: str) -> None:
    """Puts the whole line on the claim's reservation."""
    (row,) = await money.rows("select reservation, budget from claims where id = :claim", claim=claim)
    today = money.stage.clock.now().date()
    async with money.stage.database.transaction() as tx:
        for post in (ledger.reserve, ledger.commit):
            await post(tx.session, Occasion(new_id(), today), row.budget, row.reservation, 6 * AMOUNT)


async def two_hundred(money: Finance, claim: str) -> list[UUID]:
    """Copies a verified claim, each with a case of its own and all on one reservation."""
    copied = "select (jsonb_populate_record(one, cast(:changes as jsonb))).*"
    ids = [UUID(claim)]
    for n in range(1, 200):
        case, copy = str(new_id()), new_id()
        await money.change(
            f"insert into reimbursements_known_cases {copied} from reimbursements_known_cases one limit 1",
            changes=json.dumps({"id": case}),
        )
        await money.change(
            f"insert into claims {copied} from claims one where id = :claim",
            changes=json.dumps({"id": str(copy), "case_id": case, "number": f"RC-COPY-{n}", "trip": str(n)}),
            claim=claim,
        )
        ids.append(copy)
    return ids
