"""A call that ranks, on the real stack: scored, ranked by two, announced to all at once, and a place that moves up."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from deploy.commands.token import bearer
from deploy.demo.cut_off import ENDS, ends_of
from deploy.demo.travel_call import APPLICANTS
from deploy.local.stack import Stack
from tests.deploy.waiting import until
from tests.journeys.conftest import FIRST
from tests.stacks import mails

pytestmark = pytest.mark.timeout(300)

ANNOUNCED = f"The results are announced: Travel grants in the health sector, run {FIRST}"
SAID = {
    "first": "is to be funded",
    "second": "is to be funded",
    "reserve": "stands on the reserve list",
    "refused": "does not reach what the call asks for",
}


@pytest.fixture
async def officer(played: Stack) -> Any:
    layout = played.running_state.layout
    signed_in = {"Authorization": f"Bearer {bearer(layout, 'ce4big-officer')}"}
    async with httpx.AsyncClient(base_url=layout.url("gateway"), headers=signed_in) as api:
        yield api


def told(seen: Mapping[str, Any]) -> list[str]:
    """What has happened to an application, in order."""
    types = [line["type"].removeprefix("relais.").removesuffix(".v1") for line in seen["timeline"]]
    return [type for type in types if type.startswith("application.")]


async def test_the_ranking_is_served_in_its_order(outcome: Mapping[str, Any]) -> None:
    cutoff = outcome["cutoff"]
    assert (cutoff["state"], ends_of(cutoff)) == ("announced", ENDS)
    ranking = [(name, case["outcome"]) for name, case in cutoff["cases"].items()]
    assert ranking == [("first", "fund"), ("second", "fund"), ("reserve", "reserve"), ("refused", "refuse")]
    assert [case["place"] for case in cutoff["cases"].values()] == [1, 2, 3, 4]


async def test_who_stands_in_reserve_waits_for_budget_and_moves_up(
    outcome: Mapping[str, Any], officer: httpx.AsyncClient
) -> None:
    case = outcome["cutoff"]["cases"]["reserve"]["id"]
    road = told((await officer.get(f"/api/v1/cases/{case}")).json())
    after = road[road.index("application.announced") :]
    assert after == [
        "application.announced",
        "application.short_of_budget",
        "application.awarded",
        "application.granted",
    ]


async def test_a_third_expert_joined_where_two_were_apart(
    outcome: Mapping[str, Any], officer: httpx.AsyncClient
) -> None:
    for name, case in outcome["cutoff"]["cases"].items():
        rows = (await officer.get(f"/api/v1/applications/{case['id']}/stages")).json()
        asked = {row["key"]: (row["state"], row["quorum"]) for row in rows}
        experts = len(APPLICANTS[name].points)
        assert asked["score"] == ("met", experts)
        assert asked["agree"] == ("refused" if name == "refused" else "met", experts)


async def test_every_applicant_hears_the_results_once(played: Stack, outcome: Mapping[str, Any]) -> None:
    def announced(mail: str) -> list[str]:
        received = mails(played, f"{mail}.{FIRST}@company.example")
        return [one["text"] for one in received if one["subject"] == ANNOUNCED]

    until(lambda: all(announced(one.company.mail) for one in APPLICANTS.values()))
    for name, applicant in APPLICANTS.items():
        (text,) = announced(applicant.company.mail)
        assert SAID[name] in " ".join(text.split())
