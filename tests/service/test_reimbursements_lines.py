"""Claims with receipts: what may be claimed, what proves it, what was claimed before, and what a line comes to."""

from collections.abc import AsyncGenerator
from datetime import date, timedelta
from pathlib import Path

import pytest

from contracts import asks, registration
from contracts.attendance import Recorded
from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.facts import a_fact
from tests.service.books import sound
from tests.service.claiming import ACTUAL, COSTS, VOUCHER, Claiming, claiming, inforeuro, photo
from tests.service.money import done
from tests.service.told import FIRST

ECB = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><Cube><Cube time="2027-01-08">
<Cube currency="USD" rate="1.25"/></Cube></Cube></gesmes:Envelope>"""


@pytest.fixture
async def money(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Claiming]:
    async with claiming(await fresh_database("reimbursements"), tmp_path) as played:
        yield played
        await sound(played.stage.database)


async def test_units_and_costs_in_two_currencies_come_to_one_sum(money: Claiming) -> None:
    """309.00 travel, 748.00 for five days, CHF 300 and PLN 430 at February's rates."""
    _, claim = await money.play_to_opened()
    assert (await money.state(claim))["amount_cents"] == 105_700
    asked = (await money.claimant.open(f"/claims/{claim}/add-line")).text
    assert ('value="taxi"' in asked, 'value="travel"' in asked) == (True, False), "a unit covers the journey"
    done(await money.cost(claim, 300, currency="CHF"))
    done(await money.cost(claim, 430, currency="PLN", supplier="Kraków Print", category="other"))
    missing = await money.claimant.post(f"/api/v1/claims/{claim}/file")
    assert missing.json()["slug"] == "rate-missing"
    await money.rates("inforeuro", date(2027, 2, 14), inforeuro(CHF="0.9571", PLN="4.3"))
    done(await money.claimant.post(f"/api/v1/claims/{claim}/file"))
    lines = await money.lines(claim)
    assert [(line["category"], line["cost_cents"]) for line in lines] == [
        ("travel_unit", 30_900),
        ("daily_unit", 74_800),
        ("fee", 31_345),
        ("other", 10_000),
    ]
    assert {line["rate_on"] for line in lines[2:]} == {"2027-02-01"}
    state = await money.state(claim)
    assert state["amount_cents"] == 105_700 + 41_345
    assert sum(line["estimated_cents"] for line in lines) == 155_700
    await money.check(claim, 3, 313.45)
    await money.check(claim, 4, 100)
    done(await money.verifier.post(f"/api/v1/claims/{claim}/verify", {"remark": ""}))
    await money.approve(claim)
    await money.pay()
    paid = await money.state(claim)
    assert paid["paid_cents"] == 147_045
    assert [line["paid_cents"] for line in paid["claimed_lines"]] == [30_900, 74_800, 31_345, 10_000]


async def test_a_line_keeps_the_rate_of_its_first_filing(money: Claiming) -> None:
    _, claim = await money.play_to_opened()
    await money.rates("inforeuro", date(2027, 2, 1), inforeuro(CHF="0.95"))
    done(await money.cost(claim, 95, currency="CHF"))
    done(await money.claimant.post(f"/api/v1/claims/{claim}/file"))
    why = {"reason": "amount", "explanation": "The receipt says 190."}
    done(await money.verifier.post(f"/api/v1/claims/{claim}/return", why))
    money.stage.clock.forward(date(2027, 3, 10) - money.stage.clock.now().date())
    await money.rates("inforeuro", date(2027, 3, 1), inforeuro(CHF="0.5"))
    (line,) = [one for one in await money.lines(claim) if one["category"] == "fee"]
    changed = {
        "line": line["id"], "category": "fee", "description": "Conference fee", "supplier": "Estonian Biotech Days",
        "spent_on": str(FIRST), "currency": "CHF", "amount_minor": 19_000,
    }  # fmt: skip
    done(await money.claimant.post(f"/api/v1/claims/{claim}/change-line", changed))
    done(await money.cost(claim, 10, currency="CHF", supplier="Tram"))
    done(await money.claimant.post(f"/api/v1/claims/{claim}/revise"))
    assert [one["cost_cents"] for one in await money.lines(claim)][2:] == [20_000, 2_000]
    said = await money.rows(
        "select body ->> 'pay_by' as day from outbox where type like 'relais.claim.revised.%'"
    )
    assert [row.day for row in said] == [(await money.state(claim))["pay_by"]], "work lists go by it"


