"""What an application by form is frozen with: every rule at one moment, the sum, the answers that count."""

import hashlib
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import orjson

from contracts import application as facts
from contracts.amounts import Line, Mode
from contracts.amounts.support import Support
from contracts.call_rules import CallRules, CutOff
from contracts.errors import DomainError, NotKnownYet
from contracts.expressions import Source
from contracts.terms import Terms
from contracts.workdays import Moment
from services.applications.applying.choosing import wrong_choices
from services.applications.applying.drafts import Draft, loaded
from services.applications.applying.eligibility import recorded, results
from services.applications.applying.ground import action_end, filled, latest_last_day
from services.applications.applying.staying import host_of, stay
from services.applications.calls.models import Call
from services.applications.forms.answers import Filled
from services.applications.freezing import ground_of
from services.applications.models import Application
from services.applications.sent_files import named_files
from services.chassis.database import Tx
from services.chassis.files import none_refused


async def freeze(tx: Tx, application: Application, at: Moment) -> tuple[facts.Frozen, dict[str, Any]]:
    """All rules at one moment, and the answers that count; DomainError names the place that breaks one."""
    draft = await loaded(tx, application)
    call, rules, terms = draft.call, draft.rules, Terms(**draft.call.terms)
    cut_off = is_open(application, call, rules, at)
    if application.call_revision != call.revision:
        raise DomainError("call-changed", status=409)
    form = await filled(tx, draft, at)
    for finding in form.findings():
        raise finding.refusal()
    for finding in await wrong_choices(tx, form, application.visitor_partnership):
        raise finding.refusal()
    for result in await results(tx, rules, call.edition, draft.organisation, form, application.id):
        if not result.met:
            raise DomainError(
                "rule-not-met", result.rule.key, rule=result.rule.key, source=result.rule.source
            )
    end = await action_end(tx, call)
    granted = await _granted(tx, draft, form, at)
    if granted["last_day"] > (latest := latest_last_day(end, rules, terms)) and rules.amount.owed:
        raise DomainError("too-late-to-be-paid", rules.duration.question or None, latest=latest)
    answers = form.submitted()
    await none_refused(tx, named_files(answers))
    frozen = facts.Frozen(
        number=application.number,
        call=call.id,
        title=call.title,
        edition=call.edition,
        applicant=application.applicant,
        visitor=draft.organisation.id,
        visitor_identity=draft.organisation.identity,
        visitor_name=draft.organisation.name,
        visitor_country=draft.organisation.country,
        visitor_town=draft.organisation.town,
        visitor_partnership=application.visitor_partnership,
        payer=application.payer,
        budget=application.budget,
        currency="EUR",
        terms=asdict(terms),
        action_end=end,
        round=application.round,
        rules=rules.model_dump(mode="json"),
        revision=call.revision,
        form=application.form,
        answers_hash=fingerprint(answers),
        cut_off=cut_off.key if cut_off else "",
        staged=bool(rules.stages),
        **granted,
    )
    return frozen, answers


