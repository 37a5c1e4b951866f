"""Declarations before the text is shown. An anonymous call shows the evaluator all organisations of the cut-off and
their people in the order of the alphabet, so that nothing says which application is whose; what was declared once
holds for all of it.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select

from contracts.errors import DomainError
from contracts.workdays import Moment
from services.applications.application import rules_of
from services.applications.calls.models import Form
from services.applications.forms.definition import Definition
from services.applications.forms.values import persons_in
from services.applications.models import Application
from services.applications.projections import KnownOrganisation
from services.applications.review.models import Interest
from services.chassis.database import Tx
from services.chassis.identity.people import people_of


def cut_off_of(case: Application) -> str:
    """The cut-off that a case counts for; empty where the call has none."""
    return str(case.frozen.get("cut_off", ""))


async def listed(tx: Tx, case: Application) -> list[KnownOrganisation]:
    """Whom the declaration is about: all who applied for the same cut-off, or of a call that is not anonymous this
    applicant (and its host)."""
    if not rules_of(case).rubric.anonymous:
        sides = [id for id in (case.visitor, case.host) if id is not None]
        statement = select(KnownOrganisation).where(col(KnownOrganisation.id).in_(sides))
    else:
        applied = select(Application.visitor).where(*_beside(case))
        statement = select(KnownOrganisation).where(col(KnownOrganisation.id).in_(applied))
    statement = statement.order_by(col(KnownOrganisation.name), col(KnownOrganisation.id))
    return list((await tx.session.exec(statement)).all())


async def people_named(tx: Tx, case: Application) -> dict[UUID, list[str]]:
    """The people of each organisation that is listed: who has applied for it, and whom its answers name."""
    cases = [case]
    if rules_of(case).rubric.anonymous:
        cases = list((await tx.session.exec(select(Application).where(*_beside(case)))).all())
    forms = select(Form).where(col(Form.id).in_({one.form for one in cases}))
    definitions = {
        form.id: Definition.model_validate(form.definition) for form in (await tx.session.exec(forms)).all()
    }
    people = await people_of(tx, [one.applicant for one in cases])
    named: dict[UUID, set[str]] = {}
    for one in cases:
        names = named.setdefault(one.visitor, set())
        if one.applicant in people:
            names.add(people[one.applicant].name)
        if one.form is not None and one.form in definitions:
            names |= set(persons_in(definitions[one.form], one.answers))
    return {organisation: sorted(filter(None, names)) for organisation, names in named.items()}


def _beside(case: Application) -> tuple[ColumnElement[bool], ...]:
    """All that was submitted for the same cut-off."""
    return (
        col(Application.call) == case.call,
        col(Application.submitted_at).is_not(None),
        col(Application.frozen)["cut_off"].astext == cut_off_of(case),
    )


async def interest_of(tx: Tx, case: Application, evaluator: UUID) -> Interest | None:
    """What the evaluator has declared for the case's call and cut-off."""
    key = (evaluator, case.call, cut_off_of(case))
    return await tx.session.get(Interest, key)


async def declared(
    tx: Tx, case: Application, evaluator: UUID, conflicts: Collection[UUID], at: Moment
) -> set[UUID]:
    """Keeps a declaration beside all earlier ones of the same cut-off; every organisation that is in conflict."""
    shown = {one.id for one in await listed(tx, case)}
    if not shown.issuperset(conflicts):
        raise DomainError("declare-unknown", "conflicts")
    kept = await _locked(tx, case, evaluator, at)
    kept.shown = sorted({*kept.shown, *map(str, shown)})
    kept.conflicts = sorted({*kept.conflicts, *map(str, conflicts)})
    kept.declared_at = at.now
    tx.add(kept)
    return {UUID(one) for one in kept.conflicts}


async def _locked(tx: Tx, case: Application, evaluator: UUID, at: Moment) -> Interest:
    """The one row, though the evaluator declares for two applications at the same moment: neither overwrites the
    other."""
    key = {"evaluator": evaluator, "call": case.call, "cut_off": cut_off_of(case)}
    first = insert(Interest).values(**key, declared_at=at.now, shown=[], conflicts=[])
    await tx.execute(first.on_conflict_do_nothing())
    return await tx.session.get_one(Interest, key, with_for_update=True, populate_existing=True)