@pytest.mark.parametrize(
    ("given", "slug", "field"),
    [
        ({"category": "accommodation"}, "category-not-listed", "category"),
        ({"category": "travel"}, "covered-already", "category"),
        ({"category": "taxi"}, "taxi-names", "travellers"),
        ({"spent_on": "2027-01-09"}, "outside-trip", "spent_on"),
        ({"spent_on": "2027-01-17"}, "outside-trip", "spent_on"),
        ({"receipts": []}, "receipt-missing", "receipts"),
        ({"proof": "declaration", "declaration": "x" * 30}, "declaration-for-journeys", "proof"),
        (
            {"proof": "declaration", "category": "taxi", "travellers": "Ewa Nowak", "declaration": "lost"},
            "declaration-too-short",
            "declaration",
        ),
        ({"currency": "eur"}, "currency-unknown", "currency"),
        ({"currency": "XXX"}, "currency-unknown", "currency"),
        ({"currency": "DEM"}, "currency-unknown", "currency"),
        ({"vat_minor": 10_000}, "vat-too-high", "vat_minor"),
        ({"receipts": ["0" * 64]}, "no-such-file", "receipts"),
    ],
)
async def test_a_cost_that_breaks_a_rule_is_refused_at_its_field(
    money: Claiming, given: dict[str, object], slug: str, field: str
) -> None:
    _, claim = await money.play_to_opened()
    refused = await money.cost(claim, 100, **given)
    assert (refused.status_code, refused.json()["slug"], list(refused.json()["errors"])) == (
        422,
        slug,
        [field],
    )


async def test_what_stands_for_a_receipt(money: Claiming) -> None:
    """A day before and after the trip, a bank statement, a lost ticket, a taxi with names, VAT that comes back."""
    _, claim = await money.play_to_opened()
    done(await money.cost(claim, 10, spent_on="2027-01-10", proof="bank_statement"))
    lost = {"proof": "declaration", "declaration": "The receipt of 11 January was lost with my coat."}
    done(await money.cost(claim, 5, category="taxi", travellers="Ewa Nowak", **lost))
    done(await money.cost(claim, 30, category="taxi", travellers="Ewa Nowak, Jan Maj", spent_on="2027-01-16"))
    done(await money.cost(claim, 121, vat_minor=2_100))
    done(await money.claimant.post(f"/api/v1/claims/{claim}/file"))
    assert [line["cost_cents"] for line in await money.lines(claim)][2:] == [1_000, 500, 3_000, 10_000]


async def test_a_receipt_counts_once_over_the_whole_programme(money: Claiming) -> None:
    _, first = await money.play_to_opened()
    picture = photo()
    done(await money.cost(first, 100, receipts=[await money.receipt(picture)]))
    done(await money.cost(first, 20, supplier="Cloakroom", receipts=[await money.receipt(picture)]))
    _, second = await money.play_to_opened()
    refused = await money.cost(second, 100, receipts=[await money.receipt(picture)])
    assert refused.json()["slug"] == "receipt-claimed-before"
    said = refused.json()["errors"]["receipts"].replace("\u00a0", " ")
    assert said.startswith("This receipt was claimed before: Klaster, Monday 1 February, 100.00 EUR.")
    for line in (await money.lines(first))[2:]:
        done(await money.claimant.post(f"/api/v1/claims/{first}/remove-line", {"line": line["id"]}))
    done(await money.cost(second, 100, receipts=[await money.receipt(picture)]))


async def test_the_same_supplier_date_and_amount_warn_without_telling_more(money: Claiming) -> None:
    _, first = await money.play_to_opened()
    done(await money.cost(first, 100, supplier="Café Wérner"))
    _, second = await money.play_to_opened()
    done(await money.cost(second, 100, supplier="CAFE WERNER"))
    done(await money.claimant.post(f"/api/v1/claims/{second}/file"))
    page = (await money.verifier.open(f"/claims/{second}")).text.replace("\u00a0", " ")
    assert "Same supplier, date and amount: Klaster, 11 January, 100.00 EUR" in page


async def test_an_amount_is_shown_in_the_currency_of_its_line(money: Claiming) -> None:
    _, claim = await money.play_to_opened()
    asked = (await money.claimant.open(f"/claims/{claim}/add-line")).text
    assert "Amount on the receipt" in asked and "govuk-input__suffix" not in asked
    done(await money.cost(claim, 300, currency="CHF", vat_minor=2_300))
    page = (await money.claimant.open(f"/claims/{claim}")).text.replace("\u00a0", " ")
    assert "300.00 CHF" in page and "less VAT of 23.00 CHF" in page


