"""Whoever signs without using Relais signs on paper: it counts once an officer of another organisation has confirmed
that it is the version of the document.
"""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.conftest import FreshDatabase
from tests.people import Person
from tests.service.exchange import Exchange, exchange

SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
async def play(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    async with exchange(await fresh_database("applications"), tmp_path) as played:
        await played.play_to_award()
        yield played


async def act(play: Exchange, who: Person, act: str, **given: Any) -> httpx.Response:
    paper = (await play.papers())["quality"]["id"]
    return await who.post(f"/api/v1/agreements/{paper}/{act}", given)


async def hand_in(play: Exchange, who: Person) -> httpx.Response:
    file = (await who.upload("/api/v1/files", "signed.pdf", SCAN)).json()["id"]
    return await act(play, who, "hand-in", name="Dr Anna Nowak", function="Managing Director", paper=file)


async def test_a_paper_counts_once_an_officer_has_compared_it(play: Exchange) -> None:
    assert (await hand_in(play, play.visitor)).status_code == 200
    assert "VO" in (await play.papers())["quality"]["missing"], "it does not count yet"
    paper = (await play.papers())["quality"]["id"]
    seen = (await play.officer.open(f"/agreements/{paper}")).text
    assert "Dr Anna Nowak" in seen and "Compare and confirm the paper" in seen
    page = (
        await play.officer.open(f"/agreements/{(await play.papers())['quality']['id']}/confirm-paper")
    ).text
    assert "Paper signed by Dr Anna Nowak" in page and "What it is compared with" in page
    unseen = await act(play, play.officer, "confirm-paper", party="VO", same=False)
    assert unseen.json()["slug"] == "paper-not-compared"
    assert (await act(play, play.officer, "confirm-paper", party="VO", same=True)).status_code == 200
    assert "VO" not in (await play.papers())["quality"]["missing"]
    seen = (await play.host.open(f"/agreements/{paper}")).text
    assert "Dr Anna Nowak, Managing Director" in seen and "signed on paper" in seen
    assert (await act(play, play.officer, "confirm-paper", party="VO", same=True)).json()[
        "slug"
    ] == "no-paper"
    scan = seen.partition("/papers/")[2].partition('"')[0]
    assert (await play.host.fetch(f"/agreements/{paper}/papers/{scan}")).content == SCAN
    assert (await play.stranger.open(f"/agreements/{paper}/papers/{scan}")).status_code == 404


async def test_a_paper_is_sent_back_and_never_judged_by_its_own_side(play: Exchange) -> None:
    await hand_in(play, play.host)
    assert (await act(play, play.visitor, "confirm-paper", party="HO", same=True)).json()[
        "slug"
    ] == "not-your-role"
    back = await act(play, play.officer, "send-back-paper", party="HO", reason="pages_missing")
    assert back.json()["state"] == "open"
    await hand_in(play, play.visitor)
    company = UUID((await play.visitor.get(f"/api/v1/applications/{play.case}")).json()["visitor"])
    own = await play.stage.person("Olga", ("officer", play.partnership), ("member", company))
    assert (await act(play, own, "confirm-paper", party="VO", same=True)).json()["slug"] == "own-case"


async def test_a_set_that_is_signed_on_paper_and_on_screen_is_complete(play: Exchange) -> None:
    await hand_in(play, play.visitor)
    await act(play, play.officer, "confirm-paper", party="VO", same=True)
    for who in (play.host, play.officer, play.host_officer):
        assert (await play.sign(who, "quality")).status_code == 200
    assert (await play.papers())["quality"]["state"] == "completed"
