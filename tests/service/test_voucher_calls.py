"""A call for vouchers by posted forms: made with one click, applied for with a registered provider elsewhere, scored by
two who agree, closed when its money is used.
"""

from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import UUID

import pytest

from contracts import asks, budget, organisation, participation
from contracts.ids import new_id
from contracts.steps import Subject
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.people import Person
from tests.service.applying import Applying, applying
from tests.service.clerks import Clerk
from tests.service.test_vouchers import SWEEP

SCORES = dict.fromkeys(("relevance", "quality", "added_value", "impact"), 4)


class Vouchers:
    """The partnership's calls for vouchers, and organisations to use one with."""

    def __init__(self, desk: Applying) -> None:
        self.desk = desk

    async def organisation(self, name: str, country: str, region: str, town: str = "Tartu") -> UUID:
        id = new_id()
        body = organisation.Registered(
            name=name, kind="training", town=town, country=country, latitude=58.38, longitude=26.72, identity=id,
            region=region,
        )  # fmt: skip
        await self.desk.stage.hear(a_fact(body, id))
        return id

    async def provider(
        self, name: str, country: str = "EE", region: str = "", *, side: str = "provider"
    ) -> str:
        id = await self.organisation(name, country, region)
        profile = participation.Validated.model_validate({
            "organisation": id, "partnership": self.desk.partnership, "side": side, "contact": new_id(),
            "activities": ("knowledge_sharing",),
        })  # fmt: skip
        await self.desk.stage.hear(a_fact(profile, new_id()))
        return str(id)

    async def make(self, kind: str = "insight") -> str:
        """One click of the officer, and the coordinator publishes it: the call's page."""
        edit = await Clerk(self.desk.officer).post(f"/calls/vouchers/{kind}", budget=str(self.desk.line))
        call = edit.removesuffix("/edit")
        assert "Nothing is missing." in (await self.desk.officer.open(edit)).text
        assert (await self.desk.officer.post(f"/api/v1{call}/publish")).json()["slug"] == "call-second-person"
        await Clerk(self.desk.coordinator).post(f"{call}/publish")
        return call

    async def begin(self, call: str) -> str:
        return await Clerk(self.desk.ewa).post(f"{call}/apply", organisation=str(self.desk.helixon))

    async def fill(self, begun: str, provider: str, euro: str = "3,000") -> str:
        """The application's case; every page is sent and checked."""
        ewa = Clerk(self.desk.ewa)
        texts = dict.fromkeys(("purpose", "contribution", "effect"), "Find out whether the assay works.")
        money = await ewa.post(f"{begun}/work", version="0", provider=provider, **texts)
        costs = {"costs.0.what": "Feasibility study", "costs.0.amount": euro}
        declare = await ewa.post(money, version="0", requested=euro, **costs)
        check = await ewa.post(declare, version="0", no_double_funding="yes", independent="yes")
        assert check.endswith("/form/check")
        return begun.split("/")[2]

    async def assess(self, stage: str, anna: Person, bo: Person) -> None:
        """Two score, and agree."""
        desk = self.desk
        for who in (anna, bo):
            given = await desk.officer.post("/api/v1/assessments", {"stage": stage, "evaluator": str(who.id)})
            part = f"/api/v1/assessments/{given.json()['id']}"
            await who.post(f"{part}/declare", {"none": True})
            assert (
                await who.post(f"{part}/submit", {"scores": SCORES, "internal": "Hm."})
            ).status_code == 200
        assert (await desk.step(asks.Application.close_stage)).state == "in_review"
        agree = await task(desk, "consensus")
        lead, other = [await part_of(who, agree) for who in (anna, bo)]
        written = await anna.post(f"/api/v1/assessments/{lead}/submit", {"scores": SCORES})
        seen = {"seen": written.json()["version"]}
        assert (await bo.post(f"/api/v1/assessments/{other}/submit", seen)).status_code == 200
        await desk.step(asks.Application.close_stage)

    async def refusal(self, case: str) -> str:
        answer = await self.desk.ewa.post(f"/api/v1/applications/{case}/submit")
        return answer.json().get("slug", answer.json().get("state"))


