"""The demo on the real stack, from outside: every story ends as it is told, and everybody hears of it."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest

from deploy.commands.token import bearer
from deploy.demo.cast import COMPANIES
from deploy.demo.event import PEOPLE
from deploy.demo.play import play
from deploy.demo.voucher import GRANTED
from deploy.local.stack import Stack
from tests.deploy.waiting import until
from tests.journeys.conftest import FIRST
from tests.stacks import RELAIS, accepted, ended_as_expected, mails, verified

pytestmark = pytest.mark.timeout(300)

LUMP_SUM = 670_00


async def test_five_cases_and_the_event_end_as_expected(played: Stack, outcome: Mapping[str, Any]) -> None:
    ended_as_expected(outcome)
    paid = {name: case["paid_cents"] for name, case in outcome["cases"].items()}
    assert paid == {**dict.fromkeys(paid, 0), "paid": LUMP_SUM}


async def test_a_voucher_is_used_up_and_a_group_waits_to_travel(
    played: Stack, outcome: Mapping[str, Any]
) -> None:
    assert (outcome["voucher"]["state"], outcome["voucher"]["paid_cents"]) == ("closed", GRANTED)
    layout = played.running_state.layout
    signed_in = {"Authorization": f"Bearer {bearer(layout, 'ce4big-officer')}"}
    async with httpx.AsyncClient(base_url=layout.url("gateway"), headers=signed_in) as api:
        for case in outcome["group"]["cases"]:
            seen = (await api.get(f"/api/v1/cases/{case['id']}")).json()
            assert (seen["application"]["state"], seen["visit"]["state"]) == ("granted", "planned")


async def test_every_promise_holds_afterwards(played: Stack, outcome: Mapping[str, Any]) -> None:
    await verified(played)


async def test_visitors_hear_by_mail_of_each_step_once(played: Stack, outcome: Mapping[str, Any]) -> None:
    number = outcome["cases"]["paid"]["number"]
    paid = (
        "Your organisation takes part in CE4BIG",
        f"We have your application {number}",
        f"Your application {number} is in review",
        f"Awarded: sign for Helixon {FIRST}",
        f"Granted: your visit to Tartu Diagnostics {FIRST}",
        f"Your report is due: Helixon {FIRST}",
        f"Your visit is validated: Helixon {FIRST}",
        "670.00 EUR was paid to you",
        f"Closed: Helixon {FIRST}",
    )
    lapsed = (f"Awarded: sign for Genovia {FIRST}", f"Lapsed: Genovia {FIRST}")

    def subjects(case: str) -> list[str]:
        received = mails(played, f"{COMPANIES[case].mail}.{FIRST}@company.example")
        return [mail["subject"].replace("\N{NO-BREAK SPACE}", " ") for mail in received]

    def heard(case: str, steps: Sequence[str]) -> bool:
        return all(any(subject.startswith(step) for subject in subjects(case)) for step in steps)

    until(lambda: heard("paid", paid) and heard("lapsed", lapsed))
    for case in ("paid", "lapsed"):
        assert [subject for subject, times in Counter(subjects(case)).items() if times > 1] == []


async def test_who_has_a_place_gets_a_calendar_file(played: Stack, outcome: Mapping[str, Any]) -> None:
    for _name, mail in (PEOPLE[1], PEOPLE[2], PEOPLE[3]):
        received = mails(played, f"{mail}.{FIRST}@company.example")
        attached = [file for letter in received for file in letter["attachments"]]
        assert any(file["type"] == "text/calendar" for file in attached), f"{mail} got no calendar file"


async def test_the_road_of_the_case_is_told_from_match_to_payment(
    played: Stack, outcome: Mapping[str, Any]
) -> None:
    layout = played.running_state.layout
    signed_in = {"Authorization": f"Bearer {bearer(layout, 'ce4big-officer')}"}
    url = f"{layout.url('gateway')}/api/v1/cases/{outcome['cases']['paid']['id']}"
    async with httpx.AsyncClient(headers=signed_in) as api:
        case = (await api.get(url)).json()

    told = [line["type"].removeprefix("relais.").removesuffix(".v1") for line in case["timeline"]]
    road = (
        "proposal.accepted", "application.submitted", "application.admitted", "application.selected",
        "application.awarded", "application.granted", "visit.ended", "visit.reported", "visit.validated",
        "claim.opened", "claim.verified", "claim.approved", "claim.paid", "claim.closed", "application.closed",
    )  # fmt: skip
    assert [type for type in told if type in road] == list(road)
    assert (case["application"]["state"], case["claim"]["paid_cents"], case["moves"]) == (
        "closed",
        LUMP_SUM,
        [],
    )


@pytest.mark.slow
async def test_a_second_run_beside_what_is_there(played: Stack, outcome: Mapping[str, Any]) -> None:
    again = await play(played.running_state.layout, "second", quiet=True)

    ended_as_expected(again)
    assert {case["id"] for case in again["cases"].values()}.isdisjoint(
        case["id"] for case in outcome["cases"].values()
    )
    await verified(played)


@pytest.mark.slow
async def test_a_run_that_was_broken_off_goes_on(played: Stack, outcome: Mapping[str, Any]) -> None:
    """The command is killed in the middle; given the same id, it does nothing twice."""
    run = "third"
    command = (RELAIS, "demo", "--run", run, "--data", played.data, "--json")
    broken_off = await asyncio.create_subprocess_exec(*command)
    await asyncio.to_thread(until, lambda: "paid:select" in accepted(played, run))
    broken_off.kill()
    await broken_off.wait()

    resumed = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    printed, _ = await resumed.communicate()

    assert resumed.returncode == 0
    ended_as_expected(json.loads(printed))
    await verified(played)
