"""The plans that the partnerships of the demonstration begin with: numbers, work packages, deliverables.

The titles and numbers are in the manner of what such partnerships have published; the leads are ours.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from contracts import deliverable, partnership, work_package
from contracts.ids import named_id
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.directory.consortium.deliverable import deliverable_said, end_of
from services.directory.consortium.kinds import deliverables, work_packages
from services.directory.consortium.models import Deliverable, WorkPackage
from services.directory.kinds import partnerships
from services.directory.models import Partnership
from services.directory.partnership import Plan
from services.directory.recognition import end_of_month, months_later

PLANS = Path(__file__).parents[1] / "seeds" / "plans.json"


async def seed_plans(tx: Tx, at: Moment, cause: Cause) -> None:
    """Recorded as a coordinator would plan them."""
    known: list[dict[str, Any]] = json.loads(PLANS.read_text("utf-8"))
    for plan in known:
        row = await tx.locked(Partnership, named_id("partnership", plan["partnership"]))
        row.planned = Plan.model_validate(plan["planned"]).model_dump()
        await partnerships.record(tx, row, "plan", partnership.Planned(**row.planned), at, cause)
        for number, part in enumerate(plan["work_packages"], 1):
            package = _package(row, number, part)
            body = work_package.Planned.model_validate(
                package.model_dump(include=set(work_package.Promised.model_fields))
            )
            await work_packages.record(tx, package, "plan", body, at, cause)
        for promised in plan["deliverables"]:
            promise = _deliverable(row, promised, at.today())
            said = deliverable.Planned.model_validate(deliverable_said(promise))
            await deliverables.record(tx, promise, "plan", said, at, cause)


def _package(row: Partnership, number: int, part: dict[str, Any]) -> WorkPackage:
    """Each lasts as long as the action."""
    return WorkPackage(
        id=named_id("work_package", row.name, str(number)),
        partnership=row.id,
        number=number,
        title=part["title"],
        lead=named_id("organisation", part["lead"]),
        first_day=row.first_day,
        last_day=row.last_day,
    )


def _deliverable(row: Partnership, promised: dict[str, Any], today: date) -> Deliverable:
    """Due at the end of a month, so many months from now."""
    due_on = end_of_month(months_later(today, promised["months"]))
    return Deliverable(
        id=named_id("deliverable", row.name, promised["title"]),
        partnership=row.id,
        work_package=named_id("work_package", row.name, str(promised["work_package"])),
        title=promised["title"],
        kind=promised["kind"],
        lead=named_id("organisation", promised["lead"]),
        peer=named_id("organisation", promised["peer"]),
        due_on=due_on,
        due_at=end_of(due_on),
    )
