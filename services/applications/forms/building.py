"""A part of a form as the builder asks for it: which fields it has, what they show, and what was filled in."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from contracts.expressions import (
    Condition,
)
from services.applications.forms.definition import (
    COLUMNS,
    NESTED,
    SETTINGS,
    Check,
    Definition,
    Language,
    Page,
    Question,
    QuestionKind,
)
from services.applications.forms.menus import (
    FIELDS,
    Known,
    calculation_from,
    calculation_shapes,
    calculation_values,
    condition_from,
    condition_values,
    shape,
)
from services.chassis.web.look.forms import Posted, read
from services.chassis.web.look.shapes import Kind as FieldKind
from services.chassis.web.look.shapes import Shape
from services.chassis.web.look.words import gettext as _

LANGUAGES: dict[Language, str] = {"en": _("English"), "de": _("German"), "fr": _("French"), "pl": _("Polish")}
KINDS: Mapping[QuestionKind, str] = {
    "short_text": _("Short text"),
    "long_text": _("Long text"),
    "number": _("Number with unit"),
    "money": _("Amount of money"),
    "date": _("Date"),
    "period": _("Period"),
    "yes_no": _("Yes or no"),
    "choice": _("One choice"),
    "choices": _("Several choices"),
    "country": _("Country"),
    "region": _("Country and region"),
    "organisation": _("Organisation"),
    "person": _("Person"),
    "file": _("File"),
    "declaration": _("Declaration"),
    "group": _("Repeated group"),
    "table": _("Table with sums"),
    "computed": _("Computed value"),
}


def column_kinds(kind: QuestionKind) -> list[str]:
    """What may stand inside a group or a table."""
    return [one for one in KINDS if (one in COLUMNS if kind == "table" else one not in NESTED)]


def question_shapes(form: Definition, question: Question, *, column: bool) -> list[Shape]:
    """What the builder asks about a question of this type, beside its condition."""
    has = SETTINGS[question.kind]
    return [
        shape("label", _("Question"), "textarea", required=True, max_length=1000),
        shape("help", _("Help text"), "textarea", max_length=4000),
        shape("key", _("Key"), hint=_("How conditions, exports and machines name it."), required=True),
        *([] if question.kind == "computed" else [shape("required", _("Must be answered"), "checkbox")]),
        *_settings(question, has),
        *(
            []
            if column or question.kind != "computed"
            else list(calculation_shapes(form, question.calculation))
        ),
    ]


def _settings(question: Question, has: frozenset[str]) -> Iterator[Shape]:
    limits: Mapping[str, tuple[str, str]] = {
        "period": (_("Least days"), _("Most days")),
        "choices": (_("Least answers"), _("Most answers")),
        "file": ("", _("Most files")),
        "group": (_("Least rows"), _("Most rows")),
        "table": (_("Least rows"), _("Most rows")),
    }
    least, most = limits.get(question.kind, (_("Least"), _("Most")))
    bound: FieldKind = "money" if question.kind == "money" else "number"
    if "max_length" in has:
        yield shape("max_length", _("Most characters"), "number")
    if "unit" in has:
        yield shape("unit", _("Unit"), max_length=20)
    if "decimals" in has:
        yield shape("decimals", _("Decimals"), "number")
    if "least" in has:
        yield shape("least", least, bound)
    if "most" in has:
        yield shape("most", most, bound)
    if "future" in has:
        yield shape("future", _("Only days in the future"), "checkbox")
    if "currencies" in has:
        yield shape("currencies", _("Currencies"), "lines", many=True)
    if "options" in has:
        hint = _(
            "One answer on each line. Before a bar you may say how machines name it: “small | A small company”."
        )
        yield shape("options", _("Answers to choose from"), "lines", many=True, hint=hint)
    if "among" in has:
        some = (("providers", _("Registered knowledge providers")), ("hosts", _("Registered hosts")))
        yield shape(
            "among", _("Only among"), "select", choices=some, hint=_("Left empty, all may be chosen.")
        )
    if "prefill" in has:
        wanted = {
            "name": FIELDS["profile.name"],
            "town": FIELDS["profile.town"],
            "country": FIELDS["profile.country"],
        }
        of_text = [
            (one, _(label))
            for one, label in wanted.items()
            if (one == "country") == (question.kind == "country")
        ]
        yield shape("prefill", _("First answered from"), "select", choices=tuple(of_text))


def question_values(question: Question, language: str, known: Known) -> dict[str, Any]:
    """What stands in those fields."""
    return {
        **question.model_dump(exclude={"label", "help", "options", "when", "calculation", "questions"}),
        "label": question.label.get(cast("Any", language), ""),
        "help": question.help.get(cast("Any", language), ""),
        "options": [f"{one.value} | {one.label.get(cast('Any', language), '')}" for one in question.options],
        **calculation_values(question.calculation),
        **condition_values(question.when, known),
    }


def question_from(form: Definition, old: Question, posted: Posted, *, column: bool) -> Question:
    """The question as it was filled in; pydantic's ValidationError says what is wrong."""
    language = form.languages[0]
    values = read(question_shapes(form, old, column=column), posted)
    data = old.model_dump(mode="json")
    for name in ("max_length", "least", "most"):
        data[name] = values.get(name)
    for name in ("key", "unit", "decimals", "prefill", "among", "currencies"):
        if name in SETTINGS[old.kind] or name == "key":
            data[name] = values.get(name, data[name] if name in ("key", "decimals", "currencies") else "")
    data["required"] = bool(values.get("required", old.kind == "computed"))
    data["future"] = bool(values.get("future", False))
    data["label"] = _with(old.label, language, values.get("label", ""))
    data["help"] = _with(old.help, language, values.get("help", ""))
    if "options" in SETTINGS[old.kind]:
        data["options"] = [
            _option(line, old, language) for line in cast("list[str]", values.get("options") or [])
        ]
    question = Question.model_validate(data)
    if column:
        return question
    calculation = calculation_from(posted) if old.kind == "computed" else None
    return question.model_copy(update={"when": condition_from(form, posted), "calculation": calculation})


