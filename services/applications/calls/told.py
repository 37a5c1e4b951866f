"""The rules of a call in words, line by line, as everybody reads them on its page; and what a correction of them
changes. Both come from the same lines, so nothing changes that nobody is shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import col, select

from contracts.amounts import support_of
from contracts.call_rules import CallRules, Eligibility, Stage, Track
from contracts.rubric import Criterion
from contracts.terms import Terms, explained
from services.applications.calls.models import Call, Form
from services.applications.forms.definition import Definition, worded
from services.applications.forms.menus import condition_told, sources
from services.chassis.database import Tx
from services.chassis.web.look.context import reader
from services.chassis.web.look.parts import Change
from services.chassis.web.look.values import amount, country, day, moment, money, number
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import code, party

NOTHING = "–"
OF_EVERY_CALL = frozenset(
    {
        "decision_days",
        "revision_days",
        "budget_days",
        "signing_days",
        "appeal_days",
        "payment_days",
        "claim_days",
        "second_level_cents",
    }
)
"""Terms of every call; the others are those of a visit."""


class Line(NamedTuple):
    """One rule. The key is the same in every revision of the call; the note says what it rests on."""

    key: str
    label: str
    words: str
    note: str = ""

    @property
    def whole(self) -> str:
        return f"{self.words} ({self.note})" if self.note else self.words


class Told(NamedTuple):
    """Lines that belong together, under their heading."""

    key: str
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Reading:
    """A call, and what its rules name: its own form, and those of its reports by their ids."""

    call: Call
    form: Definition | None = None
    reports: Mapping[UUID, str] = field(default_factory=dict[UUID, str])

    @property
    def rules(self) -> CallRules:
        return CallRules.model_validate(self.call.rules)

    def question(self, name: str) -> str:
        """A question of the form in words, by its key or a part of its answer."""
        known = dict(sources(self.form)) if self.form else {}
        asked = self.form.question(name) if self.form else None
        return say(asked.label) if asked else known.get(f"answer.{name}", name)


def say(words: Mapping[Any, str]) -> str:
    return worded(words, reader().language)


async def read(tx: Tx, call: Call) -> Reading:
    form = await tx.get(Form, call.form) if call.form else None
    ids = [due.form for due in CallRules.model_validate(call.rules).reports if due.form]
    rows = (await tx.session.exec(select(Form).where(col(Form.id).in_(ids)))).all()
    reports = {row.id: f"{row.title} ({row.number})" for row in rows}
    return Reading(call, Definition.model_validate(form.definition) if form else None, reports)


def told(of: Reading) -> list[Told]:
    """All rules, as an applicant asks for them; the scheme's clocks come last."""
    rules = of.rules
    sections = (
        ("basics", _("In short"), [*_basics(of.call, rules)]),
        ("money", _("Money and use"), [*_money(of, rules), *_support(of.call)]),
        ("eligibility", _("Who may apply"), [_eligible(of, one) for one in rules.eligibility]),
        ("stages", _("How it is decided"), [*_decided(of, rules)]),
        ("rubric", _("Scores"), [*_scored(rules)]),
        ("intake", _("Order and cut-offs"), [*_taken(rules)]),
        ("reports", _("Reports"), [*_reported(of, rules)]),
        ("parties", _("Who takes part and signs"), [*_parties(of, rules)]),
        ("terms", _("Clocks and thresholds"), [*_clocks(of.call, rules)]),
    )
    return [Told(*section) for section in sections]


def changes(before: Reading, after: Reading) -> list[Change]:
    """Each rule that is not the same, with what it said and what it says; a dash where it does not exist."""
    found: list[Change] = []
    for old, new in zip(told(before), told(after), strict=True):
        earlier, later = ({line.key: line for line in side.lines} for side in (old, new))
        for key in dict.fromkeys((*earlier, *later)):
            was, is_ = earlier.get(key), later.get(key)
            if (was and was.whole) != (is_ and is_.whole):
                named = is_ or was
                assert named is not None, "the key is of one of the two"
                label = f"{new.title}: {named.label}"
                found.append(Change(label, was.whole if was else NOTHING, is_.whole if is_ else NOTHING))
    return found


