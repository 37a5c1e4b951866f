"""Who must hear what of calls, and of grants without host: corrections, the report, the time to claim."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES
from services.notifications.notices.notice import DRAFTS, Notice

GRANTS: Mapping[str, tuple[Notice, ...]] = {
    "call.corrected": (
        Notice(
            (DRAFTS,),
            _("The call has changed: %(call)s"),
            (
                _("You have begun an application under “%(call)s”. The call was corrected since."),
                _("Open your draft: it shows what has changed, and all your answers are kept."),
            ),
            button=_("Read the call"),
            page="/calls/{subject}",
        ),
    ),
    "call.cancelled": (
        Notice(
            (DRAFTS,),
            _("The call was cancelled: %(call)s"),
            (
                _("You have begun an application under “%(call)s”. Nobody can apply under it any more."),
                _("Your draft stays readable."),
            ),
            button=_("Read why"),
            page="/calls/{subject}",
        ),
    ),
    "cutoff.closed": (
        Notice(
            ("OFFICER", "COORD"),
            _("The time of a cut-off is over: its applications are ranked together"),
            (_("Once all of them are assessed, two people settle the ranking, one after the other."),),
            move=MOVES["cutoff.assessing"],
            button=_("Open the cut-off"),
            page="/cutoffs/{subject}",
        ),
    ),
    "application.announced": (
        Notice(
            ("VO",),
            _("The results are announced: %(call)s"),
            (
                _("Your application %(number)s is to be funded."),
                _("Its money is set aside first; then you are asked to sign."),
            ),
            when=("outcome", "fund"),
            button=_("Open the case"),
        ),
        Notice(
            ("VO",),
            _("The results are announced: %(call)s"),
            (
                _("Your application %(number)s stands on the reserve list."),
                _("When money comes free, the list is served in its order, and you are told."),
            ),
            when=("outcome", "reserve"),
            button=_("Open the case"),
        ),
        Notice(
            ("VO",),
            _("The results are announced: %(call)s"),
            (
                _("Your application %(number)s does not reach what the call asks for."),
                _("The decision follows with its reason, and with the time in which you can appeal."),
            ),
            when=("outcome", "refuse"),
            button=_("Open the case"),
        ),
    ),
    "voucher.issued": (
        Notice(
            ("VO",),
            _("Your grant can be used: %(call)s"),
            (_("Keep the provider's invoice and the proof of payment, and write the report in time."),),
            money=(_("At most %(amount)s can be claimed."),),
            move=MOVES["voucher.issued"],
            button=_("Open the case"),
            payer=True,
        ),
    ),
    "amendment.requested": (
        Notice(
            ("VOP",),
            _("A change of a grant is asked for: %(title)s"),
            (_("What changes, and why, stands on its page."),),
            move=MOVES["amendment.requested"],
            button=_("Look at it and decide"),
            page="/amendments/{subject}",
        ),
        Notice(
            ("HO",),
            _("An exchange may come to you: %(visitor)s"),
            (
                _(
                    "%(visitor)s asks to visit you instead of the host that was planned. What changes, and why,"
                    " stands on its page."
                ),
                _(
                    "If the change is agreed, you and your partnership are asked to sign the new version. Nothing is"
                    " settled before you have."
                ),
            ),
            when=("other_host", True),
            button=_("Look at the change"),
            page="/amendments/{subject}",
        ),
    ),
    "agreement.superseded": (
        Notice(
            ("HO", "HOP"),
            _("An exchange goes to another host: %(visitor)s"),
            (
                _(
                    "Everybody has signed a new version with another host. What you had signed binds you no more; it"
                    " stays readable."
                ),
            ),
            when=("other_host", True),
            button=_("Open what was signed"),
            page="/agreements/{subject}",
        ),
    ),
    "amendment.signing_opened": (
        Notice(
            ("VOS", "HOS", "VOP", "HOP"),
            _("Your signature is needed for a change: %(title)s"),
            (
                _(
                    "The change was agreed. Now everybody signs the new version; the paying member signs last."
                ),
                _("Until the last signature the old terms stand."),
            ),
            move=MOVES["agreement.open"],
            button=_("Read and sign"),
        ),
    ),
    "amendment.refused": (
        Notice(
            ("VO", "VOP"),
            _("The change was refused: %(title)s"),
            (_("The reason: %(reason)s."), _("The old terms stand.")),
            button=_("Open the change"),
            page="/amendments/{subject}",
        ),
    ),
    "amendment.lapsed": (
        Notice(
            ("VO", "VOP"),
            _("The change has lapsed: %(title)s"),
            (_("The reason: %(reason)s."), _("The old terms stand.")),
            button=_("Open the case"),
        ),
    ),
    "amendment.in_force": (
        Notice(
            ("VO", "HO", "VOP", "HOP", "PAY"),
            _("The change is in force: %(title)s"),
            (_("Everybody has signed. From now on the new terms hold."),),
            button=_("Open the case"),
        ),
    ),
    "report.scheduled": (
        Notice(
            ("VO",),
            _("A report is awaited: %(call)s"),
            (_("It is asked for by form. You can write it as soon as the activity is over."),),
            move=MOVES["report.awaited"],
            button=_("Open the report"),
            page="/reports/{subject}",
        ),
    ),
    "report.submitted": (
        Notice(
            ("VOP",),
            _("A report waits for you: %(title)s"),
            (_("Accept it, or say what is missing."),),
            move=MOVES["report.submitted"],
            button=_("Look at the report"),
            page="/reports/{subject}",
        ),
    ),
    "report.revised": (
        Notice(
            ("VOP",),
            _("The report was revised: %(title)s"),
            (_("It waits for you again."),),
            move=MOVES["report.submitted"],
            button=_("Look at the report"),
            page="/reports/{subject}",
        ),
    ),
    "report.returned": (
        Notice(
            ("VO",),
            _("Something is missing in your report: %(call)s"),
            (_("The reason: %(reason)s. What is needed stands on the page of the report."),),
            move=MOVES["report.returned"],
            button=_("Revise the report"),
            page="/reports/{subject}",
        ),
    ),
    "report.rescheduled": (
        Notice(
            ("VO",),
            _("You have more time for your report: %(call)s"),
            (_("The reason: %(reason)s. The new date stands below."),),
            move=MOVES["report.awaited"],
            button=_("Open the report"),
            page="/reports/{subject}",
        ),
    ),
    "voucher.settled": (
        Notice(
            ("VO",),
            _("A claim on your grant has come to its end: %(call)s"),
            (_("%(paid)s was paid of it. %(left)s of your grant is left."),),
            button=_("Open the case"),
        ),
    ),
    "voucher.surrendered": (
        Notice(
            ("VOP", "PAY"),
            _("What was left of a grant was given back: %(title)s"),
            (_("%(left)s goes back to the budget, once the claims that are under way have been paid."),),
            button=_("Open the case"),
        ),
    ),
    "voucher.expired": (
        Notice(
            ("VO",),
            _("The time to claim from your grant is over: %(call)s"),
            (_("What was not claimed has gone back to the budget."),),
            button=_("Open the case"),
        ),
    ),
    "report.accepted": (
        Notice(
            ("VO",),
            _("Your report was accepted: %(call)s"),
            (_("Nothing more is needed for it."),),
            button=_("Open the case"),
        ),
    ),
    "report.waived": (
        Notice(
            ("VO",),
            _("Your report is no longer needed: %(call)s"),
            (_("The reason: %(reason)s. Your grant goes on without it."),),
            button=_("Open the case"),
        ),
    ),
    "report.overdue": (
        Notice(
            ("VO",),
            _("Your report is overdue: %(call)s"),
            (_("Nothing is paid without it. You can still write it."),),
            move=MOVES["report.overdue"],
            button=_("Write the report"),
            page="/reports/{subject}",
        ),
    ),
}
