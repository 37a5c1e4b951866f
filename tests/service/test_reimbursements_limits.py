"""What one recipient may get: caps of an action and State aid of a country, held when a case reserves, definite at the
grant, given back when less is paid; and the register in which aid must stand.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import asks, organisation, partnership
from contracts.ids import new_id
from contracts.steps import Subject
from services.chassis.database import Database
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from tests.conftest import FreshDatabase
from tests.facts import a_fact
from tests.service.books import sound
from tests.service.money import Finance, done, finance
from tests.service.told import AMOUNT, FIRST

CAP = 60_000_00
DE_MINIMIS = 300_000_00


@asynccontextmanager
async def under(programme: str, database: Database, folder: Path) -> AsyncGenerator[Finance]:
    """The service with a partnership of this programme, and money for more than any limit."""
    async with finance(database, folder, 1_000_000_00) as money:
        action = partnership.Formed(
            name="B4H", title="B4H", programme=programme, coordinator=money.member, members=(money.member,),
            first_day=FIRST - timedelta(days=300), last_day=FIRST + timedelta(days=500),
        )  # fmt: skip
        await money.stage.hear(a_fact(action, money.partnership, 2))
        yield money
        await sound(money.stage.database)


@pytest.fixture
async def cosme(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Finance]:
    async with under("COSME", await fresh_database("reimbursements"), tmp_path) as money:
        yield money


@pytest.fixture
async def interreg(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Finance]:
    async with under("Interreg North-West Europe", await fresh_database("reimbursements"), tmp_path) as money:
        yield money


async def limit(money: Finance, kind: str = "cap") -> dict[str, int]:
    rows = await money.rows(
        "select account, sum(balance_cents)::int as cents from ledger_account_balance join limits on id = book"
        " where kind = :kind group by account",
        kind=kind,
    )
    return {row.account: row.cents for row in rows}


async def used_up(money: Finance, kind: str, leaving: int) -> UUID:
    """Leaves so much headroom, as if other cases had got the rest; the limit's id."""
    (row,) = await money.rows("select id from limits where kind = :kind", kind=kind)
    today = money.stage.clock.now().date()
    async with money.stage.database.transaction() as tx:
        rest = (await limit(money, kind))["HEADROOM"] - leaving
        await ledger.limited(tx.session, Occasion(new_id(), today), "limit_declare", row.id, new_id(), rest)
    return row.id


async def declare(
    money: Finance, *received: str, linked: tuple[UUID, ...] = (), nace: str = "72.11", country: str = "PL"
) -> str:
    body = {
        "organisation": str(money.sme), "member_state": country, "nace": nace, "received": list(received),
        "linked": [str(id) for id in linked],
    }  # fmt: skip
    answer = (await money.claimant.post("/api/v1/aid-declarations", body)).json()
    return answer.get("slug", answer.get("state", ""))


async def test_a_cap_is_held_then_definite_then_corrected_to_what_is_paid(cosme: Finance) -> None:
    case = await cosme.submitted()
    assert await cosme.reserve(case) == "made"
    assert await limit(cosme) == {"LIMIT": CAP, "HEADROOM": CAP - AMOUNT, "HELD": AMOUNT}
    await cosme.granted(case)
    assert await limit(cosme) == {"LIMIT": CAP, "HEADROOM": CAP - AMOUNT, "HELD": 0, "GRANTED": AMOUNT}
    await cosme.validated(case, days=3)
    await cosme.step(asks.Claim.open, case)
    await cosme.give_account()
    claim = await cosme.claim_of(case)
    await cosme.verify(claim)
    await cosme.approve(claim)
    paid = (await cosme.state(claim))["accepted_cents"]
    assert 0 < paid < AMOUNT
    await cosme.pay()
    cosme.stage.clock.forward(timedelta(days=10))
    await cosme.step(asks.Claim.close, claim)
    await cosme.closed(case)
    assert await limit(cosme) == {"LIMIT": CAP, "HEADROOM": CAP - paid, "HELD": 0, "GRANTED": paid}


