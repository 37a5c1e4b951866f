"""A travel call from nothing to its report by posted forms alone: no script, no file, no JSON of ours."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import asks
from contracts.steps import Step, Subject
from tests.conftest import FreshDatabase
from tests.people import Person
from tests.service.applying import Applying, applying


class Clerk:
    """Somebody who only follows links and presses buttons."""

    def __init__(self, who: Person) -> None:
        self.who = who

    async def post(self, path: str, **typed: Any) -> str:
        """Sends a form; where its author is led to. A page's hidden edition is read from the page first."""
        answer = await self.who.send(path, typed)
        said = re.findall(r"error-summary__list.*?</ul>", answer.text, re.S)
        assert answer.status_code == 303, said or answer.text.partition("<main")[2][:3000]
        return answer.headers["location"]


class Author(Clerk):
    """Builds one form."""

    form: str
    edition = 0

    async def begin(self, partnership: UUID, title: str) -> None:
        self.form = await self.post("/forms", partnership=str(partnership), title=title, language="en")
        self.edition = 0

    async def press(self, do: str, **typed: Any) -> str:
        led = await self.post(f"{self.form}/edits", do=do, edition=self.edition, **typed)
        self.edition += 1
        return led.rpartition("/")[2]

    async def ask(self, to: str, kind: str, key: str, label: str, **typed: Any) -> None:
        part = await self.press(f"question:{to}", **{f"kind-{to}": kind})
        given = {"label": label, "key": key, "required": "yes", **typed}
        await self.post(f"{self.form}/parts/{part}", edition=self.edition, **given)
        self.edition += 1

    async def page(self, key: str, title: str, **condition: Any) -> None:
        part = await self.press("page")
        await self.post(f"{self.form}/parts/{part}", edition=self.edition, title=title, key=key, **condition)
        self.edition += 1

    async def translate(self, texts: dict[str, str]) -> None:
        await self.post(f"{self.form}/languages", edition=self.edition, language="de")
        said = {f"text:{at}": text for at, text in texts.items()}
        await self.post(f"{self.form}/translations/de", edition=self.edition + 1, **said)
        self.edition += 2

    async def publish(self) -> str:
        await self.post(f"{self.form}/publish")
        return self.form.rpartition("/")[2]


def asked_when(key: str, op: str, value: str) -> dict[str, str]:
    return {"when-0-left": f"answer.{key}", "when-0-op": op, "when-0-value": value}


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        yield played


async def build(desk: Applying) -> str:
    """Three conditional questions, a cost table, a check and two languages."""
    author = Author(desk.officer)
    await author.begin(desk.partnership, "Travel")
    await author.page("trip", "Your trip")
    await author.ask("trip", "period", "dates", "When do you go?", future="yes")
    await author.ask("trip", "yes_no", "partner", "Is there a partner?")
    await author.ask("trip", "short_text", "who", "Who is it?", **asked_when("partner", "is", "yes"))
    await author.page("money", "Your costs")
    await author.ask("money", "table", "costs", "Costs", least="1")
    await author.ask("costs", "short_text", "what", "What")
    await author.ask("costs", "money", "amount", "Amount", currencies="EUR")
    await author.ask("money", "money", "requested", "You ask for", currencies="EUR")
    await author.ask("money", "long_text", "why", "Why so much?", **asked_when("requested", "more", "500"))
    await author.ask("money", "yes_no", "other", "Is there other money?", **asked_when("partner", "is", "no"))
    check = await author.press("check")
    more = {"when-0-left": "answer.requested", "when-0-op": "at_most", "when-0-right": "answer.costs.amount"}
    await author.post(
        f"{author.form}/parts/{check}", edition=author.edition, at="requested", text="Not above your costs.",
        **{**more, "key": "not_above"},
    )  # fmt: skip
    author.edition += 1
    keys = ("dates", "partner", "who", "costs", "costs.what", "costs.amount", "requested", "why", "other")
    texts = {f"{key}:label": f"{key} auf Deutsch" for key in keys}
    titles = {
        ":title": "Reise",
        "trip:title": "Ihre Reise",
        "money:title": "Ihre Kosten",
        "not_above:text": "Zu viel.",
    }
    await author.translate({**texts, **titles})
    return await author.publish()


