"""A grant without host: issued by the last signature, reported on by form, closed when its claims are paid or its
time is over; the parties that the call lacks do not exist.
"""

from collections.abc import AsyncGenerator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import asks, claim
from contracts.ids import new_id
from contracts.steps import Subject
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.service.applying import Applying, applying

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SWEEP = next(step for step in asks.SWEEPS if step.owner == "applications")


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        await played.play_to_award()
        for who in (played.ewa, played.officer, played.payer):
            assert (await played.sign(who)).status_code == 200
        yield played


async def facts(desk: Applying) -> list[Any]:
    return await said(desk.stage.database, ("relais.applications",))


async def the_report(desk: Applying) -> str:
    return next(str(fact.subject) for fact in await facts(desk) if fact.type == "relais.report.scheduled.v1")


async def hear_claim(desk: Applying, body: Any, id: UUID, version: int = 1) -> None:
    await desk.stage.hear(a_fact(body, id, version=version, case=UUID(desk.case)))


async def reported(desk: Applying) -> None:
    report = await the_report(desk)
    assert (
        await desk.ewa.send(f"/reports/{report}/submit", {"outcome": "We met A and B."})
    ).status_code == 303
    assert (await desk.officer.post(f"/api/v1/reports/{report}/accept")).json()["state"] == "accepted"


def opened(desk: Applying) -> claim.Opened:
    return claim.Opened(
        number="RC-1", organisation=desk.helixon, payer=new_id(), partnership=desk.partnership, amount_cents=75_000,
        currency="EUR", lines=(), pay_by=date(2027, 6, 1), due_at=datetime.fromisoformat("2027-06-01T00:00:00+00:00"),
    )  # fmt: skip


async def test_the_last_signature_issues_the_grant_and_awaits_the_report(desk: Applying) -> None:
    last = (await facts(desk))[-4:]
    assert [fact.type.split(".", 1)[1] for fact in last] == [
        "agreement.completed.v1", "application.granted.v1", "voucher.issued.v1", "report.scheduled.v1",
    ]  # fmt: skip
    assert last[2].wakes == (f"voucher/{desk.case}",)
    assert last[2].body["amount_cents"] == 75_000
    assert not any("HO:" in entry or "HOP:" in entry for fact in last for entry in fact.audience)


async def test_the_report_is_written_by_form_sent_back_and_accepted(desk: Applying) -> None:
    report = await the_report(desk)
    path = f"/reports/{report}"
    empty = await desk.ewa.send(f"{path}/submit", {"outcome": ""})
    assert empty.status_code == 422 and "Answer this question." in empty.text
    assert (await desk.ewa.send(f"{path}/submit", {"outcome": "We met two partners."})).status_code == 303
    back = {"reason": "report_incomplete", "explanation": "Name the partners, please."}
    assert (await desk.officer.post(f"/api/v1{path}/return", back)).json()["state"] == "returned"
    assert "Name the partners" in (await desk.ewa.open(f"{path}/revise")).text
    assert (await desk.ewa.send(f"{path}/revise", {"outcome": "We met A and B."})).status_code == 303
    assert "We met A and B." in (await desk.officer.open(path)).text
    assert (await desk.officer.post(f"/api/v1{path}/accept")).json()["state"] == "accepted"
    assert (await desk.stranger.open(path)).status_code == 404
    assert not any("A and B" in str(fact.body) for fact in await facts(desk))


async def test_a_report_whose_time_is_over_is_overdue_and_may_still_be_written(desk: Applying) -> None:
    report = await the_report(desk)
    desk.stage.clock.forward(timedelta(days=200))
    await desk.stage.service.offers.perform(SWEEP, Subject("applications"))
    assert (await desk.ewa.get(f"/api/v1/reports/{report}")).json()["state"] == "overdue"
    late = await desk.ewa.post(
        f"/api/v1/reports/{report}/submit", {"answers": {"outcome": "Late, but here."}}
    )
    assert late.json()["state"] == "submitted"


