"""Forms to test with: a travel grant in two languages, and definitions that Hypothesis makes up."""

from typing import Any

from hypothesis import strategies as st

from services.applications.forms.definition import SETTINGS, Definition

WORDS = {"en": "English", "de": "Deutsch"}


def words(text: str) -> dict[str, str]:
    return {"en": text, "de": f"{text} (de)"}


def answer(name: str) -> dict[str, Any]:
    return {"of": "answer", "name": name}


def compare(name: str, op: str, value: Any = None, of: str = "answer") -> dict[str, Any]:
    right = (
        None if op in ("answered", "not_answered") else value if isinstance(value, dict) else {"value": value}
    )
    return {"left": {"of": of, "name": name}, "op": op, "right": right}


def added(*names: str) -> dict[str, Any]:
    return {"op": "sum", "of": [{"source": answer(name)} for name in names]}


def when(*tests: dict[str, Any], join: str = "all") -> dict[str, Any]:
    return {"join": join, "tests": list(tests)}


def question(key: str, kind: str, **settings: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "label": words(key), **settings}


def travel() -> dict[str, Any]:
    """A travel call's form: three conditional questions, a cost table, a sum, a check, two languages."""
    return {
        "format": "relais-form/1",
        "languages": ["en", "de"],
        "title": words("Travel grant"),
        "pages": [
            {
                "key": "trip",
                "title": words("Your trip"),
                "questions": [
                    question("purpose", "long_text", max_length=500),
                    question("dates", "period", future=True, most=31),
                    question("destination", "region"),
                    question("abroad_before", "yes_no"),
                    question("where_before", "short_text", when=when(compare("abroad_before", "is", True))),
                ],
            },
            {
                "key": "money",
                "title": words("Your costs"),
                "questions": [
                    question(
                        "costs",
                        "table",
                        least=1,
                        most=20,
                        questions=[
                            question("what", "short_text"),
                            question("amount", "money"),
                            question("nights", "number", required=False),
                        ],
                    ),
                    question(
                        "total",
                        "computed",
                        calculation={"op": "sum", "of": [{"source": answer("costs.amount")}]},
                    ),
                    question("other_money", "yes_no"),
                    question("other_amount", "money", when=when(compare("other_money", "is", True))),
                    question("requested", "money"),
                ],
            },
            {
                "key": "own_share",
                "title": words("Your own share"),
                "when": when(compare("requested", "more", 100_000)),
                "questions": [question("why_more", "long_text")],
            },
            {
                "key": "declare",
                "title": words("Declarations"),
                "questions": [question("no_double_funding", "declaration")],
            },
        ],
        "checks": [
            {
                "key": "not_above_costs",
                "at": "requested",
                "must": when(compare("requested", "at_most", {"source": answer("total")})),
                "text": words("You cannot ask for more than your costs."),
            }
        ],
    }


def travel_form() -> Definition:
    return Definition.model_validate(travel())


ANSWERS: dict[str, Any] = {
    "purpose": "Meet the host of the next joint project.",
    "dates": {"first": "2027-03-01", "last": "2027-03-05"},
    "destination": {"country": "EE", "region": "Tartu"},
    "abroad_before": False,
    "costs": [
        {"what": "Flight", "amount": {"cents": 35_000, "currency": "EUR"}},
        {"what": "Hotel", "amount": {"cents": 48_000, "currency": "EUR"}, "nights": 4},
    ],
    "other_money": False,
    "requested": {"cents": 80_000, "currency": "EUR"},
    "no_double_funding": True,
}

KINDS = sorted(SETTINGS)
_SIMPLE = [kind for kind in KINDS if kind not in ("group", "table", "computed")]


@st.composite
def simple_questions(draw: st.DrawFn, key: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(_SIMPLE))
    made = question(key, kind, required=draw(st.booleans()))
    if kind in ("choice", "choices"):
        made["options"] = [{"value": value, "label": WORDS} for value in ("one", "two", "three")]
    if kind == "number":
        made["decimals"] = draw(st.integers(0, 3))
    return made


@st.composite
def forms(draw: st.DrawFn) -> Definition:
    """A sound form of one to three pages; conditions rest on yes-or-no questions asked before."""
    pages: list[dict[str, Any]] = []
    gates: list[str] = []
    number = 0
    for index in range(draw(st.integers(1, 3))):
        asked: list[dict[str, Any]] = []
        for _ in range(draw(st.integers(1, 4))):
            number += 1
            one = draw(simple_questions(f"q{number}"))
            if gates and draw(st.booleans()):
                one["when"] = when(compare(draw(st.sampled_from(gates)), "is", draw(st.booleans())))
            elif one["kind"] == "yes_no":
                gates.append(one["key"])
            asked.append(one)
        pages.append({"key": f"page{index}", "title": WORDS, "questions": asked})
    return Definition.model_validate({"languages": ["en", "de"], "title": WORDS, "pages": pages})


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)
_DAY = st.dates().map(lambda day: day.isoformat())
GOOD: dict[str, st.SearchStrategy[Any]] = {
    "short_text": _TEXT,
    "long_text": _TEXT,
    "number": st.integers(-1000, 1000),
    "money": st.integers(0, 10**9).map(lambda cents: {"cents": cents, "currency": "EUR"}),
    "date": _DAY,
    "period": st.tuples(_DAY, _DAY).map(lambda days: dict(zip(("first", "last"), sorted(days), strict=True))),
    "yes_no": st.booleans(),
    "choice": st.sampled_from(["one", "two", "three"]),
    "choices": st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, unique=True),
    "country": st.sampled_from(["PL", "EE", "BE"]),
    "region": st.just({"country": "PL", "region": "Małopolska"}),
    "organisation": st.uuids().map(str),
    "person": st.just({"name": "Ewa", "email": "ewa@helixon.example", "function": ""}),
    "file": st.lists(st.just("a" * 64), min_size=1, max_size=3),
    "declaration": st.just(True),
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def filled_forms(draw: st.DrawFn) -> tuple[Definition, dict[str, Any]]:
    """A form with a good answer to every question."""
    form = draw(forms())
    return form, {one.key: draw(GOOD[one.kind]) for _, one in form.questions}
