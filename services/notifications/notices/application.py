"""Who must hear what of an application, from the eligibility check to its end."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES, REMINDED
from services.notifications.notices.notice import MOVERS, PAYER, Notice

_OPINION = "/applications/{case}/opine"
_DECISION = "/cases/{case}"
_ENDED = _("The exchange has ended. Money that was reserved for it has gone back to the budget.")
_BEFORE_YOU_GO = (
    _("Before you go: agree on the agenda with your host, whom you find on the page of the exchange."),
    _("Insure yourself, and take your European health insurance card with you."),
    _("Keep what proves your stay: boarding passes, tickets, invoices of your accommodation."),
    _("Your host's partnership helps you on the spot; its officer is named on the page of the exchange."),
)

APPLICATION: Mapping[str, tuple[Notice, ...]] = {
    "application.submitted": (
        Notice(
            ("VO",),
            _("We have your application %(number)s"),
            (
                _("You want to visit %(host)s, %(days)s. What you have asked for is frozen as you sent it."),
                _("Now Relais checks the rules of the scheme; then the partnerships look at it."),
            ),
            money=(_("The sum is %(amount)s."),),
            actor_too=True,
            without_host=(
                _("You have applied under “%(call)s”. What you have asked for is frozen as you sent it."),
                _("Now Relais checks the rules of the call; then the partnership looks at it."),
            ),
        ),
    ),
    "application.admitted": (
        Notice(
            ("HOP",),
            _("Your opinion is asked: %(title)s"),
            (_("%(visitor)s wants to visit %(host)s, %(days)s. Every rule of the scheme is met."),),
            move=MOVES["application.in_review.HOP"],
            button=_("Give the opinion"),
            page=_OPINION,
        ),
        Notice(
            ("VOP",),
            _("An application waits for your decision: %(title)s"),
            (
                _("%(visitor)s wants to visit %(host)s, %(days)s. Every rule of the scheme is met."),
                _("The host's partnership is asked for its opinion first, where it is another one."),
            ),
            without_host=(_("%(visitor)s has applied under “%(call)s”. Every rule of the call is met."),),
            move=MOVES["application.in_review.VOP"],
            button=_("Look at it and decide"),
            page=_DECISION,
        ),
        Notice(
            ("VO",),
            _("Your application %(number)s is in review"),
            (_("It is complete, and every rule of the scheme is met. The partnerships look at it now."),),
        ),
    ),
    "application.opined": (
        Notice(
            ("VOP",),
            _("The opinion is there: %(title)s"),
            (_("The host's partnership has given its opinion."),),
            move=MOVES["application.in_review.VOP"],
            button=_("Look at it and decide"),
            page=_DECISION,
        ),
    ),
    "application.escalated": (
        Notice(
            ("VOP",),
            _("No decision in time: %(title)s"),
            (
                _(
                    "The time for the decision was over. The coordinator and a named deputy are told, "
                    "and a new date is set."
                ),
            ),
            move=MOVES["application.in_review.VOP"],
            button=_("Look at it and decide"),
            page=_DECISION,
        ),
        Notice(
            ("COORD",),
            _("No decision in time: %(title)s"),
            (_("The time for the decision was over. A new date is set."),),
            move=MOVES["application.in_review.COORD"],
        ),
        Notice(
            ("DEPUTY",),
            _("You stand in for an officer: %(title)s"),
            (_("The officer's time for the decision was over, and you are named deputy."),),
            move=MOVES["application.in_review.DEPUTY"],
            button=_("Act for the officer"),
            page="/mandates",
        ),
    ),
    "application.returned": (
        Notice(
            ("VO",),
            _("Changes are asked for: %(number)s"),
            (_("The reason: %(reason)s. What has to change stands on the page of the exchange."),),
            move=MOVES["application.changes_requested"],
            button=_("Revise the application"),
        ),
    ),
    "application.rescheduled": (
        Notice(
            ("VO",),
            _("You have more time: %(title)s"),
            (_("An officer has given you more time, until %(due)s."),),
        ),
    ),
    "application.revised": (
        Notice(
            ("HOP",),
            _("Your opinion is asked again: %(title)s"),
            (_("The application was revised. Earlier opinions are kept and count no more."),),
            move=MOVES["application.in_review.HOP"],
            button=_("Give the opinion"),
            page=_OPINION,
        ),
        Notice(
            ("VOP",),
            _("The application was revised: %(title)s"),
            (_("It waits for your decision again."),),
            move=MOVES["application.in_review.VOP"],
            button=_("Look at it and decide"),
            page=_DECISION,
        ),
    ),
    "application.short_of_budget": (
        Notice(
            ("COORD",),
            _("Budget is short for %(title)s"),
            (_("The officer has approved it, and it waits on the reserve list with %(amount)s."),),
            move=MOVES["application.awaiting_budget"],
        ),
    ),
    "application.awarded": (
        Notice(
            ("VOS",),
            _("Awarded: sign for %(title)s"),
            (
                _("Your exchange was approved. Now everybody signs."),
                _("If not everybody has signed in time, the place lapses."),
            ),
            without_host=(
                _("Your application was approved. Now everybody signs."),
                _("If not everybody has signed in time, the grant lapses."),
            ),
            money=(_("%(amount)s is reserved for you until then."),),
            move=MOVES["agreement.open"],
            button=_("Read and sign"),
            payer=True,
        ),
        Notice(
            ("HOS", "VOP", "HOP"),
            _("Your signature is needed: %(title)s"),
            (_("The exchange of %(visitor)s with %(host)s, %(days)s, was awarded. Now everybody signs."),),
            without_host=(_("The grant of %(visitor)s under “%(call)s” was awarded. Now everybody signs."),),
            move=MOVES["agreement.open"],
            button=_("Read and sign"),
        ),
        Notice(
            ("VO", "HO"),
            _("Awarded, to be signed: %(title)s"),
            (
                _("Now everybody signs. For your organisation an owner or a signatory does."),
                _(
                    "If none of them uses Relais, have a link mailed to your legal signatory: the document's page does."
                ),
            ),
            payer=True,
        ),
    ),
    "agreement.signed": (
        Notice(
            (PAYER,),
            _("The last signature is yours: %(title)s"),
            (
                _("Everybody else has signed."),
                _("With your signature %(amount)s is owed to %(visitor)s, after the report."),
            ),
            move=MOVES["agreement.open.PAY"],
            button=_("Read and sign"),
        ),
    ),
    "agreement.completed": (
        Notice(
            (PAYER,),
            _("The last signature is yours: %(title)s"),
            (
                _("Everybody else has signed."),
                _("With your signature %(amount)s is owed to %(visitor)s, after the report."),
            ),
            move=MOVES["agreement.open.PAY"],
            button=_("Read and sign"),
        ),
    ),
    "agreement.handed_in": (
        Notice(
            ("VOP", "HOP"),
            _("A signed paper waits to be compared: %(title)s"),
            (
                _("A signatory who does not use Relais has signed on paper."),
                _("Compare it with the document, and confirm it or send it back."),
            ),
            button=_("Open the document"),
            page="/agreements/{subject}",
        ),
    ),
    "agreement.paper_sent_back": (
        Notice(
            ("VO", "HO"),
            _("The signed paper was sent back: %(title)s"),
            (_("The reason: %(reason)s. Hand in another one, or sign here."),),
            button=_("Open the document"),
            page="/agreements/{subject}",
        ),
    ),
    "application.rejected": (
        Notice(
            ("VO",),
            _("Your application %(number)s was rejected"),
            (
                _("The reason: %(reason)s."),
                _("You may appeal until %(due)s; after that the decision is final."),
            ),
        ),
        Notice(
            ("HO",),
            _("No exchange this time: %(title)s"),
            (_("The application was rejected. You need not do anything."),),
        ),
    ),
    "application.granted": (
        Notice(
            ("VO",),
            _("Granted: your visit to %(host)s, %(days)s"),
            (_("Everybody has signed. This is your welcome pack."), *_BEFORE_YOU_GO),
            payer=True,
            subject_without_host=_("Granted: %(call)s"),
            without_host=(
                _("Everybody has signed. Your grant runs %(days)s."),
                _(
                    "Keep the provider's invoice and the proof that you have paid it: they are claimed with the report."
                ),
            ),
        ),
        Notice(
            ("HO",),
            _("%(visitor)s comes to you, %(days)s"),
            (
                _("Everybody has signed. Agree on the agenda with your visitor."),
                _("After the visit you confirm that it took place."),
            ),
        ),
        Notice(
            ("VOP", "HOP"),
            _("Granted: %(title)s"),
            (_("Everybody has signed. The visit takes place %(days)s."),),
            without_host=(_("Everybody has signed. The grant runs %(days)s."),),
        ),
    ),
    "application.withdrawn": (
        Notice(
            ("VO", "HO", "VOP", "HOP"), _("Withdrawn: %(title)s"), (_("The visitor has withdrawn."), _ENDED)
        ),
    ),
    "application.lapsed": (
        Notice(("VO", "HO", "VOP", "HOP"), _("Lapsed: %(title)s"), (_("The reason: %(reason)s."), _ENDED)),
    ),
    "application.cancelled": (
        Notice(
            ("VO", "HO", "VOP", "HOP", "PAY"),
            _("Cancelled: %(title)s"),
            (_("The visit does not take place."), _ENDED),
        ),
    ),
    "application.not_completed": (
        Notice(
            ("VO", "VOP"),
            _("Ended without a completed visit: %(title)s"),
            (_("The result is final."), _ENDED),
        ),
    ),
    "application.closed": (
        Notice(
            ("VO", "HO", "VOP", "HOP"),
            _("Closed: %(title)s"),
            (_("The exchange is complete and counted for %(partnership)s. Thank you for taking part."),),
        ),
    ),
    "application.appealed": (
        Notice(
            ("COORD",),
            _("An appeal: %(title)s"),
            (_("%(visitor)s asks that the rejection is looked at again."),),
            move=MOVES["application.rejected"],
            button=_("Open the application"),
            page="/applications/{case}",
        ),
    ),
    "application.reopened": (
        Notice(
            ("VO", "VOP", "HOP"),
            _("Looked at again: %(title)s"),
            (_("The appeal was granted. The application is in review again, and another person decides."),),
        ),
    ),
    "application.appeal_refused": (
        Notice(
            ("VO",),
            _("Your appeal about %(number)s was refused"),
            (_("The rejection stands and becomes final."),),
        ),
    ),
    "application.finalised": (
        Notice(
            ("VO",),
            _("The decision on %(number)s is final"),
            (_("The appeal was refused, and the rejection stands. You may apply again."),),
            when=("appealed", True),
        ),
        Notice(
            ("VO",),
            _("The decision on %(number)s is final"),
            (_("Nobody appealed in time. You may apply again."),),
        ),
    ),
    "application.reminded": (
        Notice(
            (MOVERS,),
            _("Reminder: %(title)s waits for you"),
            (_("It stands at: %(state)s."),),
            move=REMINDED,
        ),
    ),
}