@pytest.fixture
async def vouchers(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Vouchers]:
    async with applying(await fresh_database("applications"), tmp_path) as desk:
        yield Vouchers(desk)


async def test_one_click_makes_a_call_and_its_forms_once(vouchers: Vouchers) -> None:
    desk = vouchers.desk
    page = (await desk.officer.open("/calls/vouchers")).text
    for words in ("Meet &amp; Greet voucher", "500.00", "4,000.00", "7,000.00", "365 days, in several parts"):
        assert words in page, words
    first = await vouchers.make("insight")
    assert "Insight voucher, Travel" in (await desk.stranger.open(first)).text
    second = await vouchers.make("collaboration")
    assert first != second
    calls = [(await desk.officer.get(f"/api/v1{one}")).json() for one in (first, second)]
    assert calls[0]["form"] == calls[1]["form"], "one form of the partnership for all its vouchers"
    assert [one["rules"]["amount"]["cap_cents"] for one in calls] == [400_000, 700_000]
    body, key = {"budget": str(desk.line)}, "once"
    again = [await desk.officer.post("/api/v1/calls/vouchers/travel", body, key) for _n in range(2)]
    assert again[0].json()["id"] == again[1].json()["id"]
    assert (await desk.stranger.open("/calls/vouchers")).status_code == 403
    assert (await desk.ewa.post("/api/v1/calls/vouchers/travel", body)).json()["slug"] == "not-your-role"


async def test_only_registered_providers_of_another_region_can_be_chosen(vouchers: Vouchers) -> None:
    desk = vouchers.desk
    begun = await vouchers.begin(await vouchers.make())
    abroad = await vouchers.provider("Tartu Labs")
    next_door = await vouchers.provider("Kraków Labs", "PL", "PL-12")
    host = await vouchers.provider("Host House", side="host")
    page = (await desk.ewa.open(f"{begun}/work")).text
    assert "Tartu Labs, Tartu, Estonia" in page and "Kraków Labs" in page and "Host House" not in page
    case = await vouchers.fill(begun, host)
    assert "Choose a knowledge provider" in (await desk.ewa.open(f"{begun}/check")).text
    assert await vouchers.refusal(case) == "answer-not-provider"

    work = (await desk.ewa.get(f"/api/v1/applications/{case}/draft")).json()["sections"]["work"]

    async def choose(provider: str) -> str:
        nonlocal work
        answers = {**work["answers"], "provider": provider}
        saved = await desk.save("work", version=work["version"], **answers)
        work = {"version": saved.json()["version"], "answers": answers}
        return await vouchers.refusal(case)

    desk.case = case
    assert await choose(str(new_id())) == "answer-not-organisation"
    assert await choose(next_door) == "rule-not-met", "Helixon has not said its region"
    here = organisation.Described(
        name="Helixon", kind="sme", town="Kraków", country="PL", latitude=50.06, longitude=19.94,
        identity=desk.helixon, region="PL-12",
    )  # fmt: skip
    await desk.stage.hear(a_fact(here, desk.helixon, version=2))
    assert await choose(next_door) == "rule-not-met"
    assert "both have to have said their region" in (await desk.ewa.open(f"{begun}/check")).text
    away = await vouchers.provider("Gdańsk Labs", "PL", "PL-22")
    assert await choose(away) == "submitted"
    assert abroad
    assert "Gdańsk Labs" in (await desk.officer.open(f"/applications/{case}")).text


