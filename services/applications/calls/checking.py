"""What keeps a call from going live, beyond its rules alone: its form, its dates, its texts, its conditions."""

from collections.abc import Iterator, Mapping
from datetime import date

from contracts.call_rules import CallRules, findings
from contracts.errors import Finding
from contracts.expressions import Condition, Kind
from services.applications.calls.models import Call, Form
from services.applications.forms.checking import types
from services.applications.forms.currencies import OF_CALLS, currency_of
from services.applications.forms.definition import Definition


def check_call(call: Call, form: Form | None, reports: Mapping[str, Form], today: date) -> list[Finding]:
    """Everything that is missing, in the order of the call's pages."""
    rules = CallRules.model_validate(call.rules)
    return [
        *_basics(call, rules, today),
        *findings(rules),
        *_form(rules, form),
        *_reports(rules, reports),
    ]


def _basics(call: Call, rules: CallRules, today: date) -> Iterator[Finding]:
    if call.last_day < call.first_day or call.last_day < today:
        yield Finding("call-dates", "basics")
    for language in rules.languages:
        if not call.summary.get(language, "").strip():
            yield Finding("call-summary-missing", "basics", {"language": language})
    for one in rules.intake.cut_offs:
        if one.closes_at is not None and one.closes_at.date() > call.last_day:
            yield Finding("call-cut-off-after-end", "intake", {"cut_off": one.key})


def _form(rules: CallRules, form: Form | None) -> Iterator[Finding]:
    if form is None:
        if not rules.with_host:
            yield Finding("call-form-missing", "basics")
        return
    if form.state != "published":
        yield Finding("call-form-not-published", "basics", {"form": form.title})
    definition = Definition.model_validate(form.definition)
    known = types(definition)
    if missing := [one for one in rules.languages if one not in definition.languages]:
        yield Finding("call-form-language", "basics", {"form": form.title, "language": missing[0]})
    asked = rules.amount.question if rules.amount.mode == "requested" else ""
    if asked and known.get(f"answer.{asked}") != "money":
        yield Finding("call-amount-question", "amount", {"question": asked})
    elif asked and currency_of(definition, asked) != OF_CALLS:
        yield Finding("call-amount-currency", "amount", {"question": asked})
    if rules.duration.question and known.get(f"answer.{rules.duration.question}.days") != "number":
        yield Finding("call-duration-question", "amount", {"question": rules.duration.question})
    yield from _visit(rules, definition)
    for rule in rules.eligibility:
        asked_for = definition.question(rule.question)
        if rule.what == "elsewhere" and (asked_for is None or asked_for.kind != "organisation"):
            yield Finding("call-elsewhere-question", "eligibility", {"rule": rule.key})
    for at, key, condition in _conditions(rules):
        yield from _condition(at, key, condition, known)


def _visit(rules: CallRules, definition: Definition) -> Iterator[Finding]:
    """Where the form asks for the days of a visit, and for the host that takes part."""
    if rules.fulfilment.kind == "visit" and not rules.duration.question:
        yield Finding("call-visit-days-missing", "fulfilment")
    asked = definition.question(rules.host)
    if rules.with_host and (asked is None or asked.among != "hosts"):
        yield Finding("call-host-question", "parties")


def _conditions(rules: CallRules) -> Iterator[tuple[str, str, Condition]]:
    for rule in rules.eligibility:
        if rule.when is not None:
            yield "eligibility", rule.key, rule.when
    for _stage, track in rules.tracks:
        if track.when is not None:
            yield "stages", track.key, track.when


def _condition(at: str, key: str, condition: Condition, known: Mapping[str, Kind]) -> Iterator[Finding]:
    for source in condition.sources:
        if f"{source.of}.{source.name}" not in known:
            yield Finding("form-reference-dangling", at, {"at": key, "name": source.name})


def _reports(rules: CallRules, reports: Mapping[str, Form]) -> Iterator[Finding]:
    for due in rules.reports:
        form = reports.get(due.key)
        if due.form is not None and (form is None or form.state == "draft"):
            yield Finding("call-report-form-missing", "reports", {"report": due.key})
