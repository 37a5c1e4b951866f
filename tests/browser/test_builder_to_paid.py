"""A programme that has nothing yet, in the browser and by links alone: a travel call is built, published by a second
person, applied to, scored, decided, signed, reported on and paid. No file is touched but receipts and bank files.
"""

import asyncio
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from playwright.async_api import Browser, FilePayload

from deploy.bank.books import Account, Bank
from deploy.demo.cast import account, registration_number
from deploy.local.stack import Stack
from tests.browser.author import Author, Editor, When, in_german
from tests.browser.house import House
from tests.browser.window import Window
from tests.service.claiming import photo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

PROGRAMME = "ECRI"
MEMBER = "bioPmed"
COORDINATOR, OFFICER = "ecri-coordinator", "ecri-officer"
FINANCE = {"verifier": "krakow-verifier", "approver": "krakow-approver", "treasurer": "krakow-treasurer-1"}
PAYS = account("builder", 0)
APPLICANT = "adam.wilk@medolab.example"
COMPANY = {
    "name": "Medolab",
    "kind": "Small or medium-sized enterprise",
    "town": "Kraków, Poland",
    "registration_number": registration_number("Kraków", "builder", "Medolab"),
    "cluster": "Klaster LifeScience Kraków",
}


@pytest.fixture(scope="module")
async def house(browser: Browser, stack: Stack) -> House:
    return House(browser, stack)


