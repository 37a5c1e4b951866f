"""An exchange on the applications service: what people may do, when, and what is refused with which reason."""

import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from contracts import asks
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.service.exchange import Exchange, exchange

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TOPICS = ("relais.applications", "relais.approvals")


@pytest.fixture
async def case(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    async with exchange(await fresh_database("applications"), tmp_path) as played:
        yield played


async def types(case: Exchange) -> list[str]:
    return [fact.type.split(".", 1)[1] for fact in await said(case.stage.database, TOPICS)]


async def test_the_last_signature_grants_the_case_in_one_transaction(case: Exchange) -> None:
    await case.play_to_grant()
    facts = await said(case.stage.database, TOPICS)
    last = facts[-3:]
    assert [fact.type for fact in last] == [
        "relais.agreement.completed.v1",
        "relais.application.granted.v1",
        "relais.visit.planned.v1",
    ]
    assert {fact.causation for fact in last[1:]} == {last[0].id}
    assert last[1].body["amount_cents"] == 67_000
    assert f"exchange-visit/{case.case}" in last[2].wakes


async def test_the_payer_signs_last(case: Exchange) -> None:
    await case.play_to_award()
    refused = await case.sign(case.payer, "financial")
    assert (refused.status_code, refused.json()["slug"]) == (409, "payer-signs-last")


async def test_a_virtual_exchange_needs_no_money_and_no_financial_agreement(case: Exchange) -> None:
    await case.play_to_grant(mode="virtual", days=["2027-01-11", "2027-01-13", "2027-01-15"])
    assert set(await case.papers()) == {"quality"}
    assert (await case.step(asks.Application.standing)).state == "granted"


async def test_the_same_key_has_one_effect_and_the_same_answer(case: Exchange) -> None:
    await case.play_matching()
    await case.play_draft()
    first = await case.act(case.visitor, "submit", key="one-click")
    again = await case.act(case.visitor, "submit", key="one-click")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (await types(case)).count("application.submitted.v1") == 1


async def test_a_key_used_for_something_else_is_refused(case: Exchange) -> None:
    await case.play_to_review()
    await case.act(case.visitor, "withdraw", key="mine")
    other = await case.act(case.visitor, "appeal", {"explanation": "Please look again."}, key="mine")
    assert other.json()["slug"] == "key-reused"


@pytest.mark.parametrize(
    ("changed", "field", "slug"),
    [
        ({"last_day": "2027-01-12"}, "last_day", "stay-too-short"),
        ({"last_day": "2027-03-12"}, "last_day", "stay-too-long"),
        ({"last_day": "2027-01-01"}, "last_day", "last-before-first"),
        ({"first_day": "2027-12-01", "last_day": "2027-12-07"}, "last_day", "too-late-to-be-paid"),
        ({"declarations": ["sme"]}, "declarations", "declarations-missing"),
        ({"agenda": ""}, "agenda", "agenda-missing"),
    ],
)
async def test_a_submission_that_breaks_a_rule_names_the_field(
    case: Exchange, changed: dict[str, object], field: str, slug: str
) -> None:
    await case.play_matching()
    await case.play_draft(**changed)
    refused = await case.act(case.visitor, "submit")
    assert (refused.status_code, refused.json()["slug"]) == (422, slug)
    assert field in refused.json()["errors"]
    assert (await case.step(asks.Application.standing)).state == "draft"


async def test_strangers_learn_nothing_and_others_only_that_it_is_not_theirs(case: Exchange) -> None:
    await case.play_to_review()
    assert (await case.act(case.stranger, "withdraw")).status_code == 404
    assert (await case.stranger.get(f"/api/v1/applications/{case.case}")).status_code == 404
    assert (await case.act(case.host, "withdraw")).status_code == 403


async def test_returned_and_revised_starts_a_round_without_the_old_opinion(case: Exchange) -> None:
    await case.play_to_review()
    await case.act(case.host_officer, "opine", {"favourable": "yes"})
    returned = await case.act(case.officer, "return", {"reason": "dates", "explanation": "Later, please."})
    assert returned.json()["state"] == "changes_requested"
    await case.play_draft(first_day="2027-01-18", last_day="2027-01-22")
    assert (await case.act(case.visitor, "revise")).json()["state"] == "in_review"
    assert (await case.act(case.officer, "select")).json()["slug"] == "opinion-missing"
    standing = await case.step(asks.Application.standing)
    assert (standing.state, standing.round) == ("in_review", 2)


async def test_a_fact_never_carries_what_people_wrote(case: Exchange) -> None:
    await case.play_to_review()
    await case.act(case.officer, "return", {"reason": "dates", "explanation": "Private remark"})
    facts = await said(case.stage.database, TOPICS)
    assert not any("Private remark" in str(fact.body) or "laboratory" in str(fact.body) for fact in facts)


async def test_unsigned_in_time_it_lapses_and_its_papers_expire(case: Exchange) -> None:
    await case.play_to_award()
    early = await case.step(asks.Application.lapse)
    assert early.state == "awarded"
    assert early.due_in is not None and early.due_in > 0
    case.stage.clock.forward(timedelta(days=15))
    assert (await case.sign(case.visitor, "quality")).json()["slug"] == "too-late"
    assert (await case.step(asks.Application.lapse)).state == "lapsed"
    assert (await case.step(asks.Application.lapse)).state == "lapsed"
    assert (await types(case)).count("agreement.expired.v1") == 2
    assert (await types(case)).count("application.lapsed.v1") == 1


async def test_an_appeal_is_heard_once_and_decided_by_somebody_else(case: Exchange) -> None:
    await case.play_to_review()
    await case.act(case.host_officer, "opine", {"favourable": "yes"})
    refusal = {"reason": "quality", "explanation": "The plan is thin."}
    assert (await case.act(case.officer, "refuse", refusal)).json()["state"] == "rejected"
    appeal = {"explanation": "The agenda was overlooked."}
    assert (await case.act(case.visitor, "appeal", appeal)).status_code == 200
    assert (await case.act(case.visitor, "appeal", appeal)).json()["slug"] == "appeal-once"
    assert (await case.step(asks.Application.finalise)).open
    assert (await case.act(case.coordinator, "grant_appeal")).status_code == 404
    assert (await case.act(case.coordinator, "grant-appeal")).json()["state"] == "in_review"
    assert (await case.act(case.officer, "refuse", refusal)).json()["slug"] == "decided-before"


async def test_a_rejection_becomes_final_after_the_window(case: Exchange) -> None:
    await case.play_to_review()
    await case.act(case.officer, "refuse", {"reason": "quality", "explanation": "The plan is thin."})
    assert (await case.step(asks.Application.finalise)).open
    case.stage.clock.forward(timedelta(days=15))
    assert not (await case.step(asks.Application.finalise)).open


async def test_the_same_host_can_be_proposed_to_again_once_the_exchange_has_ended(case: Exchange) -> None:
    body = {"call": case.call, "visitor": str(case.visiting), "host": str(case.hosting)}

    async def again() -> tuple[int, str]:
        answer = await case.visitor.post("/api/v1/proposals", body)
        return answer.status_code, answer.json().get("slug") or answer.json()["state"]

    await case.play_matching()
    assert await again() == (409, "matched-already"), "it can still be applied for"
    await case.play_draft()
    await case.act(case.visitor, "submit")
    assert await again() == (409, "matched-already")
    await case.act(case.visitor, "withdraw")
    assert await again() == (201, "open")
    assert await again() == (409, "proposal-open-once")


async def test_an_organisation_visits_once(case: Exchange) -> None:
    await case.play_to_grant()
    again = await case.visitor.post(
        "/api/v1/proposals", {"call": case.call, "visitor": str(case.visiting), "host": str(case.hosting)}
    )
    assert again.json()["slug"] == "visited-before"


async def test_pages_of_the_form_keep_what_was_typed_and_say_why(case: Exchange) -> None:
    await case.play_matching()
    page = await case.visitor.open(f"/proposals/{case.proposal}/application/when")
    assert page.status_code == 200 and "Your lump sum, as it stands" in page.text
    typed = {
        "mode": "physical",
        "first_day-day": "11", "first_day-month": "1", "first_day-year": "2027",
        "last_day-day": "4", "last_day-month": "1", "last_day-year": "2027",
    }  # fmt: skip
    refused = await case.visitor.send(f"/proposals/{case.proposal}/application/when", typed)
    assert refused.status_code == 422
    assert "The last day must be after the first day" in refused.text
    assert 'value="2027"' in refused.text


async def test_who_meets_online_is_asked_on_which_days(case: Exchange) -> None:
    await case.play_matching()
    form = f"/proposals/{case.proposal}/application"
    assert (await case.visitor.open(f"{form}/days")).status_code == 404
    typed = {
        "mode": "virtual",
        "first_day-day": "11", "first_day-month": "1", "first_day-year": "2027",
        "last_day-day": "22", "last_day-month": "1", "last_day-year": "2027",
    }  # fmt: skip
    saved = await case.visitor.send(f"{form}/when", typed)
    assert saved.headers["location"] == f"{form}/days"
    page = await case.visitor.open(f"{form}/days")
    assert "Monday 11 January 2027" in page.text.replace(",", "") and "Saturday" not in page.text
    refused = await case.visitor.send(f"{form}/days", {})
    assert refused.status_code == 422 and "Choose the days on which you meet" in refused.text
    chosen = {"days": ["2027-01-11", "2027-01-13", "2027-01-20"]}
    assert (await case.visitor.send(f"{form}/days", chosen)).headers["location"] == f"{form}/what"
    checked = (await case.visitor.open(f"{form}/check")).text.replace(",", "")
    assert "Wednesday 20 January 2027" in checked and "no lump sum" in checked


async def test_no_code_of_a_rule_or_a_table_is_read_by_people(case: Exchange) -> None:
    await case.play_to_review()
    page = (await case.visitor.open(f"/applications/{case.case}")).text
    assert "ClusterXchange, about the scheme" in page and "Erasmus for Young Entrepreneurs" in page
    assert not re.search(r"\b(CX|FS)-\d\d\b|eye-2014", page)


async def test_a_form_of_another_site_is_refused(case: Exchange) -> None:
    await case.play_to_review()
    forged = await case.visitor.send(f"/applications/{case.case}/withdraw", {"csrf": "guessed"})
    assert forged.status_code == 403
    assert (await case.step(asks.Application.standing)).state == "in_review"


async def test_a_report_that_is_refused_keeps_the_files_that_came_with_it(case: Exchange) -> None:
    await case.play_to_grant()
    planned = "relais.visit.planned.v1"
    visit = next(fact.subject for fact in await said(case.stage.database, TOPICS) if fact.type == planned)
    case.stage.clock.forward(timedelta(days=120))
    for step in (asks.Visit.start, asks.Visit.end):
        await case.step(step)
    page = f"/visits/{visit}/report"
    typed = {"days": "5", "report": "We saw the laboratory and agreed on a pilot."}
    refused = await case.visitor.send(page, typed, files={"evidence": ("boarding pass.pdf", PDF)})
    assert (refused.status_code, "boarding pass.pdf" in refused.text) == (422, True)

    kept = re.findall(r'name="evidence" type="checkbox" value="(\w+)" checked', refused.text)
    assert len(kept) == 1
    sent = await case.visitor.send(page, {**typed, "helpful": "4", "evidence": kept})
    assert sent.status_code == 303, sent.text
    evidence = (await case.visitor.get(f"/api/v1/visits/{visit}")).json()["evidence"]
    assert [file["name"] for file in evidence] == ["boarding pass.pdf"]


async def test_whoever_decides_on_an_appeal_reads_it_beside_what_it_is_made_against(case: Exchange) -> None:
    await case.play_to_review()
    await case.act(case.host_officer, "opine", {"favourable": "yes"})
    why = {"reason": "quality", "explanation": "The plan does not say what comes of it."}
    assert (await case.act(case.officer, "refuse", why)).status_code == 200
    await case.act(case.visitor, "appeal", {"explanation": "Page two says what comes of it."})
    page = await case.coordinator.open(f"/applications/{case.case}/refuse-appeal")
    for text in (why["explanation"], "Page two says what comes of it.", "Learn"):
        assert text in page.text, text
    answer = {"explanation": "Page two repeats the objectives."}
    assert (await case.act(case.coordinator, "refuse-appeal", answer)).status_code == 200
    assert answer["explanation"] in (await case.visitor.open(f"/applications/{case.case}")).text
    assert answer["explanation"] not in (await case.host.open(f"/applications/{case.case}")).text


async def test_an_officer_finds_the_calls_of_the_partnership_below_the_open_ones(case: Exchange) -> None:
    await case.publish()
    page = await case.officer.open("/calls")
    assert (page.status_code, "Calls of your partnerships" in page.text) == (200, True)


async def test_a_signed_paper_is_read_with_its_signatures(case: Exchange) -> None:
    await case.play_to_grant()
    for paper in (await case.papers()).values():
        page = await case.visitor.open(f"/agreements/{paper['id']}")
        assert (page.status_code, "Director" in page.text) == (200, True)
