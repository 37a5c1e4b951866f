"""The score sheet of a call, written in the browser: what passes, what counts as apart, and the criteria."""

from typing import Any

from contracts.call_rules import CallRules
from services.applications.calls.fields import Ground, each, filled, row_named, rows_of, shape_of, words_of
from services.chassis.web.look.shapes import Shape
from services.chassis.web.look.words import gettext as _

_NUMBERS = ("least", "most", "weight")


def rubric_shapes(rules: CallRules, ground: Ground) -> list[list[Shape]]:
    percent = _("percent")
    whole = [
        shape_of("threshold", _("Least result that passes"), "number", unit=percent, required=False),
        shape_of(
            "apart",
            _("Results further apart than this ask for a third evaluator"),
            "number",
            unit=percent,
            required=False,
        ),
        shape_of("anonymous", _("Evaluators do not learn who applies"), "checkbox", required=False),
        shape_of(
            "same_partnership",
            _("Nobody of the same partnership evaluates"),
            "checkbox",
            required=False,
            hint=_("Otherwise the officer is only warned."),
        ),
    ]
    return [whole, *rows_of("criterion", len(rules.rubric.criteria), lambda at: [
        *row_named(at, "title", _("What is scored?")),
        shape_of(f"{at}-least", _("Least points"), "number"),
        shape_of(f"{at}-most", _("Most points"), "number"),
        shape_of(f"{at}-weight", _("How many times it counts"), "number"),
        shape_of(f"{at}-threshold", _("Least points that pass"), "number", required=False),
    ])]  # fmt: skip


def rubric_values(rules: CallRules, language: str) -> dict[str, Any]:
    rows = [
        {**one.model_dump(exclude={"title"}), "title": one.title.get(language, "")}
        for one in rules.rubric.criteria
    ]
    return {**rules.rubric.model_dump(exclude={"criteria"}), **filled("criterion", rows)}


def rubric_put(rules: CallRules, given: dict[str, Any], language: str) -> dict[str, Any]:
    before = {one.key: one.title for one in rules.rubric.criteria}
    rows = [
        {
            "key": row["key"],
            "title": words_of(before, row["key"], language, row.get("title", "")),
            "threshold": row.get("threshold"),
            **{name: row[name] for name in _NUMBERS if name in row},
        }
        for row in each("criterion", given, rules)
    ]
    return {
        "rubric": {
            "criteria": rows,
            "threshold": given.get("threshold"),
            "apart": given.get("apart"),
            "anonymous": bool(given.get("anonymous")),
            "same_partnership": bool(given.get("same_partnership")),
        }
    }
