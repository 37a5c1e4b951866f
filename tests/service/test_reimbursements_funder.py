"""What the funder is told of a period: prepared by one, sent by another, sent back and sent again, accepted with cuts;
and what it pays, matched to the bank by two."""

import io
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from services.reimbursements.retention.times import kept_until
from tests.service.camt import statement
from tests.service.funding import act, begun, cut, instalment, refused, report, sent
from tests.service.money import Finance, done
from tests.service.told import AMOUNT

COSTS = b"""category,description,reference,spent_on,currency,amount
staff,Project officer,B-17,2026-11-05,EUR,1000.00
travel,Train to Tartu,B-18,2026-11-06,PLN,430.00
"""


async def zloty(money: Finance, *days: tuple[str, str]) -> None:
    """Rates of the central bank, read by one person and put in force by another."""
    for day, units in days:
        content = f"Date,PLN\n{day},{units}\n".encode()
        file = done(await money.first.upload("/api/v1/exchange-tables/files", "eurofxref.csv", content))["id"]
        body = {"member": str(money.member), "source": "ecb", "on": day, "file": file}
        table = done(await money.first.post("/api/v1/exchange-tables", body))["id"]
        done(await money.second.post(f"/api/v1/exchange-tables/{table}/put-in-force"))


async def test_support_comes_from_the_ledger_and_own_costs_from_the_books(money: Finance) -> None:
    await money.play_to_payment()
    id = await begun(money)
    file = done(await money.first.upload("/api/v1/funder-reports/files", "costs.csv", COSTS))["id"]
    assert await act(money.first, id, "import-costs", {"file": file}) == "draft"
    money.stage.clock.forward(timedelta(days=9))
    assert await refused(money.first, id, "prepare") == "average-missing"
    page = await money.first.open(f"/funder-reports/{id}")
    assert (page.status_code, "none in force" in page.text) == (200, True), (
        "what lacks a rate can be taken out"
    )
    await zloty(money, ("2026-11-02", "4.20"), ("2026-11-16", "4.40"))
    seen = await report(money, id)
    assert [(one["cents"], one["rates"]) for one in seen["costs"]] == [(100_000, 0), (10_000, 2)]
    (row,) = seen["support"]
    assert (row["recipient"], row["country"], row["cents"]) == ("Helixon", "PL", AMOUNT)
    assert (row["value_on"], row["kind"]) == ("2026-11-23", "paid")
    assert row["payments"]
    assert seen["sums"]["indirect"] == 7_700
    assert seen["total_cents"] == 110_000 + 7_700 + AMOUNT
    assert seen["funder_cents"] == (117_700 * 75 + 50) // 100 + AMOUNT
    for told in ("Helixon", "Project officer", "Poland", "4.300000"):
        assert told in (await money.first.open(f"/funder-reports/{id}")).text
    file = (await money.first.open(f"/funder-reports/{id}/report.xlsx")).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    assert ["Own costs: staff", 1000] in book.get_sheet_by_name("2 Costs by category").to_python()
    assert (await money.first.open(f"/funder-reports/{id}/report.pdf")).content.startswith(b"%PDF-")


async def test_a_period_that_was_mistyped_is_changed_until_it_was_told(money: Finance) -> None:
    id = await begun(money, "2026-01-03")
    cost = {"category": "staff", "description": "Officer", "reference": "B-1", "spent_on": "2026-11-05",
            "amount": 100_00}  # fmt: skip
    assert await refused(money.first, id, "add-cost", cost) == "cost-outside"
    assert await act(money.first, id, "change-period", {"until": "2026-11-20"}) == "draft"
    assert await act(money.first, id, "add-cost", cost) == "draft"
    assert await refused(money.first, id, "change-period", {"until": "2026-11-04"}) == "period-without-costs"
    assert await refused(money.first, id, "change-period", {"until": "2029-01-01"}) == "period-outside-action"
    later = await begun(money, "2027-01-31")
    assert (await report(money, later))["since"] == "2026-11-21"
    assert await refused(money.first, id, "change-period", {"until": "2026-11-19"}) == "period-stands"
    await sent(money, id)
    assert await act(money.first, later, "change-period", {"until": "2026-12-31"}) == "draft"


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        ("staff,Officer,B-1,2026-11-05,EUR,Infinity", "cost-line-unreadable"),
        ("staff,Officer,B-1,2026-11-05,EUR,1E+9999999", "cost-line-unreadable"),
        ("staff,Officer,B-1,2026-11-05,EUR,1_000", "cost-line-unreadable"),
        ("staff,Officer,B-1,2026-11-05,EUR,10.005", "cost-line-unreadable"),
        ("staff,Officer,B-1,1793836800,EUR,10", "cost-line-unreadable"),
        ("staff,Officer,B-1,2026-11-05,EUR", "cost-line-unreadable"),
        ("staff,Officer,B-1,2026-10-05,EUR,10\nstaff,O,B-1", "cost-line-unreadable"),
        ('staff,"' + "x" * 200_000, "costs-unreadable"),
    ],
)
async def test_a_file_of_costs_is_read_whole_or_not_at_all(money: Finance, line: str, slug: str) -> None:
    id = await begun(money)
    content = COSTS + line.encode()
    file = done(await money.first.upload("/api/v1/funder-reports/files", "costs.csv", content))["id"]
    assert await refused(money.first, id, "import-costs", {"file": file}) == slug
    assert (await report(money, id))["costs"] == []


