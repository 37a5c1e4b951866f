"""What the conditions of a form and of a call's rules rest on: the applicant's profile, the call, the day."""

from datetime import date, timedelta

from contracts.call_rules import CallRules
from contracts.errors import NotKnownYet
from contracts.terms import Terms
from contracts.workdays import Moment, plus_working_days
from services.applications.applying.drafts import Draft
from services.applications.calls.models import Call
from services.applications.forms.answers import Filled, Ground
from services.applications.projections import KnownBudget, KnownOrganisation
from services.chassis.database import Tx


async def filled(tx: Tx, draft: Draft, at: Moment) -> Filled:
    """The form with the draft's answers, and what its conditions ask beside them."""
    return Filled(draft.definition, draft.answers, await ground(tx, draft.call, draft.organisation, at))


async def ground(tx: Tx, call: Call, organisation: KnownOrganisation | None, at: Moment) -> Ground:
    rules, terms = CallRules.model_validate(call.rules), Terms(**call.terms)
    end = await action_end(tx, call)
    profile = {} if organisation is None else profile_of(organisation)
    return Ground(
        profile=profile,
        call={
            "cap": rules.amount.cap_cents,
            "first_day": call.first_day,
            "last_day": call.last_day,
            "latest_last_day": latest_last_day(end, rules, terms),
            "today": at.today(),
        },
    )


def profile_of(organisation: KnownOrganisation) -> dict[str, str | bool]:
    return {
        "name": organisation.name,
        "kind": organisation.kind,
        "town": organisation.town,
        "country": organisation.country,
        "in_cluster": organisation.cluster is not None,
    }


async def action_end(tx: Tx, call: Call) -> date:
    """The last day of the action that pays."""
    budget = await tx.get(KnownBudget, call.budget)
    if budget is None:
        raise NotKnownYet("budget", call.budget)
    return budget.action_end


def paid_by(last_day: date, rules: CallRules, terms: Terms) -> date:
    """When the money of an activity that ends on this day arrives at the latest, if everybody takes all their time:
    the last report, its check, the claim and its payment."""
    reports = [due.days_after or 0 for due in rules.reports] or [terms.report_days]
    reported = last_day + timedelta(days=max(reports))
    return plus_working_days(reported, terms.validation_days) + timedelta(days=terms.payment_days)


def latest_last_day(end: date, rules: CallRules, terms: Terms) -> date:
    """The latest last day of an activity whose payment can still be booked within the action."""
    day = end
    while paid_by(day, rules, terms) > end:
        day -= timedelta(days=1)
    return day
