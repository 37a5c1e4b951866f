"""Facts carry ids, codes, amounts, dates, public names: personal data are in one fact, free text in none."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from contracts.catalogue import FACTS
from contracts.export import schema_of

PERSONAL = re.compile(
    r"name|surname|e?mail|phone|mobile|fax|iban|bic|account|address|street|birth|passport|gender|nationality"
    r"|language|signature|ip|token|password|secret"
)
"""Words of a field's name that say it is about a person."""

DATA_OF_PEOPLE = {"relais.person.described.v1": {"name", "email", "language"}}
PUBLIC_NAMES = {
    "relais.organisation.registered.v1": {"name"},
    "relais.organisation.described.v1": {"name"},
    "relais.organisation.changed.v1": {"name"},
    "relais.organisation.merged.v1": {"name"},
    "relais.organisation.unmerged.v1": {"name"},
    "relais.partnership.formed.v1": {"name"},
    "relais.partnership.revised.v1": {"name"},
    "relais.participation.submitted.v1": {"languages"},
    "relais.participation.revised.v1": {"languages"},
    "relais.participation.validated.v1": {"languages"},
    "relais.participation.resumed.v1": {"languages"},
    "relais.application.submitted.v1": {"visitor_name", "host_name"},
    "relais.application.revised.v1": {"visitor_name", "host_name"},
    "relais.application.amended.v1": {"visitor_name", "host_name"},
    "relais.budget.opened.v1": {"name"},
}
"""Names of organisations, partnerships and budget lines, and the languages that an organisation works in."""

TEXTS = {
    "organisation": {"registration_number", "vat_number", "town", "country", "region"},
    "partnership": {"title", "programme", "themes"},
    "participation": {"sectors", "countries"},
    "recognition": {"scheme", "level"},
    "work_package": {"title"},
    "deliverable": {"title"},
    "indicator_set": {"key"},
    "member_service": {"title"},
    "call": {"programme", "title", "edition", "terms", "support", "rules"},
    "cutoff": {"key", "ranking"},
    "form": {"hash"},
    "proposal": {"stage"},
    "group": {"title"},
    "application": {
        "number", "edition", "currency", "rate_version", "rate_basis", "terms", "support", "lines", "rules", "stage",
        "title", "answers_hash", "cut_off",
        "visitor_country", "visitor_town", "host_country", "host_town",
    },
    "stage": {"stage", "key"},
    "agreement": {"document"},
    "visit": {"evidence", "claim_state", "stage"},
    "voucher": {"currency", "stage"},
    "report": {"key", "answers_hash"},
    "amendment": {"changed", "stage"},
    "break_glass": {"act"},
    "rate_table": {"scheme", "version", "source", "rates"},
    "aid_check": {"member_state"},
    "aid_declaration": {"member_state", "nace"},
    "aid_entry": {"member_state"},
    "claim": {"number", "currency", "lines", "reason", "stage"},
    "payment": {"end_to_end_id", "currency", "status", "reason", "document"},
    "exchange_table": {"file_hash"},
    "period": {"chain_head"},
    "books_export": {"file_hash"},
    "funder_report": {"file_hash"},
    "batch": {"message_id", "file_hash"},
    "statement": {"statement_id"},
    "advice": {"advice_id"},
    "sanctions_list": {"source", "sha256"},
    "event": {"title", "venue", "town", "country", "timezone"},
    "registration": {"code"},
    "delivery": {"template"},
}  # fmt: skip
"""Fields that any text would fit, per aggregate: they hold public words, numbers, hashes, codes of a bank.
Whoever adds one here promises that it never holds what a person typed about a case."""


def _fields() -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    for type, fact in FACTS.items():
        schema = schema_of(fact)
        for name, part in schema["properties"].items():
            yield type, name, part, schema


def _is_open(part: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    """Whether any text fits: not an id, a date, a number or a word of a list."""
    if "$ref" in part:
        return _is_open(root["$defs"][part["$ref"].rpartition("/")[2]], root)
    if "anyOf" in part:
        return any(_is_open(option, root) for option in part["anyOf"])
    if "enum" in part or "const" in part:
        return False
    match part.get("type"):
        case "string":
            return "format" not in part
        case "array":
            return _is_open(part.get("items", {}), root)
        case "object" | None:
            return True
        case _:
            return False


@pytest.mark.parametrize("type", FACTS)
def test_personal_data_are_in_one_fact_only(type: str) -> None:
    found = {name for of, name, _, _ in _fields() if of == type and _is_personal(name)}
    assert found == DATA_OF_PEOPLE.get(type, PUBLIC_NAMES.get(type, set()))


def _is_personal(name: str) -> bool:
    return any(
        PERSONAL.fullmatch(form) for word in name.split("_") for form in (word, word.removesuffix("s"))
    )


@pytest.mark.parametrize("type", FACTS)
def test_no_fact_can_carry_free_text(type: str) -> None:
    found = {name for of, name, part, root in _fields() if of == type and _is_open(part, root)}
    public = DATA_OF_PEOPLE.get(type, PUBLIC_NAMES.get(type, set()))
    assert found - public <= TEXTS.get(type.split(".")[1], set())


def test_the_list_of_texts_holds_nothing_else() -> None:
    there = {(type.split(".")[1], name) for type, name, part, root in _fields() if _is_open(part, root)}
    assert {(aggregate, name) for aggregate, names in TEXTS.items() for name in names} <= there


def test_no_field_is_called_as_a_text_would_be() -> None:
    texts = re.compile(
        r"(.*_)?(explanation|comment|remark|message|note|text|description|answer|objectives|agenda)s?"
    )
    assert [(type, name) for type, name, _, _ in _fields() if texts.fullmatch(name)] == []
