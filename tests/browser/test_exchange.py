"""An exchange in the browser, from the first mail to the last signature, by the people whose move it is."""

from collections import Counter
from collections.abc import AsyncGenerator
from datetime import date, timedelta

import httpx
import pytest
from playwright.async_api import Browser

from deploy.commands.token import bearer
from deploy.demo.cast import COMPANIES, Cast, registration_number
from deploy.demo.exchange import Exchange, Ground, next_monday
from deploy.local.stack import Stack
from services.chassis.clock import Clock
from tests.browser.house import House
from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

RUN = "browser"
CELIS = "CELIS: Cluster Exchange in Life Sciences - internationalisation of SMEs"
CE4BIG = "CE4BIG: Cluster Excellence for Business, Innovation and Growth in the health sector"
VISITOR, HOST = "Helixon", "Tartu Diagnostics"
COORDINATOR_MAIL, OPERATOR_MAIL = "claire.legoff@atlanpole.example", "noor.janssen@relais.example"
VISITOR_MAIL, HOST_MAIL = "ewa.nowak@helixon.example", "kadri.tamm@tartu.example"


@pytest.fixture(scope="module")
async def house(browser: Browser, stack: Stack) -> AsyncGenerator[House]:
    """With a budget line and an open call of CE4BIG."""
    house = House(browser, stack)
    async with httpx.AsyncClient(base_url=house.url, timeout=30) as api:
        cast = Cast(house.layout, api, RUN)
        ground = Ground(cast, Clock(house.layout.clock), lambda words: None)
        await ground.open_call()
        yield house


async def take_part(window: Window, house: House, person: str, mail: str, organisation: dict[str, str],
                    partnership: str, side: str) -> None:  # fmt: skip
    """Joins by a mailed link, registers the organisation, takes part."""
    await window.open("/")
    await window.open("/sign-in")
    await window.follow("Register with Relais")
    await window.press("Send me the link")
    await window.says("There is a problem")
    await window.fill(name=person, email=mail)
    await window.press("Send me the link")
    await window.says("Look into your mail")
    await window.open(await house.mailed_link(mail))
    await window.press("Sign in")
    await window.open("/organisations")
    await window.follow("Register an organisation")
    await window.fill(**organisation)
    await window.press("Register the organisation")
    await window.says(organisation["name"])
    await window.follow("Take part as visitor, host or knowledge provider")
    await window.fill(sectors="Diagnostics", motivation="We look for partners.")
    await window.choose(partnership, side, "Sharing knowledge and experience", "English")
    await window.picture("profile-on-a-phone", width=390, height=1400)
    await window.press("Submit the profile")
    await window.says(organisation["name"], "Waiting for the officer")


async def validate(house: House, officer: str, organisation: str) -> None:
    async with house.window(officer) as window:
        await window.open("/participations")
        await window.follow(organisation)
        await window.says("Your move")
        await window.picture("validate", height=1150)
        await window.act("Validate, list in the catalogue")
        await window.says("validated")


def sme(name: str, town: str, cluster: str) -> dict[str, str]:
    return {
        "name": name,
        "kind": "Small or medium-sized enterprise",
        "town": town,
        "registration_number": registration_number(town.partition(",")[0], name),
        "cluster": cluster,
    }


async def test_a_case_from_the_first_mail_to_the_last_signature(house: House) -> None:
    await both_join(house)
    await match(house)
    async with house.window(VISITOR_MAIL) as visitor:
        case = await apply(visitor)
    await revise(house, case)
    await decide(house, case)
    await sign(house, case)
    async with house.window(VISITOR_MAIL) as visitor:
        await visitor.open_until(f"/cases/{case}", "Nobody has to do anything until the visit begins")
        await visitor.says(VISITOR, HOST, "Financial Agreement, signed by all")
        await visitor.picture("case-granted", height=1034)
        await visitor.follow("Commitment to Quality, signed by all")
        await visitor.says("Sharing knowledge and experience", "Signatures", "Managing director")
    await once(house, case)


