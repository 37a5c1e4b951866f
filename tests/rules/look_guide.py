"""The style guide: every part of the look on pages of invented data, for eyes and for tests.

    python -m tests.rules.look_guide FOLDER

writes one HTML file per page with its static files beside it; nothing in it is needed to run Relais.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from jinja2 import DictLoader, Environment
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import FormData

from services.chassis.web.look import STATIC, environment, render
from services.chassis.web.look.charts import Bar, Series, burn_down, columns, lines
from services.chassis.web.look.context import NavItem, PageContext, reading
from services.chassis.web.look.forms import Asks, Cents, Upload, errors, fields
from services.chassis.web.look.parts import (
    Cell,
    Change,
    Check,
    Column,
    Figure,
    Link,
    Move,
    Paper,
    Person,
    Post,
    Sum,
    SumLine,
    Tag,
)

NOW = datetime(2027, 2, 24, 9, 30, tzinfo=UTC)
NAV = [
    NavItem("My worklist", "/worklist", badge=14),
    NavItem("Exchanges", "/cases", current=True),
    NavItem("Events", "/events"),
    NavItem("Dead letters", "/parked", badge=2, alarm=True),
]
PAGE = PageContext(
    person_name="Ewa Nowak", nav=NAV, menu=[NavItem("Your account", "/account")], csrf="token", path="/cases/1",
    now=NOW, web_url="https://relais.example",
)  # fmt: skip
IMPORTS = """{% extends "base.html" %}
{% from "relais/case.html" import move_panel, road, sum_box, who_does_what, papers, heading, crumbs, tag %}
{% from "relais/table.html" import facts_table, checks, changes, empty, pager, pairs %}
{% from "relais/chart.html" import figures, bars, plot, capacity %}
"""
CASE = """
{% block before %}{{ crumbs([link], "CX-2027-0143") }}{% endblock %}
{% block content %}
{{ heading(title, lead) }}
<div class="rl-columns">
  <div>{{ move_panel(mine) }}{{ road(posts, "The road so far") }}</div>
  <div>{{ sum_box(sum) }}{{ who_does_what(people) }}{{ papers(documents) }}</div>
</div>
{% endblock %}"""
MONITOR = """
{% block content %}
{{ heading(title, lead) }}
{{ figures(numbers) }}
<div class="rl-columns">
  <div>
    <h2 class="govuk-heading-m">Cases by stage</h2>
    {{ bars(stages, "Open cases by stage", "Stage", "Cases") }}
    <h2 class="govuk-heading-m">Needs a hand</h2>
    {{ facts_table(hand_columns, hand_rows, "Workflows that need a hand") }}
    {{ pager("?before=1", "?after=2") }}
    <h2 class="govuk-heading-m">Exchanges, month by month</h2>
    {{ plot(exchanges, "Exchanges planned and done", "Month", "/impact.csv") }}
  </div>
  <div>
    <h2 class="govuk-heading-m">Services</h2>
    {{ facts_table(service_columns, service_rows, "Services", total=service_total) }}
    <h2 class="govuk-heading-m">Budget line 2</h2>
    {{ plot(budget, "What is left of budget line 2", "Month") }}
    <h2 class="govuk-heading-m">Meetings by day</h2>
    {{ plot(meetings, "Meetings by day", "Day") }}
  </div>
</div>
{% endblock %}"""
PARTS = """
{% block content %}
{{ heading(title, lead, wait) }}
<div class="rl-columns rl-columns--even">
  <div>
    {{ move_panel(theirs) }}
    {{ checks(rules, "Eligibility") }}
    {{ changes(changed, "What was changed") }}
    {{ empty("No exchange yet.", "Find a host, propose a visit, and its road will be shown here.", link) }}
  </div>
  <div>
    {{ capacity(3, 3, 2) }}
    {{ capacity(1, 3) }}
    {{ sum_box(open_sum) }}
    {{ pairs([["Country", "EE" | country], ["Opened", moment | moment(named=true)], ["Period", days(first, last)]]) }}
    <p>{{ tag(wait) }} {{ tag(good) }} {{ tag(bad) }} {{ tag(plain) }}</p>
  </div>
