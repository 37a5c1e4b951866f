"""Who must hear what before there is an exchange: group visits and proposals."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES
from services.notifications.notices.notice import Notice

_GROUP = "/groups/{subject}"
_OPEN_GROUP = _("Open the group visit")

MATCHING: Mapping[str, tuple[Notice, ...]] = {
    "group.planned": (
        Notice(
            ("HO",),
            _("%(partnership)s asks you to receive a group"),
            (
                _(
                    "You accept once for all members. The agenda, the days and the number of places stand on its page."
                ),
            ),
            move=MOVES["group.draft"],
            button=_OPEN_GROUP,
            page=_GROUP,
        ),
    ),
    "group.opened": (
        Notice(
            ("ORGANISER", "VOP"),
            _("%(host)s receives the group"),
            (_("Organisations of your partnership can join now, each with an application of its own."),),
            button=_OPEN_GROUP,
            page=_GROUP,
        ),
    ),
    "group.revised": (
        Notice(
            ("VO", "HO", "HOP"),
            _("The agenda of your group visit to %(host)s has changed"),
            (
                _(
                    "Commitments that were open for signature are signed anew, with the text as it stands now."
                ),
                _(
                    "Who has a Commitment that everybody signed asks for an amendment, or keeps the agenda as signed."
                ),
            ),
            button=_OPEN_GROUP,
            page=_GROUP,
        ),
    ),
    "group.fixed": (
        Notice(
            ("ORGANISER", "HO"),
            _("The members of the group visit to %(host)s are fixed"),
            (_("The time to join is over. Who travels stands on its page."),),
            button=_OPEN_GROUP,
            page=_GROUP,
        ),
    ),
    "group.cancelled": (
        Notice(
            ("VO", "HO", "VOP", "HOP"),
            _("The group visit to %(host)s is cancelled"),
            (
                _("The reason: %(reason)s. What the organiser wrote stands on its page."),
                _("Your own case is not ended by that: withdraw it, or leave it to your officer."),
            ),
            button=_OPEN_GROUP,
            page=_GROUP,
        ),
    ),
    "proposal.made": (
        Notice(
            ("HO",),
            _("%(visitor)s proposes an exchange"),
            (_("%(visitor)s would like to visit you. Their message stands on the page of the proposal."),),
            move=MOVES["proposal.open"],
            button=_("Answer the proposal"),
            page="/proposals/{subject}",
        ),
    ),
    "proposal.accepted": (
        Notice(
            ("VO",),
            _("%(host)s has accepted: you are matched"),
            (_("You can fill in your application now. You see the lump sum while you do."),),
            move=MOVES["proposal.accepted"],
            button=_("Begin the application"),
            page="/proposals/{subject}/application",
        ),
    ),
    "proposal.declined": (
        Notice(
            ("VO",),
            _("%(host)s has declined"),
            (_("The proposal has ended. You can propose an exchange to another host."),),
            button=_("Find another host"),
            page="/catalogue",
        ),
    ),
    "proposal.withdrawn": (
        Notice(
            ("HO",),
            _("%(visitor)s has taken the proposal back"),
            (_("You need not do anything."),),
            button=_("Open the proposal"),
            page="/proposals/{subject}",
        ),
    ),
    "proposal.expired": (
        Notice(
            ("VO",),
            _("%(host)s did not answer in time"),
            (_("The proposal has expired. You can propose an exchange to another host."),),
            button=_("Find another host"),
            page="/catalogue",
        ),
    ),
    "proposal.reminded": (
        Notice(
            ("HO",),
            _("Reminder: %(visitor)s waits for your answer"),
            (_("Without an answer the proposal expires."),),
            move=MOVES["proposal.open"],
            button=_("Answer the proposal"),
            page="/proposals/{subject}",
        ),
    ),
}
