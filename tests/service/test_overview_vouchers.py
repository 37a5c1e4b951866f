"""The page of a grant that is claimed in parts: whose move it is while a claim is on its way."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import claim, voucher
from contracts.ids import new_id
from contracts.tables import Body
from tests.databases import Databases
from tests.facts import a_fact
from tests.service.beholding import Beholding, beholding

OPEN_THE_CLAIM = "Open the claim"


@pytest.fixture
async def seen(postgres: Databases, tmp_path: Path) -> AsyncGenerator[Beholding]:
    async with beholding(postgres, tmp_path) as overview:
        yield overview


async def test_while_one_part_is_claimed_the_grant_is_nobodys_move(seen: Beholding) -> None:
    visitor = next(
        entry.partition(":")[2] for entry in (await seen.facts())[-1].audience if entry.startswith("VO:")
    )
    part, case = new_id(), UUID(seen.case)

    async def hear(body: Body, state: str, version: int = 1) -> None:
        about: dict[str, Any] = {"case": case, "audience": (f"CLAIMANT:{visitor}",)}
        await seen.stage.hear(a_fact(body, part, version, state=state, **about))

    issued = {
        "amount_cents": 100_000, "currency": "EUR", "valid_from": "2026-11-02", "valid_until": "2027-03-01",
        "claim_until": "2027-04-01", "in_parts": True,
    }  # fmt: skip
    issue = a_fact(
        voucher.Issued.model_validate(issued),
        new_id(),
        state="issued",
        case=case,
        audience=(f"VO:{visitor}",),
    )
    await seen.catch_up()
    await seen.stage.hear(issue)
    assert len(await seen.worklist(seen.visitor)) == 1
    assert OPEN_THE_CLAIM in await seen.page(seen.visitor)
    opened = {
        "number": "RC-2026-0001", "organisation": visitor, "payer": new_id(), "partnership": new_id(),
        "amount_cents": 100_000, "currency": "EUR", "lines": (), "pay_by": "2027-02-01",
        "due_at": "2027-02-20T23:59:59+01:00", "takes_receipts": True,
    }  # fmt: skip
    await hear(claim.Opened.model_validate(opened), "opened")
    assert await seen.worklist(seen.visitor) == ["claim.add_line"]
    assert OPEN_THE_CLAIM not in await seen.page(seen.visitor)
    await hear(claim.Filed(amount_cents=60_000), "filed", 2)
    assert await seen.worklist(seen.visitor) == []
    assert OPEN_THE_CLAIM in await seen.page(seen.visitor), "another part may be claimed meanwhile"
    await hear(claim.Verified(accepted_cents=100_000), "verified", 3)
    assert OPEN_THE_CLAIM not in await seen.page(seen.visitor), "all of it is claimed"
