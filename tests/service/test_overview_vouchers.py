"""The page of a grant that is claimed in parts: whose move it is while a claim is on its way."""

from collections.abc import AsyncGenerator
from datetime import date
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
    await hear(opened(visitor, new_id()), "opened")
    assert await seen.worklist(seen.visitor) == ["claim.add_line"]
    assert OPEN_THE_CLAIM not in await seen.page(seen.visitor)
    await hear(claim.Filed(amount_cents=60_000), "filed", 2)
    assert await seen.worklist(seen.visitor) == []
    assert OPEN_THE_CLAIM in await seen.page(seen.visitor), "another part may be claimed meanwhile"
    await hear(claim.Verified(accepted_cents=100_000), "verified", 3)
    assert OPEN_THE_CLAIM not in await seen.page(seen.visitor), "all of it is claimed"


async def test_who_has_only_prepared_a_claim_or_looked_at_one_line_still_has_the_move(
    seen: Beholding,
) -> None:
    visitor = next(
        entry.partition(":")[2] for entry in (await seen.facts())[-1].audience if entry.startswith("VO:")
    )
    await seen.catch_up()
    part, payer = new_id(), new_id()
    verifier = await seen.stage.person("Viola", ("verifier", payer))
    approver = await seen.stage.person("Anna", ("approver", payer))
    audience = (f"CLAIMANT:{visitor}", f"VERIFIER:{payer}", f"APPROVER:{payer}")
    line: dict[str, Any] = {"line": new_id()}
    added = {**line, "category": "travel", "currency": "EUR", "amount_minor": 100}
    steps: tuple[tuple[Body, str, Any], ...] = (
        (opened(visitor, payer), "opened", seen.visitor),
        (claim.LineAdded.model_validate(added), "opened", seen.visitor),
        (claim.Filed(amount_cents=100, pay_by=date(2027, 2, 20)), "filed", verifier),
        (claim.Reminded(stage="filed", number=2), "filed", verifier),
        (
            claim.LineChecked.model_validate({**line, "accepted_cost_cents": 1, "reason": "other"}),
            "filed",
            verifier,
        ),
        (claim.Verified(accepted_cents=1), "verified", approver),
        (claim.PassedFirst(accepted_cents=1), "verified", approver),
    )
    for version, (body, state, mover) in enumerate(steps, start=1):
        fact = a_fact(body, part, version, state=state, case=UUID(seen.case), audience=audience)
        await seen.stage.hear(fact)
        for person in (seen.visitor, verifier, approver):
            assert bool(await seen.worklist(person)) == (person is mover), (type(body), person.name)
    assert "Claim RC-2026-0001" in await seen.page(seen.visitor), "a reminder counts itself"
    (waiting,) = (await approver.get("/api/v1/worklist")).json()["items"]
    assert waiting["due_at"].startswith("2027-02-20"), "the last day to pay is that of the last evidence"


def opened(organisation: object, payer: object) -> claim.Opened:
    return claim.Opened.model_validate(
        {
            "number": "RC-2026-0001", "organisation": organisation, "payer": payer, "partnership": new_id(),
            "amount_cents": 100_000, "currency": "EUR", "lines": (), "pay_by": "2027-02-01",
            "due_at": "2027-02-20T23:59:59+01:00", "takes_receipts": True,
        }
    )  # fmt: skip
