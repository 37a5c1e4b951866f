"""What a person reads where it is nobody's move, and the posts of the roads. The moves are contracts.words.moves.

Keys are states of the contracts' tables; a test holds that every status a case can have is worded here.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from contracts.words.kinds import mark as _

SIGN_SEVERAL = (_("read and sign %(num)s document"), _("read and sign %(num)s documents"))

NOBODY: Mapping[str, str] = {
    "application.submitted": _("Relais checks the rules of the scheme. This takes seconds."),
    "application.assessed": _("The review is over. The ranking of its cut-off decides, and is announced."),
    "application.selected": _("The officer has approved it. Relais reserves the money; this takes seconds."),
    "application.awarded": _("The documents to be signed are being opened. This takes seconds."),
    "application.granted": _("All have signed. The visit is being planned."),
    "voucher.used_up": _("The grant is used up and counted."),
    "voucher.expired": _("The time to use the grant is over. What was left has gone back to the budget."),
    "voucher.cancelled": _("The grant was cancelled. The money has gone back to the budget."),
    "application.rejected": _(
        "The application was rejected. The decision becomes final when nobody appeals."
    ),
    "application.withdrawn": _(
        "The visitor has withdrawn. Money that was reserved has gone back to the budget."
    ),
    "application.lapsed": _("The time was over. What was reserved has gone back to the budget."),
    "application.cancelled": _("The exchange was cancelled. The money has gone back to the budget."),
    "application.not_completed": _("The visit does not count, and nothing is paid."),
    "application.closed": _("The exchange is closed and counted for the visitor's partnership."),
    "visit.planned": _("Nobody has to do anything until the visit begins."),
    "visit.ongoing": _("The visit goes on. When it is over, the visitor reports."),
    "visit.validated": _("The visit is validated. What is owed is worked out; this takes seconds."),
    "visit.not_completed": _("The visit does not count. The result becomes final when nobody appeals."),
    "visit.closed": _("The exchange is being closed."),
    "claim.approved": _("The claim is approved. The paying member puts it into its next batch of payments."),
    "claim.ordered": _("The bank has been told to pay."),
    "claim.paid": _("The money has been paid. The claim closes when the bank can no longer return it."),
    "claim.rejected": _("The claim was rejected. The decision becomes final when nobody appeals."),
    "claim.expired": _("The time to claim was over. This becomes final when nobody appeals."),
    "claim.closed": _("The claim is closed. The exchange is being counted."),
    "claim.recovering": _("Money was demanded back. It is reminded three times."),
    "claim.recovered": _("What was demanded back has been paid or waived."),
    "registration.waiting": _("You are in line. When a place becomes free, the first in line is asked."),
    "registration.confirmed": _("The place is yours. Bring the code of your registration to the door."),
    "registration.rejected": _("The organiser could not admit this registration."),
    "registration.declined": _("The place went to the next in line."),
    "registration.offer_expired": _(
        "The offer was not answered in time; the place went to the next in line."
    ),
    "registration.cancelled": _("This registration is cancelled."),
}
"""Status in which it is nobody's move → what goes on."""

FINAL: Mapping[str, str] = {
    "application.rejected": _("The application was rejected, and the decision is final."),
    "claim.rejected": _("The claim was rejected, and the decision is final."),
    "claim.expired": _("The time to claim was over. Nothing is paid."),
    "visit.not_completed": _("The visit does not count, and nothing is paid."),
}
"""The same once nobody can appeal any more."""


class Milestone(NamedTuple):
    """A post of the road. reached: the facts that reach it; done and ahead: its title before and after."""

    key: str
    reached: tuple[str, ...]
    done: str
    ahead: str


EXCHANGE: tuple[Milestone, ...] = (
    Milestone("matched", ("proposal.accepted",), _("Matched"), _("Match")),
    Milestone("submitted", ("application.submitted",), _("Submitted"), _("Application")),
    Milestone("checked", ("application.admitted",), _("Eligibility checked"), _("Eligibility check")),
    Milestone(
        "opinion",
        ("application.opined",),
        _("Opinion of the host's partnership"),
        _("Opinion of the host's partnership"),
    ),
    Milestone("decision", ("application.selected",), _("Approved"), _("Decision")),
    Milestone("award", ("application.awarded",), _("Money reserved, awarded"), _("Budget")),
    Milestone("signatures", ("application.granted",), _("Signed by all, granted"), _("Signatures")),
    Milestone("visit", ("visit.ended",), _("Visit done"), _("Visit")),
    Milestone("report", ("visit.reported",), _("Report submitted"), _("Report")),
    Milestone("validation", ("visit.validated",), _("Visit validated"), _("Validation of the days done")),
    Milestone(
        "claim", ("claim.paid",), _("Claim checked, approved, paid"), _("Claim checked, approved, paid")
    ),
    Milestone("closing", ("application.closed",), _("Closed and counted"), _("Closed and counted")),
)

