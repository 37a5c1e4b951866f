"""Versions of forms: a draft is edited as often as one likes, without a fact; a published one never changes.

Every edit names the edition it was made on, so that two authors never overwrite each other unseen.
"""

import hashlib
from uuid import UUID

from pydantic import Field
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col, select

from contracts import form as facts
from contracts.errors import DomainError
from contracts.form import FORM
from contracts.ids import named_id
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.applications.calls.models import Form
from services.applications.forms.checking import refuse_unless_sound, too_much
from services.applications.forms.definition import Definition, Language, as_data, written
from services.applications.forms.editing import apply
from services.applications.forms.edits import Edit
from services.applications.kinds import forms
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor

AUTHORS = frozenset({"COORD", "OFFICER"})
MOST_UNDO = 50


class Begin(Input):
    """A new form. It starts empty, or with what is imported later."""

    partnership: UUID = Field(title="Partnership")
    title: str = Field(title="Name of the form", min_length=3, max_length=160)
    language: Language = Field(default="en", title="Language it is written in first")


def is_author(actor: Actor, partnership: UUID) -> bool:
    """Officers and coordinators of a partnership write its forms and calls."""
    return actor.may("coordinator", partnership) or actor.may("officer", partnership)


async def begin(tx: Tx, given: Begin, actor: Actor, key: str, at: Moment) -> Form:
    """The draft of a first version; the same key makes it once."""
    if not is_author(actor, given.partnership):
        raise DomainError("not-your-role", status=403)
    id = named_id("form", actor.person, key)
    if (known := await tx.get(Form, id)) is not None:
        return known
    definition = Definition(languages=(given.language,), title={given.language: given.title})
    return _draft(tx, id, id, 1, given.partnership, definition, actor, at)


async def next_version(tx: Tx, id: UUID, actor: Actor, at: Moment) -> Form:
    """The draft of the version after the newest one of the series, begun if there is none yet."""
    form = await seen(tx, id, actor)
    statement = select(Form).where(Form.series == form.series).order_by(col(Form.number).desc()).limit(1)
    newest = (await tx.session.exec(statement.with_for_update())).one()
    if newest.state == "draft":
        return newest
    id = named_id("form", form.series, newest.number + 1)
    definition = Definition.model_validate(form.definition)
    return _draft(tx, id, form.series, newest.number + 1, form.partnership, definition, actor, at)


def _draft(
    tx: Tx, id: UUID, series: UUID, number: int, partnership: UUID, definition: Definition, actor: Actor, at: Moment
) -> Form:  # fmt: skip
    form = Form(
        id=id,
        state="draft",
        series=series,
        number=number,
        partnership=partnership,
        title=_title(definition),
        definition=as_data(definition),
        edited_by=actor.person,
        edited_at=at.now,
    )
    tx.add(form)
    return form


async def seen(tx: Tx, id: UUID, actor: Actor) -> Form:
    """A version that the reader is an author of; DomainError("not-found") to a stranger."""
    form = await tx.found(Form, id)
    if not AUTHORS & forms.parties(actor, form):
        raise DomainError("not-found", status=404)
    return form


async def edit(tx: Tx, id: UUID, edition: int, change: Edit, actor: Actor, at: Moment) -> tuple[Form, str]:
    """One edit on the edition that its author saw; answers the key of what was added or changed."""
    form = await _editable(tx, id, edition, actor)
    definition, key = apply(Definition.model_validate(form.definition), change)
    for finding in too_much(definition):
        raise finding.refusal()
    form.undo = [*form.undo, form.definition][-MOST_UNDO:]
    _put(form, definition, actor, at)
    tx.add(form)
    return form, key


async def undo(tx: Tx, id: UUID, edition: int, actor: Actor, at: Moment) -> Form:
    """Takes the last edit back, as often as there is one; DomainError("form-nothing-to-undo")."""
    form = await _editable(tx, id, edition, actor)
    if not form.undo:
        raise DomainError("form-nothing-to-undo", status=409)
    before = Definition.model_validate(form.undo[-1])
    form.undo = form.undo[:-1]
    _put(form, before, actor, at)
    tx.add(form)
    return form


async def _editable(tx: Tx, id: UUID, edition: int, actor: Actor) -> Form:
    await seen(tx, id, actor)
    form = await tx.locked(Form, id)
    if form.state != "draft":
        raise DomainError("form-published", status=409)
    if form.edition != edition:
        raise DomainError("form-edited-meanwhile", status=409)
    return form


def _put(form: Form, definition: Definition, actor: Actor, at: Moment) -> None:
    form.definition = as_data(definition)
    form.title = _title(definition)
    form.edition += 1
    form.edited_by, form.edited_at = actor.person, at.now


def _title(definition: Definition) -> str:
    return definition.title.get(definition.languages[0], "")[:160]


@rule(FORM, "publish")
async def publish(work: Work[Form], given: Nothing, at: Moment) -> facts.Published:
    """Checked once more under the row's lock; the version before it in the series retires."""
    form = work.row
    definition = Definition.model_validate(form.definition)
    refuse_unless_sound(definition)
    statement = select(Form).where(Form.series == form.series, Form.state == "published").with_for_update()
    for older in (await work.tx.session.exec(statement)).all():
        work.beside(forms, older, "replace", facts.Retired(series=older.series, number=older.number))
    form.undo = []
    form.published_at = at.now
    return facts.Published(
        series=form.series,
        number=form.number,
        partnership=form.partnership,
        hash=hashlib.sha256(written(definition).encode()).hexdigest(),
        questions=definition.size,
    )


async def mine(tx: Tx, actor: Actor, after: UUID | None = None, limit: int = 50) -> list[Form]:
    """The newest version of each series that the reader may work on."""
    scopes = actor.scopes("coordinator") | actor.scopes("officer")
    statement = (
        select(Form)
        .where(col(Form.partnership).in_(scopes))
        .ext(distinct_on(col(Form.series)))
        .order_by(col(Form.series), col(Form.number).desc())
        .limit(limit)
    )
    if after:
        statement = statement.where(col(Form.series) > after)
    return list((await tx.session.exec(statement)).all())
