"""Rules of one application, pure. What is frozen at submission decides everything later; a late act is refused
by the stored due date, workflow or not.
"""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from contracts import application as facts
from contracts.application import APPLICATION
from contracts.call_rules import CallRules
from contracts.errors import DomainError
from contracts.tables import Input, Nothing
from contracts.terms import Terms
from contracts.workdays import Moment
from services.applications.models import Application
from services.chassis.acts.rules import rule

DECLARATIONS = ("sme", "no_double_funding", "no_exclusion", "no_restrictive_measures")
"""Declared before signature by the recipient (financial rules of the programme)."""


class Return(Input):
    """What the officer asks for."""

    reason: facts.ReturnReason = Field(title="What has to change?")
    explanation: str = Field(
        title="Tell the visitor what to do",
        min_length=3,
        max_length=2000,
        description="The visitor reads this.",
    )


class Refuse(Input):
    reason: facts.RejectReason = Field(title="Why is it rejected?")
    explanation: str = Field(title="Explain it to the visitor", min_length=3, max_length=2000)


class Appeal(Input):
    explanation: str = Field(title="Why should this be looked at again?", min_length=10, max_length=4000)


class RefuseAppeal(Input):
    explanation: str = Field(
        title="Why does the decision stand?",
        description="Whoever appealed reads this.",
        min_length=10,
        max_length=4000,
    )


def in_time(due_at: datetime | None, at: Moment) -> None:
    """DomainError("too-late") after the stored due date."""
    if due_at is not None and at.now > due_at:
        raise DomainError("too-late", status=409, due=due_at)


def terms_of(application: Application) -> Terms:
    """The scheme's terms that the case was frozen with."""
    return Terms(**application.frozen["terms"])


def rules_of(application: Application) -> CallRules:
    """The rules that the case was frozen with."""
    return CallRules.model_validate(application.frozen["rules"])


def least_days(application: Application) -> int:
    """With how many days a visit counts: the scheme's least at a host, elsewhere one."""
    return 1 if application.host is None else terms_of(application).min_days


@rule(APPLICATION, "appeal")
def appeal(application: Application, given: Appeal, at: Moment) -> facts.Appealed:
    if application.appeal != "none" or application.final:
        raise DomainError("appeal-once", status=409)
    in_time(application.due_at, at)
    application.appeal = "open"
    application.appeal_text = given.explanation
    application.due_at = at.plus_days(terms_of(application).appeal_days)
    return facts.Appealed(due_at=application.due_at)


def next_round(application: Application) -> None:
    """Opinions and decisions of earlier rounds are kept and count no more."""
    if application.decider is not None:
        application.earlier_deciders = [*application.earlier_deciders, str(application.decider)]
    application.round += 1
    application.stage = "review"
    application.opinion = ""
    application.decider = None
    application.reminders = 0


def rejected(
    application: Application, reason: facts.RejectReason, explanation: str, at: Moment
) -> facts.Rejected:
    """Opens the appeal window; the applicant may appeal once until its end."""
    application.reason = reason
    application.explanation = explanation
    application.due_at = at.plus_days(terms_of(application).appeal_days)
    application.reminders = 0
    return facts.Rejected(reason=reason, round=application.round, due_at=application.due_at)


# Steps: each is asked by the story, perhaps twice, too early or too late; raising DomainError answers the standing.


def escalate(application: Application, at: Moment) -> facts.Escalated:
    """Silence in review escalates to the coordinator and gives the officer a fresh deadline."""
    is_due(application.due_at, at)
    application.stage = "escalated"
    application.due_at = at.plus_working_days(terms_of(application).decision_days)
    application.reminders = 0
    return facts.Escalated(stage="review", due_at=application.due_at)


@rule(APPLICATION, "record_shortfall")
def record_shortfall(application: Application, given: Nothing, at: Moment) -> facts.ShortOfBudget:
    application.due_at = at.plus_days(terms_of(application).budget_days)
    application.reminders = 0
    return facts.ShortOfBudget(round=application.round, due_at=application.due_at)


@rule(APPLICATION, "finalise")
def finalise(application: Application, given: Nothing, at: Moment) -> facts.Finalised:
    if application.final or application.appeal == "open":
        raise DomainError("finalise-not-now", status=409)
    is_due(application.due_at, at)
    application.final = True
    application.due_at = None
    return facts.Finalised(round=application.round, appealed=application.appeal != "none")


def is_due(due_at: datetime | None, at: Moment) -> None:
    """DomainError("not-due") while there is still time: a fired timer is only a hint."""
    if due_at is None or at.now < due_at:
        raise DomainError("not-due", status=409)


def case_number(sequence: int, at: Moment, prefix: str = "CX") -> str:
    """The number people call a case by: CX for an exchange, GR for a grant under a call with a form."""
    return f"{prefix}-{at.today().year}-{sequence:04d}"


def document_scopes(application: Application) -> dict[str, str]:
    """Who takes part in a case, as its agreements, decisions and visit keep it, without parties that the call lacks."""
    scopes: dict[str, UUID | None] = {
        "VO": application.visitor,
        "HO": application.host,
        "VOP": application.visitor_partnership,
        "HOP": application.host_partnership,
        "PAY": application.payer,
        "COORD": application.visitor_partnership,
    }
    return {party: str(scope) for party, scope in scopes.items() if scope is not None}
