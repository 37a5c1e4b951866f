"""The page of a case: whose move, the road, the sum; seen by those whom its facts are meant for."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import application, asks, claim, organisation, person, visit
from contracts.facts import Fact
from contracts.ids import new_id
from contracts.tables import Body
from services.overview.listing import PATIENCE
from tests.databases import Databases
from tests.facts import a_fact, deliver
from tests.people import MONDAY
from tests.service.beholding import Beholding, beholding
from tests.service.counting import statements


@pytest.fixture
async def seen(postgres: Databases, tmp_path: Path) -> AsyncGenerator[Beholding]:
    async with beholding(postgres, tmp_path) as overview:
        yield overview


async def test_a_case_says_where_it_stands_at_each_stage(seen: Beholding) -> None:
    case, played = await seen.look(seen.visitor), seen.exchange
    assert (case["status"], case["stage"]) == ("application.in_review", "opinion")
    assert (case["title"], case["number"][:8]) == ("Kraków to Tartu", "CX-2026-")
    await played.act(played.host_officer, "opine", {"favourable": "yes"})
    assert (await seen.look(seen.visitor))["stage"] == "decision"
    await played.act(played.officer, "select")
    assert (await seen.look(seen.visitor))["status"] == "application.selected"
    await played.step(asks.Application.award)
    case = await seen.look(seen.visitor)
    assert (case["status"], case["stage"], case["amount_cents"]) == (
        "application.awarded",
        "signatures",
        67_000,
    )
    assert case["next_deadline"].startswith("2026-12-07T22:59:59")


async def test_an_opinion_is_the_host_partnerships_move_until_it_is_given(seen: Beholding) -> None:
    assert await seen.worklist(seen.host_officer) == ["application.opine"]
    assert await seen.worklist(seen.officer) == ["application.select"]
    await seen.exchange.act(seen.exchange.host_officer, "opine", {"favourable": "no"})
    assert await seen.worklist(seen.host_officer) == []
    assert "against" in await seen.page(seen.host_officer)


async def test_who_looks_on_reads_whose_move_it_is_and_not_what_to_do(seen: Beholding) -> None:
    page = await seen.page(seen.visitor)
    assert "Waiting for CELIS: the opinion of the host&#39;s partnership" in page
    assert "your partnership" not in page
    await seen.exchange.act(seen.exchange.host_officer, "opine", {"favourable": "yes"})
    assert "Waiting for CE4BIG: the decision on this exchange" in await seen.page(seen.host_officer)


async def test_an_accepted_proposal_is_the_visitors_move_until_the_application_is_sent(
    seen: Beholding,
) -> None:
    facts = await seen.facts()
    for fact in facts:
        if fact.aggregate == "proposal":
            await deliver(seen.stage.service.reader, seen.stage.database, fact)
    [task] = (await seen.visitor.get("/api/v1/worklist")).json()["items"]
    assert task["what"] == "fill in your application"
    assert task["href"] == f"/proposals/{task['subject']['id']}/application"
    assert task["href"] in (await seen.visitor.open("/")).text
    assert await seen.worklist(seen.visitor) == []


async def test_a_proposal_heard_of_after_its_application_waits_for_nobody(seen: Beholding) -> None:
    facts = await seen.facts()
    late = sorted(facts, key=lambda fact: (fact.aggregate == "proposal", fact.version))
    await deliver(seen.stage.service.reader, seen.stage.database, *late)
    assert (await seen.visitor.get("/api/v1/worklist")).json()["total"] == 0
    assert (await seen.host.get("/api/v1/worklist")).json()["total"] == 0


async def test_a_report_says_by_when_it_is_looked_at(seen: Beholding) -> None:
    body = visit.Reported(days=5, evidence=(), due_at=MONDAY + timedelta(days=14))
    parties = next(fact for fact in await seen.facts() if fact.participle == "submitted").audience
    await seen.catch_up()
    case = UUID(seen.case)
    await seen.stage.hear(a_fact(body, state="report_submitted", case=case, audience=parties))
    page = await seen.page(seen.visitor)
    assert "Waiting for CE4BIG: the validation of the days actually done" in page and "Until" in page
    assert (await seen.look(seen.officer))["next_deadline"] == (MONDAY + timedelta(days=14)).isoformat()


async def test_the_road_tells_who_did_what_and_what_is_ahead(seen: Beholding) -> None:
    await seen.exchange.act(seen.exchange.host_officer, "opine", {"favourable": "yes"})
    page = await seen.page(seen.visitor)
    titles = [
        "Matched",
        "Submitted",
        "Eligibility checked",
        "Opinion of the host",
        "Decision",
        "Signatures",
        "Visit",
    ]
    places = [page.index(f'rl-post__title">{title}') for title in titles]
    assert places == sorted(places)
    assert "amount frozen at 670.00" in page and "9 rules, all met" in page and "Kadri" in page


async def test_the_sum_is_shown_with_its_calculation_and_its_payer(seen: Beholding) -> None:
    page = await seen.page(seen.visitor)
    assert "Estonia" in page and "Working days at the host: 5" in page and "× 1" in page
    assert "You receive" in page
    assert "by Klaster LifeScience Kraków for CE4BIG" in page
    assert "The visitor receives" in await seen.page(seen.host)


async def test_an_appeal_is_the_coordinators_move_and_finality_ends_the_case(seen: Beholding) -> None:
    played = seen.exchange
    await played.act(played.officer, "refuse", {"reason": "quality", "explanation": "The agenda is thin."})
    page = await seen.page(seen.visitor)
    assert "It is nobody&#39;s move now" in page and "Send the appeal" in page
    played.stage.clock.forward(timedelta(days=3))
    await played.act(played.visitor, "appeal", {"explanation": "The agenda was attached twice."})
    assert await seen.worklist(seen.coordinator) == ["application.grant_appeal"]
    waits = await seen.page(seen.visitor)
    assert "Decision on the appeal" in waits
    assert "Waiting since Thursday 26 November" in waits, "since the appeal, not since the rejection"
    await played.act(played.coordinator, "refuse-appeal", {"explanation": "Both copies are thin."})
    assert await seen.worklist(seen.coordinator) == []
    played.stage.clock.forward(timedelta(days=30))
    await played.step(asks.Application.finalise)
    case = await seen.look(seen.visitor)
    assert (case["application"]["state"], case["application"]["final"]) == ("rejected", True)
    assert case["ended_at"] and case["stage"] == ""
    assert "This case has ended" in await seen.page(seen.visitor)


async def test_a_claim_speaks_for_a_granted_case(seen: Beholding) -> None:
    played = seen.exchange
    await seen.play_to_award()
    for who in (played.visitor, played.host, played.officer, played.host_officer):
        await played.sign(who, "quality")
    await played.sign(played.visitor, "financial")
    await played.sign(played.payer, "financial")
    assert "I have arrived" not in await seen.page(seen.visitor), "nobody arrives before the first day"
    await seen.stage.hear(*await claimed(seen))
    case = await seen.look(seen.visitor)
    assert (case["status"], case["stage"]) == ("claim.filed", "claim")
    assert case["claim"]["number"] == "RC-2026-0001"
    assert (await seen.look(seen.host))["claim"] is None


async def claimed(seen: Beholding) -> list[Fact]:
    """A claim of this case, opened and filed."""
    visitor = next(
        entry.partition(":")[2] for entry in (await seen.facts())[-1].audience if entry.startswith("VO:")
    )
    opened = claim.Opened.model_validate(
        {
            "number": "RC-2026-0001", "organisation": visitor, "payer": new_id(), "partnership": new_id(),
            "amount_cents": 67_000, "currency": "EUR", "lines": (), "pay_by": "2027-02-01",
            "due_at": "2027-02-20T23:59:59+01:00",
        }
    )  # fmt: skip
    id, about = new_id(), {"case": UUID(seen.case), "audience": (f"CLAIMANT:{visitor}",)}
    return [
        a_fact(opened, id, 1, state="opened", **about),
        a_fact(claim.Filed(amount_cents=67_000), id, 2, state="filed", **about),
    ]


async def test_strangers_find_nothing_and_operators_no_names(seen: Beholding) -> None:
    await seen.catch_up()
    assert (await seen.stranger.open(f"/cases/{seen.case}")).status_code == 404
    assert (await seen.stranger.get(f"/api/v1/cases/{seen.case}")).status_code == 404
    assert (await seen.stranger.get("/api/v1/cases")).json()["items"] == []
    operator = await seen.page(seen.operator)
    assert "CE4BIG" in operator and "Kadri" not in operator and "Piotr" not in operator


async def test_a_page_waits_for_what_its_reader_has_just_done(seen: Beholding) -> None:
    played = seen.exchange
    await seen.catch_up()
    answer = await played.act(played.officer, "return", {"reason": "dates", "explanation": "Later, please."})
    done = f"done={seen.case}:{answer.json()['version']}"
    page = asyncio.create_task(seen.officer.open(f"/cases/{seen.case}?{done}"))
    await asyncio.sleep(0)
    await seen.catch_up()
    assert "changes requested" in (await page).text


async def test_what_is_not_heard_of_yet_is_said_kindly(seen: Beholding) -> None:
    assert PATIENCE <= 2.0
    page = await seen.visitor.open(f"/cases/{seen.case}?done={seen.case}:1")
    assert page.status_code == 200 and "What you did is kept" in page.text
    answer = await seen.visitor.get(f"/api/v1/cases/{seen.case}?done={seen.case}:1")
    assert (answer.status_code, answer.json()["slug"]) == (409, "not-known-yet")
    assert (await seen.visitor.open(f"/cases/{seen.case}")).status_code == 404


async def test_facts_have_one_line_each_in_whatever_order_topics_come(seen: Beholding) -> None:
    facts = await seen.facts()
    proposals_last = sorted(facts, key=lambda fact: (fact.aggregate == "proposal", fact.version))
    await deliver(seen.stage.service.reader, seen.stage.database, *proposals_last, *facts)
    timeline = [line["type"] for line in (await seen.look(seen.visitor))["timeline"]]
    assert len(timeline) == len(set(timeline)) == 4


async def test_an_erased_person_leaves_no_name(seen: Beholding) -> None:
    assert "Kadri" in await seen.page(seen.visitor)
    await seen.stage.hear(a_fact(person.Described(status="erased"), seen.host.id, 2, state="erased"))
    assert "Kadri" not in await seen.page(seen.visitor)


async def test_a_running_case_shows_that_its_visitor_is_not_what_was_confirmed(seen: Beholding) -> None:
    submitted = next(fact for fact in await seen.facts() if fact.type == "relais.application.submitted.v1")
    visitor = UUID(submitted.body["visitor"])
    named: dict[str, Any] = {
        "name": "Helixon Two", "kind": "sme", "town": "Kraków", "country": "PL", "latitude": 50.06,
        "longitude": 19.94, "identity": visitor,
    }  # fmt: skip
    changed = organisation.Changed(**named, what=("name", "control"))
    await seen.stage.hear(
        a_fact(organisation.Registered(**named), visitor, state="registered"),
        a_fact(changed, visitor, 2, state="registered"),
    )
    await seen.look(seen.officer)
    page = await seen.page(seen.officer)
    assert (
        "Helixon Two is no longer what was confirmed: another name or kind, other people control it" in page
    )
    await seen.stage.hear(a_fact(organisation.Confirmed(), visitor, 3, state="confirmed"))
    assert "no longer what was confirmed" not in await seen.page(seen.officer)


async def test_a_case_takes_the_same_number_of_statements_however_long_it_is(seen: Beholding) -> None:
    await seen.catch_up()
    with statements(seen.stage.database) as short:
        await seen.visitor.open(f"/cases/{seen.case}")
    await seen.play_to_award()
    await seen.catch_up()
    with statements(seen.stage.database) as long:
        await seen.visitor.open(f"/cases/{seen.case}")
    assert len(short) == len(long)


async def test_a_ranking_is_read_by_nobody_here_before_it_is_announced(seen: Beholding) -> None:
    """Also who may read the ranking at its owner sees the case in review, where nobody need do anything."""
    await seen.look(seen.visitor)
    last = (await seen.facts())[-1]
    officers = tuple(
        entry
        for entry in last.audience
        if entry.split(":")[0] not in ("VO", "HO", "OWNER", "SIGNATORY", "VOS", "HOS")
    )
    case, cut_off = UUID(seen.case), new_id()
    held = {"case": case, "audience": officers}

    async def say(body: Body, state: str, version: int, **said: Any) -> None:
        fact = a_fact(body, case, last.version + version, state=state, **{**held, **said})
        await deliver(seen.stage.service.reader, seen.stage.database, fact)

    await say(application.Assessed(round=1, cut_off="january"), "assessed", 1)
    body = application.Selected(round=1, amount_cents=67_000, cut_off=cut_off, place=1)
    await say(body, "selected", 2)
    for who in (seen.visitor, seen.officer):
        answer = (await who.get(f"/api/v1/cases/{seen.case}")).json()
        assert answer["status"] == "application.in_review"
        assert (await who.get("/api/v1/worklist")).json()["items"] == []
    page = (await seen.visitor.open(f"/cases/{seen.case}")).text
    assert "Approved" not in page and "ranking" not in page
    await say(application.Announced(cut_off=cut_off, outcome="fund"), "selected", 3, audience=last.audience)
    assert (await seen.visitor.get(f"/api/v1/cases/{seen.case}")).json()["status"] == "application.selected"