def _option(line: str, old: Question, language: str) -> dict[str, Any]:
    value, bar, label = (part.strip() for part in line.partition("|"))
    if not bar:
        value, label = slug(value), value
    known: dict[str, Mapping[Any, str]] = {one.value: one.label for one in old.options}
    return {"value": value, "label": _with(known.get(value, {}), language, label)}


def slug(text: str) -> str:
    """A key made of what somebody typed: "A small company" → "a_small_company"."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:40]
    return plain if plain[:1].isalpha() else f"option_{plain}".strip("_")


def _with(words: Mapping[Any, str], language: str, text: str) -> dict[str, str]:
    kept = {one: said for one, said in words.items() if one != language}
    return {language: text, **kept} if text else kept


def page_shapes() -> list[Shape]:
    return [
        shape("title", _("Title"), required=True, max_length=200),
        shape("lead", _("What stands below the title"), "textarea", max_length=4000),
        shape("key", _("Key"), required=True),
    ]


def page_values(page: Page, language: str, known: Known) -> dict[str, Any]:
    words = cast("Any", language)
    return {
        "key": page.key, "title": page.title.get(words, ""), "lead": page.lead.get(words, ""),
        **condition_values(page.when, known),
    }  # fmt: skip


def page_from(form: Definition, old: Page, posted: Posted) -> Page:
    language, values = form.languages[0], read(page_shapes(), posted)
    data = {
        "key": values.get("key", old.key),
        "title": _with(old.title, language, values.get("title", "")),
        "lead": _with(old.lead, language, values.get("lead", "")),
    }
    return Page.model_validate(data).model_copy(update={"when": condition_from(form, posted)})


def check_shapes(form: Definition) -> list[Shape]:
    language = form.languages[0]
    asked = tuple((one.key, one.label.get(language) or one.key) for _page, one in form.questions)
    return [
        shape("text", _("What is said when it does not hold"), "textarea", required=True, max_length=1000),
        shape("at", _("At which question?"), "select", required=True, choices=asked),
        shape("key", _("Key"), required=True),
    ]


def check_values(check: Check, language: str, known: Known) -> dict[str, Any]:
    text = check.text.get(cast("Any", language), "")
    return {"key": check.key, "at": check.at, "text": text, **condition_values(check.must, known)}


def check_from(form: Definition, old: Check, posted: Posted) -> Check:
    language, values = form.languages[0], read(check_shapes(form), posted)
    must = condition_from(form, posted) or Condition(tests=())
    data = {
        "key": values.get("key", old.key),
        "at": values.get("at", old.at),
        "text": _with(old.text, language, values.get("text", "")),
        "must": must.model_dump(mode="json"),
    }
    return Check.model_validate(data)
