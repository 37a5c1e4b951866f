"""The answers of a form as JSON Schema 2020-12, for machines that send them. Derived, never written by hand.

It says what shape each answer has; what only the whole form can tell (conditions, sums, checks) stays with us.
"""

from typing import Any

from contracts.countries import CODES
from services.applications.forms.definition import LONGEST_ANSWER, Definition, Question, worded
from services.applications.forms.judging import MOST_FILES, MOST_ROWS, SHORT

_DATE = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def answers_schema(definition: Definition, language: str = "en") -> dict[str, Any]:
    """Page structure, labels and help as annotations; hidden questions may be left out, so none is required."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": worded(definition.title, language, definition.languages),
        "type": "object",
        "additionalProperties": False,
        "properties": {
            question.key: _described(question, definition, language)
            for _, question in definition.questions
            if question.kind != "computed"
        },
        "x-pages": [
            {
                "key": page.key,
                "title": worded(page.title, language, definition.languages),
                "questions": [question.key for question in page.questions],
            }
            for page in definition.pages
        ],
    }


def _described(question: Question, definition: Definition, language: str) -> dict[str, Any]:
    words = {"title": worded(question.label, language, definition.languages)}
    if question.help:
        words["description"] = worded(question.help, language, definition.languages)
    return {**_shape(question, definition, language), **words}


def _shape(question: Question, definition: Definition, language: str) -> dict[str, Any]:
    match question.kind:
        case "short_text":
            return {"type": "string", "maxLength": question.max_length or SHORT}
        case "long_text":
            return {"type": "string", "maxLength": question.max_length or LONGEST_ANSWER}
        case "number":
            return {"type": "number" if question.decimals else "integer", **_between(question)}
        case "money":
            least = 0 if question.least is None else question.least
            bound = {"minimum": least, **({} if question.most is None else {"maximum": question.most})}
            return _object(cents={"type": "integer", **bound}, currency={"enum": list(question.currencies)})
        case "date":
            return _DATE
        case "period":
            return _object(first=_DATE, last=_DATE)
        case "yes_no":
            return {"type": "boolean"}
        case "declaration":
            return {"const": True}
        case "choice":
            return {"enum": [option.value for option in question.options]}
        case "choices":
            items = {"enum": [option.value for option in question.options]}
            return {"type": "array", "uniqueItems": True, "items": items, **_items(question, None)}
        case "country":
            return {"enum": sorted(CODES)}
        case "region":
            return _object(
                country={"enum": sorted(CODES)}, region={"type": "string", "minLength": 1, "maxLength": 120}
            )
        case "organisation":
            return {"type": "string", "format": "uuid"}
        case "person":
            name = {"type": "string", "minLength": 1, "maxLength": SHORT}
            shape = _object(name=name, email={"type": "string", "format": "email", "maxLength": SHORT})
            shape["properties"]["function"] = {"type": "string", "maxLength": SHORT}
            return shape
        case "file":
            id = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
            return {"type": "array", "items": id, "maxItems": question.most or MOST_FILES}
        case _:
            row: dict[str, Any] = {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    column.key: _described(column, definition, language) for column in question.questions
                },
                "required": [column.key for column in question.questions if column.required],
            }
            return {"type": "array", "items": row, **_items(question, MOST_ROWS)}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(properties),
    }


def _between(question: Question) -> dict[str, Any]:
    bounds = {"minimum": question.least, "maximum": question.most}
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _items(question: Question, most: int | None) -> dict[str, Any]:
    bounds = {"minItems": question.least, "maxItems": question.most or most}
    return {name: bound for name, bound in bounds.items() if bound is not None}