async def test_it_is_closed_when_all_is_paid(desk: Applying) -> None:
    first, second = new_id(), new_id()
    await hear_claim(desk, opened(desk), first)
    await hear_claim(desk, claim.Closed(paid_cents=75_000, part_of_voucher=True), first, version=2)
    await hear_claim(desk, claim.Replaced(by=second), first, version=3)
    await hear_claim(desk, opened(desk), second)
    desk.stage.clock.forward(timedelta(days=400))
    assert (await desk.step(asks.Voucher.close)).state == "issued", "a claim is open"
    await hear_claim(desk, claim.Closed(paid_cents=75_000, part_of_voucher=True), second, version=2)
    settled = [fact for fact in await facts(desk) if fact.type == "relais.voucher.settled.v1"]
    assert [fact.body["left_cents"] for fact in settled] == [0, 75_000, 0]
    assert settled[-1].wakes == (f"voucher/{desk.case}",)
    assert (await desk.step(asks.Voucher.close)).state == "issued", "what was paid is not reported on yet"
    await reported(desk)
    assert (await desk.step(asks.Voucher.close)).state == "used_up"
    assert (await desk.step(asks.Voucher.close)).state == "used_up"
    assert (await desk.step(asks.Application.standing)).state == "closed"


async def test_what_is_left_is_given_back(desk: Applying) -> None:
    id = new_id()
    await hear_claim(desk, opened(desk), id)
    voucher = next(str(fact.subject) for fact in await facts(desk) if fact.aggregate == "voucher")
    assert (await desk.adam.post(f"/api/v1/vouchers/{voucher}/surrender")).json()["slug"] == "not-your-role"
    assert "goes back to the budget" in (await desk.ewa.open(f"/vouchers/{voucher}/surrender")).text
    assert (await desk.ewa.send(f"/vouchers/{voucher}/surrender", {})).status_code == 303
    assert (await desk.step(asks.Voucher.close)).state == "issued", "a claim is under way"
    await hear_claim(desk, claim.Closed(paid_cents=20_000, part_of_voucher=True), id, version=2)
    assert (await desk.step(asks.Voucher.close)).state == "issued", "what was paid is not reported on yet"
    await reported(desk)
    assert (await desk.step(asks.Voucher.close)).state == "expired"


@pytest.mark.parametrize("paid_cents", [20_000, 75_000])
async def test_an_overdue_report_on_paid_money_keeps_it_open_until_an_officer_does_without(
    desk: Applying, paid_cents: int
) -> None:
    id, report = new_id(), await the_report(desk)
    await hear_claim(desk, opened(desk), id)
    await hear_claim(desk, claim.Closed(paid_cents=paid_cents, part_of_voucher=True), id, version=2)
    desk.stage.clock.forward(timedelta(days=400))
    assert (await desk.step(asks.Voucher.close)).state == "issued", "awaited"
    await desk.stage.service.offers.perform(SWEEP, Subject("applications"))
    late = await desk.step(asks.Voucher.close)
    assert (late.state, late.due_in) == ("issued", None), "overdue: nothing but the report closes it"
    why = {"reason": "recipient_gone", "explanation": "The company was wound up in May."}
    path = f"/api/v1/reports/{report}/waive"
    assert (await desk.ewa.post(path, why)).json()["slug"] == "not-your-role"
    own = await desk.stage.person("Olga", ("officer", desk.partnership), ("member", desk.helixon))
    assert (await own.post(path, why)).json()["slug"] == "own-case"
    assert "Do without" in (await desk.officer.open(f"/reports/{report}")).text
    assert (await desk.officer.post(path, why)).json()["state"] == "waived"
    assert (await facts(desk))[-1].wakes == (f"voucher/{desk.case}",)
    ended = "used_up" if paid_cents == 75_000 else "expired"
    assert (await desk.step(asks.Voucher.close)).state == ended


async def test_a_report_that_was_handed_in_is_looked_at_before_it_is_closed(desk: Applying) -> None:
    report = await the_report(desk)
    await desk.ewa.send(f"/reports/{report}/submit", {"outcome": "Nobody had time for us."})
    desk.stage.clock.forward(timedelta(days=400))
    standing = await desk.step(asks.Voucher.close)
    assert (standing.state, standing.waits_for) == ("issued", "VOP")
    await desk.officer.post(f"/api/v1/reports/{report}/accept")
    assert (await desk.step(asks.Voucher.close)).state == "expired"


