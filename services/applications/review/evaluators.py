"""Who can evaluate: people with the task's role, how much waits for them, what they know, what binds them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args
from uuid import UUID

from sqlalchemy import select as select_columns
from sqlmodel import col, select

from contracts.assessment import Conflict
from services.applications.models import Application
from services.applications.projections import KnownParticipation
from services.applications.review.conflicts import Ties, ties_of
from services.applications.review.models import Assessment, Stage
from services.chassis.database import Tx
from services.chassis.identity.grants import grants
from services.chassis.identity.people import people_of

ROLES = {
    "EVALUATOR": "evaluator",
    "VOP": "officer",
    "HOP": "officer",
    "COORD": "coordinator",
    "PAY": "payer",
    "AGENCY": "agency",
}
"""Holder of a task → the role that its people have."""


CONFLICTS = get_args(Conflict)
"""Reasons to decline that hold for the case for good."""


@dataclass(frozen=True)
class Candidate:
    """load: parts that wait for them now; known: sectors of the applicant that their organisation works in."""

    person: UUID
    name: str
    load: int
    known: tuple[str, ...]
    ties: Ties
    before: bool
    here: str

    @property
    def free(self) -> bool:
        """Whether they can be assigned."""
        return not self.ties.own and self.here in ("", "declined")


def _held(stage: Stage) -> tuple[str, UUID]:
    scope = stage.scopes["VOP" if stage.holder == "EVALUATOR" else stage.holder]
    return ROLES[stage.holder], UUID(scope)


async def is_evaluator(tx: Tx, stage: Stage, person: UUID) -> bool:
    """Whether the person has the role that the stage is done with."""
    role, scope = _held(stage)
    statement = select_columns(grants.c.person).where(
        grants.c.person == person, grants.c.role == role, grants.c.scope == scope
    )
    return (await tx.execute(statement.limit(1))).first() is not None


async def candidates(tx: Tx, case: Application, stage: Stage) -> list[Candidate]:
    """Everybody who could evaluate: free before bound, by what they know, then by how little waits for them."""
    role, scope = _held(stage)
    statement = select_columns(grants.c.person).where(grants.c.role == role, grants.c.scope == scope)
    people = list((await tx.execute(statement.distinct())).scalars())
    names, loads = await people_of(tx, people), await _loads(tx, people)
    ties, known = await ties_of(tx, case, people), await _knowing(tx, case, people)
    rows = await _parts(tx, case, people)
    found = [
        Candidate(
            person,
            names[person].name if person in names else "",
            loads.get(person, 0),
            tuple(sorted(known.get(person, ()))),
            ties[person],
            any(row.round < case.round and row.evaluator == person for row in rows),
            next(
                (_standing(row) for row in reversed(rows) if row.evaluator == person and _counts(row, stage)),
                "",
            ),
        )
        for person in people
    ]
    return sorted(found, key=lambda one: (not one.free, -len(one.known), one.load, one.name, one.person))


def _standing(row: Assessment) -> str:
    return "conflict" if row.reason in CONFLICTS else row.state


def _counts(row: Assessment, stage: Stage) -> bool:
    """Whether a part says something of this stage: it is of the stage, or of the case and ended by a conflict."""
    return row.stage == stage.id or row.reason in CONFLICTS


async def _loads(tx: Tx, people: Sequence[UUID]) -> Mapping[UUID, int]:
    statement = select(Assessment.evaluator).where(
        col(Assessment.evaluator).in_(people), col(Assessment.state).in_(("assigned", "accepted"))
    )
    return Counter((await tx.session.exec(statement)).all())


async def _parts(tx: Tx, case: Application, people: Sequence[UUID]) -> list[Assessment]:
    statement = select(Assessment).where(
        Assessment.application == case.id, col(Assessment.evaluator).in_(people)
    )
    return list((await tx.session.exec(statement.order_by(col(Assessment.id)))).all())


async def _knowing(tx: Tx, case: Application, people: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Person → the sectors that the applicant has in its profile, and their own organisation has too."""
    held = select_columns(grants.c.person, grants.c.scope).where(
        grants.c.person.in_(people), grants.c.role == "member"
    )
    belongs = [(row.person, row.scope) for row in await tx.execute(held)]
    wanted = {case.visitor, *(scope for _person, scope in belongs)}
    rows = (
        await tx.session.exec(
            select(KnownParticipation).where(col(KnownParticipation.organisation).in_(wanted))
        )
    ).all()
    sectors: dict[UUID, set[str]] = {}
    for row in rows:
        sectors.setdefault(row.organisation, set()).update(one.casefold() for one in row.sectors)
    asked = sectors.get(case.visitor, set())
    found: dict[UUID, set[str]] = {}
    for person, scope in belongs:
        found.setdefault(person, set()).update(asked & sectors.get(scope, set()))
    return found