async def test_one_trip_is_paid_once_at_one_amount(money: Claiming) -> None:
    _, first = await money.play_to_opened()
    done(await money.claimant.post(f"/api/v1/claims/{first}/file"))
    _, second = await money.play_to_opened()
    await money.change(
        "update reimbursements_known_cases set frozen = frozen || jsonb_build_object('host', (select frozen->'host'"
        " from reimbursements_known_cases where id = (select case_id from claims where id = cast(:first as uuid))))"
        " where id = (select case_id from claims where id = cast(:second as uuid))",
        first=first, second=second,
    )  # fmt: skip
    refused = await money.claimant.post(f"/api/v1/claims/{second}/file")
    assert refused.json()["slug"] == "trip-claimed-before"
    assert "Klaster, Monday 1 February, 1,057.00 EUR" in refused.json()["title"]


async def test_receipts_are_shown_to_those_who_take_part_only(money: Claiming) -> None:
    _, claim = await money.play_to_opened()
    picture = photo()
    done(await money.cost(claim, 100, receipts=[await money.receipt(picture)]))
    (line,) = (await money.lines(claim))[2:]
    address = f"/claims/{claim}/receipts/{line['receipts'][0]}"
    shown = await money.verifier.fetch(address)
    assert (shown.content, shown.headers["content-type"]) == (picture, "image/png")
    stranger = await money.stage.person("Nobody")
    assert (await stranger.open(address)).status_code == 404


