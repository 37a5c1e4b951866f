"""Finding a host: the catalogue with its filters, suggestions with their reasons, obstacles said before the work."""

from collections.abc import AsyncGenerator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts import asks, organisation, participation
from contracts.ids import new_id
from contracts.steps import Subject
from tests.conftest import FreshDatabase
from tests.facts import a_fact
from tests.service.counting import statements
from tests.service.exchange import Exchange, exchange


@pytest.fixture
async def case(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    async with exchange(await fresh_database("applications"), tmp_path) as played:
        yield played


async def hosting(case: Exchange, name: str, country: str = "EE", **said: Any) -> str:
    """A validated host of whom this service has heard; its participation."""
    organisation_id, id = new_id(), new_id()
    registered = organisation.Registered(
        name=name, kind="sme", town=name, country=country, latitude=58.38, longitude=26.73, identity=organisation_id
    )  # fmt: skip
    profile: dict[str, Any] = {"side": "host", "activities": ("networking",), **said}
    validated = participation.Validated(
        organisation=organisation_id, partnership=case.partnership, contact=new_id(), **profile
    )
    await case.stage.hear(a_fact(registered, organisation_id), a_fact(validated, id))
    return str(id)


async def suggested(case: Exchange) -> list[dict[str, Any]]:
    answer = await case.visitor.get(f"/api/v1/catalogue/suggestions?visitor={case.visiting}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_link_to_a_host_that_is_none_is_answered(case: Exchange) -> None:
    assert (await case.visitor.open("/proposals/make?host=x")).status_code == 404


async def test_suggestions_are_ranked_by_reasons_that_are_shown(case: Exchange) -> None:
    mine = participation.Resumed(
        organisation=case.visitor_organisation, partnership=case.partnership, side="visitor", contact=new_id(),
        activities=("networking",), sectors=("diagnostics",), languages=("en",), countries=("BE",),
        first_day=date(2027, 3, 1), last_day=date(2027, 3, 31),
    )  # fmt: skip
    await case.stage.hear(a_fact(mine, case.visiting, 2))
    await hosting(case, "Warsaw", "PL", sectors=("diagnostics",))
    await hosting(case, "Charleroi", "BE", sectors=("companion diagnostics",), languages=("en", "fr"))
    await hosting(case, "Nowhere", "PT", activities=("innovation",))
    found = await suggested(case)
    assert [one["name"] for one in found] == ["Charleroi", "Tartu Diagnostics"], (
        "none at home, none without reason"
    )
    assert [reason["why"] for reason in found[0]["reasons"]][:2] == ["topics", "dates"]
    assert found[0]["points"] == sum(reason["points"] for reason in found[0]["reasons"])
    page = (await case.visitor.open("/catalogue")).text
    for words in (
        "You share topics: diagnostics",
        "You would like to go to Belgium",
        "Languages of both: English",
    ):
        assert words in page, words
    answer = await case.stranger.get(f"/api/v1/catalogue/suggestions?visitor={case.visiting}")
    assert answer.status_code == 404


async def test_a_knowledge_provider_is_no_host(case: Exchange) -> None:
    await hosting(case, "Leuven", "BE", side="provider")
    assert "Leuven" not in [one["name"] for one in (await case.visitor.get("/api/v1/catalogue")).json()]


async def test_the_catalogue_is_searched_by_name_town_and_topic(case: Exchange) -> None:
    await hosting(case, "Charleroi", "BE", sectors=("gene therapy",))

    async def found(query: str) -> list[str]:
        return [one["name"] for one in (await case.visitor.get(f"/api/v1/catalogue?{query}")).json()]

    assert await found("q=gene") == ["Charleroi"]
    assert await found("country=be") == ["Charleroi"]
    assert await found("q=diagnost") == ["Tartu Diagnostics"]
    page = await case.visitor.open("/catalogue?q=nothing")
    assert "No host fits." in page.text and '<option value="BE">Belgium</option>' in page.text


async def test_what_stands_in_the_way_is_said_before_a_proposal_is_written(case: Exchange) -> None:
    assert "of your proposals" not in (await case.visitor.open("/catalogue")).text
    body = {"call": case.call, "visitor": str(case.visiting), "host": str(case.hosting), "message": ""}
    assert (await case.visitor.post("/api/v1/proposals", body)).status_code == 201
    assert "1 of your proposals is open; there may be 5." in (await case.visitor.open("/catalogue")).text


async def test_five_proposals_may_be_open_until_one_expires(case: Exchange) -> None:
    hosts = [await hosting(case, f"Host {number}") for number in range(6)]

    async def propose(host: str) -> dict[str, Any]:
        body = {"call": case.call, "visitor": str(case.visiting), "host": host, "message": ""}
        return (await case.visitor.post("/api/v1/proposals", body)).json()

    made = [await propose(host) for host in hosts]
    assert [one.get("state") for one in made] == ["open"] * 5 + [None]
    assert made[5]["slug"] == "too-many-proposals"
    expire = case.stage.service.offers.perform
    assert (await expire(asks.Proposal.expire, Subject(made[0]["id"]))).state == "open", "there is still time"
    case.stage.clock.forward(timedelta(days=15))
    late = await case.visitor.post(f"/api/v1/proposals/{made[0]['id']}/accept")
    assert late.json()["slug"] == "not-your-role"
    assert (await expire(asks.Proposal.expire, Subject(made[0]["id"]))).state == "expired"
    assert (await propose(hosts[5]))["state"] == "open"


async def test_the_catalogue_costs_the_same_however_many_hosts_there_are(case: Exchange) -> None:
    counts: list[int] = []
    for _ in range(2):
        with statements(case.stage.service.database) as made:
            await case.visitor.open("/catalogue")
        counts.append(len(made))
        for number in range(5):
            await hosting(case, f"Host {number}")
    assert counts[0] == counts[1]
