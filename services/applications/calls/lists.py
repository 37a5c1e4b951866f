"""The sections of a call that are lists: who may apply, the review, cut-offs, reports. There is always one empty row
more; a row whose name is emptied is removed. Keys are made of names, once.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from contracts.call_rules import CallRules, Holder, Silence, Stage, Track, TrackKind
from contracts.countries import CODES
from services.applications.calls.fields import (
    MOST_ROWS,
    Ground,
    each,
    filled,
    named,
    parties,
    row_named,
    rows_of,
    shape_of,
    unused,
    words_of,
)
from services.chassis.web.look.shapes import Shape
from services.chassis.web.look.values import country
from services.chassis.web.look.words import gettext as _


def eligibility_shapes(rules: CallRules, ground: Ground) -> list[list[Shape]]:
    whats = named("eligibility", ("country", "kind", "cluster", "once", "elsewhere"))
    asked = tuple(ground.organisations)
    return rows_of("rule", len(rules.eligibility), lambda at: [
        *row_named(at, "text", _("The rule, as applicants read it"), "textarea", max_length=1000),
        shape_of(f"{at}-what", _("What is looked at?"), "select", choices=whats),
        shape_of(f"{at}-allowed", _("Allowed, one on each line"), "lines", many=True),
        shape_of(f"{at}-question", _("Question that asks for the organisation elsewhere"), "select", choices=asked),
        shape_of(f"{at}-source", _("Where it comes from"), max_length=200),
    ])  # fmt: skip


def eligibility_values(rules: CallRules, language: str) -> dict[str, Any]:
    rows = [
        {"key": one.key, "what": one.what, "allowed": one.allowed, "text": one.text.get(language, ""),
         "source": one.source, "question": one.question}
        for one in rules.eligibility
    ]  # fmt: skip
    return filled("rule", rows)


def eligibility_put(rules: CallRules, given: dict[str, Any], language: str) -> dict[str, Any]:
    before = {one.key: one.text for one in rules.eligibility}
    conditions = {one.key: one.when for one in rules.eligibility}
    rows: list[dict[str, Any]] = []
    for row in each("rule", given, rules, "text"):
        key, when = row["key"], conditions.get(row["key"])
        allowed = cast("list[str]", row.get("allowed") or [])
        if row.get("what") == "country":
            allowed = [_code(one) for one in allowed]
        rows.append({
            "key": key, "what": row.get("what", "condition" if when else "country"), "allowed": allowed,
            "text": words_of(before, key, language, row.get("text", "")), "source": row.get("source", ""),
            "question": row.get("question", ""),
            "when": when.model_dump(mode="json") if when else None,
        })  # fmt: skip
    return {"eligibility": rows}


def _code(text: str) -> str:
    """A country as it was typed: by its code or its name."""
    names = {country(code).lower(): code for code in CODES}
    return names.get(text.strip().lower(), text.strip().upper())


def stage_shapes(rules: CallRules, ground: Ground) -> list[list[Shape]]:
    steps = tuple((str(n), _("Step %(n)s") % {"n": n}) for n in range(1, len(rules.stages) + 2))
    return rows_of("task", len(list(rules.tracks)), lambda at: [
        *row_named(at, "title", _("What is done?")),
        shape_of(f"{at}-stage", _("In which step?"), "select", choices=steps,
                 hint=_("Tasks of one step run side by side; the next step begins when all of them have ended.")),
        shape_of(f"{at}-kind", _("Kind"), "select", choices=named("track", get_args(TrackKind))),
        shape_of(f"{at}-holder", _("Who does it?"), "select", choices=parties(get_args(Holder))),
        shape_of(f"{at}-days", _("Working days"), "number"),
        shape_of(f"{at}-quorum", _("How many people"), "number"),
        shape_of(f"{at}-silence", _("What silence means"), "select", choices=named("silence", get_args(Silence))),
    ])  # fmt: skip


def stage_values(rules: CallRules, language: str) -> dict[str, Any]:
    rows = [
        {"stage": n, "key": track.key, "title": track.title.get(language, ""), "kind": track.kind,
         "holder": track.holder or "", "days": track.days, "quorum": track.quorum, "silence": track.silence}
        for n, stage in enumerate(rules.stages, 1) for track in stage.tracks
    ]  # fmt: skip
    return filled("task", rows)


def stage_put(rules: CallRules, given: dict[str, Any], language: str) -> dict[str, Any]:
    """Tasks by step; a step goes on as the one that its first task was in. Who names no step comes last, alone."""
    before = {track.key: (stage, track) for stage, track in rules.tracks}
    steps: dict[int, list[dict[str, Any]]] = {}
    for row in each("task", given, rules):
        old = before[row["key"]][1] if row["key"] in before else None
        kept = old.model_dump(mode="json") if old else {}
        title = {**(old.title if old else {}), language: row["title"]}
        task = {
            **kept, "key": row["key"], "title": title, "kind": row.get("kind", "check"), "holder": row.get("holder"),
            "days": row.get("days"), "quorum": row.get("quorum", 1), "silence": row.get("silence", "escalate"),
        }  # fmt: skip
        number = str(row.get("stage", ""))
        steps.setdefault(int(number) if number.isdecimal() else MOST_ROWS + len(steps), []).append(task)
    return {"stages": _stages([tasks for _number, tasks in sorted(steps.items())], before)}


def _stages(
    steps: Sequence[list[dict[str, Any]]], before: Mapping[str, tuple[Stage, Track]]
) -> list[dict[str, Any]]:
    stages: list[dict[str, Any]] = []
    for n, tasks in enumerate(steps, 1):
        old = next((before[task["key"]][0] for task in tasks if task["key"] in before), None)
        taken = {stage["key"] for stage in stages} | {task["key"] for step in steps for task in step}
        key = unused(old.key if old else f"step_{n}", taken)
        stages.append({"key": key, "title": old.title if old and key == old.key else {}, "tracks": tasks})
    return stages


def intake_shapes(rules: CallRules, ground: Ground) -> list[list[Shape]]:
    modes, ties = (
        named("intake", ("first_come", "cut_off")),
        named("tie", ("submitted_first", "amount_least")),
    )
    intake = [
        shape_of(
            "mode",
            _("In which order is money given?"),
            "radios",
            choices=modes,
        ),
        shape_of("factor", _("Percent of the budget up to which applications are taken"), "number"),
        shape_of("full", _("When it is used up"), "radios", choices=named("full", ("refuse", "wait"))),
        shape_of(
            "tie",
            _("Of equal scores goes first"),
            "radios",
            choices=ties,
        ),
    ]
    cut_offs = rows_of("cut", len(rules.intake.cut_offs), lambda at: [
        *row_named(at, "title", _("Name")),
        shape_of(f"{at}-closes_at", _("Closes"), "datetime"),
        shape_of(f"{at}-announce_at", _("Results are announced"), "datetime"),
    ])  # fmt: skip
    return [intake, *cut_offs]


def intake_values(rules: CallRules, language: str) -> dict[str, Any]:
    rows = [
        {**one.model_dump(exclude={"title"}), "title": one.title.get(language, "")}
        for one in rules.intake.cut_offs
    ]
    return {**rules.intake.model_dump(exclude={"cut_offs"}), **filled("cut", rows)}


def intake_put(rules: CallRules, given: dict[str, Any], language: str) -> dict[str, Any]:
    before = {one.key: one.title for one in rules.intake.cut_offs}
    rows = [
        {"key": row["key"], "title": words_of(before, row["key"], language, row.get("title", "")),
         "closes_at": row.get("closes_at"), "announce_at": row.get("announce_at")}
        for row in each("cut", given, rules)
    ]  # fmt: skip
    return {
        "intake": {
            "mode": given.get("mode", "first_come"), "factor": given.get("factor", 100),
            "full": given.get("full", "refuse"), "tie": given.get("tie", "submitted_first"), "cut_offs": rows,
        }
    }  # fmt: skip


def report_shapes(rules: CallRules, ground: Ground) -> list[list[Shape]]:
    return rows_of("report", len(rules.reports), lambda at: [
        *row_named(at, "title", _("Name")),
        shape_of(f"{at}-form", _("Form"), "select", choices=tuple(ground.forms)),
        shape_of(f"{at}-days_after", _("Days after the end of the activity"), "number"),
    ])  # fmt: skip


def report_values(rules: CallRules, language: str) -> dict[str, Any]:
    rows = [
        {
            "key": one.key,
            "title": one.title.get(language, ""),
            "form": str(one.form or ""),
            "days_after": one.days_after,
        }
        for one in rules.reports
    ]
    return filled("report", rows)


def report_put(rules: CallRules, given: dict[str, Any], language: str) -> dict[str, Any]:
    before = {one.key: one.title for one in rules.reports}
    return {
        "reports": [
            {"key": row["key"], "title": words_of(before, row["key"], language, row.get("title", "")),
             "form": row.get("form"), "days_after": row.get("days_after")}
            for row in each("report", given, rules)
        ]
    }  # fmt: skip
