"""What a call fixes, as versioned data: parties, signing, fulfilment, amount, limits, eligibility, stages, intake.

A case runs under the copy that was frozen with it. Acts and signatures of a party that the call lacks do not exist.
A draft may lack anything; `findings` says in sentences what keeps it from going live.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from contracts.amounts.calculation import Category
from contracts.errors import Finding
from contracts.expressions import Condition, Model
from contracts.rubric import Rubric
from contracts.rubric import findings as rubric_findings

Party: TypeAlias = Literal["VO", "HO", "VOP", "HOP", "PAY"]
Holder: TypeAlias = Literal["VOP", "HOP", "PAY", "COORD", "EVALUATOR", "AGENCY"]
TrackKind: TypeAlias = Literal["check", "opinion", "score", "consensus", "panel", "decision"]
Silence: TypeAlias = Literal["escalate", "consent", "refuse"]
Words: TypeAlias = dict[str, str]


class Signing(Model):
    """A document and who signs it; in this order where it is ordered. PAY is always last."""

    document: Literal["quality", "financial"]
    parties: tuple[Party, ...] = ()
    ordered: bool = False


class Fulfilment(Model):
    """What a grant leads to.

    visit    takes place between two days, at a host where the call has one; is reported and validated, and paid by
             one claim
    voucher  any amount is claimed, in parts or at once, within its validity (calendar days from the last signature);
             `categories` are the kinds of costs that count
    """

    kind: Literal["visit", "voucher"] = "visit"
    validity_days: int | None = Field(default=None, ge=1, le=1500)
    in_parts: bool = False
    categories: tuple[Category, ...] = ("service", "travel", "accommodation", "other")


class Amount(Model):
    """How the sum is found. All in cents of one currency.

    lump_sum   by the host country's rate (contracts/amounts)
    fixed      the same for everybody
    requested  share percent of what the form's question or column asks for ("requested", "costs.amount")
    """

    mode: Literal["none", "lump_sum", "fixed", "requested"] = "none"
    fixed_cents: int | None = Field(default=None, ge=0)
    cap_cents: int | None = Field(default=None, ge=0)
    question: str = ""
    share: int = Field(default=100, ge=1, le=100)

    @property
    def owed(self) -> bool:
        """Whether a case under this call can be worth money."""
        return self.mode != "none"


class Duration(Model):
    """Limits of the activity in calendar days, by the period that the form asks for under `question`."""

    question: str = ""
    least_days: int | None = Field(default=None, ge=1)
    most_days: int | None = Field(default=None, ge=1)


class Eligibility(Model):
    """One rule on who may apply, with where it comes from.

    what  country, kind: of the applicant, among `allowed`; cluster: a company is in a cluster; once: has not been
          granted anything in this edition; elsewhere: the organisation chosen at `question` is in another country or
          another region of the same one; condition: on answers, profile and call
    """

    key: str
    what: Literal["country", "kind", "cluster", "once", "elsewhere", "condition"]
    allowed: tuple[str, ...] = ()
    question: str = ""
    when: Condition | None = None
    text: Words = {}
    source: str = ""


class Track(Model):
    """One task of a stage. `days` are working days of the holder's country; `remind` how many days before the end.

    `silence` is what it means when nobody acts; never consent for a score or a decision. `when` rests on the answers.
    """

    key: str
    kind: TrackKind
    title: Words = {}
    holder: Holder | None = None
    when: Condition | None = None
    quorum: int = Field(default=1, ge=1, le=20)
    days: int | None = Field(default=None, ge=1, le=500)
    remind: tuple[int, ...] = (5, 2)
    silence: Silence = "escalate"


class Stage(Model):
    """A group of tracks that run in parallel and join. Work goes back only by `return`. It need not have a title."""

    key: str
    title: Words = {}
    tracks: tuple[Track, ...] = ()


class CutOff(Model):
    """One deadline of a call that ranks; submissions count from the instant their request arrived."""

    key: str
    title: Words = {}
    closes_at: datetime | None = None
    announce_at: datetime | None = None


class Intake(Model):
    """first_come: by the time of the first submission, while the budget times `factor` percent lasts.
    cut_off: ranked at each cut-off, with a reserve list; equal scores by `tie`."""

    mode: Literal["first_come", "cut_off"] = "first_come"
    factor: int = Field(default=100, ge=100, le=300)
    full: Literal["refuse", "wait"] = "refuse"
    cut_offs: tuple[CutOff, ...] = ()
    tie: Literal["submitted_first", "amount_least"] = "submitted_first"


class ReportDue(Model):
    """A report by form, so many calendar days after the activity's last day."""

    key: str
    title: Words = {}
    form: UUID | None = None
    days_after: int | None = Field(default=None, ge=0, le=1000)


