"""Acts of people that touch several rows: submit and revise, opinion and decision, withdraw and cancel."""

from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import agreement as agreement_facts
from contracts import application as facts
from contracts import decision as decision_facts
from contracts import visit as visit_facts
from contracts.application import APPLICATION
from contracts.call_rules import CallRules
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input, Nothing
from contracts.terms import Terms
from contracts.workdays import Moment
from services.applications.application import Refuse, document_scopes, in_time, next_round, terms_of
from services.applications.applying.freezing import freeze as freeze_form
from services.applications.freezing import freeze
from services.applications.intake import counter
from services.applications.kinds import agreements, decisions, visits
from services.applications.models import Agreement, Application, Decision, Visit
from services.applications.voucher import cancel_with
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx


class Opine(Input):
    """The host partnership's opinion (CX-48: only where it differs from the visitor's)."""

    favourable: Literal["yes", "no"] = Field(title="Are you in favour of this exchange?")
    remark: str = Field("", title="Your remark for the deciding officer", max_length=2000)


class Select(Input):
    remark: str = Field("", title="Your reasons, kept with the decision", max_length=2000)


@rule(APPLICATION, "submit")
async def submit(work: Work[Application], given: Nothing, at: Moment) -> facts.Submitted:
    frozen = await _freeze(work, at)
    work.row.submitted_at = at.now
    await counter.take(work.tx, work.row)
    return facts.Submitted(**dict(frozen), waiting=work.row.waiting)


@rule(APPLICATION, "revise")
async def revise(work: Work[Application], given: Nothing, at: Moment) -> facts.Revised:
    """Frozen anew; decisions of the round before are kept and count no more."""
    application = work.row
    in_time(application.due_at, at)
    next_round(application)
    frozen = await _freeze(work, at)
    application.stage = "review"
    application.due_at = at.plus_working_days(terms_of(application).decision_days)
    await counter.take(work.tx, application)
    return facts.Revised(**dict(frozen), due_at=application.due_at)


async def _freeze(work: Work[Application], at: Moment) -> facts.Frozen:
    application = work.row
    if application.form is not None:
        frozen, application.answers = await freeze_form(work.tx, application, at)
        rules = CallRules.model_validate(frozen.rules)
        application.uses_visit = any(rule.what == "once" for rule in rules.eligibility)
    else:
        frozen = await freeze(work.tx, application, at)
        application.uses_visit = frozen.mode == "physical" or Terms(**frozen.terms).virtual_uses_visit
    application.frozen = frozen.model_dump(mode="json")
    application.amount_cents = frozen.amount_cents
    return frozen


@rule(APPLICATION, "opine")
async def opine(work: Work[Application], given: Opine, at: Moment) -> facts.Opined:
    application = work.row
    if application.host_partnership in (None, application.visitor_partnership):
        raise DomainError("opinion-not-asked", status=409)
    if application.opinion:
        raise DomainError("opinion-given", status=409)
    favourable = given.favourable == "yes"
    application.opinion = "favourable" if favourable else "unfavourable"
    _decide(work, at, "opinion", favourable, given.remark)
    return facts.Opined(favourable=favourable, round=application.round)


@rule(APPLICATION, "select")
async def select_(work: Work[Application], given: Select, at: Moment) -> facts.Selected:
    application = work.row
    _another_decider(work)
    asked = application.host_partnership not in (None, application.visitor_partnership)
    if asked and not application.opinion and application.stage != "escalated":
        raise DomainError("opinion-missing", status=409)
    application.decider = work.actor.person
    application.due_at = None
    _decide(work, at, "decision", True, given.remark)
    return facts.Selected(round=application.round, amount_cents=application.amount_cents)


@rule(APPLICATION, "refuse")
async def refuse(work: Work[Application], given: Refuse, at: Moment) -> facts.Rejected:
    application = work.row
    _another_decider(work)
    application.decider = work.actor.person
    _decide(work, at, "decision", False, given.explanation)
    return rejected(application, given.reason, given.explanation, at)


def rejected(
    application: Application, reason: facts.RejectReason, explanation: str, at: Moment
) -> facts.Rejected:
    """Opens the appeal window; the applicant may appeal once until its end."""
    application.reason = reason
    application.explanation = explanation
    application.due_at = at.plus_days(terms_of(application).appeal_days)
    application.reminders = 0
    return facts.Rejected(reason=reason, round=application.round, due_at=application.due_at)


@rule(APPLICATION, "withdraw")
async def withdraw(work: Work[Application], given: Nothing, at: Moment) -> facts.Withdrawn:
    work.row.due_at = None
    await void_agreements(work, "void")
    return facts.Withdrawn(round=work.row.round)


@rule(APPLICATION, "cancel")
async def cancel(work: Work[Application], given: Nothing, at: Moment) -> facts.Cancelled:
    """After the paying member's signature a case is cancelled, not withdrawn; its visit ends with it."""
    by = "visitor" if "VO" in work.parties else "officer"
    if not await cancel_with(work, by):
        visit = await visit_of(work.tx, work.row.id)
        work.beside(visits, visit, "cancel", visit_facts.Cancelled(by=by))
    return facts.Cancelled(by=by, round=work.row.round)


async def void_agreements(work: Work[Application] | Work[Agreement], how: Literal["void", "expire"]) -> None:
    """Any end of a case ends its agreements in the same transaction."""
    row = work.row
    case = row.id if isinstance(row, Application) else row.application
    for agreement in await agreements_of(work.tx, case):
        if agreement.id != row.id and agreement.state in ("open", "completed"):
            body = agreement_facts.Voided(reason="case_ended") if how == "void" else agreement_facts.Expired()
            work.beside(agreements, agreement, how, body)


async def agreements_of(tx: Tx, case: UUID) -> list[Agreement]:
    """The case's agreements of all rounds, locked in the order of their ids."""
    statement = (
        select(Agreement).where(Agreement.application == case).order_by(col(Agreement.id)).with_for_update()
    )
    return list((await tx.session.exec(statement)).all())


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
    if str(work.actor.person) in work.row.earlier_deciders:
        raise DomainError("decided-before", status=403)


def _decide(
    work: Work[Application], at: Moment, kind: Literal["opinion", "decision"], yes: bool, remark: str
) -> None:
    application = work.row
    row = Decision(
        id=new_id(),
        application=application.id,
        kind=kind,
        favourable=yes,
        round=application.round,
        decider=work.actor.person,
        remark=remark,
        made_at=at.now,
        scopes=document_scopes(application),
    )
    body = decision_facts.Made(application=application.id, kind=kind, favourable=yes, round=application.round)
    work.beside(decisions, row, "make", body)
