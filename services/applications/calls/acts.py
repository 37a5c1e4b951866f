"""Drafting, publishing, correcting, closing and cancelling a call. A second person publishes; what is published is
changed only by a correction with a public note, and every revision is kept.
"""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StrictBool
from sqlmodel import col, select

from contracts import call as facts
from contracts.call import CALL
from contracts.call_rules import CallRules
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import named_id
from contracts.tables import Input, Nothing
from contracts.terms import Terms
from contracts.workdays import Moment
from services.applications.calls.checking import check_call
from services.applications.calls.models import Call, CallRevision, Form
from services.applications.calls.presets import PRESETS, Preset
from services.applications.forms.versions import is_author
from services.applications.intake.counter import counted
from services.applications.intake.cut_offs import cancel_with, move_with, open_with
from services.applications.intake_models import CallCounter
from services.applications.kinds import calls
from services.applications.models import Application, DraftSection
from services.applications.projections import KnownBudget, KnownPartnership
from services.applications.supporting import Pays, support_of
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor

AUTHORS = frozenset({"COORD", "OFFICER"})


class Begin(Pays):
    partnership: UUID = Field(title="Partnership")
    budget: UUID = Field(title="Budget line that pays", description="Its holder signs and pays.")
    title: str = Field(title="Title", min_length=5, max_length=160)
    edition: str = Field(
        title="Edition of the scheme",
        description="An organisation visits once per edition, over all partnerships.",
        min_length=2,
        max_length=60,
    )
    first_day: date = Field(title="Open from")
    last_day: date = Field(title="Open until")
    preset: Preset = Field(default="exchange", title="What it starts from")
    summary: str = Field(default="", title="What it is for, in two sentences", max_length=1000)


class Change(Input):
    """What is changed of a draft, or prepared as a correction of a published call; what is left out or null stays,
    except that a call may be without a form."""

    title: str | None = Field(default=None, min_length=5, max_length=160)
    edition: str | None = Field(default=None, min_length=2, max_length=60)
    first_day: date | None = None
    last_day: date | None = None
    form: UUID | None = None
    summary: dict[str, str] | None = None
    support: Pays | None = None
    rules: CallRules | None = None
    terms: dict[str, Annotated[StrictBool | int, Field(ge=0)]] | None = None


class Correct(Input):
    note: str = Field(
        title="What has changed, for everybody to read", min_length=10, max_length=2000,
        description="It stands on the public page of the call. Everybody with a draft is told.",
    )  # fmt: skip


class Cancel(Input):
    reason: facts.CancelReason = Field(title="Why is it cancelled?")
    explanation: str = Field(title="Explain it, for everybody to read", min_length=10, max_length=2000)


async def begin(tx: Tx, given: Begin, actor: Actor, key: str, at: Moment) -> Call:
    """The draft of a call; the same key makes it once."""
    if not is_author(actor, given.partnership):
        raise DomainError("not-your-role", status=403)
    id = named_id("call", actor.person, key)
    if (known := await tx.get(Call, id)) is not None:
        return known
    budget = await tx.get(KnownBudget, given.budget)
    if budget is None:
        raise NotKnownYet("budget", given.budget)
    partnership = await tx.get(KnownPartnership, given.partnership)
    if partnership is None:
        raise NotKnownYet("partnership", given.partnership)
    if budget.partnership != given.partnership:
        raise DomainError("budget-of-another-partnership", "budget")
    if given.last_day < given.first_day:
        raise DomainError("last-before-first", "last_day")
    rules = PRESETS[given.preset]
    call = Call(
        id=id,
        state="draft",
        programme=partnership.programme,
        title=given.title,
        summary={rules.languages[0]: given.summary or given.title},
        edition=given.edition,
        partnership=given.partnership,
        budget=budget.id,
        payer=budget.member,
        first_day=given.first_day,
        last_day=given.last_day,
        terms=asdict(Terms()),
        support=support_of(given),
        rules=rules.model_dump(mode="json"),
        edited_by=actor.person,
        edited_at=at.now,
    )
    tx.add(call)
    return call


async def seen(tx: Tx, id: UUID, actor: Actor) -> Call:
    """A call that the reader is an author of; DomainError("not-found") to a stranger."""
    call = await tx.found(Call, id)
    if not AUTHORS & calls.parties(actor, call):
        raise DomainError("not-found", status=404)
    return call


async def change(tx: Tx, id: UUID, given: Change, actor: Actor, at: Moment) -> Call:
    """Changes a draft; of a published call the change waits as a correction until it is made public."""
    await seen(tx, id, actor)
    call = await tx.locked(Call, id)
    if call.state not in ("draft", "published"):
        raise DomainError("call-change-not-now", status=409, state=call.state)
    changed = given.model_dump(mode="json", exclude_unset=True)
    values = {name: value for name, value in changed.items() if value is not None or name == "form"}
    if given.terms is not None:
        values["terms"] = {**call.terms, **_terms(given.terms)}
    if call.state == "published":
        if "edition" in values:
            raise DomainError("call-edition-fixed", "edition", status=409)
        call.pending = {**call.pending, **values}
    else:
        _apply(call, values)
    call.edited_by, call.edited_at = actor.person, at.now
    tx.add(call)
    return call