async def test_a_report_gets_more_time_from_an_officer_and_never_from_its_author(desk: Applying) -> None:
    report = await the_report(desk)
    path = f"/api/v1/reports/{report}/move"
    later = {"due_on": "2027-12-01", "reason": "illness"}
    assert (await desk.ewa.post(path, later)).json()["slug"] == "not-your-role"
    own = await desk.stage.person("Olga", ("officer", desk.partnership), ("member", desk.helixon))
    assert (await own.post(path, later)).json()["slug"] == "own-case"
    assert (await desk.officer.post(path, {**later, "due_on": "2026-12-01"})).json()[
        "slug"
    ] == "date-later-only"
    assert (await desk.officer.post(path, later)).json()["state"] == "awaited"
    moved = (await facts(desk))[-1]
    assert (moved.type, moved.body["reason"]) == ("relais.report.rescheduled.v1", "illness")
    desk.stage.clock.forward(timedelta(days=200))
    await desk.stage.service.offers.perform(SWEEP, Subject("applications"))
    assert (await desk.ewa.get(f"/api/v1/reports/{report}")).json()["state"] == "awaited"


async def test_it_expires_when_its_time_is_over(desk: Applying) -> None:
    early = await desk.step(asks.Voucher.close)
    assert (early.state, early.open) == ("issued", True)
    assert early.due_in is not None and early.due_in > 0
    desk.stage.clock.forward(timedelta(days=400))
    assert (await desk.step(asks.Voucher.close)).state == "expired"
    report = await the_report(desk)
    assert (await desk.ewa.get(f"/api/v1/reports/{report}")).json()["state"] == "dropped", "nothing was used"


async def test_it_is_cancelled_until_something_was_claimed(desk: Applying) -> None:
    await hear_claim(desk, opened(desk), new_id())
    assert (await desk.act(desk.ewa, "cancel")).json()["slug"] == "voucher-claimed"


async def test_a_cancelled_grant_ends_with_its_case(desk: Applying) -> None:
    assert (await desk.act(desk.ewa, "cancel")).json()["state"] == "cancelled"
    standing = await desk.step(asks.Voucher.standing)
    assert (standing.state, standing.open) == ("cancelled", False)
    desk.stage.clock.forward(timedelta(days=400))
    await desk.stage.service.offers.perform(SWEEP, Subject("applications"))
    report = await the_report(desk)
    assert (await desk.ewa.get(f"/api/v1/reports/{report}")).json()["state"] == "dropped", "never overdue"


async def test_a_visit_is_not_closed_before_its_report_by_form_is_accepted(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with applying(await fresh_database("applications"), tmp_path) as desk:
        await desk.play_to_award(fulfilment={"kind": "visit"})
        for who in (desk.ewa, desk.officer, desk.payer):
            assert (await desk.sign(who)).status_code == 200
        visit = next(str(fact.subject) for fact in await facts(desk) if fact.aggregate == "visit")
        desk.stage.clock.forward(timedelta(days=400))
        for step in (asks.Visit.start, asks.Visit.end):
            await desk.step(step)
        photo = await desk.ewa.upload("/api/v1/files", "ticket.pdf", PDF)
        body = {
            "days": 5,
            "report": "We met them, and it was good.",
            "helpful": 4,
            "evidence": [photo.json()["id"]],
        }
        assert (await desk.ewa.post(f"/api/v1/visits/{visit}/report", body)).status_code == 200
        validated = await desk.officer.post(f"/api/v1/visits/{visit}/validate", {"days": 5})
        assert validated.status_code == 200, validated.text
        assert (await desk.step(asks.Visit.close, "closed")).state == "validated", "awaited"
        await desk.stage.service.offers.perform(SWEEP, Subject("applications"))
        assert (await desk.step(asks.Visit.close, "closed")).state == "validated", "overdue"
        await reported(desk)
        accepted = (await facts(desk))[-1]
        assert (accepted.type, accepted.wakes) == (
            "relais.report.accepted.v1",
            (f"exchange-visit/{desk.case}",),
        )
        assert (await desk.step(asks.Visit.close, "closed")).state == "closed"
