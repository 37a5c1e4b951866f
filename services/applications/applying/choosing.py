"""The organisations that a form lets its applicant choose, and those that somebody chose."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from sqlmodel import col, select

from contracts.errors import Finding
from services.applications.calls.models import Form
from services.applications.forms.answers import Answers, Filled
from services.applications.forms.definition import Definition, Page, Question
from services.applications.forms.values import rows_of
from services.applications.models import Application
from services.applications.projections import KnownOrganisation, KnownParticipation
from services.chassis.database import Tx
from services.chassis.web.look.values import country

MOST = 300
Choices: TypeAlias = list[tuple[str, str]]
Named: TypeAlias = tuple[str, Question, object]


@dataclass(frozen=True)
class Offered:
    """Those that a page offers: all by name, and the registered knowledge providers with their places."""

    everybody: Choices
    providers: Choices

    def for_(self, question: Question) -> Choices:
        return self.providers if question.among == "providers" else self.everybody


async def offered(tx: Tx, form: Filled, partnership: UUID) -> Offered:
    """What the form's questions for an organisation offer; nothing is looked for where none asks."""
    asked = {one.among for one in _asking(form)}
    everybody: Choices = []
    if "" in asked:
        statement = select(KnownOrganisation).order_by(col(KnownOrganisation.name)).limit(MOST)
        everybody = [(str(one.id), one.name) for one in (await tx.session.exec(statement)).all()]
    found = await providers_of(tx, partnership) if "providers" in asked else []
    providers = [(str(one.id), f"{one.name}, {one.town}, {country(one.country)}") for one in found]
    return Offered(everybody, providers)


async def wrong_choices(tx: Tx, form: Filled, partnership: UUID) -> list[Finding]:
    """What is wrong with the chosen: nobody we know, or no registered provider where one is asked for."""
    found: list[Finding] = []
    for at, question, answer in _answered(form):
        id = _id(answer)
        chosen = await tx.get(KnownOrganisation, id) if id else None
        if chosen is None:
            found.append(Finding("answer-not-organisation", at))
        elif question.among == "providers" and chosen.id not in {
            one.id for one in await providers_of(tx, partnership)
        }:
            found.append(Finding("answer-not-provider", at))
    return found


async def providers_of(tx: Tx, *partnerships: UUID) -> list[KnownOrganisation]:
    """The registered knowledge providers of these partnerships, by name."""
    statement = (
        select(KnownOrganisation)
        .join(KnownParticipation, col(KnownParticipation.organisation) == col(KnownOrganisation.id))
        .where(
            KnownParticipation.side == "provider",
            col(KnownParticipation.validated),
            col(KnownParticipation.partnership).in_(partnerships),
        )
        .order_by(col(KnownOrganisation.name))
        .limit(MOST)
    )
    return list((await tx.session.exec(statement)).all())


async def chosen_of(tx: Tx, case: Application) -> set[UUID]:
    """The organisations that the submitted answers name: with whom the grant is used."""
    form = await tx.get(Form, case.form) if case.form else None
    if form is None:
        return set()
    filled = Filled(Definition.model_validate(form.definition), case.answers)
    return {id for _at, _question, answer in _answered(filled) if (id := _id(answer)) is not None}


def provider_in(form: Filled) -> tuple[str | None, UUID | None]:
    """The form's question for a registered provider, and who was chosen; None where it asks for none or several."""
    asked = [
        question.key
        for page in form.pages
        for question in form.asked_on(page)
        if question.among == "providers" and not question.repeats
    ]
    return (asked[0], _id(form.answers.get(asked[0]))) if len(asked) == 1 else (None, None)


async def chosen_names(tx: Tx, definition: Definition, answers: Answers) -> dict[str, str]:
    """The names of the organisations that the answers name, by their ids."""
    chosen = {id for _at, _question, answer in _given(definition.questions, answers) if (id := _id(answer))}
    statement = select(KnownOrganisation).where(col(KnownOrganisation.id).in_(chosen))
    return {str(one.id): one.name for one in (await tx.session.exec(statement)).all()} if chosen else {}


def _id(answer: object) -> UUID | None:
    try:
        return UUID(str(answer))
    except ValueError:
        return None


def _asking(form: Filled) -> Iterator[Question]:
    for _page, question in form.definition.questions:
        for one in (question, *question.questions):
            if one.kind == "organisation":
                yield one


def _answered(form: Filled) -> Iterator[Named]:
    """Those of the questions that are asked now."""
    asked = ((page, question) for page in form.pages for question in form.asked_on(page))
    return _given(asked, form.answers)


def _given(questions: Iterable[tuple[Page, Question]], answers: Answers) -> Iterator[Named]:
    """Each question for an organisation that has an answer, with its place."""
    for _page, question in questions:
        answer = answers.get(question.key)
        if question.kind == "organisation" and answer:
            yield question.key, question, answer
        for n, row in enumerate(rows_of(answer) if question.repeats else []):
            for column in question.questions:
                if column.kind == "organisation" and row.get(column.key):
                    yield f"{question.key}.{n}.{column.key}", column, row[column.key]
