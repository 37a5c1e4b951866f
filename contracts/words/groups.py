"""Words of group visits."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "proposal.joined": _("Joined a group visit"),
    "group.planned": _("A group visit was planned and the host asked"),
    "group.opened": _("The host accepted once for all members"),
    "group.revised": _("The shared agenda was changed"),
    "group.fixed": _("The time to join is over"),
    "group.lessons_noted": _("What was learned was noted"),
    "group.cancelled": _("The group visit was cancelled"),
    "group.delegate_named": _("A delegate was named"),
    "group.delegate_removed": _("A delegate was taken off the list"),
}
ACTS: dict[str, ActWords] = {
    "proposal.join": ActWords(
        _("Join a group visit"),
        _("Join the group"),
        _(
            "You apply for your own grant; days and agenda are the group's. Your place is taken when you submit."
        ),
    ),
    "group.plan": ActWords(
        _("Plan a group visit"),
        _("Ask the host"),
        _(
            "The host accepts once for all. After that organisations join, each with an application of its own."
        ),
    ),
    "group.open": ActWords(
        _("Receive this group"),
        _("Accept it for all members"),
        _(
            "You are not asked again for each of them. You sign the Commitment to Quality with everyone who is awarded."
        ),
    ),
    "group.change_agenda": ActWords(
        _("Change the shared agenda"),
        _("Change it for all members"),
        _(
            "Commitments that are open for signature are void and signed anew. Those that everybody has signed stay as"
            " they are: such a member asks for an amendment."
        ),
    ),
    "group.note_lessons": ActWords(
        _("Note what was learned"),
        _("Keep the note"),
        _(
            "It stands on the group's page, for all members. Clusters name the visit where a service comes from."
        ),
    ),
    "group.cancel": ActWords(
        _("Cancel this group visit"),
        _("Cancel it"),
        _(
            "Nobody joins any more. The members' cases are ended after that, each by itself, on the group's page."
        ),
    ),
    "group.name_delegate": ActWords(_("Name a delegate"), _("Put on the list")),
    "group.remove_delegate": ActWords(_("Take a delegate off the list"), _("Take off the list")),
}
STATES: dict[str, str] = {
    "group.draft": _("the host is asked"),
    "group.open": _("open to join"),
    "group.fixed": _("members are fixed"),
    "group.cancelled": _("cancelled"),
}
REFUSALS: dict[str, str] = {
    "group-join-until": _(
        "Members need time between joining and leaving: enter a day from today on and before the first day."
    ),
    "group-too-late": _("The last day to join is over. Ask the organiser to plan the visit anew."),
    "group-not-open": _(
        "Nobody joins this group any more. Look for another one, or propose an exchange of your own."
    ),
    "group-cancelled": _(
        "The group visit of this case was cancelled. End the case: its applicant withdraws it, or an officer"
        " refuses it."
    ),
    "group-full": _("All places of this group are taken. Try again when a member has left."),
    "group-days": _("A group visit ends after it begins, and nobody joins after that. Correct the days."),
    "group-shares": _("Days and agenda are the group's and the same for all members. Leave this answer out."),
    "open-not-now": _("The host has answered already."),
    "change-agenda-not-now": _("This group visit was cancelled. Its agenda is not changed any more."),
    "note-lessons-not-now": _("This group visit was not held. Nothing is noted."),
    "group-not-over": _("The group visit ends on %(day)s. Note what was learned after that."),
    "name-delegate-not-now": _("This group visit was cancelled. Its list is closed."),
    "remove-delegate-not-now": _("This group visit was cancelled. Its list is closed."),
    "delegates-too-many": _("A list names up to %(most)s delegates. Take somebody off first."),
    "delegate-no-partner": _(
        "This organisation is no partner: whoever travels for it is a third party and applies for a grant."
    ),
    "delegate-of-partner": _(
        "This organisation is a partner: its staff travels at its own cost, without a grant."
    ),
    "no-such-delegate": _("This person is not on the list. Choose one who is."),
    "group-not-cancelled": _(
        "This group visit is not cancelled. Cancel it first, or end a single case on its page."
    ),
    "group-nothing-to-sign": _("Choose at least one Commitment to sign."),
}
CODES: dict[str, str] = {
    "host_cannot": _("The host cannot receive the group"),
    "too_few_members": _("Too few have joined"),
    "not_safe": _("Travelling there is not safe"),
    "partner_staff": _("Staff of a partner, at its own cost"),
    "third_party": _("Third party, with a grant of its own"),
}
PARTIES: dict[str, str] = {}
