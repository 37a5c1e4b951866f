"""A visit under a call with a form: the form asks for the host and the days, the case is frozen with both, and it is
travelled, confirmed, validated, claimed and paid. Without host it is a trip whose days all count.
"""

from collections.abc import AsyncGenerator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import asks, organisation, participation, rate_table
from contracts.amounts import clusterxchange_rates
from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.facts import a_fact
from tests.people import Person
from tests.rules.forms.samples import ANSWERS, question, travel
from tests.service.applying import TEXT, Applying
from tests.service.claiming import photo
from tests.service.granting import Granting, granting
from tests.service.money import done

PARTIES = ["VO", "HO", "VOP", "HOP", "PAY"]
OPINION = {"key": "opinion", "kind": "opinion", "title": TEXT, "holder": "HOP", "days": 10}
DECIDE = {"key": "decide", "kind": "decision", "title": TEXT, "holder": "VOP", "days": 10}
VISIT: dict[str, Any] = {
    "parties": PARTIES,
    "host": "host",
    "fulfilment": {"kind": "visit", "categories": ["travel", "accommodation"]},
    "signing": [
        {"document": "quality", "parties": ["VO", "HO", "VOP", "HOP"]},
        {"document": "financial", "parties": ["VO", "PAY"], "ordered": True},
    ],
    "stages": [{"key": "review", "title": TEXT, "tracks": [OPINION, DECIDE]}],
}
TRIP: dict[str, Any] = {"fulfilment": {"kind": "visit", "categories": ["travel", "accommodation"]}}
DATES = {"first": "2027-02-22", "last": "2027-02-26"}
"""A week with Estonia's Independence Day, the 24th."""


class Visiting:
    """The travel call with a host in Tartu, who takes part through a partnership of its own."""

    def __init__(self, grant: Granting) -> None:
        self.grant, self.desk = grant, grant.desk
        self.host, self.partnership, self.nobody = new_id(), new_id(), new_id()
        self.tartu: Person
        self.host_officer: Person

    async def begin(self) -> None:
        stage = self.desk.stage
        for id, name in ((self.host, "Tartu Biotech"), (self.nobody, "Narva Mills")):
            await stage.hear(
                a_fact(
                    organisation.Registered(
                        name=name, kind="cluster", town="Tartu", country="EE", latitude=58.38, longitude=26.72,
                        identity=id,
                    ),
                    id,
                )
            )  # fmt: skip
        for one in (self.host, self.desk.helixon):
            body = participation.Validated(
                organisation=one, partnership=self.partnership, side="host", contact=new_id(), activities=()
            )
            await stage.hear(a_fact(body, new_id()))
        self.tartu = await stage.person("Tiina", ("owner", self.host), ("member", self.host))
        self.host_officer = await stage.person("Mart", ("officer", self.partnership))
        content = travel()
        content["pages"][0]["questions"].append(question("host", "organisation", among="hosts"))
        self.desk.form = await self.desk.form_of(content)

    async def fill(self, **changed: Any) -> None:
        given = {**ANSWERS, "dates": DATES, "host": str(self.host), **changed}
        trip = ("purpose", "dates", "destination", "abroad_before", "host")
        for page, keys in (("trip", trip), ("money", ("costs", "other_money", "requested"))):
            done(await self.desk.save(page, **{key: given[key] for key in keys}))
        done(await self.desk.save("declare", no_double_funding=True))

    async def refusal(self, **changed: Any) -> tuple[str, str]:
        """Slug and place of what keeps such a draft from being submitted."""
        await self.fill(**changed)
        problem = (await self.desk.act(self.desk.ewa, "submit")).json()
        return problem["slug"], next(iter(problem["errors"]))

    async def play_to_grant(self, signs: list[tuple[Person, int]]) -> None:
        desk = self.desk
        done(await desk.act(desk.ewa, "submit"))
        assert (await desk.step(asks.Application.check_eligibility)).state == "in_review"
        for track in (await desk.officer.get(f"/api/v1/applications/{desk.case}/stages")).json():
            if track["key"] == "opinion":
                path = f"/api/v1/stages/{track['id']}/judge"
                done(await self.host_officer.post(path, {"favourable": "yes", "remark": ""}))
                await desk.step(asks.Application.close_stage)
        done(await desk.act(desk.officer, "select"))
        await self.grant.told()
        assert await self.grant.payer.reserve(UUID(desk.case)) == "made"
        assert (await desk.step(asks.Application.award)).state == "awarded"
        for who, which in signs:
            done(await desk.sign(who, which))
        assert (await self.case())["state"] == "granted"
        await self.grant.told()

    async def case(self) -> dict[str, Any]:
        return (await self.desk.ewa.get(f"/api/v1/applications/{self.desk.case}")).json()

    async def travel(self, days: int) -> str:
        """The visit, reported: its id."""
        desk = self.desk
        facts = await self.grant.facts()
        visit = next(str(fact.subject) for fact in facts if fact.aggregate == "visit")
        self.grant.later(120)
        assert (await desk.step(asks.Visit.start)).state == "ongoing"
        assert (await desk.step(asks.Visit.end)).state == "report_due"
        ticket = done(await desk.ewa.upload("/api/v1/files", "ticket.png", photo()))["id"]
        body = {"days": days, "report": "We met them, and it was good.", "helpful": 4, "evidence": [ticket]}
        done(await desk.ewa.post(f"/api/v1/visits/{visit}/report", body))
        return visit

    async def be_paid(self, cents: int) -> None:
        """Claims these costs and gets them from the bank."""
        payer, desk = self.grant.payer, self.desk
        await self.grant.told()
        assert (await payer.step(asks.Claim.open, desk.case)).state == "opened"
        await payer.give_account()
        claim = await payer.claim_of(UUID(desk.case))
        receipt = done(await payer.claimant.upload("/api/v1/claims/files", "receipt.png", photo()))["id"]
        line = {
            "category": "travel", "description": "Flight", "supplier": "LOT", "spent_on": DATES["first"],
            "currency": "EUR", "amount_minor": cents, "receipts": [receipt],
        }  # fmt: skip
        done(await payer.claimant.post(f"/api/v1/claims/{claim}/add-line", line))
        done(await payer.claimant.post(f"/api/v1/claims/{claim}/file"))
        for one in (await payer.state(claim))["claimed_lines"]:
            check = {"line": one["id"], "accepted_cost_cents": cents, "reason": "in_order"}
            done(await payer.verifier.post(f"/api/v1/claims/{claim}/check-line", check))
        done(await payer.verifier.post(f"/api/v1/claims/{claim}/verify", {"remark": ""}))
        await payer.approve(claim)
        await payer.pay()
        assert (await payer.state(claim))["paid_cents"] == cents
        self.grant.later(10)
        assert (await payer.step(asks.Claim.close, claim)).state == "closed"