class CallRules(Model):
    """All of it. The scheme's clocks and thresholds are `terms` (contracts/terms.py) beside these.

    host: the question by which the form asks for the host, where one takes part; an exchange has its own from the
    proposal."""

    languages: tuple[str, ...] = ("en",)
    parties: tuple[Party, ...] = ("VO", "VOP", "PAY")
    host: str = ""
    signing: tuple[Signing, ...] = ()
    fulfilment: Fulfilment = Fulfilment()
    amount: Amount = Amount()
    duration: Duration = Duration()
    eligibility: tuple[Eligibility, ...] = ()
    stages: tuple[Stage, ...] = ()
    rubric: Rubric = Rubric()
    intake: Intake = Intake()
    reports: tuple[ReportDue, ...] = ()
    second_decider: bool = False

    @property
    def with_host(self) -> bool:
        return "HO" in self.parties

    @property
    def tracks(self) -> Iterator[tuple[Stage, Track]]:
        for stage in self.stages:
            for track in stage.tracks:
                yield stage, track


SCORED: tuple[TrackKind, ...] = ("score", "consensus")
"""Kinds of tasks that are done by assessments: evaluators with a score sheet. All others are answered yes or no."""

OF_THE_CALL: dict[str, str] = {"VOP": "VOP", "HOP": "HOP", "PAY": "PAY", "COORD": "VOP"}
"""Holder of a track → the party that must exist for it; evaluators and the agency are named case by case."""


def findings(rules: CallRules) -> Iterator[Finding]:
    """What keeps these rules from going live, whatever the form asks."""
    yield from _parties(rules)
    yield from _amount(rules)
    yield from _signing(rules)
    yield from _stages(rules)
    yield from rubric_findings(rules.rubric, scored=any(track.kind in SCORED for _, track in rules.tracks))
    yield from _intake(rules)
    yield from _fulfilment(rules)
    yield from _translations(rules)


def _parties(rules: CallRules) -> Iterator[Finding]:
    for party in ("VO", "VOP"):
        if party not in rules.parties:
            yield Finding("call-party-missing", "parties", {"party": party})
    if ("HO" in rules.parties) != ("HOP" in rules.parties):
        yield Finding("call-host-partnership", "parties")
    if rules.amount.owed and "PAY" not in rules.parties:
        yield Finding("call-payer-missing", "parties")


def _amount(rules: CallRules) -> Iterator[Finding]:
    amount = rules.amount
    if amount.mode == "lump_sum" and not (rules.with_host and rules.fulfilment.kind == "visit"):
        yield Finding("call-lump-sum-needs-host", "amount")
    if amount.mode == "fixed" and not amount.fixed_cents:
        yield Finding("call-fixed-amount-missing", "amount")
    if amount.mode == "requested":
        if not amount.question:
            yield Finding("call-amount-question-missing", "amount")
        if not amount.cap_cents:
            yield Finding("call-cap-missing", "amount")


def _signing(rules: CallRules) -> Iterator[Finding]:
    financial = [one for one in rules.signing if one.document == "financial"]
    if rules.amount.owed and not financial:
        yield Finding("call-financial-agreement-missing", "signing")
    if not rules.signing:
        yield Finding("call-signing-missing", "signing")
    for one in rules.signing:
        if not one.parties:
            yield Finding("call-signatories-missing", "signing", {"document": one.document})
        for party in one.parties:
            if party not in rules.parties:
                yield Finding("call-signatory-unknown", "signing", {"party": party, "document": one.document})
        if (
            one.document == "financial"
            and one.parties
            and (one.parties[-1] != "PAY" or "VO" not in one.parties)
        ):
            yield Finding("call-payer-not-last", "signing")
        if one.document != "financial" and "PAY" in one.parties:
            yield Finding("call-payer-not-last", "signing")