async def write_call(desk: Applying, form: str) -> str:
    """Two stages; drafted by the coordinator, published by the officer."""
    clerk = Clerk(desk.coordinator)
    days = {"first_day-day": 1, "first_day-month": 11, "first_day-year": 2026, "last_day-day": 28, "last_day-month": 2,
            "last_day-year": 2027}  # fmt: skip
    edit = await clerk.post(
        "/calls/begin", partnership=str(desk.partnership), budget=str(desk.line), title="Travel by pages",
        edition="2027", preset="empty", summary="Small grants for a trip.", **days,
    )  # fmt: skip
    lines = "VO\nPAY"
    await clerk.post(f"{edit}/parties", languages=["en", "de"], parties=["VO", "VOP", "PAY"], financial=lines)
    texts = {"summary-en": "Small grants.", "summary-de": "Kleine Zuschüsse."}
    await clerk.post(f"{edit}/basics", title="Travel by pages", form=form, **days, **texts)
    await clerk.post(
        f"{edit}/amount", mode="requested", question="requested", share="80", cap_cents="1,000", kind="voucher",
        validity_days="120", period="dates.days", most_days="14",
    )  # fmt: skip
    tasks: dict[str, Any] = {}
    for n, (stage, key, kind, holder) in enumerate(
        (("first", "look", "check", "PAY"), ("second", "decide", "decision", "VOP"))
    ):
        named = {"stage": stage, "key": key, "title": key, "kind": kind, "holder": holder, "days": 5, "quorum": 1,
                 "silence": "escalate"}  # fmt: skip
        tasks |= {f"task-{n}-{name}": value for name, value in named.items()}
        await clerk.post(f"{edit}/stages", do="again", **tasks)
    report = {"key": "final", "title": "Final report", "form": desk.report_form, "days_after": "30"}
    await clerk.post(f"{edit}/reports", **{f"report-0-{name}": value for name, value in report.items()})
    call = edit.removesuffix("/edit")
    missing = await desk.officer.open(edit)
    assert "lacks a text in the language “de”" in missing.text
    await clerk.post(f"{edit}/translations", **{f"text:{key}:de": "Auf Deutsch" for key in TEXTS})
    await Clerk(desk.officer).post(f"{call}/publish")
    return call


TEXTS = ("first", "look", "second", "decide", "final")


async def step(desk: Applying, step: Step, case: str) -> str:
    return (await desk.stage.service.offers.perform(step, Subject(case))).state


async def test_from_nothing_to_the_report(desk: Applying) -> None:
    call = await write_call(desk, await build(desk))
    ewa = Clerk(desk.ewa)
    begun = await ewa.post(f"{call}/apply", organisation=str(desk.helixon))
    dates = {"dates-first-day": 1, "dates-first-month": 3, "dates-first-year": 2027, "dates-last-day": 5,
             "dates-last-month": 3, "dates-last-year": 2027}  # fmt: skip
    again = await ewa.post(f"{begun}/trip", version="0", partner="yes", **dates)
    assert again.endswith("/form/trip#who"), "an answer has raised a question"
    money = await ewa.post(f"{begun}/trip", version="1", partner="yes", who="Tartu Labs", **dates)
    assert money.endswith("/form/money")
    costs = {
        "costs.0.what": "Flight",
        "costs.0.amount": "300.00",
        "costs.1.what": "Hotel",
        "costs.1.amount": "200.00",
    }
    assert (await ewa.post(money, version="0", requested="600", **costs)).endswith("/form/money#why")
    refused = await desk.ewa.send(money, {"version": "1", "requested": "600", **costs})
    assert refused.status_code == 422 and "Answer this question." in refused.text
    assert "Not above your costs." in refused.text
    check = await ewa.post(money, version="1", requested="450", **costs)
    page = await desk.ewa.open(check)
    assert "360.00" in page.text and "Tartu Labs" in page.text
    case = begun.split("/")[2]
    await ewa.post(f"/applications/{case}/submit")
    assert await step(desk, asks.Application.check_eligibility, case) == "in_review"
    shown = await desk.officer.open(f"/applications/{case}/select")
    assert "Tartu Labs" in shown.text and "360.00" in shown.text
    await Clerk(desk.officer).post(f"/applications/{case}/select")
    assert await step(desk, asks.Application.award, case) == "awarded"
    paper = (await desk.ewa.get(f"/api/v1/applications/{case}")).json()["agreements"][0]
    for who in (desk.ewa, desk.payer):
        signed = {"document": paper["document"], "function": "Director", "power": "yes"}
        await Clerk(who).post(f"/agreements/{paper['id']}/sign", **signed)
    assert await step(desk, asks.Application.standing, case) == "granted"
