"""What is refused along an exchange: each with its own reason at its field, and the case as it was."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.ids import new_id
from services.applications.app import make_service as applications
from services.overview.app import make_service as overview
from tests.conftest import FreshDatabase
from tests.people import Make, Person, stage
from tests.service.exchange import Exchange, exchange


@pytest.fixture
async def case(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    async with exchange(await fresh_database("applications"), tmp_path) as played:
        yield played


def said(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, slug, and the field that the reason stands at."""
    told: dict[str, Any] = answer.json()
    assert told["title"], "a sentence says what to do"
    return answer.status_code, told["slug"], next(iter(told.get("errors", {})), "")


async def test_each_refusal_says_why_and_changes_nothing(case: Exchange) -> None:
    await case.play_to_review()

    async def stands() -> tuple[str, int]:
        seen = (await case.officer.get(f"/api/v1/applications/{case.case}")).json()
        return seen["state"], seen["version"]

    async def refused(who: Person, act: str, body: Any, *expected: object) -> None:
        before = await stands()
        assert said(await case.act(who, act, body)) == expected
        assert await stands() == before

    await refused(case.visitor, "submit", None, 409, "submit-not-now", "")
    await refused(case.coordinator, "grant-appeal", {}, 409, "grant-appeal-not-now", "")
    opinion = {"favourable": "yes"}
    assert (await case.act(case.host_officer, "opine", opinion)).status_code == 200
    await refused(case.host_officer, "opine", opinion, 409, "opinion-given", "")
    await refused(case.stranger, "select", None, 404, "not-found", "")
    await refused(case.visitor, "select", None, 403, "not-your-role", "")
    why = {"reason": "quality", "explanation": "The plan does not say what comes of it."}
    assert (await case.act(case.officer, "refuse", why)).status_code == 200
    await refused(case.coordinator, "grant-appeal", {}, 409, "no-appeal", "")


async def test_a_signature_is_refused_until_it_is_whole_and_never_given_twice(case: Exchange) -> None:
    await case.play_to_award()
    paper = (await case.papers())["quality"]
    path = f"/api/v1/agreements/{paper['id']}/sign"
    whole = {"document": paper["document"], "function": "Director", "power": True}
    for changed, expected in (
        ({"document": "0" * 64}, ("document-changed", "document")),
        ({"power": False}, ("power-missing", "power")),
    ):
        assert said(await case.visitor.post(path, {**whole, **changed}))[1:] == expected
    assert "VO" in (await case.papers())["quality"]["missing"]
    assert said(await case.visitor.post(f"/api/v1/agreements/{new_id()}/sign", whole))[:2] == (
        404,
        "not-found",
    )
    assert (await case.visitor.post(path, whole)).status_code == 200
    assert said(await case.visitor.post(path, whole))[1] == "signed-already"
    assert "VO" not in (await case.papers())["quality"]["missing"]


@pytest.mark.parametrize(
    ("name", "make", "path"),
    [
        ("overview", overview, "/no-such-page"),
        ("applications", applications, "/calls/no-such-call"),
    ],
)
async def test_a_page_that_is_not_there_knows_who_reads_it(
    fresh_database: FreshDatabase, tmp_path: Path, name: str, make: Make, path: str
) -> None:
    """Whoever is signed in has their own entries above it and is not asked to sign in once more."""
    async with stage(make, await fresh_database(name), tmp_path) as on:
        missed = await (await on.person("Ewa")).open(path)
        assert missed.status_code == 404 and "This page is not here" in missed.text
        assert "Ewa" in missed.text and "Go to my worklist" in missed.text and "Sign in" not in missed.text
        stranger = await on.client.get(path)
        assert (stranger.status_code, "Sign in" in stranger.text) == (404, True)
        machine = await on.client.get("/api/v1/no-such-thing")
        assert (machine.status_code, machine.json()["slug"]) == (404, "not-found")