async def test_an_act_is_done_in_another_s_place_with_a_second_person_and_told_to_all(house: House) -> None:
    case, officer, visitor = await another_case(house)
    async with house.window() as coordinator:
        await coordinator.open(f"/sign-in?next=/break-glasses/request?application={case}")
        await coordinator.fill(email=COORDINATOR_MAIL)
        await coordinator.press("Send me a link")
        await coordinator.open(await house.mailed_link(COORDINATOR_MAIL))
        await coordinator.press("Sign in")
        await coordinator.says("You have no second factor yet")
    async with house.window("ce4big-coordinator") as coordinator:
        await coordinator.open_until(f"/cases/{case}", "Ask to act in somebody's place")
        await coordinator.follow("Ask to act in somebody's place")
        await coordinator.choose("Whoever holds the role is away or ill")
        await coordinator.fill(
            what="Ask for changes · the visitor's partnership",
            explanation="Jan is in hospital, and the host closes for the summer.",
        )
        await coordinator.press("Ask to act in somebody's place")
        await coordinator.says("Waiting for a second person")
        page = coordinator.page.url
    async with house.window("operator", width=390) as second:
        await second.open_until("/worklist", "onsent to an act in somebody's place")
        await second.follow("onsent to an act in somebody's place")
        await second.says("Jan is in hospital")
        await second.act("Consent")
    async with house.window("ce4big-coordinator") as coordinator:
        await coordinator.open(page)
        await coordinator.follow("Send it back to the visitor")
        await coordinator.choose("The agenda is not clear")
        await coordinator.fill(explanation="Say whom you meet on Tuesday.")
        await coordinator.press("Send it back to the visitor")
        await coordinator.open_until(f"/cases/{case}", "in another's place by break-glass")
    for address, subjects in (
        (officer, ("Somebody asks to act in another's place", "An act in another's place was consented to")),
        (visitor, ("Somebody asks to act in another's place", "Changes are asked for")),
        (OPERATOR_MAIL, ("A second person is needed",)),
    ):
        for subject in subjects:
            await house.mailed(address, subject)


async def another_case(house: House) -> tuple[str, str, str]:
    """A case in review that was not clicked together; with the mail addresses of officer and visitor."""
    async with httpx.AsyncClient(base_url=house.url, timeout=30) as api:
        ground = Ground(Cast(house.layout, api, "place"), Clock(house.layout.clock), lambda words: None)
        await ground.prepare()
        exchange = Exchange(ground, "paid", lambda words: None)
        await exchange.play_to_review()
    return exchange.case, "jan.kowal@ce4big.example", f"{COMPANIES['paid'].mail}.place@company.example"


async def once(house: House, case: str) -> None:
    """What was clicked twice has happened once."""
    signed_in = {"Authorization": f"Bearer {bearer(house.layout, VISITOR_MAIL)}"}
    async with httpx.AsyncClient(base_url=house.url, headers=signed_in) as api:
        seen = (await api.get(f"/api/v1/cases/{case}")).json()
    told = Counter(line["type"] for line in seen["timeline"])
    assert (told["relais.proposal.accepted.v1"], told["relais.application.submitted.v1"]) == (1, 1)
    assert seen["application"]["state"] == "granted"


async def both_join(house: House) -> None:
    """The host without scripts; the visitor with them, on a phone."""
    async with house.window(scripts=False) as host:
        organisation = sme(HOST, "Tartu, Estonia", "Tartu Biotechnology Park")
        await take_part(host, house, "Kadri Tamm", HOST_MAIL, organisation, CELIS, "As host")
    await validate(house, "celis-officer", HOST)
    async with house.window(width=390) as visitor:
        organisation = sme(VISITOR, "Kraków, Poland", "Klaster LifeScience Kraków")
        await take_part(visitor, house, "Ewa Nowak", VISITOR_MAIL, organisation, CE4BIG, "As visitor")
    await validate(house, "ce4big-officer", VISITOR)


async def match(house: House) -> None:
    """The visitor finds the host and proposes; the host accepts with a double click, without scripts, once."""
    async with house.window(VISITOR_MAIL, width=390) as visitor:
        await visitor.open_until("/catalogue", "Propose an exchange with")
        await visitor.picture("catalogue-on-a-phone", width=390, height=900)
        await visitor.follow(f"Propose an exchange with {HOST}")
        await visitor.fill(message="May we visit your laboratory in spring?")
        await visitor.press("Send the proposal")
        await visitor.says(f"{HOST} has until")
    async with house.window(HOST_MAIL, scripts=False) as host:
        await host.open_until("/worklist", VISITOR)
        await host.picture("worklist", height=430)
        await host.open("/participations")
        await host.follow(HOST)
        await host.says("validated")
        await host.picture("host-profile", height=900)
        await host.open("/proposals")
        await host.follow(VISITOR)
        await host.says("May we visit your laboratory in spring?")
        await host.follow("Accept the exchange")
        await host.press("Accept the exchange", twice=True)
        await host.says("You are matched")


