"""What the third story is made of: the call's form, its report and its rules, and the four companies that apply."""

from typing import Any, NamedTuple

from deploy.demo.cast import KRAKOW, Company

ASKED = 700_00
LINE = 1_500_00
"""Enough for two of those who ask."""
EVALUATORS = ("ce4big-evaluator-1", "ce4big-evaluator-2", "ce4big-evaluator-3")


class Applicant(NamedTuple):
    """A company, what its experts give its plan (of five points), what they agree on, and how its case ends."""

    company: Company
    points: tuple[int, ...]
    agreed: int
    ends: str


APPLICANTS = {
    "first": Applicant(
        Company("Olga Wrona", "olga.wrona", "Cardiolab", "Kraków", KRAKOW), (5, 4), 5, "granted"
    ),
    "second": Applicant(
        Company("Marek Dudek", "marek.dudek", "Oncoscan", "Kraków", KRAKOW), (5, 1, 4), 4, "withdrawn"
    ),
    "reserve": Applicant(
        Company("Zofia Lis", "zofia.lis", "Virolog", "Kraków", KRAKOW), (3, 3), 3, "granted"
    ),
    "refused": Applicant(Company("Jan Sowa", "jan.sowa", "Neurona", "Kraków", KRAKOW), (2, 1), 1, "rejected"),
}


def words(text: str) -> dict[str, str]:
    return {"en": text}


def form(title: str, key: str, *questions: dict[str, Any]) -> dict[str, Any]:
    """The definition of a form with one page."""
    page = {"key": key, "title": words(title), "questions": list(questions)}
    return {"languages": ["en"], "title": words(title), "pages": [page]}


FORMS = {
    "apply": form(
        "Travel grant",
        "trip",
        {"key": "purpose", "kind": "long_text", "label": words("What is the trip for?")},
        {"key": "dates", "kind": "period", "label": words("When do you go?"), "future": True},
        {"key": "requested", "kind": "money", "label": words("How much do you ask for?")},
    ),
    "report": form(
        "Final report",
        "result",
        {"key": "outcome", "kind": "long_text", "label": words("What has come of it?")},
    ),
}


def rules(closes_at: str, report: str) -> dict[str, Any]:
    """Two stages that experts go through, and a ranking."""
    score = {"key": "score", "kind": "score", "title": words("Two experts score it"), "holder": "EVALUATOR",
             "quorum": 2, "days": 60}  # fmt: skip
    agree = {"key": "agree", "kind": "consensus", "title": words("They agree on a text"), "holder": "EVALUATOR",
             "days": 60}  # fmt: skip
    return {
        "parties": ["VO", "VOP", "PAY"],
        "signing": [{"document": "financial", "parties": ["VO", "PAY"], "ordered": True}],
        "fulfilment": {"kind": "voucher", "validity_days": 120, "categories": ["travel", "accommodation"]},
        "amount": {"mode": "requested", "question": "requested", "cap_cents": 1_000_00},
        "duration": {"question": "dates", "most_days": 14},
        "stages": [
            {"key": "experts", "title": words("Scores"), "tracks": [score]},
            {"key": "consensus", "title": words("Consensus"), "tracks": [agree]},
        ],
        "rubric": {
            "criteria": [{"key": "plan", "title": words("A plan that can work")}],
            "threshold": 50,
            "apart": 40,
        },
        "reports": [{"key": "final", "title": words("Final report"), "form": report, "days_after": 30}],
        "intake": {
            "mode": "cut_off",
            "cut_offs": [{"key": "first", "title": words("First cut-off"), "closes_at": closes_at}],
        },
    }
