"""Calls: a coordinator publishes where one can apply, which budget line pays, and the terms as data."""

from dataclasses import asdict
from datetime import date
from uuid import UUID

from pydantic import Field

from contracts import call as facts
from contracts.call import CALL
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import new_id
from contracts.terms import Terms
from contracts.workdays import Moment
from services.applications.models import Call, KnownBudget, KnownPartnership
from services.applications.supporting import Pays, support_of
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule


class Publish(Pays):
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


@rule(CALL, "publish")
async def publish(work: Work[Call], given: Publish, at: Moment) -> facts.Published:
    budget = await work.tx.get(KnownBudget, given.budget)
    if budget is None:
        raise NotKnownYet("budget", given.budget)
    partnership = await work.tx.get(KnownPartnership, given.partnership)
    if partnership is None:
        raise NotKnownYet("partnership", given.partnership)
    if budget.partnership != given.partnership:
        raise DomainError("budget-of-another-partnership", "budget")
    if given.last_day < given.first_day:
        raise DomainError("last-before-first", "last_day")
    terms, support = asdict(Terms()), support_of(given)
    work.row = Call(
        id=new_id(),
        programme=partnership.programme,
        title=given.title,
        edition=given.edition,
        partnership=given.partnership,
        budget=budget.id,
        payer=budget.member,
        first_day=given.first_day,
        last_day=given.last_day,
        terms=terms,
        support=support,
        published_at=at.now,
    )
    return facts.Published(
        programme=partnership.programme,
        title=given.title,
        edition=given.edition,
        partnership=given.partnership,
        budget=budget.id,
        payer=budget.member,
        first_day=given.first_day,
        last_day=given.last_day,
        terms=terms,
        support=support,
    )
