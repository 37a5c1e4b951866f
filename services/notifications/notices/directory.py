"""Who must hear what of organisations, of partnerships' deliverables and labels, and of taking part."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES
from services.notifications.notices.notice import Notice

_PARTICIPATION = "/participations/{subject}"
_DELIVERABLE = "/deliverables/{subject}"
_OPEN_DELIVERABLE = _("Open the deliverable")
_OPEN_PARTICIPATION = _("Open the participation")

DIRECTORY: Mapping[str, tuple[Notice, ...]] = {
    "organisation.confirmed": (
        Notice(
            ("OFFICER",),
            _("%(organisation)s was confirmed by its signatory"),
            (_("The legal signatory of %(organisation)s has confirmed what was registered."),),
            move=MOVES["organisation.confirmed"],
            button=_("Open the organisation"),
            page="/organisations/{subject}",
        ),
    ),
    "organisation.unmerged": (
        Notice(
            ("OFFICER",),
            _("The merge of %(organisation)s was taken back"),
            (_("%(organisation)s is a record of its own again, confirmed by its signatory."),),
            move=MOVES["organisation.confirmed"],
            button=_("Open the organisation"),
            page="/organisations/{subject}",
            when=("back_to", "confirmed"),
        ),
    ),
    "deliverable.planned": (
        Notice(
            ("LEAD",),
            _("A deliverable of %(partnership)s is yours"),
            (_("%(partnership)s has planned a deliverable that your organisation leads."),),
            move=MOVES["deliverable.planned"],
            button=_OPEN_DELIVERABLE,
            page=_DELIVERABLE,
        ),
    ),
    "deliverable.submitted": (
        Notice(
            ("PEER",),
            _("A deliverable of %(partnership)s waits for your review"),
            (_("Its lead has handed in a version. Read it, and agree or say what has to be better."),),
            move=MOVES["deliverable.in_review"],
            button=_OPEN_DELIVERABLE,
            page=_DELIVERABLE,
            when=("peered", True),
        ),
        Notice(
            ("COORD",),
            _("A deliverable of %(partnership)s waits for you"),
            (_("Its lead has handed in a version. Accept it, or say what has to be better."),),
            move=MOVES["deliverable.reviewed"],
            button=_OPEN_DELIVERABLE,
            page=_DELIVERABLE,
            when=("peered", False),
        ),
    ),
    "deliverable.reviewed": (
        Notice(
            ("COORD",),
            _("A deliverable of %(partnership)s was reviewed"),
            (_("The peer agrees with the version. Accept it, or say what has to be better."),),
            move=MOVES["deliverable.reviewed"],
            button=_OPEN_DELIVERABLE,
            page=_DELIVERABLE,
        ),
    ),
    "deliverable.returned": (
        Notice(
            ("LEAD",),
            _("Another version of a deliverable of %(partnership)s is asked for"),
            (_("What has to be better stands beside the version."),),
            move=MOVES["deliverable.returned"],
            button=_OPEN_DELIVERABLE,
            page=_DELIVERABLE,
        ),
    ),
    "deliverable.accepted": (
        Notice(
            ("LEAD", "PEER"),
            _("A deliverable of %(partnership)s was accepted"),
            (_("The coordinator has accepted the version. Nothing more has to be done."),),
            button=_OPEN_DELIVERABLE,
            page=_DELIVERABLE,
        ),
    ),
    "deliverable.reminded": (
        Notice(
            ("LEAD",),
            _("A deliverable of %(partnership)s is due soon"),
            (_("It is due by %(due)s."),),
            move=MOVES["deliverable.planned"],
            button=_OPEN_DELIVERABLE,
            page=_DELIVERABLE,
            when=("stage", "month"),
        ),
        Notice(
            ("LEAD",),
            _("A deliverable of %(partnership)s is due in a few days"),
            (_("It is due by %(due)s."),),
            move=MOVES["deliverable.planned"],
            button=_OPEN_DELIVERABLE,
            page=_DELIVERABLE,
            when=("stage", "week"),
        ),
        Notice(
            ("LEAD", "COORD"),
            _("A deliverable of %(partnership)s is late"),
            (_("It was due by %(due)s. Its lead hands it in, or the coordinator plans another day."),),
            move=MOVES["deliverable.planned"],
            button=_OPEN_DELIVERABLE,
            page=_DELIVERABLE,
            when=("stage", "late"),
        ),
    ),
    "recognition.applied": (
        Notice(
            ("OFFICER",),
            _("%(organisation)s applies for a label"),
            (_("%(organisation)s has applied for a label and will show its certificate."),),
            move=MOVES["recognition.applied"],
            button=_("Open the label"),
            page="/recognitions/{subject}",
        ),
    ),
    "recognition.reminded": (
        Notice(
            ("MEMBER",),
            _("The label of %(organisation)s ends soon"),
            (_("Its validity ends on %(valid_until)s. Arrange the renewal in time."),),
            button=_("Open the label"),
            page="/recognitions/{subject}",
        ),
    ),
    "recognition.expired": (
        Notice(
            ("MEMBER",),
            _("The label of %(organisation)s has expired"),
            (_("It can still be renewed until %(renewable_until)s."),),
            button=_("Open the label"),
            page="/recognitions/{subject}",
        ),
    ),
    "recognition.lapsed": (
        Notice(
            ("MEMBER",),
            _("The label of %(organisation)s has lapsed"),
            (_("It can be renewed no more. A new one is applied for, from the self-assessment on."),),
            button=_("Open the label"),
            page="/recognitions/{subject}",
        ),
    ),
    "factor_reset.asked": (
        Notice(
            ("OFFICER",),
            _("Somebody has lost their second factor"),
            (_("Two people have to be sure that it is they. Talk to them first: a mail is not enough."),),
            move=MOVES["factor_reset.asked"],
            button=_("Open the request"),
            page="/factor-resets/{subject}",
        ),
    ),
    "factor_reset.seconded": (
        Notice(
            ("OFFICER",),
            _("A second person is needed to let somebody begin anew"),
            (_("One officer has agreed. Another one has to be sure as well."),),
            move=MOVES["factor_reset.seconded"],
            button=_("Open the request"),
            page="/factor-resets/{subject}",
        ),
    ),
    "membership.requested": (
        Notice(
            ("OWNER", "OFFICER"),
            _("Somebody asks to act for %(organisation)s"),
            (_("Who asks, and in which role, stands on the page."),),
            move=MOVES["membership.requested"],
            button=_("Open the request"),
            page="/memberships/{subject}",
        ),
    ),
    "mandate.granted": (
        Notice(
            ("AGENT",),
            _("You are named deputy of an officer of %(scope)s"),
            (
                _(
                    "From %(from)s until %(until)s you stand in for an officer of %(scope)s; whose deputy you are, and "
                    "what a deputy does, stands on the page."
                ),
                _("You are told when something waits for you: only what the officer has left too long does."),
            ),
            button=_("Open Acting for somebody"),
            page="/mandates",
            when=("kind", "deputy"),
        ),
        Notice(
            ("PRINCIPAL",),
            _("You have a deputy at %(scope)s"),
            (
                _(
                    "From %(from)s until %(until)s somebody named by the coordinator of %(scope)s may decide in your "
                    "place what you have left too long. Who it is stands on the page."
                ),
                _("Nothing is taken from you: whoever answers first counts."),
            ),
            button=_("Open Acting for somebody"),
            page="/mandates",
            when=("kind", "deputy"),
        ),
        Notice(
            ("AGENT",),
            _("You may act for somebody of %(scope)s"),
            (
                _(
                    "From %(from)s until %(until)s you are the proxy of somebody of %(scope)s: you prepare and answer "
                    "in their place. Whose proxy you are stands on the page, where you also take their place."
                ),
                _("You never sign, declare or decide for them."),
            ),
            button=_("Open Acting for somebody"),
            page="/mandates",
            when=("kind", "proxy"),
        ),
        Notice(
            ("AGENT",),
            _("You have a power of attorney of %(scope)s"),
            (
                _(
                    "From %(from)s until %(until)s you may sign for %(scope)s. Who gave you this power stands on the "
                    "page, where you also take their place."
                ),
                _("Whatever you sign names both of you."),
            ),
            button=_("Open Acting for somebody"),
            page="/mandates",
            when=("kind", "power_of_attorney"),
        ),
        Notice(
            ("OWNER",),
            _("Somebody was named who acts for %(scope)s"),
            (
                _(
                    "From %(from)s until %(until)s somebody acts in the place of a person of %(scope)s. Who it is, for "
                    "whom and whether they sign stands on the page."
                ),
                _("If this is not right, revoke it there: it ends at once."),
            ),
            button=_("Open Acting for somebody"),
            page="/mandates",
        ),
    ),
    "participation.submitted": (
        Notice(
            ("OFFICER",),
            _("%(organisation)s wants to take part"),
            (_("%(organisation)s has asked to take part in %(partnership)s."),),
            move=MOVES["participation.submitted"],
            button=_OPEN_PARTICIPATION,
            page=_PARTICIPATION,
        ),
    ),
    "participation.returned": (
        Notice(
            ("MEMBER",),
            _("%(partnership)s has a question about your participation"),
            (_("Your participation came back: %(reason)s. What has to change stands on its page."),),
            move=MOVES["participation.needs_info"],
            button=_OPEN_PARTICIPATION,
            page=_PARTICIPATION,
        ),
    ),
    "participation.revised": (
        Notice(
            ("OFFICER",),
            _("%(organisation)s has answered"),
            (_("The participation was revised and waits for you again."),),
            move=MOVES["participation.submitted"],
            button=_OPEN_PARTICIPATION,
            page=_PARTICIPATION,
        ),
    ),
    "participation.validated": (
        Notice(
            ("MEMBER",),
            _("Your organisation takes part in %(partnership)s"),
            (
                _("%(partnership)s has validated %(organisation)s."),
                _("You can look for a partner and propose an exchange."),
            ),
            button=_("Find a host"),
            page="/catalogue",
        ),
    ),
    "participation.rejected": (
        Notice(
            ("MEMBER",),
            _("%(partnership)s could not accept your participation"),
            (_("The reason: %(reason)s. The explanation stands on its page."),),
            button=_OPEN_PARTICIPATION,
            page=_PARTICIPATION,
        ),
    ),
    "participation.rested": (
        Notice(
            ("MEMBER",),
            _("Do you still take part in %(partnership)s?"),
            (_("We have not heard from you for a year, so your profile is not shown any more."),),
            move=MOVES["participation.dormant"],
            button=_OPEN_PARTICIPATION,
            page=_PARTICIPATION,
        ),
    ),
    "participation.withdrawn": (
        Notice(
            ("OFFICER",),
            _("%(organisation)s takes part no more"),
            (_("The profile is not listed any more. Cases under way go on."),),
            button=_OPEN_PARTICIPATION,
            page=_PARTICIPATION,
        ),
    ),
}