async def test_whoever_would_get_more_than_the_cap_is_refused_at_once(cosme: Finance) -> None:
    await cosme.reserve(await cosme.submitted())
    await used_up(cosme, "cap", AMOUNT - 1)
    case = await cosme.submitted()
    standing = await cosme.step(asks.Reservation.reserve, case, 1)
    assert (standing.state, standing.reason, standing.open) == ("refused", "cap", False)
    assert await cosme.rows("select 1 from reservations where case_id = :case", case=case) == []


@pytest.mark.parametrize("end", ["withdrawn", "released from the queue"])
async def test_a_case_that_ends_gives_its_headroom_back(cosme: Finance, end: str) -> None:
    if end == "released from the queue":
        (row,) = await cosme.rows("select id from budgets")
        await cosme.coordinator.post(f"/api/v1/budgets/{row.id}/cut", {"amount_cents": 1_000_000_00})
    case = await cosme.submitted()
    assert await cosme.reserve(case) == ("made" if end == "withdrawn" else "queued")
    assert (await limit(cosme))["HELD"] == AMOUNT
    await cosme.withdrawn(case)
    assert await limit(cosme) == {"LIMIT": CAP, "HEADROOM": CAP, "HELD": 0}


async def test_twenty_cases_at_once_never_exceed_the_cap(cosme: Finance) -> None:
    await cosme.reserve(await cosme.submitted())
    await used_up(cosme, "cap", 3 * AMOUNT)
    cases = [await cosme.submitted() for _ in range(20)]
    told = Counter(await asyncio.gather(*(cosme.reserve(case) for case in cases)))
    assert told == {"made": 3, "refused": 17}
    assert (await limit(cosme))["HEADROOM"] == 0


async def test_the_database_refuses_what_a_rule_forgot(cosme: Finance) -> None:
    await cosme.reserve(await cosme.submitted())
    id = await used_up(cosme, "cap", 5)
    with pytest.raises(Exception, match="limit-exceeded"):
        async with cosme.stage.database.transaction() as tx:
            await ledger.limited(tx.session, Occasion(new_id(), FIRST), "limit_hold", id, new_id(), 6)


async def test_aid_waits_for_the_declaration_and_counts_what_others_gave(interreg: Finance) -> None:
    case = await interreg.submitted()
    with pytest.raises(Exception, match="declaration"):
        await interreg.reserve(case)
    today = interreg.stage.clock.now().date()
    old, young = today - timedelta(days=3 * 365 - 30), today - timedelta(days=400)
    assert await declare(interreg, f"{old}; 100000.00; Region", f"{young}; 199500.50; Town") == "made"
    standing = await interreg.step(asks.Reservation.reserve, case, 1)
    assert (standing.state, standing.reason) == ("refused", "aid_headroom")
    interreg.stage.clock.forward(timedelta(days=31))
    assert await interreg.reserve(case) == "made", "what was got three years ago counts no more"
    assert (await limit(interreg, "de_minimis"))["GRANTED"] == 199_500_50


async def checks(money: Finance, case: UUID) -> dict[str, Any]:
    (row,) = await money.rows("select id from aid_checks where case_id = :case", case=case)
    return (await money.coordinator.get(f"/api/v1/aid-checks/{row.id}")).json()