def _stages(rules: CallRules) -> Iterator[Finding]:
    tracks = list(rules.tracks)
    keys = [track.key for _, track in tracks] + [stage.key for stage in rules.stages]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Finding("call-stage-twice", "stages", {"stage": key})
    decided = bool(rules.stages) and any(track.kind == "decision" for track in rules.stages[-1].tracks)
    if not decided and rules.intake.mode == "first_come":
        yield Finding("call-decision-missing", "stages")
    for stage in rules.stages:
        if not stage.tracks:
            yield Finding("call-stage-empty", "stages", {"stage": stage.key})
    scored = False
    for _, track in tracks:
        named: dict[str, object] = {"stage": track.key}
        if track.holder is None:
            yield Finding("call-holder-missing", "stages", named)
        elif OF_THE_CALL.get(track.holder, "VO") not in rules.parties:
            yield Finding("call-holder-unknown", "stages", {**named, "party": track.holder})
        if track.kind == "decision" and track.holder not in (None, "VOP", "COORD"):
            yield Finding("call-decision-holder", "stages", named)
        if track.holder == "EVALUATOR" and track.kind not in SCORED:
            yield Finding("call-evaluators-score", "stages", named)
        if track.days is None:
            yield Finding("call-deadline-missing", "stages", named)
        if track.silence == "consent" and track.kind in ("score", "consensus", "panel", "decision"):
            yield Finding("call-silence", "stages", named)
        if track.kind == "consensus" and not scored:
            yield Finding("call-consensus-without-scores", "stages", named)
        scored = scored or track.kind == "score"


def _intake(rules: CallRules) -> Iterator[Finding]:
    intake = rules.intake
    if intake.mode == "cut_off":
        if not intake.cut_offs:
            yield Finding("call-cut-off-missing", "intake")
        if not any(track.kind in ("score", "consensus", "panel") for _, track in rules.tracks):
            yield Finding("call-ranking-without-scores", "intake")
    before: datetime | None = None
    for one in intake.cut_offs:
        if one.closes_at is None:
            yield Finding("call-cut-off-date-missing", "intake", {"cut_off": one.key})
            continue
        if before is not None and one.closes_at <= before:
            yield Finding("call-cut-offs-order", "intake", {"cut_off": one.key})
        before = one.closes_at


def _fulfilment(rules: CallRules) -> Iterator[Finding]:
    if rules.fulfilment.kind == "voucher":
        if rules.fulfilment.validity_days is None:
            yield Finding("call-validity-missing", "fulfilment")
        if not rules.reports:
            yield Finding("call-report-missing", "reports")
    for report in rules.reports:
        if report.form is None:
            yield Finding("call-report-form-missing", "reports", {"report": report.key})
        if report.days_after is None:
            yield Finding("call-report-date-missing", "reports", {"report": report.key})
    limits = rules.duration
    if limits.least_days and limits.most_days and limits.least_days > limits.most_days:
        yield Finding("call-duration", "duration")


def _translations(rules: CallRules) -> Iterator[Finding]:
    for at, key, words in texts(rules):
        for language in rules.languages:
            if not words.get(language, "").strip():
                yield Finding("call-translation-missing", at, {"at": key, "language": language})


def texts(rules: CallRules) -> Iterator[tuple[str, str, Words]]:
    """Every text that people read in these rules: its section, its key, its words."""
    for stage in rules.stages:
        if stage.title:
            yield "stages", stage.key, stage.title
        for track in stage.tracks:
            yield "stages", track.key, track.title
    for criterion in rules.rubric.criteria:
        yield "rubric", criterion.key, criterion.title
    for rule in rules.eligibility:
        yield "eligibility", rule.key, rule.text
    for one in rules.intake.cut_offs:
        yield "intake", one.key, one.title
    for report in rules.reports:
        yield "reports", report.key, report.title
