"""Acts of people that touch several rows: submit and revise, opinion and decision, withdraw and cancel."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb
from pydantic import Field
from sqlalchemy import bindparam, insert
from sqlmodel import col, select

from contracts import agreement as agreement_facts
from contracts import application as facts
from contracts import visit as visit_facts
from contracts.acting import DEPUTY
from contracts.application import APPLICATION
from contracts.call_rules import CallRules
from contracts.errors import DomainError
from contracts.tables import Input, Nothing
from contracts.terms import Terms
from contracts.workdays import BUSINESS_ZONE, Moment, working_days
from services.applications.agreements.papers import agreements_of, fall_with
from services.applications.application import (
    Refuse,
    RefuseAppeal,
    Return,
    in_time,
    next_round,
    rejected,
    rules_of,
    terms_of,
)
from services.applications.applying.freezing import freeze as freeze_form
from services.applications.freezing import freeze
from services.applications.groups.sharing import refuse_if_cancelled, take_place
from services.applications.intake import counter
from services.applications.intake.cut_offs import id_of
from services.applications.kinds import agreements, visits
from services.applications.models import Agreement, Application, Visit
from services.applications.reporting import drop_reports
from services.applications.review.closing import void_stages
from services.applications.review.conflicts import without_own
from services.applications.review.deciding import before_appeal, decide, say
from services.applications.review.models import Submission
from services.applications.review.opening import has_stages, open_next, promised
from services.applications.sent_files import named_files
from services.applications.voucher import cancel_with
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.files import relied_on
from services.chassis.statements import Fixed


class Opine(Input):
    """The host partnership's opinion (CX-48: only where it differs from the visitor's)."""

    favourable: Literal["yes", "no"] = Field(title="Are you in favour of this exchange?")
    remark: str = Field("", title="Your remark for the deciding officer", max_length=2000)


class Select(Input):
    remark: str = Field("", title="Your reasons, kept with the decision", max_length=2000)


_KEEP = Fixed(
    insert(Submission)
    .values({name: bindparam(name) for name in Submission.model_fields})
    .returning(col(Submission.round))
)
"""Keeps a round as it was submitted."""


@rule(APPLICATION, "submit")
async def submit(work: Work[Application], given: Nothing, at: Moment) -> facts.Submitted:
    frozen = await _freeze(work, at)
    work.row.submitted_at, work.row.due_at = at.now, None
    await counter.take(work.tx, work.row)
    await take_place(work.tx, work.row)
    return facts.Submitted(**dict(frozen), waiting=work.row.waiting)


@rule(APPLICATION, "revise")
async def revise(work: Work[Application], given: Nothing, at: Moment) -> facts.Revised:
    """Frozen anew; decisions of the round before are kept and count no more."""
    application = work.row
    in_time(application.due_at, at)
    next_round(application)
    frozen = await _freeze(work, at)
    await counter.take(work.tx, application)
    due_at = await begin_review(work.tx, application, at, work.cause.of_a_step())
    return facts.Revised(**dict(frozen), due_at=due_at)


async def _freeze(work: Work[Application], at: Moment) -> facts.Frozen:
    application = work.row
    if application.form is not None:
        frozen, application.answers = await freeze_form(work.tx, application, at)
        rules = CallRules.model_validate(frozen.rules)
        application.host, application.host_partnership = frozen.host, frozen.host_partnership
        if rules.fulfilment.kind == "visit":
            application.first_day, application.last_day = frozen.first_day, frozen.last_day
        application.uses_visit = any(rule.what == "once" for rule in rules.eligibility)
        application.cut_off = id_of(frozen.call, frozen.cut_off) if frozen.cut_off else None
    else:
        frozen = await freeze(work.tx, application, at)
        application.uses_visit = frozen.mode == "physical" or Terms(**frozen.terms).virtual_uses_visit
    application.frozen = frozen.model_dump(mode="json")
    application.amount_cents = frozen.amount_cents
    answers = application.answers if application.form else _plan(application)
    sent = {"answers": Jsonb(answers), "amount_cents": frozen.amount_cents, "submitted_at": at.now}
    await work.tx.change(_KEEP, {"application": application.id, "round": application.round, **sent})
    return frozen


_PLAN = {"mode", "first_day", "last_day", "days", "activities", "objectives", "agenda"}


def _plan(application: Application) -> dict[str, Any]:
    """What an exchange asks for, as answers."""
    return application.model_dump(mode="json", include=_PLAN)


async def begin_review(tx: Tx, application: Application, at: Moment, cause: Cause) -> datetime:
    """Opens the first stages of a round, and says until when a decision is promised: the time that was left when the
    applicant got the case back, else all that the call's stages take. A fixed review has the scheme's time."""
    if not has_stages(application):
        return _due(application, at.plus_working_days(terms_of(application).decision_days))
    left, application.days_left = application.days_left, None
    by = promised(rules_of(application), at) if left is None else at.plus_working_days(left)
    application.decide_by = by
    await open_next(tx, application, at, cause)
    return _due(application, by)


def _due(application: Application, due_at: datetime) -> datetime:
    application.due_at = due_at
    return due_at


@rule(APPLICATION, "return")
async def return_(work: Work[Application], given: Return, at: Moment) -> facts.Returned:
    """The promise to decide stands still while the applicant has the case; open stages are void."""
    application = work.row
    application.reason, application.explanation = given.reason, given.explanation
    if application.decide_by is not None:
        rest = working_days(at.today(), application.decide_by.astimezone(ZoneInfo(BUSINESS_ZONE)).date())
        application.days_left = max(len(rest) - 1, 0)
    await void_stages(work, application, at)
    due_at = at.plus_working_days(terms_of(application).revision_days, application.frozen["visitor_country"])
    application.due_at, application.reminders = due_at, 0
    return facts.Returned(reason=given.reason, due_at=due_at)


@rule(APPLICATION, "grant_appeal")
async def grant_appeal(work: Work[Application], given: Nothing, at: Moment) -> facts.Reopened:
    """A new round, with another decider than all before."""
    application = work.row
    await _appeal_is_open(work)
    application.appeal = "none"
    application.score, application.passed = None, None
    next_round(application)
    return facts.Reopened(
        round=application.round, due_at=await begin_review(work.tx, application, at, work.cause.of_a_step())
    )


@rule(APPLICATION, "refuse_appeal")
async def refuse_appeal(work: Work[Application], given: RefuseAppeal, at: Moment) -> facts.AppealRefused:
    application = work.row
    await _appeal_is_open(work)
    application.appeal, application.appeal_answer = "refused", given.explanation
    application.due_at = at.now
    return facts.AppealRefused(round=application.round)


async def _appeal_is_open(work: Work[Application]) -> None:
    """Who decided on the case does not decide on the appeal against it."""
    if work.row.appeal != "open":
        raise DomainError("no-appeal", status=409)
    await before_appeal(work.tx, work.row, work.actor)


@rule(APPLICATION, "opine")
async def opine(work: Work[Application], given: Opine, at: Moment) -> facts.Opined:
    application = work.row
    if has_stages(application) or application.host_partnership in (None, application.visitor_partnership):
        raise DomainError("opinion-not-asked", status=409)
    await without_own(work.tx, application, work.actor)
    await relied_on(work.tx, named_files(application.answers))
    if application.opinion:
        raise DomainError("opinion-given", status=409)
    favourable = given.favourable == "yes"
    application.opinion = "favourable" if favourable else "unfavourable"
    say(work, application, "opinion", favourable, given.remark, at)
    return facts.Opined(favourable=favourable, round=application.round)


@rule(APPLICATION, "select")
async def select_(work: Work[Application], given: Select, at: Moment) -> facts.Selected | facts.FirstDecided:
    application = work.row
    _another_decider(work)
    await refuse_if_cancelled(work.tx, application)
    await without_own(work.tx, application, work.actor)
    await relied_on(work.tx, named_files(application.answers))
    if has_stages(application):
        if first := await decide(work, True, given.remark, at):
            return first
    else:
        _officer_decides(work)
        asked = application.host_partnership not in (None, application.visitor_partnership)
        if asked and not application.opinion and application.stage != "escalated":
            raise DomainError("opinion-missing", status=409)
        say(work, application, "decision", True, given.remark, at)
    _decided(work)
    application.due_at = None
    return facts.Selected(round=application.round, amount_cents=application.amount_cents)


@rule(APPLICATION, "refuse")
async def refuse(work: Work[Application], given: Refuse, at: Moment) -> facts.Rejected | facts.FirstDecided:
    application = work.row
    _another_decider(work)
    await without_own(work.tx, application, work.actor)
    await relied_on(work.tx, named_files(application.answers))
    if has_stages(application):
        if first := await decide(work, False, given.explanation, at):
            return first
    else:
        _officer_decides(work)
        say(work, application, "decision", False, given.explanation, at)
    _decided(work)
    return rejected(application, given.reason, given.explanation, at)


@rule(APPLICATION, "withdraw")
async def withdraw(work: Work[Application], given: Nothing, at: Moment) -> facts.Withdrawn:
    work.row.due_at = None
    await void_agreements(work, "void")
    await void_stages(work, work.row, at)
    return facts.Withdrawn(round=work.row.round)


@rule(APPLICATION, "cancel")
async def cancel(work: Work[Application], given: Nothing, at: Moment) -> facts.Cancelled:
    """After the paying member's signature a case is cancelled, not withdrawn; its visit ends with it."""
    by = "visitor" if "VO" in work.parties else "officer"
    await fall_with(work.tx, work.row.id, at, work.cause.of_a_step())
    if not await cancel_with(work, by):
        visit = await visit_of(work.tx, work.row.id)
        work.beside(visits, visit, "cancel", visit_facts.Cancelled(by=by))
        await drop_reports(work, work.row.id)
    return facts.Cancelled(by=by, round=work.row.round)