def _terms(given: dict[str, int]) -> dict[str, int]:
    """DomainError("call-term-unknown") for a name that is none, or a yes or no in the place of a number."""
    usual = asdict(Terms())
    for name, value in given.items():
        if type(usual.get(name)) is not type(value):
            raise DomainError("call-term-unknown", "terms", term=name)
    return given


def _apply(call: Call, values: dict[str, Any]) -> None:
    given = Change.model_validate(values)
    for name in given.model_fields_set - {"rules", "support"}:
        setattr(call, name, getattr(given, name))
    if given.rules is not None:
        call.rules = given.rules.model_dump(mode="json")
    if given.support is not None:
        call.support = support_of(given.support)


def corrected(call: Call) -> Call:
    """The call as it will be once its pending correction is public; not to be stored."""
    copy = Call(**call.model_dump())
    _apply(copy, call.pending)
    return copy


@rule(CALL, "publish")
async def publish(work: Work[Call], given: Nothing, at: Moment) -> facts.Published:
    """By a second person: whoever changed the draft last does not publish it."""
    call = work.row
    if call.edited_by == work.actor.person:
        raise DomainError("call-second-person", status=403)
    await _refuse_unless_sound(work.tx, call, at)
    call.revision, call.published_at = 1, at.now
    _keep_revision(work.tx, call, "", at)
    if (counter := counted(call)) is not None:
        work.tx.add(counter)
    open_with(work, call)
    return facts.Published(
        programme=call.programme,
        title=call.title,
        edition=call.edition,
        partnership=call.partnership,
        budget=call.budget,
        payer=call.payer,
        first_day=call.first_day,
        last_day=call.last_day,
        terms=call.terms,
        support=call.support,
        rules=call.rules,
        form=call.form,
        revision=call.revision,
    )


@rule(CALL, "correct")
async def correct(work: Work[Call], given: Correct, at: Moment) -> facts.Corrected:
    """Dates move later only; parties, signing and the way money is found stay, since cases rest on them."""
    call = work.row
    if not call.pending:
        raise DomainError("call-nothing-to-correct", status=409)
    new, old = corrected(call), CallRules.model_validate(call.rules)
    rules = CallRules.model_validate(new.rules)
    if new.first_day != call.first_day or new.last_day < call.last_day:
        raise DomainError("call-dates-later-only", "last_day", status=409)
    if (rules.parties, rules.fulfilment.kind, rules.amount.mode, rules.intake.mode) != (
        old.parties,
        old.fulfilment.kind,
        old.amount.mode,
        old.intake.mode,
    ):
        raise DomainError("call-kind-fixed", "rules", status=409)
    await _refuse_unless_sound(work.tx, new, at)
    _apply(call, call.pending)
    call.pending = {}
    call.revision += 1
    call.note = given.note
    if (counter := counted(call)) is not None:
        counted_now = await work.tx.session.get(CallCounter, (call.id, call.budget), with_for_update=True)
        if counted_now is not None:
            counted_now.factor, counted_now.waits = counter.factor, counter.waits
    await move_with(work, call)
    _keep_revision(work.tx, call, given.note, at)
    return facts.Corrected(
        title=call.title,
        first_day=call.first_day,
        last_day=call.last_day,
        terms=call.terms,
        rules=call.rules,
        form=call.form,
        revision=call.revision,
        drafts=await _with_drafts(work.tx, call.id),
    )


@rule(CALL, "cancel")
async def cancel(work: Work[Call], given: Cancel, at: Moment) -> facts.Cancelled:
    work.row.note = given.explanation
    await cancel_with(work, work.row)
    return facts.Cancelled(reason=given.reason, drafts=await _with_drafts(work.tx, work.row.id))


async def _refuse_unless_sound(tx: Tx, call: Call, at: Moment) -> None:
    for finding in await call_findings(tx, call, at):
        raise finding.refusal()


async def call_findings(tx: Tx, call: Call, at: Moment) -> list[Any]:
    """What keeps the call from going live, or its correction from becoming public."""
    form = await tx.get(Form, call.form) if call.form else None
    rules = CallRules.model_validate(call.rules)
    reports = {due.key: await tx.get(Form, due.form) for due in rules.reports if due.form}
    known = {key: form for key, form in reports.items() if form is not None}
    return check_call(call, form, known, at.today())


def _keep_revision(tx: Tx, call: Call, note: str, at: Moment) -> None:
    tx.add(
        CallRevision(
            call=call.id, revision=call.revision, rules=call.rules, terms=call.terms, form=call.form,
            title=call.title, summary=call.summary, first_day=call.first_day, last_day=call.last_day, note=note,
            made_at=at.now,
        )
    )  # fmt: skip


async def _with_drafts(tx: Tx, call: UUID) -> tuple[UUID, ...]:
    """Persons who have begun or filled in an application under this call that was not submitted."""
    draft = (Application.call == call, Application.state == "draft")
    begun = (await tx.session.exec(select(Application.applicant).where(*draft))).all()
    filled = (
        select(DraftSection.saved_by).where(DraftSection.application == Application.id, *draft).distinct()
    )
    return tuple(sorted({*begun, *(await tx.session.exec(filled)).all()}))


async def close_over(tx: Tx, at: Moment) -> list[Call]:
    """Published calls whose last day has passed, locked: the daily sweep closes them."""
    statement = (
        select(Call).where(Call.state == "published", col(Call.last_day) < at.today()).with_for_update()
    )
    return list((await tx.session.exec(statement.limit(200))).all())