async def test_a_report_is_sent_back_sent_again_and_accepted_with_cuts(money: Finance) -> None:
    await money.play_to_payment()
    id = await begun(money)
    cost = {"category": "staff", "description": "Project officer", "reference": "B-17",
            "spent_on": "2026-11-05", "amount": 100_000}  # fmt: skip
    assert await refused(money.first, id, "add-cost", {**cost, "spent_on": "2025-12-31"}) == "cost-outside"
    await act(money.first, id, "add-cost", cost)
    assert await refused(money.second, id, "add-cost", cost) == "own-cost-once"
    assert await refused(money.first, id, "prepare") == "period-not-over"
    money.stage.clock.forward(timedelta(days=9))
    both = await money.stage.person("Both", ("coordinator", money.partnership), ("treasurer", money.member))
    assert await act(both, id, "prepare") == "prepared"
    assert await refused(both, id, "submit") == "funder-report-by-another"
    assert await refused(money.first, id, "submit") == "not-your-role"
    assert await act(money.coordinator, id, "submit") == "submitted"
    assert await act(money.coordinator, id, "send-back", {"remarks": "Show the train."}) == "sent_back"
    more = {**cost, "category": "travel", "description": "Train", "reference": "B-18", "amount": 5_000}
    await act(money.first, id, "add-cost", more)
    await sent(money, id)
    first, second = [
        (await money.first.get(f"/api/v1/funder-reports/{id}/versions/{n}")).json() for n in (1, 2)
    ]
    assert (len(first["costs"]), len(second["costs"])) == (1, 2)
    assert first["sha256"] != second["sha256"]
    page = (await money.first.open(f"/funder-reports/{id}/versions/2")).text
    assert "Since version 1" in page
    assert "Train" in page
    pdf = f"/funder-reports/{id}/versions/1/report.pdf"
    assert (await money.first.open(pdf)).content == (await money.second.open(pdf)).content
    over = {"travel": 5_001, "remarks": "No ticket."}
    assert await refused(money.coordinator, id, "note-cuts", over) == "cut-beyond-costs"
    assert await refused(money.coordinator, id, "note-cuts", {"travel": 5_000}) == "cut-without-reason"
    assert await refused(money.coordinator, id, "note-cuts", {"remarks": "Nothing."}) == "no-cuts"
    assert await cut(money, id, travel=5_000, remarks="No ticket.") == "accepted"
    seen = await report(money, id)
    assert (seen["versions"], seen["cut_cents"], seen["cuts"]) == (2, 5_000, {"travel": 5_000})
    assert "No ticket." in (await money.first.open(f"/funder-reports/{id}")).text
    assert (await money.claimant.open(f"/funder-reports/{id}")).status_code == 404
    for constraint, change in (
        ("funder-report-by-another", "update funder_reports set submitted_by = prepared_by"),
        ("funder-report-by-two", "update funder_reports set submitted_by = null"),
        ("funder-cut-within-costs", "update funder_reports set cut_cents = total_cents + 1"),
        ("funder-cuts-by-another", "update funder_reports set cuts_confirmed_by = cuts_noted_by"),
        ("funder-cuts-by-two", "update funder_reports set cuts_noted_by = null"),
    ):
        with pytest.raises(Exception, match=constraint):
            await money.change(change)
    with pytest.raises(Exception, match="permission denied"):
        await money.change("update funder_report_versions set number = 3")


async def test_what_comes_later_is_an_adjustment_of_the_next_report_and_told_once(money: Finance) -> None:
    _, claim = await money.play_to_payment()
    id = await begun(money)
    next_one = await begun(money, "2026-12-31")
    money.stage.clock.forward(timedelta(days=9))
    await money.give_back(claim)
    before = await report(money, id)
    assert [row["cents"] for row in before["support"]] == [AMOUNT]
    money.stage.clock.forward(timedelta(days=31))
    assert await refused(money.first, next_one, "prepare") == "report-before"
    await sent(money, id)
    await act(money.coordinator, id, "accept", {})
    after = await report(money, next_one)
    assert [(row["cents"], row["kind"]) for row in after["support"]] == [(-AMOUNT, "returned")]
    await sent(money, next_one)
    rows = await money.rows(
        "select posting, position, count(*) as n from funder_reported_entries group by 1, 2"
    )
    assert [row.n for row in rows] == [1, 1]


