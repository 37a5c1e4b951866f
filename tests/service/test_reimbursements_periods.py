"""A month of the books: closed by two people when all is known of it, reported, and exported once."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.service.camt import statement
from tests.service.money import Finance, done
from tests.service.told import AMOUNT

ACCOUNTS = ("bank", "transit", "payable", "receivable", "support", "charges", "suspense", "funder_advance",
            "due_to_funder", "written_off", "own")  # fmt: skip
NUMBERS = {account: f"{1000 + n * 100}" for n, account in enumerate(ACCOUNTS)}
DECEMBER = date(2026, 12, 2)


async def read(money: Finance, on: date, *entries: tuple[int, str, str, str]) -> None:
    """One more statement of the bank."""
    before = await money.rows("select closing_cents from statements order by id desc limit 1")
    closing = before[0].closing_cents if before else 0
    done(await money.import_statement(statement(f"S-{on}", closing, *entries, on=on)))


async def begun(money: Finance) -> str:
    return done(await money.first.post("/api/v1/periods", {"member": str(money.member)}))["id"]


async def closed(money: Finance) -> str:
    """November, closed in December: a case was paid in it."""
    await money.play_to_payment()
    period = await begun(money)
    money.stage.clock.forward(timedelta(days=9))
    await read(money, DECEMBER)
    done(await money.first.post(f"/api/v1/periods/{period}/propose", {"remark": "All is known."}))
    done(await money.second.post(f"/api/v1/periods/{period}/close"))
    return period


async def month(money: Finance, period: str) -> dict[str, Any]:
    return (await money.first.get(f"/api/v1/periods/{period}")).json()


async def figures(money: Finance, period: str) -> dict[str, Any]:
    return (await money.first.get(f"/api/v1/periods/{period}/report")).json()


async def test_a_month_is_closed_by_two_when_its_statements_reach_over_its_end(money: Finance) -> None:
    await money.play_to_payment()
    period = await begun(money)
    seen = await month(money, period)
    assert (seen["first_day"], seen["last_day"], seen["state"]) == ("2026-11-01", "2026-11-30", "open")
    assert seen["obstacles"] == ["month-not-over", "month-beyond-statement"]
    again = await money.second.post("/api/v1/periods", {"member": str(money.member)})
    assert again.json()["slug"] == "period-once"
    money.stage.clock.forward(timedelta(days=9))
    early = await money.first.post(f"/api/v1/periods/{period}/propose")
    assert early.json()["slug"] == "month-beyond-statement"
    assert "23 November" in (await money.first.open(f"/periods/{period}")).text
    await read(money, DECEMBER)
    assert done(await money.first.post(f"/api/v1/periods/{period}/propose"))["state"] == "proposed"
    own = await money.first.post(f"/api/v1/periods/{period}/close")
    assert (own.status_code, own.json()["slug"]) == (403, "month-proposed-yourself")
    for stranger in (money.verifier, money.coordinator, money.claimant):
        assert (await stranger.post(f"/api/v1/periods/{period}/close")).status_code in (403, 404)
    assert done(await money.second.post(f"/api/v1/periods/{period}/close"))["state"] == "closed"
    seen = await month(money, period)
    assert len(seen["chain_head"]) == 64
    assert seen["postings"] > 5
    listed = (await money.first.get("/api/v1/periods")).json()
    assert {(one["first_day"], one["state"]) for one in listed} == {
        ("2026-11-01", "closed"), ("2026-12-01", "open"),
    }  # fmt: skip


async def test_what_nobody_has_explained_keeps_a_month_open(money: Finance) -> None:
    await money.play_to_payment()
    await read(money, date(2026, 11, 30), (-12_345, "STRANGE", "NOTPROVIDED", "ICDT"))
    money.stage.clock.forward(timedelta(days=9))
    period = await begun(money)
    refused = await money.first.post(f"/api/v1/periods/{period}/propose")
    assert refused.json()["slug"] == "month-with-suspense"
    (line,) = await money.suspended()
    await money.explain(line["id"], "own")
    assert (await money.rows("select octet_length(told) as size from suspense_lines"))[0].size > 0
    done(await money.first.post(f"/api/v1/periods/{period}/propose"))
    done(await money.second.post(f"/api/v1/periods/{period}/send-back"))
    done(await money.second.post(f"/api/v1/periods/{period}/propose"))
    done(await money.first.post(f"/api/v1/periods/{period}/close"))
    assert (await money.rows("select octet_length(told) as size from suspense_lines"))[0].size == 0
    assert (await money.first.open(f"/suspense/{line['id']}")).status_code == 200


async def test_what_comes_later_stands_in_the_next_month_with_its_value_date(money: Finance) -> None:
    period = await closed(money)
    before = await figures(money, period)
    cash = before["books"][str(money.member)]
    left = cash["BANK"]["closing"]
    assert (cash["BANK"]["opening"], left) == (0, cash["OWN"]["closing"] - AMOUNT)
    pdf = (await money.first.open(f"/periods/{period}/report.pdf")).content
    await read(money, date(2026, 12, 3), (-700, "FEE-1", "NOTPROVIDED", "ICDT"))
    (line,) = await money.suspended()
    assert line["value_on"] == "2026-12-03"
    await money.change("update suspense_lines set value_on = '2026-11-24'")
    await money.explain(line["id"], "charge")
    assert await figures(money, period) == before
    assert (await money.first.open(f"/periods/{period}/report.pdf")).content == pdf
    (december,) = [
        one["id"] for one in (await money.first.get("/api/v1/periods")).json() if one["state"] == "open"
    ]
    cash = (await figures(money, december))["books"][str(money.member)]
    assert (cash["BANK"]["opening"], cash["BANK"]["closing"]) == (left, left - 700)
    assert (cash["CHARGES"]["opening"], cash["CHARGES"]["closing"]) == (0, 700)
    money.stage.clock.forward(timedelta(days=31))
    await read(money, date(2027, 1, 2))
    done(await money.first.post(f"/api/v1/periods/{december}/propose"))
    done(await money.second.post(f"/api/v1/periods/{december}/close"))
    assert await figures(money, period) == before
    rows = await money.rows(
        "select business_date from ledger_transaction join period_postings on posting = ledger_transaction.id"
        f" where kind = 'charge_from_suspense' and period = '{december}'"
    )
    assert [row.business_date for row in rows] == [date(2026, 11, 24)]


async def test_a_report_is_a_page_a_pdf_and_a_workbook(money: Finance) -> None:
    period = await closed(money)
    page = (await money.first.open(f"/periods/{period}")).text
    for told in ("November 2026", "Exchanges", "PL** **** 2874", "670.00"):
        assert told in page, told
    assert (await money.verifier.open(f"/periods/{period}")).status_code == 200
    assert (await money.claimant.open(f"/periods/{period}")).status_code == 404
    pdf = await money.first.open(f"/periods/{period}/report.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    file = (await money.first.open(f"/periods/{period}/report.xlsx")).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    cash = book.get_sheet_by_name("3 Cash").to_python()
    (bank,) = [row for row in cash if row[0] == "Bank"]
    assert (bank[1], bank[3]) == (0, 670)
    member = f"member={money.member}"
    day = (await money.first.open(f"/periods/day?{member}&day=2026-11-23")).text
    assert "Finance report, 23 November 2026" in day
    assert (await money.first.open(f"/periods/day.pdf?{member}&day=2026-11-23")).status_code == 200
    assert (await money.claimant.open(f"/periods/day?{member}")).status_code == 404


async def test_every_bank_account_is_reconciled_to_the_cent(money: Finance) -> None:
    period = await closed(money)
    (account,) = (await figures(money, period))["bank"]
    assert account["difference"] == 0
    assert account["ledger"] == (await figures(money, period))["books"][str(money.member)]["BANK"]["closing"]


async def test_a_closed_month_is_exported_once_and_always_the_same_bytes(money: Finance) -> None:
    await money.play_to_payment()
    open_one = await begun(money)
    early = await money.first.post("/api/v1/books-exports", {"period": open_one})
    assert early.json()["slug"] == "month-open"
    money.stage.clock.forward(timedelta(days=9))
    await read(money, DECEMBER)
    done(await money.first.post(f"/api/v1/periods/{open_one}/propose"))
    done(await money.second.post(f"/api/v1/periods/{open_one}/close"))
    unmapped = await money.first.post("/api/v1/books-exports", {"period": open_one})
    assert unmapped.json()["slug"] == "chart-missing"
    wrong = await money.first.post("/api/v1/charts", {**NUMBERS, "bank": "=1+1", "member": str(money.member)})
    assert wrong.status_code == 422
    chart = done(await money.first.post("/api/v1/charts", {**NUMBERS, "member": str(money.member)}))["id"]
    export = done(await money.first.post("/api/v1/books-exports", {"period": open_one}))["id"]
    file = await money.first.open(f"/books-exports/{export}/file")
    rows = list(csv.DictReader(io.StringIO(file.content.decode())))
    assert {row["Account"] for row in rows} == {
        NUMBERS[name] for name in ("bank", "transit", "payable", "support", "own")
    }
    debit, credit = (sum(float(row[side] or 0) for row in rows) for side in ("Debit", "Credit"))
    assert debit == credit > 3 * AMOUNT / 100
    assert [row["Line"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    done(await money.second.post(f"/api/v1/charts/{chart}/change", {**NUMBERS, "bank": "2800"}))
    assert (await money.second.open(f"/books-exports/{export}/file")).content == file.content
    twice = await money.second.post("/api/v1/books-exports", {"period": open_one})
    assert twice.json()["slug"] == "books-export-once"
    assert (await money.claimant.open(f"/books-exports/{export}/file")).status_code == 404
    assert "2800" in (await money.first.open(f"/charts/{chart}")).text
    assert "Export no. 1" in (await money.first.open(f"/periods/{open_one}")).text


async def test_the_database_refuses_what_the_acts_do(money: Finance) -> None:
    period = await closed(money)
    for constraint, change in (
        ("period_closed_by_another", "update periods set closed_by = proposed_by where state = 'closed'"),
        ("period_closed_by_two", "update periods set proposed_by = null where state = 'closed'"),
    ):
        with pytest.raises(Exception, match=constraint.replace("_", "-")):
            await money.change(change)
    for change in (
        "delete from period_postings",
        "delete from periods",
        "update period_postings set period = member",
    ):
        with pytest.raises(Exception, match="permission denied"):
            await money.change(change)
    with pytest.raises(Exception, match="period-postings-pkey"):
        await money.change(
            "insert into period_postings select member, posting, :other from period_postings limit 1",
            other=period,
        )
