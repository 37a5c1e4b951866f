"""Who must hear what of a visit: report, validation, result."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES, REMINDED
from services.notifications.notices.notice import MOVERS, Notice

VISIT: Mapping[str, tuple[Notice, ...]] = {
    "visit.ended": (
        Notice(
            ("VO",),
            _("Your report is due: %(title)s"),
            (_("We hope it was a good visit. Report on it, with your evidence."),),
            money=(_("The lump sum is paid after that."),),
            move=MOVES["visit.report_due"],
            button=_("Write the report"),
            page="/visits/{subject}/report",
            payer=True,
        ),
        Notice(
            ("HO",),
            _("Was %(visitor)s with you?"),
            (_("Please confirm that the visit took place, and on how many working days."),),
            button=_("Confirm the visit"),
            page="/visits/{subject}/confirm",
        ),
    ),
    "visit.reported": (
        Notice(
            ("VOP",),
            _("A report waits for you: %(title)s"),
            (_("Working days reported: %(done)s."),),
            money=(_("The payment waits for your validation."),),
            move=MOVES["visit.report_submitted"],
            button=_("Look at the report"),
            page="/visits/{subject}/validate",
        ),
    ),
    "visit.revised": (
        Notice(
            ("VOP",),
            _("The report was revised: %(title)s"),
            (_("It waits for you again."),),
            move=MOVES["visit.report_submitted"],
            button=_("Look at the report"),
            page="/visits/{subject}/validate",
        ),
    ),
    "visit.returned": (
        Notice(
            ("VO",),
            _("Something is missing in your report: %(title)s"),
            (_("The reason: %(reason)s. What is needed stands on the page of the visit."),),
            move=MOVES["visit.report_changes"],
            button=_("Revise the report"),
            page="/visits/{subject}/revise",
            payer=True,
        ),
    ),
    "visit.escalated": (
        Notice(
            ("VO",),
            _("Your report is late: %(title)s"),
            (_("Without it the officer may end the case."),),
            money=(_("Nothing can be paid then."),),
            move=MOVES["visit.report_due"],
            button=_("Write the report"),
            page="/visits/{subject}/report",
            payer=True,
        ),
        Notice(
            ("VOP",),
            _("A report is late: %(title)s"),
            (_("The visitor has been told. You may end the case, or give it more time by doing nothing."),),
        ),
    ),
    "visit.validated": (
        Notice(
            ("VO",),
            _("Your visit is validated: %(title)s"),
            (_("Working days done: %(done)s."),),
            money=(_("The amount that follows from them is %(amount)s."),),
            payer=True,
        ),
        Notice(("HO", "HOP"), _("The visit is validated: %(title)s"), (_("Working days done: %(done)s."),)),
    ),
    "visit.not_completed": (
        Notice(
            ("VO",),
            _("The visit does not count: %(title)s"),
            (
                _("Fewer working days were done than the scheme asks for, or there was no report."),
                _("You may appeal until %(due)s; after that the result is final."),
            ),
        ),
    ),
    "visit.appealed": (
        Notice(
            ("COORD",),
            _("An appeal about a visit: %(title)s"),
            (_("%(visitor)s asks that the result is looked at again."),),
            move=MOVES["visit.not_completed"],
            button=_("Open the visit"),
            page="/visits/{subject}",
        ),
    ),
    "visit.reopened": (
        Notice(
            ("VO", "VOP"),
            _("Looked at again: %(title)s"),
            (_("The appeal was granted; the report is looked at again."),),
        ),
    ),
    "visit.appeal_refused": (
        Notice(
            ("VO",), _("Your appeal was refused: %(title)s"), (_("The result stands and becomes final."),)
        ),
    ),
    "visit.reminded": (
        Notice(
            ("COORD",),
            _("A report is not looked at in time: %(title)s"),
            (_("The time to validate the days actually done is over, and the payment waits for it."),),
            move=MOVES["visit.report_submitted.COORD"],
            when=("number", 3),
        ),
        Notice(
            (MOVERS,),
            _("Reminder: %(title)s waits for you"),
            (_("It stands at: %(state)s."),),
            move=REMINDED,
        ),
    ),
}
