"""Tasks and cases as rows of tables. Every figure and name leads to the page behind it."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from services.chassis.web.look.context import speaking_of
from services.chassis.web.look.parts import Cell, Column, Figure, Tag
from services.chassis.web.look.values import ago, day, moment, money, number
from services.chassis.web.look.words import coded, ngettext
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.overview.listing import Row, Wanted
from services.overview.models import Case
from services.overview.tasks import Task
from services.overview.words import STAGES

Cells: TypeAlias = list[list[Cell | str]]


def task_columns() -> list[Column]:
    return [Column(_("What to do")), Column(_("For")), Column(_("By")), Column(_("Since"))]


def task_figures(tasks: Sequence[Task], total: int) -> list[Figure]:
    late = sum(task.late for task in tasks)
    return [
        Figure(number(total), ngettext("open move", "open moves", total)),
        Figure(number(late), _("past their date"), kind="wait" if late else "plain"),
    ]


def task_cells(tasks: Sequence[Task]) -> Cells:
    return [_task_row(task) for task in tasks]


def _task_row(task: Task) -> list[Any]:
    with speaking_of(grant=_is_grant(task.case)):
        return [Cell(task_words(task), href=task.href), _about(task), _due(task), ago(task.subject.since)]


def _is_grant(case: Case | None) -> bool:
    return case is not None and case.kind == "grant"


def task_words(task: Task) -> str:
    """ "Read and sign: Financial Agreement"."""
    what = _(task.words.what)
    what = what[:1].upper() + what[1:]
    if task.subject.aggregate != "agreement":
        return what
    return _("%(what)s: %(document)s") % {"what": what, "document": document_name(task.subject.said["kind"])}


def document_name(kind: str) -> str:
    """What an agreement of this kind is called."""
    return coded("agreement", f"{kind}_agreement")


def _about(task: Task) -> Cell:
    case = task.case
    if case is None or case.kind not in ("exchange", "grant"):
        return Cell(task.about)
    return Cell(task.about, note=_note(case), href=f"/cases/{case.id}")


def _due(task: Task) -> Cell:
    due = task.subject.due_at
    if due is None:
        return Cell(_("no date"))
    return Cell(moment(due), note=ago(due), tag=Tag(_("late"), "bad") if task.late else None)


def case_columns() -> list[Column]:
    return [
        Column(_("Case")),
        Column(_("Where it stands")),
        Column(_("Next date")),
        Column(_("Amount"), number=True),
    ]


def case_cells(rows: Sequence[Row]) -> Cells:
    return [_case_row(row) for row in rows]


def _case_row(row: Row) -> list[Any]:
    with speaking_of(grant=_is_grant(row.case)):
        title = Cell(row.title, note=_note(row.case), href=f"/cases/{row.case.id}")
        return [title, Cell(tag=_status(row)), _next_date(row), _amount(row)]


def _note(case: Case) -> str:
    """Number and visitor: what tells two cases between the same towns apart."""
    return " · ".join(filter(None, (case.number, case.visitor)))


def is_owed(row: Row) -> bool:
    """Whether its amount is owed or was paid: not that of a case that ended otherwise."""
    return bool(row.case.amount_cents) and (not row.ended_at or row.case.status == "application.closed")


def _amount(row: Row) -> str:
    if not is_owed(row):
        return "–"
    return money(row.case.amount_cents, row.case.currency)


def _status(row: Row) -> Tag:
    aggregate, _dot, state = row.case.status.partition(".")
    if state == "rejected":
        return Tag(state_word(aggregate, state), "bad")
    return Tag(state_word(aggregate, state), "plain" if row.ended_at else "wait" if row.late else "good")


def _next_date(row: Row) -> Cell:
    if row.case.due_at is None:
        return Cell("–")
    return Cell(
        day(row.case.due_at), note=ago(row.case.due_at), tag=Tag(_("late"), "bad") if row.late else None
    )


def narrowed(wanted: Wanted) -> str:
    """What a list of cases is narrowed to, in words; empty when it is not."""
    said = (
        f"“{wanted.q.strip()}”" if wanted.q.strip() else "",
        _(STAGES.get(wanted.stage, wanted.stage)) if wanted.stage else "",
        dict(which_choices()).get(wanted.which, ""),
    )
    return ", ".join(filter(None, said))


def which_choices() -> list[tuple[str, str]]:
    return [("open", _("open")), ("late", _("past their deadline"))]


def stage_choices() -> list[tuple[str, str]]:
    return [(key, _(words)) for key, words in STAGES.items()]