</div>
{% endblock %}"""
STAY = """{% extends "act.html" %}
{% from "relais/case.html" import sum_box %}
{% block beside %}{{ sum_box(open_sum) }}{% endblock %}"""


class Stay(BaseModel):
    """Every kind of field in one form."""

    first_day: Annotated[date, Asks("Enter the first day")] = Field(
        title="First day at the host", description="At least 3 working days. Travel days do not count."
    )
    last_day: date = Field(title="Last day at the host")
    mode: Literal["physical", "virtual"] = Field(title="How do you meet?")
    purpose: str = Field(title="What do you want to learn?", max_length=2000)
    town: str = Field(title="Town", max_length=30)
    people: int = Field(title="How many of you travel?", ge=1, le=20)
    hotel: Annotated[int, Cents] = Field(title="Price of the hotel", gt=0)
    arrival: datetime = Field(title="When do you arrive?")
    host: UUID = Field(title="Host")
    topics: list[Literal["diagnostics", "therapies", "software"]] = Field(title="Topics", min_length=1)
    partners: list[str] = Field(title="Others you will meet", default_factory=list)
    insured: bool = Field(title="Are you insured?")
    newsletter: bool = Field(default=False, title="Send me news of the partnership")
    agenda: Annotated[UUID | None, Upload()] = Field(
        default=None, title="Agenda", description="PDF, 10 MB at most"
    )
    confirmed: Literal[True] = Field(title="What I say here is true")


HOSTS = [(uuid5(UUID(int=0), name), name) for name in ("Tartu", "Leuven", "Lyon", "Delft", "Liège", "Nantes")]
TYPED = FormData(
    [("first_day-day", "12"), ("first_day-month", "4"), ("first_day-year", "2027"), ("last_day-day", "6"),
     ("last_day-year", "2027"), ("purpose", "<b>How they work</b>"), ("people", "many"), ("hotel", "1.100,50"),
     ("host", str(HOSTS[2][0])), ("topics", "software"), ("insured", "yes")]
)  # fmt: skip


def guide() -> dict[str, str]:
    """Name → HTML of every page of the guide."""
    env = guide_environment()
    return {
        "case": render(env, "case", PAGE, **_case()),
        "monitor": render(env, "monitor", PAGE, **_monitor()),
        "parts": render(env, "parts", PAGE, **_parts()),
        "form": render(env, "stay", PAGE, **_act("When do you go?", Stay, TYPED)),
        "error": render(
            env,
            "error.html",
            PageContext(clock_rate=43200, now=NOW),
            status=404,
            sentence="This page does not exist.",
        ),
    }


def guide_environment() -> Environment:
    env = environment("guide", [])
    pages = {"case": IMPORTS + CASE, "monitor": IMPORTS + MONITOR, "parts": IMPORTS + PARTS, "stay": STAY}
    loader = env.loader
    assert loader is not None
    env.loader = _Both(pages, loader)
    return env


class _Both(DictLoader):
    """Pages of the guide first, then the templates of the look."""

    def __init__(self, pages: Mapping[str, str], others: Any) -> None:
        super().__init__(pages)
        self._others = others

    def get_source(self, environment: Environment, template: str) -> Any:
        found = super() if template in self.mapping else self._others
        return found.get_source(environment, template)


def _act(title: str, model: type[BaseModel], typed: FormData) -> dict[str, Any]:
    reasons: dict[str, str] = {}
    with reading(PAGE):
        try:
            from services.chassis.web.look.forms import parse

            model.model_validate(parse(model, typed))
        except ValidationError as reason:
            reasons = errors(reason, model)
        shown = fields(model, typed, reasons, {"host": HOSTS})
    return {
        "title": title, "explanation": "The days at the host decide what you receive.", "fields": shown,
        "errors": reasons, "problem": "", "key": "1", "action": "/applications/1/revise", "back": "/cases/1",
        "button": "Save and continue", "open_sum": OPEN_SUM,
    }  # fmt: skip


OPEN_SUM = Sum(
    "Your lump sum, as it stands",
    [SumLine("Rate for Estonia", 110000), SumLine("Working days", "?")],
    total_label="Estimate",
    total=None,
)


def _case() -> dict[str, Any]:
    def on(month: int, day: int) -> datetime:
        return datetime(2027, month, day, 10, tzinfo=UTC)

    return {
        "title": "Kraków to Tartu",
        "lead": "Helixon sp. z o.o. visits Tartu Biotechnology Park, 12 to 16 April 2027 (5 working days)",
        "link": Link("Exchanges", "/cases"),
        "mine": Move(
            title="Your move: sign two documents",
            mine=True,
            text="The Commitment to Quality and the Financial Agreement wait for your signature.",
            due=datetime(2027, 3, 5, 22, 59, 59, tzinfo=UTC),
            silence="After that the place lapses and the money goes back to the budget.",
            button=Link("Read and sign", "/sign"),
            others=[Link("Withdraw", "/withdraw")],
        ),
        "posts": [
            Post("Matched", "done", on(2, 8), note="Kadri Tamm accepted your proposal"),
            Post("Submitted", "done", on(2, 11), note="form version 3, amount frozen at 1,100.00 EUR"),
            Post(
                "Eligibility checked", "done", on(2, 11), timedelta(seconds=4), "9 rules, all met",
                link=Link("see each rule", "/rules"),
            ),
            Post("Opinion of CELIS: in favour", "done", on(2, 16), timedelta(days=5)),
            Post("Approved", "done", on(2, 22), note="decided by Jan Kowal (CE4BIG), 1,100.00 EUR reserved"),
            Post(
                "Signatures", "now", tag=Tag("2 of 6", "wait"),
                note="Kadri Tamm (host) and Jan Kowal (CE4BIG) have signed, you and Mart Saar (CELIS) have not.",
            ),
            Post("Visit", "ahead", note="12 to 16 April"),
            Post("Report", "ahead", on(5, 16)),
            Post("Claim checked, approved, paid", "ahead", note="within 10 days after the report is accepted"),
        ],
        "sum": Sum(
            "Your lump sum",
            [
                SumLine("Rate for Estonia, 2026 table", 110000),
                SumLine("5 working days (5 or more: no halving)", "× 1"),
                SumLine("1,026 km apart (200 or more: no halving)", "× 1"),
            ],
            "You receive",
            110000,
            note="Paid once, after the report, by Klaster LifeScience Kraków for CE4BIG.",
        ),
        "people": [
            Person("Your partnership", "CE4BIG, Jan Kowal"),
            Person("Host", "Kadri Tamm"),
            Person("Host's partnership", "CELIS, Mart Saar"),
        ],
        "documents": [
            Paper("Commitment to Quality, version 2", "/f/1", "PDF", 84_000),
            Paper("Financial Agreement, version 1", "/f/2", "PDF", 61_000),
        ],
    }  # fmt: skip


def _monitor() -> dict[str, Any]:
    months = ["Feb 2020", "Jun", "Oct", "Feb 2021", "Jun", "Oct", "Feb 2022"]
    return {
        "title": "Where everything is",
        "lead": "Updated 2 seconds ago",
        "numbers": [
            Figure("1,284", "open cases", href="/cases"),
            Figure("37", "past their deadline, oldest 6 days", kind="wait"),
            Figure("2", "workflows that need a hand", kind="bad"),
            Figure("43", "exchanges finished", of="of 50"),
        ],
        "stages": [
            Bar("Checking", 12), Bar("Opinion", 96, 4), Bar("Decision", 143, 11), Bar("Signatures", 208, 9),
            Bar("Visit ahead", 411, href="/cases?stage=visit"), Bar("Report due", 187, 13), Bar("Claim", 0),
        ],
        "hand_columns": [Column("Case"), Column("Stuck at"), Column("Since"), Column("Why"), Column("Do")],
        "hand_rows": [
            [
                Cell("CX-2027-0097", href="/cases/97"), "reserve budget", "2 h 10 min",
                Cell("The budget line of Bioib is closed", note="refused by reimbursements"),
                Cell(button=Link("Try again", "/retry")),
            ],
        ],
        "service_columns": [Column("Service"), Column("Behind", number=True), Column("State")],
        "service_rows": [
            ["applications", 0, Cell(tag=Tag("ready", "good"))],
            ["notifications", 118, Cell(tag=Tag("catching up, 4 s", "wait"))],
        ],
        "service_total": ["All", 118, ""],
        "exchanges": lines(
            months,
            [
                Series("planned", [0, 8, 16, 25, 33, 42, 50], planned=True),
                Series("done", [0, 1, 2, 14, 28, 39, 43]),
            ],
        ),
        "budget": burn_down(
            months, Series("left", [36000, 35000, 33000, 21000, 9000, None, None]), Series("planned", []), 36000
        ),
        "meetings": columns(
            ["Mon", "Tue", "Wed"], [Series("planned", [12, 8, 4], planned=True), Series("held", [11, 8, None])]
        ),
    }  # fmt: skip


def _parts() -> dict[str, Any]:
    return {
        "title": "Parts",
        "lead": "What pages are made of",
        "wait": Tag("to verify", "wait"),
        "good": Tag("in order", "good"),
        "bad": Tag("same receipt", "bad"),
        "plain": Tag("draft"),
        "theirs": Move(
            title="Waiting for CELIS: opinion on your application",
            mine=False,
            text="You need not do anything now.",
            due=datetime(2027, 3, 5, 22, 59, 59, tzinfo=UTC),
            silence="After that the coordinator is told.",
            since=datetime(2027, 2, 16, 10, tzinfo=UTC),
            others=[Link("Withdraw", "/withdraw")],
        ),
        "rules": [
            Check("Two different countries", True, "Poland and Estonia"),
            Check("First visit", False, "CX-0051"),
        ],
        "changed": [Change("First day", "12 April", "13 April"), Change("Host", "Tartu", "Tartu")],
        "link": Link("Find a host", "/catalogue"),
        "open_sum": OPEN_SUM,
        "moment": NOW,
        "first": date(2027, 4, 12),
        "last": date(2027, 4, 16),
    }


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    copytree(STATIC, folder / "static", dirs_exist_ok=True)
    for name, html in guide().items():
        (folder / f"{name}.html").write_text(html)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