async def test_who_has_not_declared_is_asked_at_once_and_the_decider_sees_what_is_left(
    interreg: Finance,
) -> None:
    officer = await interreg.stage.person("Otto", ("officer", interreg.partnership))
    case, ended = await interreg.submitted(), await interreg.submitted()
    asked = await checks(interreg, case)
    assert (asked["state"], asked["basis"], asked["limits"]) == ("asked", "de_minimis", [])
    page = f"/aid-checks/{asked['id']}"
    assert "has not declared yet" in (await officer.open(page)).text
    assert "aid-declarations/make?organisation=" in (await interreg.claimant.open(page)).text
    await interreg.withdrawn(ended)
    assert (await checks(interreg, ended))["state"] == "dropped"
    young = interreg.stage.clock.now().date() - timedelta(days=400)
    assert await declare(interreg, f"{young}; 1000.00; Town", country="DE") == "made"
    assert (await checks(interreg, case))["state"] == "asked", (
        "aid of another country says nothing of this one"
    )
    assert await declare(interreg, f"{young}; 299500.00; Town") == "made"
    seen = await checks(interreg, case)
    cap, aid = sorted(seen["limits"], key=lambda one: one["ceiling_cents"])
    assert (seen["state"], cap["kind"], cap["enough"]) == ("declared", "cap", True)
    assert (aid["left_cents"], aid["enough"], seen["amount_cents"]) == (500_00, False, AMOUNT)
    text = (await officer.open(page)).text
    assert "too little is left" in text and "Regulation (EU) 2023/2831" in text and "72.11" in text
    assert (await checks(interreg, await interreg.submitted()))["state"] == "declared"
    stranger = await interreg.stage.person("Stan", ("officer", new_id()))
    assert (await stranger.open(page)).status_code == 404


async def test_a_declaration_that_has_grown_old_is_asked_for_again_before_the_award(
    interreg: Finance,
) -> None:
    sweep = next(step for step in asks.SWEEPS if step.owner == "reimbursements")
    await declare(interreg)
    case = await interreg.submitted()
    interreg.stage.clock.forward(timedelta(days=364))
    await interreg.step(sweep, "sweep")
    assert (await checks(interreg, case))["state"] == "declared"
    interreg.stage.clock.forward(timedelta(days=2))
    with pytest.raises(Exception, match="declaration"):
        await interreg.reserve(case)
    await interreg.step(sweep, "sweep")
    asked = await checks(interreg, case)
    assert asked["state"] == "asked"
    page = (await interreg.claimant.open(f"/aid-checks/{asked['id']}")).text
    assert "too old to rely on" in page and "aid-declarations/make?organisation=" in page
    assert await declare(interreg, nace="72.12") == "nace-unknown"
    assert await declare(interreg) == "made"
    assert (await checks(interreg, case))["state"] == "declared"
    assert await interreg.reserve(case) == "made"


async def test_what_a_case_holds_itself_does_not_count_against_it(interreg: Finance) -> None:
    await declare(interreg)
    case = await interreg.submitted()
    await interreg.reserve(case)
    limits = (await checks(interreg, case))["limits"]
    assert [(one["ceiling_cents"] - one["left_cents"], one["own_cents"]) for one in limits] == [
        (AMOUNT, AMOUNT)
    ] * 2