async def void_agreements(work: Work[Application] | Work[Agreement], how: Literal["void", "expire"]) -> None:
    """Any end of a case ends its agreements in the same transaction."""
    row = work.row
    case = row.id if isinstance(row, Application) else row.application
    for agreement in await agreements_of(work.tx, case):
        if agreement.id != row.id and agreement.state in ("open", "completed"):
            body = agreement_facts.Voided(reason="case_ended") if how == "void" else agreement_facts.Expired()
            work.beside(agreements, agreement, how, body)


async def visit_of(tx: Tx, case: UUID) -> Visit:
    """The case's visit, locked; DomainError("not-found") when nothing was granted."""
    visit = (
        await tx.session.exec(select(Visit).where(Visit.application == case).with_for_update())
    ).one_or_none()
    if visit is None:
        raise DomainError("not-found", status=404)
    return visit


def _another_decider(work: Work[Application]) -> None:
    """After a granted appeal somebody else decides."""
    if not work.actor.people.isdisjoint(map(UUID, work.row.earlier_deciders)):
        raise DomainError("decided-before", status=403)


def _officer_decides(work: Work[Application]) -> None:
    """A review without stages is decided by its officer or, once it has escalated, by whoever is named deputy; the
    coordinator is told."""
    if work.parties.isdisjoint(("VOP", DEPUTY)):
        raise DomainError("not-your-role", status=403)


def _decided(work: Work[Application]) -> None:
    """Neither who has decided nor whose deputy they are decides on it again."""
    application, officer = work.row, work.actor.behalf_of
    application.decider = work.actor.person
    if officer is not None:
        application.earlier_deciders = [*application.earlier_deciders, str(officer)]