async def test_an_entry_recorded_after_sending_keeps_its_value_date(money: Finance) -> None:
    id = await begun(money)
    next_one = await begun(money, "2026-12-31")
    await money.play_to_approval()
    _batch, file = await money.play_to_order()
    money.stage.clock.forward(timedelta(days=9))
    await sent(money, id)
    assert (await report(money, id))["support"] == []
    done(await money.import_statement(money.bank.book(file, date(2026, 11, 30))[0]))
    (late,) = (await report(money, next_one))["adjustments"]
    assert (late["cents"], late["value_on"]) == (AMOUNT, "2026-11-30")
    assert "Later entries of earlier periods" in (await money.first.open(f"/funder-reports/{next_one}")).text


async def test_what_is_paid_after_the_action_is_never_told(money: Finance) -> None:
    id = await begun(money)
    await money.play_to_approval()
    _batch, file = await money.play_to_order()
    await money.change("update budgets set action_end = '2026-11-22'")
    done(await money.import_statement(money.booked(file)))
    rows = await money.rows("select balance_cents from ledger_account_balance where account = 'PAID_OUTSIDE'")
    assert sum(row.balance_cents for row in rows) == AMOUNT
    seen = await report(money, id)
    assert (seen["support"], seen["adjustments"], seen["total_cents"]) == ([], [], 0)


async def test_an_instalment_is_matched_by_one_and_confirmed_by_another(money: Finance) -> None:
    id = await instalment(money, "prefinancing", 250_000_00)
    on = money.stage.clock.now().date()
    read = statement(
        "S-1", 0, (250_000_00, "EU-1", "NOTPROVIDED", "SALA"), (500, "X", "NOTPROVIDED", "SALA"), on=on
    )
    done(await money.import_statement(read))
    right, wrong = [line["id"] for line in await money.suspended()]
    other = await money.first.post(f"/api/v1/instalments/{id}/match", {"line": wrong})
    assert other.json()["slug"] == "no-such-entry"
    done(await money.first.post(f"/api/v1/instalments/{id}/match", {"line": right}))
    own = await money.first.post(f"/api/v1/instalments/{id}/confirm")
    assert (own.status_code, own.json()["slug"]) == (403, "instalment-by-another")
    assert done(await money.second.post(f"/api/v1/instalments/{id}/confirm"))["state"] == "settled"
    rows = await money.rows("select account, balance_cents from ledger_account_balance where account in"
                            " ('FUNDER_ADVANCE', 'SUSPENSE') and balance_cents <> 0 order by account")  # fmt: skip
    assert [(row.account, row.balance_cents) for row in rows] == [
        ("FUNDER_ADVANCE", 250_000_00),
        ("SUSPENSE", -500),
    ]
    assert [line["id"] for line in await money.suspended()] == [wrong]
    with pytest.raises(Exception, match="instalment-by-another"):
        await money.change("update instalments set settled_by = matched_by")
    assert (await money.claimant.open(f"/instalments/{id}")).status_code == 404
    await money.explain(wrong, "own")


async def test_records_are_kept_from_the_last_payment_of_the_funder_on(money: Finance) -> None:
    id = await instalment(money, "final", 70_000_00)
    twice = {"partnership": str(money.partnership), "member": str(money.member), "kind": "final", "amount": 1}
    assert (await money.second.post("/api/v1/instalments", twice)).json()["slug"] == "instalment-final-once"
    seen = (await money.first.get(f"/api/v1/instalments/{id}")).json()
    assert seen["kept_until"] is None
    on = money.stage.clock.now().date()
    done(await money.import_statement(statement("S-1", 0, (70_000_00, "EU-9", "NOTPROVIDED", "SALA"), on=on)))
    (line,) = await money.suspended()
    done(await money.first.post(f"/api/v1/instalments/{id}/match", {"line": line["id"]}))
    done(await money.second.post(f"/api/v1/instalments/{id}/unmatch"))
    done(await money.second.post(f"/api/v1/instalments/{id}/match", {"line": line["id"]}))
    done(await money.first.post(f"/api/v1/instalments/{id}/confirm"))
    seen = (await money.first.get(f"/api/v1/instalments/{id}")).json()
    assert (seen["received_cents"], seen["kept_until"]) == (70_000_00, "2031-11-23")
    assert "23 November 2031" in (await money.first.open(f"/instalments/{id}")).text
    assert "Last payment of the funder" in (await money.coordinator.open("/instalments")).text


def test_a_small_grant_is_kept_for_three_years() -> None:
    assert kept_until(date(2026, 11, 23), 60_000_00, "COSME") == date(2029, 11, 23)
    assert kept_until(date(2024, 2, 29), 60_000_01, "COSME") == date(2029, 2, 28)


def test_interreg_counts_from_the_end_of_the_year() -> None:
    for programme in ("Interreg", "Interreg Central Europe"):
        assert kept_until(date(2026, 11, 23), 60_000_00, programme) == date(2031, 12, 31)


def test_state_aid_is_kept_for_ten_years_if_that_is_longer() -> None:
    assert kept_until(date(2026, 11, 23), 70_000_00, "COSME", date(2026, 3, 1)) == date(2036, 12, 31)
    assert kept_until(date(2030, 11, 23), 70_000_00, "COSME", date(2020, 3, 1)) == date(2035, 11, 23)