def fingerprint(answers: dict[str, Any]) -> str:
    """What stands for the submitted answers in facts and in what is signed."""
    return hashlib.sha256(orjson.dumps(answers, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def check_by_call(tx: Tx, application: Application, at: Moment) -> list[dict[str, Any]]:
    """The call's rules once more on what was submitted, as the case keeps them."""
    draft = await loaded(tx, application)
    rules = CallRules.model_validate(application.frozen["rules"])
    form = await filled(tx, draft, at)
    return recorded(await results(tx, rules, application.edition, draft.organisation, form, application.id))


def is_open(application: Application, call: Call, rules: CallRules, at: Moment) -> CutOff | None:
    """The cut-off that a submission at this moment counts for; a revision keeps its first. A draft that was given more
    time counts for the last cut-off before that. DomainError("call-over")."""
    if application.submitted_at is not None:
        key = application.frozen.get("cut_off", "")
        return next((one for one in rules.intake.cut_offs if one.key == key), None)
    own = application.due_at if application.state == "draft" else None
    late = own is not None and at.now <= own and call.state in ("published", "closed")
    if not late and (call.state != "published" or at.today() > call.last_day):
        raise DomainError("call-over", status=409)
    if rules.intake.mode == "first_come":
        return None
    if late and own is not None:
        before = [one for one in rules.intake.cut_offs if one.closes_at is not None and one.closes_at <= own]
        if before:
            return before[-1]
    for one in rules.intake.cut_offs:
        if one.closes_at is not None and at.now <= one.closes_at:
            return one
    raise DomainError("call-over", status=409)


def _period(form: Filled, rules: CallRules, at: Moment) -> tuple[date, date]:
    """The activity's days: by the form's question, else the time in which a grant can be used."""
    limits = rules.duration
    if limits.question:
        first, last = (
            form.look(Source(of="answer", name=f"{limits.question}.{part}")) for part in ("first", "last")
        )
        if not isinstance(first, date) or not isinstance(last, date):
            raise DomainError("answer-not-period", limits.question)
        days = (last - first).days + 1
        if limits.least_days is not None and days < limits.least_days:
            raise DomainError("answer-period-short", limits.question, least=limits.least_days, length=days)
        if limits.most_days is not None and days > limits.most_days:
            raise DomainError("answer-period-long", limits.question, most=limits.most_days, length=days)
        return first, last
    validity = rules.fulfilment.validity_days or 0
    return at.today(), at.today() + timedelta(days=validity)


async def _granted(tx: Tx, draft: Draft, form: Filled, at: Moment) -> dict[str, Any]:
    """What would be granted: the days, the host, the sum with its lines, and how reimbursements pays it. A lump sum
    is that of an exchange, by the rate of the host's country."""
    rules, case = draft.rules, draft.case
    first, last = _period(form, rules, at)
    found: dict[str, Any] = {"first_day": first, "last_day": last, **await host_of(tx, case, form, rules)}
    if rules.fulfilment.kind == "visit":
        on = {**found, "terms": draft.call.terms}
        found |= {"mode": Mode.PHYSICAL.value, **stay(rules, on, first, last, at, rules.duration.question)}
    if rules.amount.mode == "lump_sum" and found.get("days"):
        visiting = Application(**{**case.model_dump(), "host": found["host"], "mode": found["mode"]})
        ground = await ground_of(tx, visiting, at)
        return {**found, **replace(ground, support={}).frozen(found["days"], visiting)}
    cents, lines = _amount(form, rules)
    return {
        **found,
        "amount_cents": cents,
        "lines": tuple(asdict(line) for line in lines),
        "support": _support(rules, cents),
    }


async def as_it_stands(tx: Tx, draft: Draft, form: Filled, at: Moment) -> dict[str, Any]:
    """The sum of what is filled in so far, as it would be frozen."""
    nothing: dict[str, Any] = {"amount_cents": 0, "lines": (), "rate_cents": 0}
    if draft.rules.amount.mode != "lump_sum":
        cents, lines = _amount(form, draft.rules)
        return {**nothing, "amount_cents": cents, "lines": tuple(asdict(line) for line in lines)}
    try:
        return {**nothing, **await _granted(tx, draft, form, at)}
    except (DomainError, NotKnownYet):
        return nothing


def _amount(form: Filled, rules: CallRules) -> tuple[int, list[Line]]:
    rule = rules.amount
    if rule.mode == "fixed":
        cents = rule.fixed_cents or 0
        return cents, [Line("fixed", {}, cents=cents)]
    if rule.mode != "requested":
        return 0, []
    asked = form.look(Source(of="answer", name=rule.question))
    cents = asked if isinstance(asked, int) and not isinstance(asked, bool) else 0
    lines = [Line("requested", {}, cents=cents)]
    if rule.share != 100:
        cents = cents * rule.share // 100
        lines.append(Line("share", {"percent": rule.share}, cents=cents))
    if rule.cap_cents is not None and cents > rule.cap_cents:
        cents = rule.cap_cents
        lines.append(Line("capped", {}, cents=cents))
    return cents, lines


def _support(rules: CallRules, cents: int) -> dict[str, Any]:
    """How reimbursements pays it: against receipts, up to the sum granted; after a visit at once, else in the time in
    which it is valid."""
    if not rules.amount.owed:
        return {}
    support = Support(
        kind="actual_cost" if rules.fulfilment.kind == "visit" else "voucher",
        intensity_percent=rules.amount.share if rules.amount.mode == "requested" else 100,
        claimable_cents=cents,
        categories=rules.fulfilment.categories,
    )
    return asdict(support)
