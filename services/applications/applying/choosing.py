"""The organisations that a form lets its applicant choose, and those that somebody chose."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from contracts.errors import Finding
from services.applications.calls.models import Form
from services.applications.forms.answers import Answers, Filled
from services.applications.forms.definition import Definition, Page, Question
from services.applications.forms.values import rows_of
from services.applications.models import Application
from services.applications.projections import KnownOrganisation, KnownParticipation
from services.chassis.database import Tx
from services.chassis.finding import folded, has
from services.chassis.web.look.offering import FOUND, Choices, Offer
from services.chassis.web.look.values import country

Named: TypeAlias = tuple[str, Question, object]


@dataclass(frozen=True)
class Find:
    """What somebody searches for, and at which question."""

    at: str = ""
    words: str = ""


@dataclass(frozen=True)
class Offered:
    """What a form's questions for an organisation offer: by `among` those that are few enough to list, None where they
    are searched for; the chosen by id; what was found."""

    listed: Mapping[str, Choices | None]
    chosen: Mapping[str, str]
    find: Find
    found: Choices

    def for_(self, question: Question, at: str, answer: object) -> Offer:
        if (few := self.listed.get(question.among, ())) is not None:
            return Offer(few)
        chosen = [(str(answer), self.chosen[str(answer)])] if str(answer) in self.chosen else []
        here = self.find if at == self.find.at else Find()
        found = [one for one in self.found if one not in chosen] if here.at else []
        return Offer([*chosen, *found], searched=True, words=here.words)


async def offered(tx: Tx, form: Filled, partnership: UUID, find: Find) -> Offered:
    """What the form offers now; nothing is looked for where no question asks."""
    asked = {one.among for one in _asking(form.definition)}
    listed: dict[str, Choices | None] = {}
    for among in asked:
        few = await search(tx, "", among, partnership, FOUND + 1)
        listed[among] = _choices(few) if len(few) <= FOUND else None
    names = await chosen_names(tx, form.definition, form.answers)
    return Offered(listed, names, find, await found(tx, form.definition, partnership, find))


async def found(tx: Tx, definition: Definition, partnership: UUID, find: Find) -> Choices:
    """What a question for an organisation offers of these words; nothing where none stands there."""
    asked = next((one for one in _asking(definition) if one.key == find.at.rpartition(".")[2]), None)
    if asked is None or not find.words.strip():
        return ()
    return _choices(await search(tx, find.words, asked.among, partnership))


async def search(
    tx: Tx, words: str, among: str, partnership: UUID, limit: int = FOUND
) -> list[KnownOrganisation]:
    """Those whose name or town has every word, or whose number it is, by name; those that begin so come first."""
    name, town, number = (
        col(one)
        for one in (KnownOrganisation.name, KnownOrganisation.town, KnownOrganisation.registration_number)
    )
    wanted = [or_(has(word, (name, town)), number == word.upper()) for word in words.split()]
    first = [func.starts_with(folded(name), folded(words.strip())).desc()] if wanted else []
    order = (*first, name, col(KnownOrganisation.id))
    statement = select(KnownOrganisation).where(*wanted).order_by(*order).limit(limit)
    if among:
        statement = statement.where(col(KnownOrganisation.id).in_(_registered(among, partnership)))
    return list((await tx.session.exec(statement)).all())


def _choices(found: Sequence[KnownOrganisation]) -> Choices:
    return [(str(one.id), f"{one.name}, {one.town}, {country(one.country)}") for one in found]


async def wrong_choices(tx: Tx, form: Filled, partnership: UUID) -> list[Finding]:
    """What is wrong with the chosen: nobody we know, or no registered provider or host where one is asked for."""
    found: list[Finding] = []
    for at, question, answer in _answered(form):
        id = chosen_id(answer)
        chosen = await tx.get(KnownOrganisation, id) if id else None
        if chosen is None:
            found.append(Finding("answer-not-organisation", at))
        elif question.among:
            registered = _registered(question.among, partnership)
            statement = registered.where(KnownParticipation.organisation == chosen.id).limit(1)
            if (await tx.session.exec(statement)).first() is None:
                found.append(Finding(f"answer-not-{question.among.removesuffix('s')}", at))
    return found


def _registered(among: str, partnership: UUID) -> SelectOfScalar[UUID]:
    return _hosts() if among == "hosts" else providers(partnership)


def _hosts() -> SelectOfScalar[UUID]:
    return select(KnownParticipation.organisation).where(
        col(KnownParticipation.side).in_(("host", "both")), col(KnownParticipation.validated)
    )


def providers(*partnerships: UUID) -> SelectOfScalar[UUID]:
    """The knowledge providers that are registered with one of these."""
    return select(KnownParticipation.organisation).where(
        KnownParticipation.side == "provider",
        col(KnownParticipation.validated),
        col(KnownParticipation.partnership).in_(partnerships),
    )


async def chosen_of(tx: Tx, case: Application) -> set[UUID]:
    """The organisations that the submitted answers name: with whom the grant is used."""
    form = await tx.get(Form, case.form) if case.form else None
    if form is None:
        return set()
    filled = Filled(Definition.model_validate(form.definition), case.answers)
    return {id for _at, _question, answer in _answered(filled) if (id := chosen_id(answer)) is not None}


def provider_in(form: Filled) -> tuple[str | None, UUID | None]:
    """The form's question for a registered provider, and who was chosen; None where it asks for none or several."""
    asked = [
        question.key
        for page in form.pages
        for question in form.asked_on(page)
        if question.among == "providers" and not question.repeats
    ]
    return (asked[0], chosen_id(form.answers.get(asked[0]))) if len(asked) == 1 else (None, None)


async def chosen_names(tx: Tx, definition: Definition, answers: Answers) -> dict[str, str]:
    """The names of the organisations that the answers name, by their ids."""
    chosen = {
        id for _at, _question, answer in _given(definition.questions, answers) if (id := chosen_id(answer))
    }
    statement = select(KnownOrganisation).where(col(KnownOrganisation.id).in_(chosen))
    return {str(one.id): one.name for one in (await tx.session.exec(statement)).all()} if chosen else {}


def chosen_id(answer: object) -> UUID | None:
    """The organisation that an answer names, if it names one."""
    try:
        return UUID(str(answer))
    except ValueError:
        return None


def _asking(definition: Definition) -> Iterator[Question]:
    for _page, question in definition.questions:
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