async def test_two_agree_the_officer_decides_and_the_call_closes_with_its_money(vouchers: Vouchers) -> None:
    desk = vouchers.desk
    left = budget.Cut(amount_cents=200_000)
    await desk.stage.hear(a_fact(left, desk.line, version=2))
    call = await vouchers.make()
    provider = await vouchers.provider("Tartu Labs")
    desk.case = case = await vouchers.fill(await vouchers.begin(call), provider)
    await Clerk(desk.ewa).post(f"/applications/{case}/submit")
    late = await vouchers.fill(await vouchers.begin(call), provider, "500")
    assert await vouchers.refusal(late) == "call-full"
    assert (await desk.step(asks.Application.check_eligibility)).state == "in_review"
    tied = await desk.stage.person("Tiit", ("evaluator", desk.partnership), ("member", UUID(provider)))
    anna, bo = [await desk.stage.person(name, ("evaluator", desk.partnership)) for name in ("Anna", "Bo")]
    stage = await task(desk, "score")
    score = {"stage": stage, "evaluator": str(tied.id)}
    refused = await desk.officer.post("/api/v1/assessments", score)
    assert refused.json()["slug"] == "evaluator-conflict", "of the provider"
    await vouchers.assess(stage, anna, bo)
    await Clerk(desk.officer).post(f"/applications/{case}/select")
    assert (await desk.step(asks.Application.award)).state == "awarded"
    for signatory in (desk.ewa, desk.officer, desk.payer):
        assert (await desk.sign(signatory)).status_code == 200
    assert "published" in str((await desk.officer.get(f"/api/v1{call}")).json()["state"])
    await desk.stage.service.offers.perform(SWEEP, Subject("today"))
    assert (await desk.officer.get(f"/api/v1{call}")).json()["state"] == "closed"
    closed = (await said(desk.stage.database, ("relais.calls",)))[-1]
    assert closed.body["reason"] == "budget_used"


async def test_a_grant_is_used_with_another_registered_provider_elsewhere(vouchers: Vouchers) -> None:
    desk = vouchers.desk
    call, tartu = await vouchers.make(), await vouchers.provider("Tartu Labs")
    other, next_door = (
        await vouchers.provider("Riga Labs", "LV"), await vouchers.provider("Kraków Labs", "PL", "PL-12")
    )  # fmt: skip
    desk.case = await vouchers.fill(await vouchers.begin(call), tartu)
    await Clerk(desk.ewa).post(f"/applications/{desk.case}/submit")
    await desk.step(asks.Application.check_eligibility)
    anna, bo = [await desk.stage.person(name, ("evaluator", desk.partnership)) for name in ("Anna", "Bo")]
    await vouchers.assess(await task(desk, "score"), anna, bo)
    await Clerk(desk.officer).post(f"/applications/{desk.case}/select")
    await desk.step(asks.Application.award)
    for signatory in (desk.ewa, desk.officer, desk.payer):
        assert (await desk.sign(signatory)).status_code == 200
    asked = {"application": desk.case, "explanation": "The laboratory in Tartu has closed."}
    for provider, slug in ((str(desk.helixon), "answer-not-provider"), (next_door, "rule-not-met")):
        refused = await desk.ewa.post("/api/v1/amendments", {**asked, "provider": provider})
        assert refused.json()["slug"] == slug
    host = await desk.ewa.post("/api/v1/amendments", {**asked, "host": other})
    assert host.json()["slug"] == "host-of-exchange"
    before = (await desk.ewa.get(f"/api/v1/applications/{desk.case}")).json()
    made = (await desk.ewa.post("/api/v1/amendments", {**asked, "provider": other})).json()["id"]
    page = (await desk.officer.open(f"/amendments/{made}/agree")).text
    assert "Tartu Labs" in page and "Riga Labs" in page
    tied = await desk.stage.person("Tiit", ("officer", desk.partnership), ("member", UUID(other)))
    own = await tied.post(f"/api/v1/amendments/{made}/agree")
    assert own.json()["slug"] == "conflict-own-organisation"
    assert (await desk.officer.post(f"/api/v1/amendments/{made}/agree")).status_code == 200
    await desk.stage.service.offers.perform(asks.Amendment.open_signing, Subject(made))
    for signatory in (desk.ewa, desk.officer, desk.payer):
        assert (await desk.sign(signatory, -1)).status_code == 200
    after = (await desk.ewa.get(f"/api/v1/applications/{desk.case}")).json()
    assert after["answers"]["provider"] == other
    assert after["frozen"]["answers_hash"] != before["frozen"]["answers_hash"]
    assert after["amount_cents"] == before["amount_cents"]


async def task(desk: Applying, key: str) -> str:
    rows = (await desk.officer.get(f"/api/v1/applications/{desk.case}/stages")).json()
    return next(row["id"] for row in rows if row["key"] == key)


async def part_of(who: Person, stage: str) -> str:
    mine = (await who.get("/api/v1/assessments")).json()
    return next(one["id"] for one in mine if one["stage"] == stage)