def written(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


async def open_line(window: Window) -> None:
    await window.go("Budgets")
    await window.follow("Open a budget line")
    await window.fill(
        partnership=PROGRAMME, member=MEMBER, name="Travel grants", amount_cents="10000", iban=PAYS
    )
    await window.press("Open the line")


async def build_forms(author: Author) -> None:
    await author.begin("Travel grant")
    await author.page("trip", "Your trip")
    await author.ask("trip", "Period", "dates", "When do you go?", "Only days in the future")
    await author.ask("trip", "Yes or no", "partner", "Have you found a partner there?")
    there = When("Have you found a partner there?", "Is", "yes")
    await author.ask("trip", "Short text", "who", "Who is it?", when=there)
    await author.page("money", "Your costs")
    await author.ask("money", "Table with sums", "costs", "What will it cost?", least="1")
    await author.column("costs", "Short text", "what", "What is it for?", "What will it cost?")
    await author.column("costs", "Amount of money", "amount", "How much?", "What will it cost?")
    await author.ask("money", "Amount of money", "requested", "How much do you ask for?", currencies="EUR")
    much = When("How much do you ask for?", "Is more than", "500")
    await author.ask("money", "Long text", "why", "Why is it more than 500 euro?", when=much)
    alone = When("Have you found a partner there?", "Is", "no")
    await author.ask("money", "Yes or no", "other", "Does anybody else pay for it?", when=alone)
    least = When("How much do you ask for?", "Is at most", right="What will it cost?: How much?")
    await author.check(
        "not_above", "You cannot ask for more than it costs.", "How much do you ask for?", least
    )
    await author.translate()
    await author.publish()
    await author.begin("Final report")
    await author.page("result", "Final report")
    await author.ask("result", "Long text", "outcome", "What has come of it?")
    await author.translate()
    await author.publish()


async def write_call(window: Window) -> None:
    """Drafted by the coordinator, section by section, in two languages."""
    today = date.today()
    await window.go("Calls")
    await window.follow("Begin a call")
    await window.fill(
        partnership=PROGRAMME, budget="Travel grants", title="Travel grants 2027", edition="2027",
        first_day=written(today), last_day=written(today + timedelta(days=90)), preset="Nothing",
        summary="Small grants for a first trip to a partner in another region.",
    )  # fmt: skip
    await window.press("Begin the call")
    editor = Editor(window)
    async with editor.section("Languages, parties and signatures"):
        await window.choose("German")
        await window.tick(financial=("The visitor", "The paying member"))
    async with editor.section("Title, dates, form and texts"):
        await window.fill(form="Travel grant (1)")
        await window.fill(**{"summary-de": "Kleine Zuschüsse für die erste Reise zu einem Partner."})
    async with editor.section("Money and use"):
        await window.choose(
            "What is asked for, up to a limit",
            "Costs that are claimed within a time",
            "It can be claimed in several parts",
        )
        await window.fill(
            question="How much do you ask for?", share="80", cap_cents="1000", validity_days="120"
        )
        await window.fill(period="When do you go?: number of days", most_days="14")
    async with editor.section("Review"):
        await editor.rows(
            "task",
            task("Step 1", "Two experts score it", "Score", "The evaluator", "2"),
            task("Step 1", "The payer looks at the costs", "Check", "The paying member", "1"),
            task("Step 2", "The partnership decides", "Decision", "The visitor's partnership", "1"),
        )
    async with editor.section("Scores"):
        await window.fill(threshold="60", apart="40")
        await editor.rows(
            "criterion",
            {"title": "A plan that can work", "least": "0", "most": "5", "weight": "2"},
            {"title": "What it leads to", "least": "0", "most": "5", "weight": "1"},
        )
    async with editor.section("Reports"):
        report = {"title": "Final report", "form": "Final report (1)", "days_after": "30"}
        await editor.rows("report", report)
    await window.says("What is missing before it can be published")
    await window.follow("Translations")
    await in_german(window)
    await window.says("Nothing is missing.", "another officer or the coordinator publishes it")


def task(stage: str, title: str, kind: str, holder: str, quorum: str) -> dict[str, str]:
    return {
        "stage": stage,
        "title": title,
        "kind": kind,
        "holder": holder,
        "days": "5",
        "quorum": quorum,
    }


@pytest.fixture(scope="module")
async def call(house: House) -> str:
    """The path of the call, which everybody can read."""
    async with house.window(COORDINATOR) as coordinator:
        await open_line(coordinator)
        await build_forms(Author(coordinator))
        await write_call(coordinator)
    async with house.window(OFFICER) as officer:
        await officer.go("Calls")
        await officer.follow("Travel grants 2027")
        await officer.act("Publish the call")
        return officer.page.url.removeprefix(house.url).partition("?")[0]


PEOPLE = (
    ("lieve.peeters@leuven.example", "Evaluates applications", PROGRAMME),
    ("aoife.brennan@boost4health.example", "Evaluates applications", PROGRAMME),
    ("malgorzata.wrona@klaster.example", "Signs for the paying member", MEMBER),
    ("piotr.zajac@klaster.example", "Verifies claims", MEMBER),
    ("agnieszka.dudek@klaster.example", "Approves claims", MEMBER),
    ("tomasz.lis@klaster.example", "Authorises payments", MEMBER),
    ("beata.sowa@klaster.example", "Authorises payments", MEMBER),
)
"""Whom the coordinator appoints: people who are registered already, with their mail addresses."""


async def appoint(coordinator: Window, people: Iterable[tuple[str, str, str]]) -> None:
    """The coordinator gives roles: to whom, which, where."""
    for mail, role, where in people:
        await coordinator.go("Roles")
        await coordinator.follow("Give a role")
        await coordinator.fill(email=mail, role=role, scope=where)
        await coordinator.press("Give this role")


async def join(window: Window, house: House) -> None:
    """Somebody who has never heard of Relais reads the call, and registers."""
    await window.open("/")
    await window.follow("See the open calls")
    await window.follow("Travel grants 2027")
    await window.says("Two experts score it", "At most 1,000.00 EUR for one applicant.")
    await window.follow("Begin an application")
    await window.follow("Register with Relais")
    await window.fill(name="Adam Wilk", email=APPLICANT)
    await window.press("Send me the link")
    await window.open(await house.mailed_link(APPLICANT))
    await window.press("Sign in")
    await window.follow("Register an organisation")
    await window.fill(**COMPANY)
    await window.press("Register the organisation")


async def apply(window: Window) -> str:
    """The applicant answers page by page, is told what is wrong, and submits: the case."""
    await window.go("Calls")
    await window.follow("Travel grants 2027")
    await window.follow("Begin an application")
    await window.press("Begin the application")
    first = date.today() + timedelta(days=60)
    days = {"dates-first": written(first), "dates-last": written(first + timedelta(days=4))}
    await window.fill(**days)
    await window.fill(partner="Yes")
    await window.press("Save and continue")
    await window.fill(who="Tartu Labs")
    await window.press("Save and continue")
    await window.says("Your costs")
    await window.press("Add a row")
    await window.fill(
        **{
            "costs.0.what": "Flight",
            "costs.0.amount": "300",
            "costs.1.what": "Hotel",
            "costs.1.amount": "200",
        }
    )
    await window.fill(requested="600")
    await window.press("Save and continue")
    await window.press("Save and continue")
    await window.says("There is a problem", "Answer this question.", "You cannot ask for more than it costs.")
    await window.fill(requested="450")
    await window.press("Save and continue")
    await window.says("Tartu Labs", "360.00")
    await window.press("Submit the application")
    return window.page.url.partition("/cases/")[2].partition("?")[0]


async def score(house: House, case: str) -> None:
    """The officer assigns those who fit best; both declare and score, the payer looks at the costs."""
    async with house.window(OFFICER) as officer:
        await officer.go("My worklist")
        await officer.open_until(f"/cases/{case}", "Your move")
        await officer.follow("review")
        await officer.picture("review-stages", width=1000, height=680)
        await officer.follow("Two experts score it")
        await officer.follow("Assign an evaluator")
        await officer.picture("review-assign", width=1000, height=1300)
        await officer.page.go_back()
        await officer.press("Assign those who fit best")
    for person, plan in (("celis-organiser", "4"), ("boost4health-officer", "3")):
        async with house.window(person) as evaluator:
            await evaluator.go("My evaluations")
            await evaluator.follow("Two experts score it")
            await evaluator.follow("Declare your interests")
            await evaluator.picture("review-declare", width=1000, height=900)
            await evaluator.choose("Apart from these, no interest of mine conflicts")
            await evaluator.press("Declare")
            await evaluator.follow("Score this application")
            await evaluator.fill(
                **{
                    "score-a_plan_that_can_work": plan,
                    "score-what_it_leads_to": "4",
                    "comment-a_plan_that_can_work": "A clear plan.",
                }
            )
            await evaluator.picture("review-sheet", width=1000, height=1000)
            await evaluator.press("Submit the score sheet")
    async with house.window("krakow-payer") as payer:
        await payer.go("My worklist")
        await payer.follow("Do your task of the review")
        await payer.follow("Answer for this task")
        await payer.choose("Yes, we are in favour")
        await payer.press("Give the answer")


async def decide(house: House, case: str) -> None:
    async with house.window(OFFICER) as officer:
        await officer.open_until(f"/cases/{case}", "Your move")
        await officer.go("My worklist")
        await officer.follow("Do your task of the review")
        await officer.follow("Approve, reserve the budget")
        await officer.says("Tartu Labs", "360.00")
        await officer.press("Approve, reserve the budget")


async def sign(house: House, case: str) -> None:
    """The applicant, and the paying member as the last."""
    for person in (APPLICANT, "krakow-payer"):
        async with house.window(person) as window:
            await window.open_until(f"/cases/{case}", "Your move")
            await window.follow("Sign")
            await window.fill(function="Managing director")
            await window.choose("Yes")
            await window.press("Sign")


async def report(house: House, case: str) -> None:
    """Written as soon as the trip is over; the officer accepts it."""
    async with house.window(APPLICANT) as visitor:
        await visitor.open_until(f"/cases/{case}", "write the report")
        await visitor.follow("Submit the report")
        await visitor.follow("Write the report")
        await visitor.fill(outcome="We met two partners, and will apply together.")
        await visitor.press("Submit the report")
    async with house.window(OFFICER) as officer:
        await officer.open_until("/worklist", "ccept the report")
        await officer.follow("ccept the report")
        await officer.says("We met two partners")
        await officer.act("Accept the report")


async def claim(house: House, case: str) -> None:
    """The applicant claims a flight with its receipt, and gives its account."""
    async with house.window(APPLICANT) as visitor:
        await visitor.open_until("/worklist", "Use your grant and claim its costs")
        await visitor.follow("Use your grant and claim its costs")
        await visitor.press("Open the claim")
        await visitor.follow("Add a cost")
        await visitor.fill(
            category="Train, coach, ship or flight", description="Flight to Tallinn and back", supplier="An airline",
            spent_on=written(date.today()), amount_minor="300", proof="A receipt or ticket",
        )  # fmt: skip
        await visitor.field("receipts").set_input_files(file("ticket.png", "image/png", photo()))
        await visitor.press("Add a cost")
        await visitor.follow("Give the account")
        await visitor.fill(holder="Medolab", iban=account("builder", 1))
        await visitor.press("Give the account")
    async with house.window("krakow-verifier") as verifier:
        await verifier.go("My worklist")
        await verifier.follow("Check this account")
        await verifier.choose("The name matches")
        await verifier.press("Confirm the check")
    async with house.window(APPLICANT) as visitor:
        await visitor.open(f"/cases/{case}")
        await visitor.follow("Claim RC-")
        await visitor.says("240.00 EUR", "The money goes to the account")
        await visitor.act("File the claim")


async def approve(house: House, case: str) -> None:
    """Compared with a sanctions list, verified, approved by another."""
    async with house.window("krakow-verifier") as verifier:
        await verifier.go("Claims")
        await verifier.follow("Sanctions lists")
        await verifier.follow("Import a sanctions list")
        await verifier.fill(member=MEMBER, source="EU consolidated list", dated=written(date.today()))
        await verifier.field("file").set_input_files(file("list.txt", "text/plain", b"name\nNobody Here\n"))
        await verifier.press("Import the list")
        await verifier.go("My worklist")
        await verifier.follow("Verify this claim")
        await verifier.press("Accept that much")
        await verifier.act("Verify, send to approver")
    async with house.window("krakow-approver") as approver:
        await approver.go("My worklist")
        await approver.follow("Approve this claim")
        await approver.follow("Approve, draw the money")
        await approver.says("240.00")
        await approver.press("Approve, draw the money")


async def pay(house: House, case: str) -> None:
    """Ordered by two, booked by the bank."""
    async with house.window("krakow-treasurer-1") as first:
        await first.go("Payments")
        await first.follow("Propose a batch")
        await first.press("Propose the batch")
        await first.act("Authorise as the first")
    async with house.window("krakow-treasurer-2") as second:
        await second.go("My worklist")
        await second.follow("uthorise")
        await second.press("Authorise, write the file")
        async with second.page.expect_download() as downloading:
            await second.page.get_by_role("button", name="Download the payment file").click()
        ordered = await asyncio.to_thread((await (await downloading.value).path()).read_bytes)
        (statement,) = Bank([Account(PAYS)]).book(ordered, date.today())
        await second.go("Payments")
        await second.follow("Bank statements")
        await second.follow("Read a bank statement")
        await second.field("file").set_input_files(file("statement.xml", "application/xml", statement))
        await second.press("Read the statement")
    async with house.window(APPLICANT) as visitor:
        await visitor.open_until(f"/cases/{case}", "Beata Sowa · 240.00")


def file(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


async def test_a_call_is_built_and_published_by_links_alone(house: House, call: str) -> None:
    """Everybody can read it, without signing in."""
    async with house.window(width=390) as guest:
        await guest.open("/")
        await guest.follow("See the open calls")
        await guest.follow("Travel grants 2027")
        await guest.says(
            "Two experts score it", "The partnership decides", "At most 1,000.00 EUR for one applicant."
        )


@pytest.mark.slow
async def test_one_application_to_its_paid_claim(house: House, call: str) -> None:
    async with house.window(COORDINATOR) as coordinator:
        await appoint(coordinator, PEOPLE)
    async with house.window() as newcomer:
        await join(newcomer, house)
    async with house.window(APPLICANT) as visitor:
        case = await apply(visitor)
    for part in (score, decide, sign, report, claim, approve, pay):
        await part(house, case)
