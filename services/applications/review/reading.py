"""What people read of a review, worded: tasks and who holds them, answers, sheets, and the text that is evaluated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from contracts.call_rules import CallRules
from contracts.rubric import Rubric
from contracts.workdays import Moment
from services.applications.application import rules_of
from services.applications.applying.drafts import loaded
from services.applications.applying.ground import filled
from services.applications.applying.looking import names_in
from services.applications.forms.answers import Filled
from services.applications.forms.definition import Question, worded
from services.applications.forms.printing import Printing, Told
from services.applications.kinds import assessments
from services.applications.models import Application, Decision
from services.applications.review.closing import assessments_of
from services.applications.review.models import Assessment, Stage
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.identity.people import KnownPerson, people_of
from services.chassis.web.look.context import reader
from services.chassis.web.look.parts import Cell, Column, Tag, TagKind
from services.chassis.web.look.values import amount, moment, percent
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import party, state_word

_KINDS: Mapping[str, TagKind] = {
    "open": "wait", "met": "good", "refused": "bad", "submitted": "good", "assigned": "wait", "accepted": "wait",
}  # fmt: skip
NAMING = ("organisation", "person", "file")
"""Kinds of questions whose answers name somebody: evaluators of an anonymous call do not read them."""


def title_of(rules: CallRules, stage: Stage) -> str:
    """What the call says is done in a task."""
    for _group, track in rules.tracks:
        if track.key == stage.key:
            return worded(track.title, reader().language) or stage.key
    return stage.key


def tag_of(row: Stage | Assessment) -> Tag:
    aggregate = "stage" if isinstance(row, Stage) else "assessment"
    return Tag(state_word(aggregate, row.state), _KINDS.get(row.state, "plain"))


def holders(stage: Stage) -> str:
    """Who has it: the parties, and that evaluators do it."""
    names = [party(name) for name in stage.parties]
    told = ", ".join([coded("holder", "EVALUATOR"), *names] if stage.holder == "EVALUATOR" else names)
    return told[:1].upper() + told[1:]


def result(score: int | None) -> str:
    """A result in percent of the most possible."""
    return "" if score is None else percent(score / 10_000)


STAGE_COLUMNS = (_("Task"), _("Who has it"), _("Since"), _("Due"), _("Answers"), _("Standing"))


def stage_columns() -> list[Column]:
    return [Column(_(label)) for label in STAGE_COLUMNS]


def stage_row(rules: CallRules, stage: Stage) -> list[Any]:
    """A task as a row: who has it, since when, until when and when it ended, how far it is."""
    counted = _("%(answers)s of %(quorum)s") % {"answers": stage.answers, "quorum": stage.quorum}
    ended = _("ended %(moment)s") % {"moment": moment(stage.closed_at)} if stage.closed_at else ""
    return [
        Cell(title_of(rules, stage), note=coded("track", stage.kind), href=f"/stages/{stage.id}"),
        holders(stage),
        moment(stage.opened_at),
        Cell(moment(stage.due_at), note=ended),
        Cell(counted, note=result(stage.score)),
        Cell(tag=tag_of(stage)),
    ]


async def answered(tx: Tx, stage: Stage) -> list[list[Any]]:
    """Who has answered in a task, what, and why."""
    statement = select(Decision).where(
        Decision.application == stage.application, Decision.round == stage.round, Decision.stage == stage.key,
        col(Decision.kind).not_in(("score", "consensus")),
    )  # fmt: skip
    rows = (await tx.session.exec(statement.order_by(col(Decision.id)))).all()
    people = await people_of(tx, [id for row in rows for id in row.eyes])
    return [
        [
            _decider(row, people),
            Cell(tag=Tag(_("yes"), "good") if row.favourable else Tag(_("no"), "bad")),
            row.remark or "–",
            moment(row.made_at),
        ]
        for row in rows
    ]


def _decider(row: Decision, people: Mapping[UUID, KnownPerson]) -> str:
    """Who has answered, and for whom."""
    agent = people[row.decider].name if row.decider in people else "–"
    principal = people.get(row.behalf_of) if row.behalf_of else None
    if principal is None:
        return agent
    return _("%(agent)s for %(principal)s") % {"agent": agent, "principal": principal.name}


async def sheets(tx: Tx, case: Application, stage: Stage, actor: Actor) -> list[list[Any]]:
    """Who evaluates, how far they are, and what they came to; their sheets are opened by those concerned alone."""
    rubric, rows = rules_of(case).rubric, await assessments_of(tx, stage)
    people = await people_of(tx, [row.evaluator for row in rows])
    return [
        [
            Cell(
                people[row.evaluator].name if row.evaluator in people else "–",
                note=_("leads the consensus") if row.evaluator == stage.lead else "",
                href=f"/assessments/{row.id}" if assessments.parties(actor, row) else "",
            ),
            Cell(tag=tag_of(row), note=coded("reason", row.reason) if row.reason else ""),
            result(rubric.result(row.scores)) if row.scores and row.state == "submitted" else "–",
            moment(row.due_at),
        ]
        for row in rows
    ]


def criteria(rubric: Rubric, row: Assessment) -> list[list[Any]]:
    """A sheet, criterion by criterion."""
    return [
        [
            Cell(worded(one.title, reader().language), note=row.comments.get(one.key, "")),
            _("%(score)s of %(most)s") % {"score": row.scores[one.key], "most": one.most},
            str(one.weight),
        ]
        for one in rubric.criteria
        if one.key in row.scores
    ]


async def text_of(
    tx: Tx, case: Application, at: Moment, *, anonymous: bool = False
) -> list[tuple[str, Told]]:
    """The answers as they were submitted; of an anonymous call without those that say who applies."""
    draft = await loaded(tx, case)
    definition = draft.definition
    form = Filled(definition, case.answers, (await filled(tx, draft, at)).ground)
    printing = Printing(form, reader().language, {} if anonymous else await names_in(tx, draft))
    return [
        (printing.say(page.title), told)
        for page in form.pages
        if (
            told := [
                (printing.say(one.label), printing.text(one, case.answers.get(one.key)))
                for one in form.asked_on(page)
                if not (anonymous and _names(one))
            ]
        )
    ]


def _names(question: Question) -> bool:
    """Whether an answer names the applicant: by its kind, or since the profile answers it."""
    inner = any(one.kind in NAMING for one in question.questions)
    return question.kind in NAMING or bool(question.prefill) or inner


@dataclass(frozen=True)
class Said:
    """What evaluators said of one criterion, for the applicant: the mean score, and the comments without names."""

    title: str
    score: str
    comments: tuple[str, ...]


async def said_to_applicant(tx: Tx, case: Application) -> list[Said]:
    """Of a rejected application its scores and the comments meant for the applicant; of a consensus its alone."""
    if case.state != "rejected" or case.form is None:
        return []
    rubric = rules_of(case).rubric
    statement = (
        select(Assessment, Stage)
        .join(Stage, col(Stage.id) == col(Assessment.stage))
        .where(
            Assessment.application == case.id, Assessment.round == case.round, Assessment.state == "submitted"
        )
        .order_by(col(Assessment.id))
    )
    found = [(row, stage) for row, stage in (await tx.session.exec(statement)).all() if row.scores]
    agreed = [row for row, stage in found if stage.kind == "consensus"]
    return _said(rubric, agreed or [row for row, _stage in found])


def _said(rubric: Rubric, rows: Sequence[Assessment]) -> list[Said]:
    def mean(key: str, most: int) -> str:
        hundredths = round(sum(row.scores[key] for row in rows) * 100 / len(rows))
        return _("%(score)s of %(most)s") % {"score": amount(hundredths), "most": most}

    return [
        Said(
            worded(one.title, reader().language),
            mean(one.key, one.most),
            tuple(row.comments[one.key] for row in rows if row.comments.get(one.key)),
        )
        for one in rubric.criteria
        if rows
    ]


async def name_of(tx: Tx, person: UUID) -> str:
    """What a person is called, if it is known here."""
    people = await people_of(tx, [person])
    return people[person].name if person in people else ""
