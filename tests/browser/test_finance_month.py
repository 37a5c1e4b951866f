"""What finance people do of a month, on a phone and on a desk: a batch and its statement, the month closed by two, the
report to the funder until it is accepted, and how a line burns down; each page is judged.
"""

from datetime import date, timedelta

import pytest
from playwright.async_api import Browser

from deploy.bank.books import Account, Bank
from tests.browser.office import office, press
from tests.service.camt import statement
from tests.service.money import MEMBER_IBAN, Finance, done

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("width", [390, 1280])]


async def test_a_batch_and_its_statement(money: Finance, browser: Browser, width: int) -> None:
    await money.play_to_approval()
    async with office(money, browser, width) as at:
        async with at.window(money.first) as first:
            await first.open("/batches")
            await first.follow("Propose a batch")
            await first.press("Propose the batch")
            await first.says("to authorise", "What the accounts hold")
            await first.act("Authorise as the first")
            await first.says("second authorisation missing")
            batch = first.page.url.partition("?")[0]
            await first.open(f"{batch}/authorise")
            await first.press("Authorise, write the file")
            await first.says("another person is the second")
        async with at.window(money.second) as second:
            await second.open(batch)
            await second.act("Authorise, write the file")
            await second.says("pain.001.001.09, SHA-256")
            file = (await money.second.open(f"{batch[batch.index('/batches') :]}/file")).content
            await second.open(batch)
            await second.says("Downloads of the file")
            await second.picture("batch", height=638)
            (booked,) = Bank([Account(MEMBER_IBAN, 10_000_00)]).book(file, money.stage.clock.now().date())
            await second.open("/statements")
            await second.follow("Read a bank statement")
            content = {"name": "day.xml", "mimeType": "application/xml", "buffer": booked}
            await second.field("file").set_input_files(content)  # pyright: ignore[reportArgumentType]
            await second.press("Read the statement")
            await second.says("Booked to", "-670.00")
            await second.open("/suspense")


async def read_to(money: Finance, on: date) -> None:
    """The bank's statement up to this day, on which nothing moved."""
    (before,) = await money.rows("select closing_cents from statements order by id desc limit 1")
    done(await money.import_statement(statement(f"S-{on}", before.closing_cents, on=on)))


async def test_a_month_is_closed_by_two(money: Finance, browser: Browser, width: int) -> None:
    await money.play_to_payment()
    async with office(money, browser, width) as at:
        async with at.window(money.first) as first:
            await first.open("/periods")
            await first.follow("Begin with the first month")
            await first.fill(member="Klaster")
            await first.press("Begin the month")
            await first.says("This month cannot be closed yet")
            await first.picture("month-open", height=538)
            month = first.page.url.partition("?")[0]
            money.stage.clock.forward(timedelta(days=9))
            await read_to(money, date(2026, 12, 2))
            await first.open("/statements")
            await first.picture("statements", height=567)
            await first.open(month)
            await first.act("Propose to close it")
            await first.says("to be closed")
            await first.open(f"{month}/close")
            await first.press("Close the month")
            await first.says("You proposed to close this month; another person closes it.")
        async with at.window(money.second) as second:
            await second.open(month)
            await second.act("Close the month")
            await second.says("closed", "Export to your bookkeeping")
            await second.picture("month", height=1063)
            await second.open("/periods")
            await second.says("November 2026", "December 2026")


async def test_a_report_goes_to_the_funder_and_back_until_it_is_accepted(
    money: Finance, browser: Browser, width: int
) -> None:
    await money.play_to_payment()
    async with office(money, browser, width) as at:
        async with at.window(money.first) as first:
            await first.open("/funder-reports")
            await first.follow("Begin a report")
            await first.fill(partnership="CE4BIG", member="Klaster", until="30.11.2026")
            await first.press("Begin the report")
            await first.says("Helixon")
            report = first.page.url.partition("?")[0]
            await first.follow("Enter the cost")
            await first.choose("Own costs: staff")
            await first.fill(
                description="Project officer", reference="B-17", spent_on="5.11.2026", amount="1000"
            )
            await first.press("Enter the cost")
            await first.says("Project officer", "1,000.00")
            money.stage.clock.forward(timedelta(days=9))
            await first.open(report)
            await first.act("It is ready to be sent")
        async with at.window(money.coordinator) as coordinator:
            await coordinator.open(report)
            await coordinator.act("It was sent")
            await coordinator.follow("It came back")
            await coordinator.fill(remarks="Show the time sheets.")
            await coordinator.press("It came back")
        async with at.window(money.first) as first:
            await first.open(report)
            await first.says("Show the time sheets.")
            await first.picture("funder-report", height=886)
            await first.follow("Enter the cost")
            await first.choose("Own costs: services")
            await first.fill(description="Printing", reference="B-18", spent_on="6.11.2026", amount="120")
            await first.press("Enter the cost")
            await first.act("It is ready to be sent")
        async with at.window(money.coordinator) as coordinator:
            await coordinator.open(report)
            await coordinator.act("It was sent")
            await coordinator.open(f"{report}/versions/2")
            await coordinator.says("Printing", "Since version 1")
            await coordinator.picture("version", height=886)
            await coordinator.open(report)
            await coordinator.follow("Enter a row that was cut")
            await coordinator.choose("B-17, Project officer: 1,000.00 EUR")
            await coordinator.fill(amount="100", reason="No time sheet of the 5th.")
            await coordinator.press("Enter a row that was cut")
            await coordinator.says("Rows that the funder cut", "No time sheet of the 5th.")
            await coordinator.follow("Enter the funder's cuts")
            await coordinator.fill(remarks="See the row.")
            await coordinator.press("Enter the funder's cuts")
            await coordinator.says("cuts to be confirmed", "107.00")
        async with at.window(money.first) as first:
            await first.open(report)
            await first.act("Confirm the cuts")
            await first.says("accepted", "No time sheet of the 5th.", "107.00")


async def test_how_a_budget_burns_down_is_a_plot_and_a_table(
    money: Finance, browser: Browser, width: int
) -> None:
    await money.play_to_payment()
    await money.play_to_validated()
    async with office(money, browser, width) as at, at.window(money.coordinator) as coordinator:
        await coordinator.open(f"/budgets/{money.budget}")
        await coordinator.open(f"/budgets/{money.budget}/forecast")
        assert await coordinator.page.locator("main svg.rl-plot__picture").is_visible()
        table = coordinator.page.locator("main details table")
        assert not await table.is_visible()
        await coordinator.page.locator("main summary").focus()
        await press(coordinator, "Enter")
        assert await table.is_visible()
        months = await table.locator("tbody tr").count()
        assert months > 3
        await coordinator.judge()
        async with at.window(money.coordinator, scripts=False) as plain:
            await plain.open(f"/budgets/{money.budget}/forecast")
            await plain.page.get_by_text("Show as a table").click()
            assert await plain.page.locator("main details table tbody tr").count() == months