GRANT: tuple[Milestone, ...] = (
    Milestone("submitted", ("application.submitted",), _("Submitted"), _("Application")),
    Milestone("checked", ("application.admitted",), _("Eligibility checked"), _("Eligibility check")),
    Milestone("decision", ("application.selected",), _("Approved"), _("Decision")),
    Milestone("award", ("application.awarded",), _("Money reserved, awarded"), _("Budget")),
    Milestone("signatures", ("application.granted",), _("Signed by all, granted"), _("Signatures")),
    Milestone("use", ("report.submitted",), _("Reported"), _("Use and report")),
    Milestone(
        "claim", ("claim.paid",), _("Claim checked, approved, paid"), _("Claim checked, approved, paid")
    ),
    Milestone("closing", ("application.closed",), _("Closed and counted"), _("Closed and counted")),
)
"""Under a call whose grants are used within a time."""

TRIP: tuple[Milestone, ...] = (
    *GRANT[: [one.key for one in GRANT].index("use")],
    *(one for one in EXCHANGE if one.key in ("visit", "report", "validation", "claim", "closing")),
)
"""A visit without host."""

REGISTRATION: tuple[Milestone, ...] = (
    Milestone("admission", ("registration.submitted",), _("Registered"), _("Admission by the organiser")),
    Milestone("place", ("registration.confirmed",), _("Place confirmed"), _("Place")),
    Milestone("event", ("attendance.recorded",), _("Checked in"), _("The event")),
    Milestone("feedback", ("registration.feedback_given",), _("Feedback given"), _("Feedback")),
)

ROADS: Mapping[str, tuple[Milestone, ...]] = {
    "exchange": EXCHANGE,
    "grant": GRANT,
    "registration": REGISTRATION,
}


def road_of(kind: str, said: Mapping[str, Any]) -> tuple[Milestone, ...]:
    """The road of a case of this kind; said: what it was submitted with. A call with a form says what a grant leads
    to."""
    fulfilment = said.get("rules", {}).get("fulfilment", {}).get("kind")
    if fulfilment == "voucher":
        return GRANT
    return TRIP if kind == "grant" and fulfilment == "visit" else ROADS[kind]


DETOURS = frozenset(
    {
        "application.rescheduled",
        "application.returned",
        "application.revised",
        "application.escalated",
        "application.short_of_budget",
        "application.rejected",
        "application.appealed",
        "application.reopened",
        "application.appeal_refused",
        "application.finalised",
        "application.withdrawn",
        "application.lapsed",
        "application.cancelled",
        "application.not_completed",
        "agreement.refused",
        "amendment.requested",
        "amendment.refused",
        "amendment.withdrawn",
        "amendment.lapsed",
        "amendment.in_force",
        "voucher.surrendered",
        "visit.returned",
        "visit.revised",
        "visit.escalated",
        "visit.not_completed",
        "visit.appealed",
        "visit.reopened",
        "visit.appeal_refused",
        "claim.returned",
        "claim.revised",
        "claim.rejected",
        "claim.expired",
        "claim.payment_failed",
        "claim.appealed",
        "claim.reopened",
        "claim.appeal_refused",
        "claim.replaced",
        "registration.queued",
        "registration.offered",
        "registration.declined",
        "registration.offer_expired",
        "registration.rejected",
        "registration.cancelled",
    }
)
"""Facts that are no post of the straight road, and become one where they happened."""

APPEAL_WINDOW = _("Time to appeal")
APPEAL_MADE = _("Decision on the appeal")

STAGES: Mapping[str, str] = {
    "checked": _("Checking"),
    "opinion": _("Opinion"),
    "decision": _("Decision"),
    "award": _("Budget"),
    "signatures": _("Signatures"),
    "visit": _("Visit ahead"),
    "use": _("Grant in use"),
    "report": _("Report due"),
    "validation": _("Validation"),
    "claim": _("Claim"),
    "closing": _("Closing"),
    "appeal": _("Time to appeal"),
    "admission": _("Registration to admit"),
    "place": _("Waiting for a place"),
    "event": _("Place confirmed"),
    "feedback": _("Feedback asked"),
}
"""Post where a case is now → how the monitor and lists call it, in the order of the road."""

PARTS: tuple[tuple[str, str], ...] = (
    ("VO", _("Visitor")),
    ("VOP", _("Visitor's partnership")),
    ("HO", _("Host")),
    ("HOP", _("Host's partnership")),
    ("PAY", _("Payer")),
    ("ORGANISER", _("Organiser")),
    ("REGISTRANT", _("Participant")),
)
"""Parties of a case in the order in which a page names them."""

PARTS_OF_A_GRANT: Mapping[str, str] = {"VO": _("Applicant"), "VOP": _("Partnership")}
"""What the same parties are called where nobody visits anybody."""
