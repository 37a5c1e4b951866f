"""Who must hear what of a review: holders of its tasks, and evaluators, who are told nothing of the application."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES
from services.notifications.notices.notice import Notice

_TASK = "/stages/{subject}"
_PART = "/assessments/{subject}"
_OPEN = _("Open the task")
_HOLDERS = ("VOP", "HOP", "PAY", "COORD", "AGENCY")
"""Whoever of them has the task now."""
_STANDING_IN = Notice(
    ("DEPUTY",),
    _("You stand in for an officer: %(title)s"),
    (_("The officer's time for this task was over, and you are named deputy."),),
    move=MOVES["stage.open.DEPUTY"],
    button=_("Act for the officer"),
    page="/mandates",
)

REVIEW: Mapping[str, tuple[Notice, ...]] = {
    "stage.opened": (
        Notice(
            _HOLDERS,
            _("Evaluators are needed: %(title)s"),
            (_("%(visitor)s has applied under “%(call)s”, and evaluators score it."),),
            move=MOVES["stage.open.scored"],
            button=_("Assign evaluators"),
            page=_TASK,
            when=("kind", "score"),
        ),
        Notice(
            _HOLDERS,
            _("A task of the review waits for you: %(title)s"),
            (_("%(visitor)s has applied under “%(call)s”."),),
            move=MOVES["stage.open"],
            button=_OPEN,
            page=_TASK,
        ),
    ),
    "stage.reassigned": (
        Notice(
            _HOLDERS,
            _("A task of the review is yours: %(title)s"),
            (_("An officer has given it to you, or changed until when it is due."),),
            move=MOVES["stage.open"],
            button=_OPEN,
            page=_TASK,
        ),
    ),
    "stage.escalated": (
        Notice(
            _HOLDERS,
            _("No answer in time: %(title)s"),
            (
                _(
                    "The time for this task was over. The coordinator and a named deputy are told too, "
                    "and a new date is set."
                ),
            ),
            move=MOVES["stage.open"],
            button=_OPEN,
            page=_TASK,
        ),
        _STANDING_IN,
    ),
    "stage.third_needed": (
        Notice(
            _HOLDERS,
            _("A third evaluator is needed: %(title)s"),
            (_("The scores are further apart than the call allows."),),
            move=MOVES["stage.open"],
            button=_OPEN,
            page=_TASK,
        ),
    ),
    "stage.reminded": (
        Notice(
            _HOLDERS,
            _("Reminder: a task of the review, %(title)s"),
            (_("It still waits for you."),),
            move=MOVES["stage.open"],
            button=_OPEN,
            page=_TASK,
        ),
        _STANDING_IN,
    ),
    "assessment.assigned": (
        Notice(
            ("EVALUATOR",),
            _("You are asked to evaluate an application"),
            (_("First you declare whether an interest of yours conflicts. The text opens after that."),),
            move=MOVES["assessment.assigned"],
            button=_("Open it"),
            page=_PART,
        ),
    ),
    "assessment.reopened": (
        Notice(
            ("EVALUATOR",),
            _("Your score sheet is open again"),
            (_("An officer has opened it again. Its scores count when you submit it anew."),),
            move=MOVES["assessment.accepted"],
            button=_("Open it"),
            page=_PART,
        ),
    ),
    "assessment.reminded": (
        Notice(
            ("EVALUATOR",),
            _("Reminder: an application waits for your evaluation"),
            (_("If you cannot do it, decline, and somebody else is asked."),),
            move=MOVES["assessment.accepted"],
            button=_("Open it"),
            page=_PART,
        ),
    ),
    "assessment.declined": (
        Notice(
            ("VOP",),
            _("An evaluator does not take part"),
            (_("The reason: %(reason)s. Assign somebody else, unless enough others take part."),),
            button=_("Open the evaluation"),
            page=_PART,
        ),
    ),
}
