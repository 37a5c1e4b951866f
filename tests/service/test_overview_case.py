"""The page of a case: whose move, the road, the sum; seen by those whom its facts are meant for."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.databases import Databases
from tests.facts import deliver
from tests.service.beholding import Beholding, beholding


@pytest.fixture
async def seen(postgres: Databases, tmp_path: Path) -> AsyncGenerator[Beholding]:
    async with beholding(postgres, tmp_path) as overview:
        yield overview


async def test_a_case_says_where_it_stands_at_each_stage(seen: Beholding) -> None:
    case, played = await seen.look(seen.visitor), seen.exchange
    assert (case["status"], case["stage"], case["title"]) == ("application.in_review", "opinion", "Kraków to Tartu")
    assert case["number"].startswith("CX-2026-")
    await played.act(played.host_officer, "opine", {"favourable": "yes"})
    assert (await seen.look(seen.visitor))["stage"] == "decision"
    await played.act(played.officer, "select")
    assert (await seen.look(seen.visitor))["status"] == "application.selected"


async def test_signatures_move_from_party_to_party_and_the_payer_comes_last(seen: Beholding) -> None:
    played = seen.exchange
    await played.act(played.host_officer, "opine", {"favourable": "yes"})
    await played.act(played.officer, "select")
    from contracts import asks

    await played.step(asks.Application.award)
    assert await seen.worklist(seen.visitor) == ["agreement.sign", "agreement.sign"]
    assert await seen.worklist(seen.payer) == []
    for who in (played.visitor, played.host, played.officer, played.host_officer):
        await played.sign(who, "quality")
    assert await seen.worklist(seen.host) == []
    assert await seen.worklist(seen.visitor) == ["agreement.sign"]
    await played.sign(played.visitor, "financial")
    assert await seen.worklist(seen.visitor) == []
    assert await seen.worklist(seen.payer) == ["agreement.sign"]
    page = await seen.page(seen.host)
    assert "Waiting for Klaster LifeScience Kraków: read and sign" in page
    assert "Commitment to Quality: signed by all." in page
    await played.sign(played.payer, "financial")
    case = await seen.look(seen.visitor)
    assert (case["status"], case["stage"]) == ("visit.planned", "visit")
    assert case["application"]["state"] == "granted"
    assert {one["kind"]: sorted(one["signed"]) for one in case["agreements"]} == {
        "quality": ["HO", "HOP", "VO", "VOP"],
        "financial": ["PAY", "VO"],
    }
