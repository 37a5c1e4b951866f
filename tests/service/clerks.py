"""People who only follow links and press buttons: they build a form, write a call, and use it."""

import re
from typing import Any
from uuid import UUID

from tests.people import Person
from tests.service.applying import Applying

TEXTS = ("score", "look", "decide", "final_report", "plan", "effect")


TASKS = (
    ("1", "score", "score", "EVALUATOR", 2),
    ("1", "look", "check", "PAY", 1),
    ("2", "decide", "decision", "VOP", 1),
)
"""What is done in a review: by step, name, kind, holder and how many."""


class Clerk:
    """Somebody who only follows links and presses buttons."""

    def __init__(self, who: Person) -> None:
        self.who = who

    async def post(self, path: str, **typed: Any) -> str:
        """Sends a form; where its author is led to."""
        return await self.attach(path, {}, **typed)

    async def attach(self, path: str, files: dict[str, tuple[str, bytes]], **typed: Any) -> str:
        """Sends a form with files."""
        answer = await self.who.send(path, typed, files=files or None)
        said = re.findall(r"error-summary__list.*?</ul>", answer.text, re.S)
        assert answer.status_code == 303, (path, said or answer.text.partition("<main")[2][:3000])
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
    """Two stages, the first with scores; drafted by the coordinator, published by the officer."""
    clerk = Clerk(desk.coordinator)
    days = {"first_day-day": 1, "first_day-month": 11, "first_day-year": 2026, "last_day-day": 28, "last_day-month": 2,
            "last_day-year": 2027}  # fmt: skip
    edit = await clerk.post(
        "/calls/begin", partnership=str(desk.partnership), budget=str(desk.line), title="Travel by pages",
        edition="2027", preset="empty", summary="Small grants for a trip.", **days,
    )  # fmt: skip
    await clerk.post(
        f"{edit}/parties", languages=["en", "de"], parties=["VO", "VOP", "PAY"], financial=["VO", "PAY"]
    )
    texts = {"summary-en": "Small grants.", "summary-de": "Kleine Zuschüsse."}
    await clerk.post(f"{edit}/basics", title="Travel by pages", form=form, **days, **texts)
    await clerk.post(
        f"{edit}/amount", mode="requested", question="requested", share="80", cap_cents="1,000", kind="voucher",
        validity_days="120", in_parts="yes", categories=["travel", "accommodation"], period="dates.days",
        most_days="14",
    )  # fmt: skip
    tasks: dict[str, Any] = {}
    for n, (stage, title, kind, holder, quorum) in enumerate(TASKS):
        named = {"stage": stage, "title": title, "kind": kind, "holder": holder, "days": 5, "quorum": quorum,
                 "silence": "escalate"}  # fmt: skip
        tasks |= {f"task-{n}-{name}": value for name, value in named.items()}
        await clerk.post(f"{edit}/stages", do="again", **tasks)
    criteria: dict[str, Any] = {"threshold": 60, "apart": 40}
    for n, (key, weight) in enumerate((("plan", 2), ("effect", 1))):
        named = {"title": key, "least": 0, "most": 5, "weight": weight, "threshold": 2}
        criteria |= {f"criterion-{n}-{name}": value for name, value in named.items()}
        await clerk.post(f"{edit}/rubric", do="again", **criteria)
    report = {"title": "Final report", "form": desk.report_form, "days_after": "30"}
    await clerk.post(f"{edit}/reports", **{f"report-0-{name}": value for name, value in report.items()})
    call = edit.removesuffix("/edit")
    missing = await desk.officer.open(edit)
    assert "6 texts are not in German yet" in missing.text
    await clerk.post(f"{edit}/translations", **{f"text:{key}:de": "Auf Deutsch" for key in TEXTS})
    await Clerk(desk.officer).post(f"{call}/publish")
    return call


async def review(desk: Applying, case: str) -> None:
    """Two evaluators declare and score, the payer checks; the officer assigns."""
    rows = (await desk.officer.get(f"/api/v1/applications/{case}/stages")).json()
    stages = {row["key"]: row["id"] for row in rows}
    for name, plan in (("Anna", "4"), ("Bo", "3")):
        evaluator = await desk.stage.person(name, ("evaluator", desk.partnership))
        assigned = await Clerk(desk.officer).post(
            "/assessments/assign", stage=stages["score"], evaluator=str(evaluator.id)
        )
        part = assigned.partition("?")[0]
        await Clerk(evaluator).post(f"{part}/declare", none="yes")
        sheet = {"score-plan": plan, "score-effect": "4", "comment-plan": "A clear plan."}
        await Clerk(evaluator).post(f"{part}/submit", **sheet)
    await Clerk(desk.payer).post(
        f"/stages/{stages['look']}/judge", favourable="yes", remark="The costs are sound."
    )
