"""Who must hear what of a member's books: months that wait for a second person, reports to the funder."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES
from services.notifications.notices.notice import Notice

_REPORT = "/funder-reports/{subject}"
_OPEN_REPORT = _("Open the report")

BOOKS: Mapping[str, tuple[Notice, ...]] = {
    "period.proposed": (
        Notice(
            ("APPROVER", "TREASURER"),
            _("A month waits for the second of two people"),
            (_("A first person has proposed to close it. After that nothing is entered in it any more."),),
            move=MOVES["period.proposed"],
            button=_("Open the month"),
            page="/periods/{subject}",
        ),
    ),
    "retention.fell_due": (
        Notice(
            ("APPROVER", "TREASURER"),
            _("Records need not be kept any longer"),
            (
                _("The time for which the records of an action are kept is over, and nothing of it is open."),
                _("Two of you remove what is personal in them, or somebody holds them with a reason."),
            ),
            move=MOVES["retention.due"],
            button=_("Open the records"),
            page="/retentions/{subject}",
        ),
    ),
    "retention.proposed": (
        Notice(
            ("APPROVER", "TREASURER"),
            _("The removal of personal data waits for the second of two people"),
            (_("A first person has proposed it. Once you agree, the next nightly run removes it for good."),),
            move=MOVES["retention.proposed"],
            button=_("Open the records"),
            page="/retentions/{subject}",
        ),
    ),
    "funder_report.prepared": (
        Notice(
            ("COORD",),
            _("A report to the funder is ready to be sent"),
            (_("It comes to %(total)s, indirect costs included. Look at it before you send it."),),
            move=MOVES["funder_report.prepared"],
            button=_OPEN_REPORT,
            page=_REPORT,
        ),
    ),
    "funder_report.taken_back": (
        Notice(
            ("APPROVER", "TREASURER"),
            _("A report to the funder was taken back before it was sent"),
            (_("It is a draft again: something in it has to be changed first."),),
            move=MOVES["funder_report.draft"],
            button=_OPEN_REPORT,
            page=_REPORT,
        ),
    ),
    "funder_report.sent_back": (
        Notice(
            ("APPROVER", "TREASURER"),
            _("The funder has sent a report back"),
            (_("What it wants stands with the report. The version that was sent is kept."),),
            move=MOVES["funder_report.sent_back"],
            button=_OPEN_REPORT,
            page=_REPORT,
        ),
    ),
    "funder_report.cuts_noted": (
        Notice(
            ("APPROVER", "TREASURER"),
            _("What the funder cut waits for the second of two people"),
            (
                _(
                    "A first person has entered cuts of %(cut)s. Once one of you confirms them, the member bears them."
                ),
            ),
            move=MOVES["funder_report.cuts_noted"],
            button=_OPEN_REPORT,
            page=_REPORT,
        ),
    ),
    "funder_report.accepted": (
        Notice(
            ("APPROVER", "TREASURER"),
            _("The funder has accepted a report"),
            (_("It accepted costs of %(accepted)s; %(cut)s were cut. Its reasons stand with the report."),),
            button=_OPEN_REPORT,
            page=_REPORT,
        ),
    ),
}
