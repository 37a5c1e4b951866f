"""The component of GOV.UK Frontend that each kind of field is shown by, with the parameters of its macro.
Label, hint and reason are tied to the input in every one of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.chassis.web.look.forms import DATE_PARTS, Field
from services.chassis.web.look.values import place
from services.chassis.web.look.words import gettext as _

Component = tuple[str, dict[str, Any]]
WIDTHS = ((4, "govuk-input--width-4"), (10, "govuk-input--width-10"), (30, "govuk-input--width-20"))


def component(field: Field) -> Component:
    """Name and parameters of the component that asks for this field."""
    match field.kind:
        case "textarea":
            return "character-count", _common(field) | _counted(field)
        case "lines":
            return "textarea", {"hint": {"text": _("One on each line")}, "rows": 4} | _common(field)
        case "date":
            return "date-input", _grouped(field) | {"namePrefix": field.name, "items": _date_items(field)}
        case "radios" | "yes_no":
            inline = {"classes": "govuk-radios--inline"} if field.kind == "yes_no" else {}
            return "radios", _grouped(field) | inline | {"items": [*_items(field), *_none(field)]}
        case "checkboxes":
            return "checkboxes", _grouped(field) | {"items": _items(field)}
        case "checkbox":
            return "checkboxes", _single_checkbox(field)
        case "select":
            unchosen = {"value": "", "text": _("Choose one")}
            return "select", _common(field) | {"items": [unchosen, *_items(field, "selected")]}
        case "file":
            several = {"multiple": "multiple"} if field.many else {}
            return "file-upload", _common(field) | {
                "attributes": {"accept": field.accept, **several},
                "value": None,
            }
        case _:
            return "input", _common(field) | _input(field)


def files_kept(field: Field) -> dict[str, Any]:
    """The boxes under a file field for what was sent with it before: it need not be chosen again."""
    legend = {"legend": {"text": _("Already sent; untick what you want to leave out")}}
    return {
        "name": field.name,
        "idPrefix": f"{field.name}-kept",
        "classes": "govuk-checkboxes--small",
        "fieldset": legend,
        "items": _items(field),
    }


def listed(fields: Sequence[Field], errors: Mapping[str, str], problem: str) -> list[dict[str, str]]:
    """Every reason for the summary above a form, those at fields with a link to them."""
    general = [{"text": text} for text in (problem, errors.get("", "")) if text]
    return general + [{"text": field.error, "href": f"#{field.target}"} for field in fields if field.error]


def _input(field: Field) -> dict[str, Any]:
    match field.kind:
        case "money":
            narrow = {"classes": "govuk-input--width-10", "inputmode": "decimal", "spellcheck": False}
            return narrow | ({"suffix": {"text": field.unit}} if field.unit else {})
        case "number":
            return {"classes": "govuk-input--width-5", "inputmode": "numeric", "spellcheck": False}
        case "decimal":
            unit = {"suffix": {"text": field.unit}} if field.unit else {}
            return {"classes": "govuk-input--width-10", "inputmode": "decimal", "spellcheck": False} | unit
        case "datetime":
            zone = {"text": _("%(place)s time") % {"place": place()}}
            return {"type": "datetime-local", "classes": "rl-datetime", "suffix": zone}
        case _:
            longest = field.max_length or 1000
            return {"classes": next((width for limit, width in WIDTHS if longest <= limit), "")}


def _counted(field: Field) -> dict[str, Any]:
    return {
        "maxlength": field.max_length,
        "rows": 5,
        "textareaDescriptionText": _("You can enter up to %{count} characters"),
        "charactersUnderLimitText": {
            "one": _("You have %{count} character left"),
            "other": _("You have %{count} characters left"),
        },
        "charactersAtLimitText": _("You have no characters left"),
        "charactersOverLimitText": {
            "one": _("You have %{count} character too many"),
            "other": _("You have %{count} characters too many"),
        },
    }


def _single_checkbox(field: Field) -> dict[str, Any]:
    """One box carries its own label; its hint stands below that label."""
    box: dict[str, Any] = {"value": "yes", "text": field.label, "checked": field.value == "yes"}
    if field.hint:
        box["hint"] = {"text": field.hint}
    return {"idPrefix": field.name, "name": field.name, "items": [box]} | _error(field)


def _date_items(field: Field) -> list[dict[str, Any]]:
    labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
    wrong = " govuk-input--error" if field.error else ""
    return [
        {
            "name": part,
            "label": labels[part],
            "value": field.parts[part],
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}{wrong}",
        }
        for part in DATE_PARTS
    ]


def _items(field: Field, chosen: str = "checked") -> list[dict[str, Any]]:
    return [{"value": option.value, "text": option.label, chosen: option.chosen} for option in field.options]


def _none(field: Field) -> list[dict[str, Any]]:
    """What takes a choice back: a radio button cannot be unticked."""
    words = _("No answer") if field.kind == "yes_no" else _("None of these")
    return [{"value": "", "text": words}] if field.clears and not field.required else []


def _common(field: Field) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": field.name,
        "name": field.name,
        "value": field.value,
        "label": {"text": _label(field), "classes": "govuk-label--s"},
    }
    if field.hint:
        given["hint"] = {"text": field.hint}
    return given | _error(field)


def _grouped(field: Field) -> dict[str, Any]:
    """Several inputs under one legend."""
    legend = {"legend": {"text": _label(field), "classes": "govuk-fieldset__legend--s"}}
    return _common(field) | {"idPrefix": field.name, "fieldset": legend}


def _label(field: Field) -> str:
    answered = field.kind == "radios" and any(option.chosen for option in field.options)
    return field.label if field.required or answered else _("%(label)s (optional)") % {"label": field.label}


def _error(field: Field) -> dict[str, Any]:
    if not field.error:
        return {}
    return {"errorMessage": {"text": field.error, "visuallyHiddenText": _("Problem")}}