@pytest.fixture
async def visiting(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Visiting]:
    async with granting(fresh_database, tmp_path) as grant:
        played = Visiting(grant)
        await played.begin()
        yield played


async def test_a_visit_to_a_host_from_the_form_to_the_bank(visiting: Visiting) -> None:
    desk = visiting.desk
    await desk.publish_call(**VISIT)
    await desk.begin()
    await visiting.fill()
    assert (await visiting.tartu.get(f"/api/v1/applications/{desk.case}")).status_code == 404, "a draft"
    papers = [(desk.ewa, 0), (visiting.tartu, 0), (desk.officer, 0), (visiting.host_officer, 0), (desk.ewa, 1),
              (desk.payer, 1)]  # fmt: skip
    await visiting.play_to_grant(papers)
    frozen = (await visiting.case())["frozen"]
    assert (frozen["host_name"], frozen["host_partnership"]) == ("Tartu Biotech", str(visiting.partnership))
    assert (frozen["working_days"], len(frozen["days"])) == (4, 5), "the 24th is a holiday in Estonia"
    assert 1000 < frozen["distance_km"] < 1100
    for paper in (await visiting.case())["agreements"]:
        page = await visiting.tartu.open(f"/agreements/{paper['id']}")
        assert "at Tartu Biotech, Tartu, Estonia" in page.text or paper["kind"] == "financial"
    visit = await visiting.travel(4)
    done(await visiting.tartu.post(f"/api/v1/visits/{visit}/confirm", {"days": 4, "feedback": "Come again."}))
    more = await desk.officer.post(f"/api/v1/visits/{visit}/validate", {"days": 5})
    assert more.json()["slug"] == "more-days-than-granted"
    done(await desk.officer.post(f"/api/v1/visits/{visit}/validate", {"days": 4}))
    await visiting.be_paid(35_000)


async def test_a_trip_without_host_counts_all_its_days(visiting: Visiting) -> None:
    desk = visiting.desk
    desk.form = await desk.form_of(travel())
    await desk.publish_call(**TRIP)
    await desk.begin()
    fair = {"first": "2027-02-20", "last": "2027-02-21"}
    await desk.fill(dates=fair)
    await visiting.play_to_grant([(desk.ewa, 0), (desk.officer, 0), (desk.payer, 0)])
    case = await visiting.case()
    assert (case["host"], case["frozen"]["working_days"]) == (None, 2), "a weekend"
    visit = await visiting.travel(2)
    done(await desk.officer.post(f"/api/v1/visits/{visit}/validate", {"days": 2}))
    await visiting.be_paid(35_000)