def _basics(call: Call, rules: CallRules) -> Iterator[Line]:
    yield Line("title", _("Title"), call.title)
    yield Line("summary", _("What it is for"), say(call.summary))
    yield Line("open", _("Open"), f"{day(call.first_day)} – {day(call.last_day)}")
    yield Line("edition", _("Edition"), call.edition)
    yield Line("languages", _("Languages"), ", ".join(coded("language", one) for one in rules.languages))


def _parties(of: Reading, rules: CallRules) -> Iterator[Line]:
    yield Line("parties", _("Who takes part"), ", ".join(party(one) for one in rules.parties))
    if rules.host:
        yield Line("host", _("The host is named under"), of.question(rules.host))
    for one in rules.signing:
        ordered = _("one after the other, in this order") if one.ordered else ""
        signatories = ", ".join(party(name) for name in one.parties)
        yield Line(f"signing.{one.document}", code(f"{one.document}_agreement"), signatories, ordered)


def _money(of: Reading, rules: CallRules) -> Iterator[Line]:
    sum_, use, days = rules.amount, rules.fulfilment, rules.duration
    asked = of.question(sum_.question) if sum_.mode == "requested" else ""
    yield Line("amount.mode", _("Sum"), code(f"amount.{sum_.mode}"), asked)
    if sum_.mode == "requested":
        yield Line("amount.share", _("Share"), _("%(n)s percent of it") % {"n": sum_.share})
    if sum_.cap_cents:
        most = _("At most %(amount)s for one applicant.") % {"amount": money(sum_.cap_cents)}
        yield Line("amount.cap", _("Limit"), most)
    if sum_.fixed_cents:
        each = _("%(amount)s for everybody.") % {"amount": money(sum_.fixed_cents)}
        yield Line("amount.fixed", _("Fixed sum"), each)
    yield Line("use.kind", _("A grant leads to"), code(f"fulfilment.{use.kind}"))
    if use.validity_days is not None:
        yield Line("use.validity", _("It can be used for"), _days(use.validity_days))
    parts = _("In several parts") if use.in_parts else _("At once")
    yield Line("use.in_parts", _("How it is claimed"), parts)
    costs = ", ".join(coded("cost", one) for one in use.categories)
    yield Line("use.costs", _("Costs that count"), costs)
    if days.question:
        yield Line("days.question", _("The activity is dated under"), of.question(days.question))
    if days.least_days is not None:
        yield Line("days.least", _("It takes at least"), _days(days.least_days))
    if days.most_days is not None:
        yield Line("days.most", _("It takes at most"), _days(days.most_days))


def _support(call: Call) -> Iterator[Line]:
    """What an exchange with its own form pays otherwise than by the lump sum."""
    if call.form is not None or not call.support:
        return
    paid = support_of({"support": call.support})
    yield Line("support.kind", _("What is paid"), coded("kind", paid.kind))
    if paid.kind == "lump_sum":
        return
    yield Line("support.intensity", _("Intensity"), _("%(n)s percent of it") % {"n": paid.intensity_percent})
    yield Line("support.most", _("Most for costs with receipts"), money(paid.claimable_cents))
    yield Line(
        "support.costs", _("Costs with receipts"), ", ".join(coded("cost", one) for one in paid.categories)
    )
    yield Line("support.rate", _("Exchange rate that counts"), coded("rate_day", paid.rate_day))
    yield Line("support.table", _("Distance bands"), coded("rate_table", paid.travel_table))


def _eligible(of: Reading, rule: Eligibility) -> Line:
    names: dict[str, Any] = {"country": country, "kind": partial(coded, "kind")}
    among = ", ".join(names.get(rule.what, str)(one) for one in rule.allowed)
    asked = of.question(rule.question) if rule.question else ""
    must = condition_told(rule.when, of.form) if rule.when and of.form else ""
    note = " · ".join(one for one in (among, asked, must, rule.source) if one)
    return Line(f"rule.{rule.key}", coded("eligibility", rule.what), say(rule.text), note)


def _decided(of: Reading, rules: CallRules) -> Iterator[Line]:
    for n, stage in enumerate(rules.stages, 1):
        for track in stage.tracks:
            yield Line(
                f"track.{track.key}", _("Step %(n)s") % {"n": n}, _task(stage, track), _held(of, track)
            )
    twice = _("A second person confirms each decision") if rules.second_decider else _("One person decides")
    yield Line("second_decider", _("Decisions"), twice)


