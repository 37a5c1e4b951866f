"""Invented data for the style guide: a case, a monitor, one of each part, a form with every kind of field."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, Field
from starlette.datastructures import FormData

from services.chassis.web.look.charts import Bar, Series, burn_down, columns, lines
from services.chassis.web.look.forms import Asks, Cents, Upload
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
    [
        ("first_day-day", "12"),
        ("first_day-month", "4"),
        ("first_day-year", "2027"),
        ("last_day-day", "6"),
        ("last_day-year", "2027"),
        ("purpose", "<b>How they work</b>"),
        ("people", "many"),
        ("hotel", "1.100,50"),
        ("host", str(HOSTS[2][0])),
        ("topics", "software"),
        ("insured", "yes"),
    ]
)


OPEN_SUM = Sum(
    "Your lump sum, as it stands",
    [SumLine("Rate for Estonia", 110000), SumLine("Working days", "?")],
    total_label="Estimate",
    total=None,
)


def case() -> dict[str, Any]:
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
                "Eligibility checked",
                "done",
                on(2, 11),
                timedelta(seconds=4),
                "9 rules, all met",
                link=Link("see each rule", "/rules"),
            ),
            Post("Opinion of CELIS: in favour", "done", on(2, 16), timedelta(days=5)),
            Post("Approved", "done", on(2, 22), note="decided by Jan Kowal (CE4BIG), 1,100.00 EUR reserved"),
            Post(
                "Signatures",
                "now",
                tag=Tag("2 of 6", "wait"),
                note="Kadri Tamm and Jan Kowal have signed, you and Mart Saar have not.",
            ),
            Post("Visit", "ahead", note="12 to 16 April"),
            Post("Report", "ahead", on(5, 16)),
            Post(
                "Claim checked, approved, paid", "ahead", note="within 10 days after the report is accepted"
            ),
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
    }


def monitor() -> dict[str, Any]:
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
            Bar("Checking", 12),
            Bar("Opinion", 96, 4),
            Bar("Decision", 143, 11),
            Bar("Signatures", 208, 9),
            Bar("Visit ahead", 411, href="/cases?stage=visit"),
            Bar("Report due", 187, 13),
            Bar("Claim", 0),
        ],
        "hand_columns": [Column("Case"), Column("Stuck at"), Column("Since"), Column("Why"), Column("Do")],
        "hand_rows": [
            [
                Cell("CX-2027-0097", href="/cases/97"),
                "reserve budget",
                "2 h 10 min",
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
            months,
            Series("left", [36000, 35000, 33000, 21000, 9000, None, None]),
            Series("planned", []),
            36000,
        ),
        "meetings": columns(
            ["Mon", "Tue", "Wed"],
            [Series("planned", [12, 8, 4], planned=True), Series("held", [11, 8, None])],
        ),
    }


def parts() -> dict[str, Any]:
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


def mail() -> dict[str, Any]:
    """Values of a mail."""
    return {
        "subject": "Sign two documents for your visit to Tartu",
        "name": "Ewa Nowak",
        "paragraphs": [
            "Your exchange with Tartu Biotechnology Park was approved, and 1,100.00 EUR are reserved."
        ],
        "move": "Your move: sign two documents until Friday 5 March, 23:59. After that the place lapses.",
        "button": Link("Read and sign", "https://relais.example/cases/1?a=1&b=2"),
        "road": case()["posts"],
        "payer": "Paid by Klaster LifeScience Kraków for CE4BIG.",
        "funding": "This exchange is co-funded by the programme named in your agreement.",
    }