async def test_a_lump_sum_goes_by_the_country_of_the_host_that_was_chosen(visiting: Visiting) -> None:
    desk, rates = visiting.desk, clusterxchange_rates()
    body = rate_table.Published(
        scheme="clusterxchange", version=rates.version, source=rates.source, valid_from=date(2020, 1, 1),
        rates=rates.published(),
    )  # fmt: skip
    await desk.stage.hear(a_fact(body, new_id()))
    await desk.publish_call(**{**VISIT, "amount": {"mode": "lump_sum"}})
    await desk.begin()
    assert (await desk.draft())["amount_cents"] == 0
    await visiting.fill()
    expected = rates.published()["EE"]["cents"] // 2
    assert (await desk.draft())["amount_cents"] == expected, "halved: four working days"
    page = await desk.ewa.open(f"/applications/{desk.case}/form/trip")
    assert "335" in page.text
    done(await desk.act(desk.ewa, "submit"))
    assert (await visiting.case())["amount_cents"] == expected


@pytest.mark.parametrize(
    ("changed", "slug", "field"),
    [
        ({"host": "itself"}, "own-host", "host"),
        ({"host": "nobody"}, "answer-not-host", "host"),
        ({"dates": {"first": "2027-02-24", "last": "2027-02-25"}}, "stay-too-short", "dates"),
        ({"dates": {"first": "2027-02-20", "last": "2027-02-21"}}, "stay-too-short", "dates"),
    ],
    ids=["own", "not-registered", "holiday", "weekend"],
)
async def test_what_no_visit_can_be_is_refused_at_its_question(
    visiting: Visiting, changed: dict[str, Any], slug: str, field: str
) -> None:
    desk = visiting.desk
    await desk.publish_call(**VISIT)
    await desk.begin()
    named = {"itself": str(desk.helixon), "nobody": str(visiting.nobody)}
    given = {
        key: named.get(value, value) if isinstance(value, str) else value for key, value in changed.items()
    }
    assert await visiting.refusal(**given) == (slug, field)


async def test_an_amendment_moves_the_days_and_counts_them_anew(visiting: Visiting) -> None:
    desk = visiting.desk
    await desk.publish_call(**VISIT)
    await desk.begin()
    await visiting.fill()
    papers = [(desk.ewa, 0), (visiting.tartu, 0), (desk.officer, 0), (visiting.host_officer, 0), (desk.ewa, 1),
              (desk.payer, 1)]  # fmt: skip
    await visiting.play_to_grant(papers)
    page = (await desk.ewa.open(f"/amendments/request?application={desk.case}")).text
    assert "New first day" in page and "New host" not in page and "New agenda" not in page
    weekend = await visiting.grant.request(first_day="2027-02-27", last_day="2027-02-28")
    assert weekend.json()["slug"] == "stay-too-short"
    asked = done(await visiting.grant.request(first_day="2027-03-01", last_day="2027-03-05"))
    seen = (await desk.officer.get(f"/api/v1/amendments/{asked['id']}")).json()
    assert (seen["frozen"]["working_days"], seen["frozen"]["days"][0]) == (5, "2027-03-01")


@pytest.mark.parametrize(
    ("changed", "slug"),
    [
        ({**VISIT, "host": ""}, "call-host-question"),
        ({**VISIT, "host": "purpose"}, "call-host-question"),
        ({**VISIT, "duration": {"question": ""}}, "call-visit-days-missing"),
        ({**TRIP, "duration": {"question": ""}}, "call-visit-days-missing"),
        ({**TRIP, "amount": {"mode": "lump_sum"}}, "call-lump-sum-needs-host"),
    ],
    ids=["no-host", "no-organisation", "no-days", "trip-without-days", "lump-sum"],
)
async def test_a_call_whose_form_cannot_make_a_visit_is_not_published(
    visiting: Visiting, changed: dict[str, Any], slug: str
) -> None:
    desk: Applying = visiting.desk
    call = await desk.draft_call(**changed)
    seen = (await desk.coordinator.get(f"/api/v1/calls/{call}")).json()
    assert slug in [finding["slug"] for finding in seen["findings"]]
    assert (await desk.officer.post(f"/api/v1/calls/{call}/publish")).status_code == 422


async def test_an_officer_chooses_the_hosts_question_from_a_menu(visiting: Visiting) -> None:
    desk = visiting.desk
    call = await desk.draft_call(**{**VISIT, "host": ""})
    page = await desk.coordinator.open(f"/calls/{call}/edit/parties")
    assert 'name="host"' in page.text and '<option value="host"' in page.text