def _task(stage: Stage, track: Track) -> str:
    task = say(track.title)
    if track.days is not None:
        task = f"{task} ({_('%(n)s working days') % {'n': track.days}})"
    return f"{say(stage.title)}: {task}" if stage.title else task


def _held(of: Reading, track: Track) -> str:
    holder = track.holder or ""
    by = party(holder) if holder in ("VOP", "HOP", "PAY") else coded("holder", holder) if holder else ""
    said = [coded("track", track.kind), by]
    if track.quorum > 1:
        said.append(_("%(n)s people") % {"n": track.quorum})
    said.append(_("silence: %(meaning)s") % {"meaning": coded("silence", track.silence)})
    if track.remind:
        before = ", ".join(str(one) for one in track.remind)
        said.append(_("reminders so many days before the end: %(days)s") % {"days": before})
    if track.when and of.form:
        said.append(_("only if: %(condition)s") % {"condition": condition_told(track.when, of.form)})
    return " · ".join(one for one in said if one)


def _scored(rules: CallRules) -> Iterator[Line]:
    rubric = rules.rubric
    for one in rubric.criteria:
        yield Line(f"criterion.{one.key}", _("Criterion"), f"{say(one.title)}: {_points(one)}")
    if rubric.threshold is not None:
        least = _("%(n)s percent") % {"n": rubric.threshold}
        yield Line("rubric.threshold", _("Least result that passes"), least)
    if rubric.apart is not None:
        apart = _("%(n)s percent") % {"n": rubric.apart}
        yield Line("rubric.apart", _("Further apart than this, a third evaluator is asked"), apart)
    if rubric.anonymous:
        yield Line("rubric.anonymous", _("Applicants"), _("Evaluators do not learn who applies"))
    if rubric.same_partnership:
        yield Line("rubric.same", _("Evaluators"), _("Nobody of the same partnership evaluates"))


def _points(one: Criterion) -> str:
    said = [_("%(least)s to %(most)s points") % {"least": one.least, "most": one.most}]
    if one.weight != 1:
        said.append(_("counts %(n)s times") % {"n": one.weight})
    if one.threshold is not None:
        said.append(_("at least %(n)s to pass") % {"n": one.threshold})
    return ", ".join(said)


def _taken(rules: CallRules) -> Iterator[Line]:
    intake = rules.intake
    yield Line("intake.mode", _("Order"), code(f"intake.{intake.mode}"))
    if intake.mode == "first_come":
        taken = _("Applications are taken up to %(n)s percent of the budget") % {"n": intake.factor}
        yield Line("intake.factor", _("How much is taken"), taken)
        yield Line("intake.full", _("When it is used up"), code(f"full.{intake.full}"))
    else:
        yield Line("intake.tie", _("Of equal scores goes first"), code(f"tie.{intake.tie}"))
    for one in intake.cut_offs:
        closes = moment(one.closes_at) if one.closes_at else NOTHING
        results = _("results %(moment)s") % {"moment": moment(one.announce_at)} if one.announce_at else ""
        yield Line(f"cut_off.{one.key}", _("Cut-off"), f"{say(one.title) or one.key}: {closes}", results)


def _reported(of: Reading, rules: CallRules) -> Iterator[Line]:
    for due in rules.reports:
        after = _("%(n)s days after the end of the activity") % {"n": due.days_after}
        asked = of.reports.get(due.form, "") if due.form else ""
        yield Line(f"report.{due.key}", _("Report"), f"{say(due.title)}: {after}", asked)


def _clocks(call: Call, rules: CallRules) -> Iterator[Line]:
    visit = rules.with_host or rules.fulfilment.kind == "visit"
    for term in explained(Terms(**call.terms)):
        if visit or term.name in OF_EVERY_CALL:
            inferred = _("default, inferred") if term.basis == "inferred" else ""
            yield Line(
                f"term.{term.name}", code(f"term.{term.name}"), _value(term.name, term.value), inferred
            )


def _value(name: str, value: int | bool) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return amount(value) if name.endswith("_cents") else number(value)


def _days(n: int) -> str:
    return _("%(n)s days") % {"n": n}