async def apply(visitor: Window) -> str:
    """Fills in the form, leaves it and comes back, is told what is wrong, checks, submits with a double click."""
    first = next_monday(date.today() + timedelta(days=60))
    last = first + timedelta(days=4)
    await visitor.open("/proposals")
    await visitor.follow(VISITOR)
    await visitor.follow("Fill in the application")
    await visitor.choose("I travel to the host")
    await visitor.fill(first_day=written(last), last_day=written(first))
    await visitor.press("Save and continue")
    await visitor.says("There is a problem", "The last day must be after the first day")
    assert await visitor.field("first_day-day").input_value() == str(last.day)
    await visitor.fill(first_day=written(first), last_day=written(last))
    await visitor.press("Save and continue")
    await visitor.says(
        "What will you do there?",
        "Estonia",
        "Working days at the host: 5",
        "670.00 EUR",
        "Latest possible last day",
    )
    await visitor.picture("form-with-sum", width=1000, height=900)
    await visitor.follow("Leave and come back later")
    await visitor.follow("Fill in the application")
    assert await visitor.field("first_day-day").input_value() == str(first.day)
    await visitor.press("Save and continue")
    await visitor.choose("Sharing knowledge and experience", "Networking and finding partners")
    await visitor.fill(
        objectives="Learn how diagnostics reach the clinic.", agenda="Monday: the laboratory.\nThen members."
    )
    await visitor.press("Save and continue")
    for box in await visitor.field("declarations").all():
        await box.check()
    await visitor.press("Save and continue")
    await visitor.says("Check your answers", HOST, "Learn how diagnostics reach the clinic.", "670.00 EUR")
    await visitor.picture("form-check", height=1100)
    await visitor.press("Submit the application", twice=True)
    case = visitor.page.url.partition("/cases/")[2].partition("?")[0]
    await visitor.says("Submitted", "670.00 EUR")
    return case


async def revise(house: House, case: str) -> None:
    """The officer asks for a change; the visitor finds it in the worklist, and the words beside the form."""
    async with house.window("ce4big-officer") as officer:
        await officer.open_until(f"/cases/{case}", "Your move")
        await officer.act("Send it back to the visitor")
        await officer.says("There is a problem", "Learn how diagnostics reach the clinic.")
        await officer.choose("The agenda is not clear")
        await officer.fill(explanation="Say whom you meet on Tuesday.")
        await officer.picture("return", height=800)
        await officer.press("Send it back to the visitor")
    async with house.window(VISITOR_MAIL, width=390) as visitor:
        await visitor.open_until("/worklist", "evise your application")
        await visitor.follow("evise your application")
        await visitor.says("Say whom you meet on Tuesday.")
        await visitor.press("Save and continue")
        await visitor.fill(agenda="Monday: the laboratory.\nTuesday: the hospital.")
        await visitor.press("Save and continue")
        await visitor.press("Save and continue")
        await visitor.says("Tuesday: the hospital.")
        await visitor.press("Submit the revised application")


async def decide(house: House, case: str) -> None:
    """The host's partnership gives its opinion, the visitor's approves; both from their worklists."""
    async with house.window("celis-officer") as officer:
        await officer.open_until("/worklist", "opinion")
        await officer.open(f"/cases/{case}")
        await officer.follow("Give the opinion")
        await officer.choose("Yes, we are in favour")
        await officer.picture("opinion", height=700)
        await officer.press("Give the opinion")
    async with house.window("ce4big-officer") as officer:
        await officer.open_until("/worklist", "Kraków to Tartu")
        await officer.open(f"/cases/{case}")
        await officer.follow("Approve, reserve the budget")
        await officer.says(
            "Opinion of the host's partnership", "In favour", "Learn how diagnostics reach the clinic."
        )
        await officer.picture("decide", height=1700)
        await officer.press("Approve, reserve the budget")


async def sign(house: House, case: str) -> None:
    """Four sign the Commitment to Quality; the Financial Agreement the visitor, then the payer as the last."""
    for person, papers in (
        (HOST_MAIL, 1), (VISITOR_MAIL, 2), ("celis-officer", 1), ("ce4big-officer", 1), ("krakow-payer", 1),
    ):  # fmt: skip
        async with house.window(person) as window:
            for _paper in range(papers):
                await window.open_until(f"/cases/{case}", "Your move")
                await window.follow("Sign")
                await window.fill(function="Managing director")
                await window.choose("Yes")
                await window.picture("sign", height=1000)
                await window.press("Sign")


def written(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
