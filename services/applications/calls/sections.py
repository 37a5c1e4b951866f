"""The rules of a call as pages of fields: each section says what it asks, what stands there, and what was filled in."""

from collections.abc import Mapping
from typing import Any, cast, get_args

from contracts.amounts import COMPUTED, Category
from contracts.call_rules import CallRules
from services.applications.calls.fields import Choices, Ground, Section, named, parties, shape_of
from services.applications.calls.lists import (
    eligibility_put,
    eligibility_shapes,
    eligibility_values,
    intake_put,
    intake_shapes,
    intake_values,
    report_put,
    report_shapes,
    report_values,
    stage_put,
    stage_shapes,
    stage_values,
)
from services.applications.calls.rubric import rubric_put, rubric_shapes, rubric_values
from services.applications.forms.building import LANGUAGES
from services.chassis.web.look.forms import Posted, read
from services.chassis.web.look.shapes import Shape
from services.chassis.web.look.words import gettext as _

SIGNATORIES = ("VO", "HO", "VOP", "HOP", "PAY")
"""In the order in which they sign, where a call does not say otherwise."""
COSTS = tuple(name for name in get_args(Category) if name not in COMPUTED)


def read_section(section: Section, rules: CallRules, ground: Ground, posted: Posted) -> CallRules:
    """The rules with this section as it was filled in; pydantic's ValidationError says what is wrong."""
    shapes = [shape for group in section.shapes(rules, ground) for shape in group]
    changed = section.put(rules, read(shapes, posted), ground.language)
    return CallRules.model_validate({**rules.model_dump(mode="json"), **changed})


def _kinds() -> Choices:
    return named("fulfilment", ("voucher", "visit"))


def _money_shapes(rules: CallRules, ground: Ground) -> list[list[Shape]]:
    modes = named("amount", ("none", "fixed", "requested", "lump_sum"))
    asked = tuple(ground.amounts)
    return [
        [
            shape_of("mode", _("How is the sum found?"), "radios", choices=modes),
            shape_of("question", _("Question that says how much is asked for"), "select", choices=asked),
            shape_of("share", _("Percent of it that is paid"), "number"),
            shape_of("cap_cents", _("Most that one applicant gets"), "money", unit="EUR"),
            shape_of("fixed_cents", _("Sum that everybody gets"), "money", unit="EUR"),
        ],
        [
            shape_of(
                "kind",
                _("What does a grant lead to?"),
                "radios",
                choices=_kinds(),
            ),
            shape_of("validity_days", _("Days in which it can be used"), "number", unit=_("days")),
            shape_of("in_parts", _("It can be claimed in several parts"), "checkbox"),
            shape_of(
                "categories",
                _("Which costs count?"),
                "checkboxes",
                many=True,
                choices=named("cost", COSTS),
            ),
        ],
        [
            shape_of(
                "period", _("Question that asks for the period of the activity"), "select", choices=asked
            ),
            shape_of("least_days", _("Least days"), "number"),
            shape_of("most_days", _("Most days"), "number"),
        ],
    ]


def _money_values(rules: CallRules, language: str) -> dict[str, Any]:
    return {
        **rules.amount.model_dump(), **rules.fulfilment.model_dump(), **rules.duration.model_dump(exclude={"question"}),
        "question": rules.amount.question,
        "period": f"{rules.duration.question}.days" if rules.duration.question else "",
    }  # fmt: skip


def _money_put(rules: CallRules, given: dict[str, Any], language: str) -> dict[str, Any]:
    period = str(given.get("period", "")).partition(".")[0]
    return {
        "amount": {
            "mode": given.get("mode", "none"), "question": given.get("question", ""), "share": given.get("share", 100),
            "cap_cents": given.get("cap_cents"), "fixed_cents": given.get("fixed_cents"),
        },
        "fulfilment": {
            "kind": given.get("kind", "voucher"), "validity_days": given.get("validity_days"),
            "in_parts": bool(given.get("in_parts")),
            **({"categories": given["categories"]} if given.get("categories") else {}),
        },
        "duration": {
            "question": period, "least_days": given.get("least_days"), "most_days": given.get("most_days"),
        },
    }  # fmt: skip


def _signing_shapes(rules: CallRules, ground: Ground) -> list[list[Shape]]:
    offered = parties(SIGNATORIES)
    titles = (
        ("financial", _("Who signs the Financial Agreement?")),
        ("quality", _("Who signs the Commitment to Quality?")),
    )
    return [
        [
            shape_of(
                "languages",
                _("Languages of the call"),
                "checkboxes",
                many=True,
                choices=tuple(LANGUAGES.items()),
            ),
            shape_of("parties", _("Who takes part?"), "checkboxes", many=True, choices=offered),
            shape_of(
                "host", _("Question that asks for the host"), "select", choices=tuple(ground.organisations)
            ),
            shape_of("second_decider", _("A second person confirms each decision"), "checkbox"),
        ],
        [
            *(shape_of(name, title, "checkboxes", many=True, choices=offered) for name, title in titles),
            shape_of("ordered", _("They sign one after the other, in this order"), "checkbox"),
        ],
    ]


def _signing_values(rules: CallRules, language: str) -> dict[str, Any]:
    by = {one.document: one for one in rules.signing}
    return {
        "languages": rules.languages, "parties": rules.parties, "host": rules.host,
        "second_decider": rules.second_decider,
        "ordered": any(one.ordered for one in rules.signing),
        **{name: list(by[name].parties) if name in by else [] for name in ("financial", "quality")},
    }  # fmt: skip


def _signing_put(rules: CallRules, given: dict[str, Any], language: str) -> dict[str, Any]:
    ordered = bool(given.get("ordered"))
    return {
        "languages": given.get("languages") or list(rules.languages),
        "parties": given.get("parties") or [],
        "host": given.get("host", ""),
        "second_decider": bool(given.get("second_decider")),
        "signing": [
            {"document": name, "parties": _in_order(rules, name, parties), "ordered": ordered}
            for name in ("quality", "financial")
            if (parties := cast("list[str]", given.get(name) or []))
        ],
    }


def _in_order(rules: CallRules, document: str, chosen: list[str]) -> list[str]:
    """Those who signed already keep their order; the others follow in the order of the choices, the payer last."""
    before: list[str] = [party for one in rules.signing if one.document == document for party in one.parties]
    known = [party for party in before if party in chosen and party != "PAY"]
    return known + [party for party in SIGNATORIES if party in chosen and party not in known]


SECTIONS: Mapping[str, Section] = {
    section.key: section
    for section in (
        Section(
            "parties", _("Languages, parties and signatures"), _signing_shapes, _signing_values, _signing_put
        ),
        Section("amount", _("Money and use"), _money_shapes, _money_values, _money_put),
        Section("eligibility", _("Who may apply"), eligibility_shapes, eligibility_values, eligibility_put),
        Section("stages", _("Review"), stage_shapes, stage_values, stage_put),
        Section("rubric", _("Scores"), rubric_shapes, rubric_values, rubric_put),
        Section("intake", _("Order and cut-offs"), intake_shapes, intake_values, intake_put),
        Section("reports", _("Reports"), report_shapes, report_values, report_put),
    )
}
PAGE_OF: Mapping[str, str] = {"signing": "parties", "fulfilment": "amount", "duration": "amount"}
"""Section of the rules → the page it stands on, where that has another name."""