async def test_attendance_that_the_call_asks_for_blocks_and_opens(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    event = new_id()
    support = type(COSTS)(kind="actual_cost", claimable_cents=50_000, categories=("fee",), attendance_percent=80,
                          event=str(event))  # fmt: skip
    async with claiming(await fresh_database("reimbursements"), tmp_path, support) as money:
        _, claim = await money.play_to_opened()
        done(await money.cost(claim, 100))
        refused = await money.claimant.post(f"/api/v1/claims/{claim}/file")
        assert refused.json()["slug"] == "attendance-missing"
        place = new_id()
        await money.stage.hear(
            a_fact(registration.Confirmed(event=event, person=money.claimant.id, code="A"), place),
            *(
                a_fact(
                    Recorded(
                        event=event, registration=place, day=date(2027, 1, day), present=True, how="code",
                        at=money.stage.clock.now(),
                    )
                )
                for day in (11, 12)
            ),
        )  # fmt: skip
        done(await money.claimant.post(f"/api/v1/claims/{claim}/file"))


async def test_a_voucher_is_claimed_in_parts_until_its_value_is_used(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """min(net × 75 per cent, what is left of 4,000)."""
    async with claiming(await fresh_database("reimbursements"), tmp_path, VOUCHER) as money:
        case = await money.submitted()
        assert await money.reserve(case) == "made"
        await money.granted(case)
        await money.issued(case)
        await money.give_account()
        claims: list[str] = []
        for euro, claimed in ((4_000, 300_000), (2_000, 100_000)):
            claim = done(await money.claimant.post("/api/v1/claims", {"voucher": str(case)}))["id"]
            spent = str(money.stage.clock.now().date())
            done(await money.cost(claim, euro, category="service", spent_on=spent, supplier=f"Lab {euro}"))
            done(await money.claimant.post(f"/api/v1/claims/{claim}/file"))
            assert (await money.state(claim))["amount_cents"] == claimed
            claims.append(claim)
        stranger = await money.stage.person("Nobody", ("member", new_id()))
        assert (await stranger.post("/api/v1/claims", {"voucher": str(case)})).status_code == 404
        for claim in claims:
            done(await money.check(claim, 1, (await money.lines(claim))[0]["cost_cents"] / 100))
            done(await money.verifier.post(f"/api/v1/claims/{claim}/verify"))
        first = done(await money.approver.post(f"/api/v1/claims/{claims[0]}/approve"))
        assert first["state"] == "verified", "both parts together are above the threshold"
        more = await money.claimant.post("/api/v1/claims", {"voucher": str(case)})
        assert more.json()["slug"] == "voucher-used-up"
        await money.closed(case)
        await sound(money.stage.database)
        assert (await money.step(asks.Claim.standing, claims[1])).waits_for == "APPROVER"


async def test_what_is_still_claimed_keeps_its_money_when_the_voucher_ends(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with claiming(await fresh_database("reimbursements"), tmp_path, VOUCHER) as money:
        case = await money.submitted()
        assert await money.reserve(case) == "made"
        await money.granted(case)
        await money.issued(case, in_parts=False)
        await money.give_account()
        claim = done(await money.claimant.post("/api/v1/claims", {"voucher": str(case)}))["id"]
        again = await money.claimant.post("/api/v1/claims", {"voucher": str(case)})
        assert again.json()["slug"] == "voucher-claimed-at-once"
        await money.closed(case)
        assert (await money.accounts())["COMMITTED"] == 400_000
        money.stage.clock.forward(timedelta(days=100))
        assert (await money.step(asks.Claim.expire, claim)).state == "expired"
        money.stage.clock.forward(timedelta(days=20))
        assert not (await money.step(asks.Claim.finalise, claim)).open
        assert (await money.accounts())["COMMITTED"] == 0
        await sound(money.stage.database)


async def test_the_rate_of_the_day_is_the_central_banks_and_holds_over_a_weekend(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    support = type(ACTUAL)(
        kind="actual_cost", claimable_cents=50_000, categories=("fee",), rate_day="day", intensity_percent=100
    )
    async with claiming(await fresh_database("reimbursements"), tmp_path, support) as money:
        _, claim = await money.play_to_opened()
        await money.rates("ecb", date(2027, 1, 8), ECB, "eurofxref.xml")
        done(await money.cost(claim, 125, currency="USD", spent_on="2027-01-10"))
        done(await money.claimant.post(f"/api/v1/claims/{claim}/file"))
        (line,) = await money.lines(claim)
        assert (line["cost_cents"], line["rate_on"], line["rate_source"]) == (10_000, "2027-01-08", "ecb")


async def test_the_rate_of_the_invoice_is_that_of_its_month_whenever_it_is_claimed(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    support = type(ACTUAL)(
        kind="actual_cost",
        claimable_cents=50_000,
        categories=("fee",),
        rate_day="invoice",
        intensity_percent=100,
    )
    async with claiming(await fresh_database("reimbursements"), tmp_path, support) as money:
        _, claim = await money.play_to_opened()
        await money.rates("inforeuro", date(2027, 2, 1), inforeuro(CHF="0.95"))
        done(await money.cost(claim, 80, currency="CHF"))
        missing = await money.claimant.post(f"/api/v1/claims/{claim}/file")
        assert missing.json()["slug"] == "rate-missing", "February's rate is not January's"
        await money.rates("inforeuro", date(2027, 1, 1), inforeuro(CHF="0.80"))
        done(await money.claimant.post(f"/api/v1/claims/{claim}/file"))
        (line,) = await money.lines(claim)
        assert (line["cost_cents"], line["rate_on"], line["rate_source"]) == (
            10_000,
            "2027-01-01",
            "inforeuro",
        )


async def test_rates_take_two_people_and_a_file_that_is_one(money: Claiming) -> None:
    broken = done(await money.verifier.upload("/api/v1/exchange-tables/files", "x.json", b'[{"a": 1}]'))["id"]
    body = {"member": str(money.member), "source": "inforeuro", "on": "2026-11-01", "file": broken}
    assert (await money.verifier.post("/api/v1/exchange-tables", body)).json()["slug"] == "rates-unreadable"
    good = done(
        await money.verifier.upload(
            "/api/v1/exchange-tables/files", "x.csv", b"Country;ISO code;Value\nSwitzerland;CHF;0.9"
        )
    )["id"]
    table = done(await money.verifier.post("/api/v1/exchange-tables", {**body, "file": good}))["id"]
    own = await money.verifier.post(f"/api/v1/exchange-tables/{table}/put-in-force")
    assert own.json()["slug"] == "rates-checked-by-another"
    done(await money.approver.post(f"/api/v1/exchange-tables/{table}/put-in-force"))
    page = (await money.verifier.open(f"/exchange-tables/{table}")).text
    assert "November 2026" in page
    assert "CHF" in page
    assert "November 2026" in (await money.verifier.open("/exchange-tables")).text


async def test_whoever_prepared_a_line_for_somebody_judges_nothing_of_the_claim(money: Claiming) -> None:
    _, claim = await money.play_to_opened()
    done(await money.cost(claim, 100))
    (row,) = await money.rows("select prepared_by from claims where id = cast(:id as uuid)", id=claim)
    assert row.prepared_by == [money.claimant.id]
    await money.change(
        "update claims set prepared_by = prepared_by || cast(:who as uuid)", who=str(money.verifier.id)
    )
    done(await money.claimant.post(f"/api/v1/claims/{claim}/file"))
    refused = await money.check(claim, 3, 100)
    assert (refused.status_code, refused.json()["slug"]) == (403, "own-claim")