async def test_the_block_exemption_has_a_ceiling_of_its_own_and_ends(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with under("Interreg Central Europe", await fresh_database("reimbursements"), tmp_path) as money:
        assert await declare(money) == "made"
        assert await money.reserve(await money.submitted()) == "made"
        assert (await limit(money, "gber_20a"))["LIMIT"] == 22_000_00
        await used_up(money, "gber_20a", AMOUNT - 1)
        standing = await money.step(asks.Reservation.reserve, await money.submitted(), 1)
        assert standing.reason == "aid_headroom"
        money.stage.clock.forward(date(2027, 1, 1) - money.stage.clock.now().date())
        standing = await money.step(asks.Reservation.reserve, await money.submitted(), 1)
        assert (standing.state, standing.reason) == ("refused", "aid_not_in_force")


async def test_agriculture_gets_no_de_minimis_aid_of_this_kind(interreg: Finance) -> None:
    await declare(interreg, nace="01.11")
    standing = await interreg.step(asks.Reservation.reserve, await interreg.submitted(), 1)
    assert (standing.state, standing.reason) == ("refused", "aid_sector")


async def test_a_new_declaration_replaces_the_one_before(interreg: Finance) -> None:
    day = interreg.stage.clock.now().date() - timedelta(days=100)
    await declare(interreg, f"{day}; 1000.00; Region", f"{day}; 2000.00; Town")
    await declare(interreg, f"{day}; 2000.00; Town", f"{day}; 5.00; Ministry")
    assert (await limit(interreg, "de_minimis"))["GRANTED"] == 2_005_00
    assert await declare(interreg, f"{day}; 300000.01; Region") == "aid-beyond-ceiling"
    assert await declare(interreg, "yesterday; much; somebody") == "aid-line-unreadable"
    assert await declare(interreg, "2001-01-01; 1.00; Region") == "aid-line-outside"


async def test_linked_enterprises_are_one_undertaking(interreg: Finance) -> None:
    sister = new_id()
    body = organisation.Registered(
        name="Sister", kind="sme", town="Łódź", country="PL", latitude=51, longitude=19, identity=sister
    )
    await interreg.stage.hear(a_fact(body, sister))
    owner = await interreg.stage.person("Olga", ("member", sister))
    day = interreg.stage.clock.now().date() - timedelta(days=10)
    done(
        await owner.post(
            "/api/v1/aid-declarations",
            {"organisation": str(sister), "member_state": "PL", "nace": "72", "linked": [str(interreg.sme)],
             "received": [f"{day}; 299999.00; Region"]},
        )
    )  # fmt: skip
    assert await interreg.reserve(await interreg.submitted()) == "refused"


async def test_the_register_is_due_within_twenty_working_days_with_reminders_and_proof(
    interreg: Finance,
) -> None:
    payer = await interreg.stage.person("Paula", ("payer", interreg.member))
    await declare(interreg)
    case = await interreg.submitted()
    await interreg.reserve(case)
    await interreg.granted(case)
    (entry,) = (await payer.get("/api/v1/aid-entries")).json()
    granted = interreg.stage.clock.now().date()
    assert entry["state"] == "due"
    assert timedelta(days=26) <= _day(entry["due_on"]) - granted <= timedelta(days=31)

    async def sweep() -> int:
        sweep_step = next(step for step in asks.SWEEPS if step.owner == "reimbursements")
        await interreg.stage.service.offers.perform(sweep_step, Subject("reimbursements"))
        return len(await interreg.rows("select 1 from outbox where type = 'relais.aid_entry.reminded.v1'"))

    assert await sweep() == 0
    interreg.stage.clock.forward(_day(entry["due_on"]) - granted - timedelta(days=4))
    assert [await sweep(), await sweep()] == [1, 1]
    interreg.stage.clock.forward(timedelta(days=5))
    assert [await sweep(), await sweep()] == [2, 2]
    path = f"/api/v1/aid-entries/{entry['id']}/register"
    early = {"registered_on": str(granted - timedelta(days=1)), "reference": "SHRIMP-1"}
    assert (await payer.post(path, early)).json()["slug"] == "registered-when"
    done(await payer.post(path, {"registered_on": str(granted), "reference": "SHRIMP-1"}))
    interreg.stage.clock.forward(timedelta(days=30))
    assert await sweep() == 2


async def merged(cosme: Finance) -> None:
    """Two recipients, of which the second is found to be the first when both have got their cases."""
    await cosme.reserve(await cosme.submitted())
    await used_up(cosme, "cap", 0)
    other = new_id()

    async def known(identity: UUID, version: int) -> None:
        body = organisation.Registered(
            name="Twin", kind="sme", town="Kraków", country="PL", latitude=50, longitude=20, identity=identity
        )
        await cosme.stage.hear(a_fact(body, other, version))

    await known(other, 1)
    sme, cosme.sme = cosme.sme, other
    await cosme.reserve(await cosme.submitted())
    cosme.sme = sme
    assert (await cosme.coordinator.get("/api/v1/limits/exceeded")).json() == []
    await known(sme, 2)


async def test_limits_exceeded_by_a_later_merge_are_listed(cosme: Finance) -> None:
    await merged(cosme)
    (exceeded,) = (await cosme.coordinator.get("/api/v1/limits/exceeded")).json()
    assert (exceeded["kind"], exceeded["used_cents"], exceeded["ceiling_cents"]) == ("cap", CAP + AMOUNT, CAP)
    assert "Helixon" in (await cosme.coordinator.get("/limits")).text


def _day(text: str) -> date:
    return date.fromisoformat(text)
