"""What comes of a case and its tasks when nobody acts, said before it happens."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _

COMING: Mapping[str, str] = {
    "application.admitted": _("The application goes into review"),
    "application.escalated": _("The coordinator and a named deputy are told that there is no decision"),
    "application.assessed": _("The review ends: the ranking decides"),
    "application.rejected": _("The application is rejected"),
    "application.lapsed": _("The application lapses: its time is over"),
    "application.finalised": _("The decision becomes final"),
    "application.reminded": _("A reminder is sent"),
    "stage.escalated": _("The coordinator and a named deputy are told that nobody has answered"),
    "stage.third_needed": _("A third evaluator is needed: the scores are far apart"),
    "stage.met": _("The task counts as done"),
    "stage.refused": _("The task ends with a no"),
    "stage.voided": _("The task counts no more"),
    "stage.reminded": _("A reminder is sent"),
}
"""`stage.refused` → what would be said of it, as a line of the road yet to come."""
