"""Words of partnerships: members, work packages, deliverables."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "partnership.formed": _("Partnership formed"),
    "partnership.revised": _("The partnership's own facts were changed"),
    "partnership.planned": _("The partnership said how many exchanges and events it plans"),
    "work_package.planned": _("Work package planned"),
    "work_package.replanned": _("Work package planned anew"),
    "work_package.dropped": _("Work package dropped"),
    "deliverable.planned": _("Deliverable planned"),
    "deliverable.replanned": _("Deliverable planned anew"),
    "deliverable.submitted": _("A version was handed in"),
    "deliverable.reviewed": _("The peer has reviewed it, and agrees"),
    "deliverable.returned": _("Another version is asked for"),
    "deliverable.accepted": _("Accepted by the coordinator"),
    "deliverable.dropped": _("Dropped: nobody waits for it any more"),
    "deliverable.reminded": _("Its lead was reminded of the day"),
}
ACTS: dict[str, ActWords] = {
    "partnership.form": ActWords(_("Form a partnership"), _("Form the partnership")),
    "partnership.revise": ActWords(
        _("Change the partnership"),
        _("Change the partnership"),
        _("Its title, members, themes and period. Running cases go on as they were agreed."),
    ),
    "partnership.plan": ActWords(
        _("How many exchanges and events do you plan?"),
        _("Save the plan"),
        _("Over the whole action. What has taken place is counted by Relais and stands beside it."),
    ),
    "work_package.plan": ActWords(_("Plan a work package"), _("Plan it")),
    "work_package.replan": ActWords(_("Change this work package"), _("Change it")),
    "work_package.drop": ActWords(
        _("Drop this work package"), _("Drop it"), _("Its deliverables stay, without a work package.")
    ),
    "deliverable.plan": ActWords(
        _("Plan a deliverable"),
        _("Plan it, tell its lead"),
        _("The lead hands in versions; the peer reviews each; you accept one."),
    ),
    "deliverable.replan": ActWords(_("Change this deliverable"), _("Change it")),
    "deliverable.submit": ActWords(
        _("Hand in a version"),
        _("Hand it in"),
        _("All versions stay. The peer looks at it next, or the coordinator where there is no peer."),
    ),
    "deliverable.review": ActWords(
        _("Agree with this version"),
        _("Agree, pass it on to the coordinator"),
        _("Your review stands beside the version. Nobody reviews what their own organisation handed in."),
    ),
    "deliverable.return": ActWords(
        _("Ask for another version"), _("Send it back"), _("Say what has to be better. Its lead is told.")
    ),
    "deliverable.accept": ActWords(
        _("Accept this version"),
        _("Accept it"),
        _("Then the deliverable is done. Who handed it in cannot accept it."),
    ),
    "deliverable.refuse": ActWords(
        _("Ask for another version"), _("Send it back"), _("Say what has to be better. Its lead is told.")
    ),
    "deliverable.drop": ActWords(
        _("Drop this deliverable"),
        _("Drop it"),
        _("Its versions stay readable. Nobody is reminded any more."),
    ),
}
STATES: dict[str, str] = {
    "partnership.active": _("active"),
    "work_package.planned": _("planned"),
    "work_package.dropped": _("dropped"),
    "deliverable.planned": _("to be handed in"),
    "deliverable.in_review": _("with its peer"),
    "deliverable.reviewed": _("with the coordinator"),
    "deliverable.returned": _("another version is needed"),
    "deliverable.accepted": _("accepted"),
    "deliverable.dropped": _("dropped"),
}
REFUSALS: dict[str, str] = {
    "last-day-first": _("The last day must come after the first day."),
    "member-needed": _("This organisation is no member of the partnership. Choose one of its members."),
    "member-leads": _(
        "A member that leaves still leads or reviews %(title)s. Give that to another member first."
    ),
    "work-package-once": _("The partnership has a work package of this number. Choose another number."),
    "work-package-days": _("The last day must not come before the first one. Correct one of them."),
    "outside-the-action": _("The action runs from %(first)s to %(last)s. Choose days inside it."),
    "work-package-unknown": _("The partnership has no such work package. Choose one from the list, or none."),
    "peer-is-another": _("Nobody reviews their own work. Choose another member as peer."),
    "due-over": _("This day is over. Choose a later one."),
    "judged-by-another": _(
        "You handed in this version, or belong to who did. Somebody else has to judge it."
    ),
    "partnership-to-choose": _(
        "No partnership is near your cluster or your topics. Choose the one that fits best from the list."
    ),
}
CODES: dict[str, str] = {
    "kind.joint_strategy": _("Joint strategy"),
    "kind.individual_strategy": _("Strategy of one member"),
    "kind.services_programme": _("Programme of services"),
    "kind.handbook": _("Handbook or e-book"),
    "kind.report": _("Report"),
    "kind.event": _("Event, with its proceedings"),
    "kind.sustainability_plan": _("Sustainability plan"),
    "kind.other": _("Something else"),
}
PARTIES: dict[str, str] = {}
