"""Words of directory."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "person.described": _("A person's details were recorded"),
    "organisation.registered": _("Organisation registered"),
    "partnership.formed": _("Partnership formed"),
    "participation.submitted": _("Asked to take part"),
    "participation.revised": _("Profile revised"),
    "participation.returned": _("The partnership's officer asked for more"),
    "participation.validated": _("Validated: may take part"),
    "participation.rejected": _("Rejected: does not take part"),
    "participation.rested": _("Resting: nobody has confirmed the interest for a year"),
    "participation.resumed": _("Interest confirmed: takes part again"),
    "participation.withdrawn": _("Withdrawn: takes part no more"),
    "role_grant.granted": _("A role was given"),
    "role_grant.revoked": _("A role was taken away"),
    "sign_in.opened": _("Signed in"),
    "sign_in.revoked": _("Signed out"),
    "sign_in.expired": _("The sign-in ended by itself"),
}
ACTS: dict[str, ActWords] = {
    "person.register": ActWords(
        _("Register somebody else"),
        _("Register this person"),
        _("Everybody who is named in an exchange or an event is registered once, by mail address."),
    ),
    "person.describe": ActWords(
        _("Change your name or language"),
        _("Save the change"),
        _("Your mail address stays: it is what you sign in with."),
    ),
    "organisation.register": ActWords(
        _("Register an organisation"),
        _("Register the organisation"),
        _("You become its owner: you say who else belongs to it."),
    ),
    "partnership.form": ActWords(_("Form a partnership"), _("Form the partnership")),
    "participation.submit": ActWords(
        _("Take part as visitor or host"),
        _("Submit the profile"),
        _("The partnership's officer validates the profile; then hosts and visitors can find each other."),
    ),
    "participation.return": ActWords(_("Ask for more"), _("Send it back to the organisation")),
    "participation.revise": ActWords(_("Revise the profile"), _("Submit the revised profile")),
    "participation.validate": ActWords(
        _("Validate this participation"),
        _("Validate, list in the catalogue"),
        _("Look at the profile and the rules beside it. A validated organisation can propose exchanges."),
    ),
    "participation.reject": ActWords(_("Reject this participation"), _("Reject")),
    "participation.resume": ActWords(
        _("Do you still want to take part?"),
        _("Yes, take part again"),
        _("Once a year the interest is confirmed. Without an answer the profile rests and is not listed."),
    ),
    "participation.withdraw": ActWords(
        _("Take part no more"), _("Withdraw"), _("The profile is not listed any more. Cases under way go on.")
    ),
    "role_grant.grant": ActWords(
        _("Give a role"),
        _("Give this role"),
        _("The person can act in it at once. A role can be taken away again."),
    ),
    "role_grant.revoke": ActWords(
        _("Take a role away"), _("Take it away"), _("What the person has done in it stays as it is.")
    ),
    "sign_in.revoke": ActWords(
        _("End this sign-in"), _("End it"), _("That browser or program has to sign in again.")
    ),
}
STATES: dict[str, str] = {
    "person.active": _("active"),
    "organisation.registered": _("registered"),
    "partnership.active": _("active"),
    "participation.submitted": _("to be validated"),
    "participation.needs_info": _("more is needed"),
    "participation.validated": _("validated"),
    "participation.rejected": _("rejected"),
    "participation.dormant": _("resting"),
    "participation.withdrawn": _("withdrawn"),
    "role_grant.granted": _("given"),
    "role_grant.revoked": _("taken away"),
    "sign_in.open": _("signed in"),
    "sign_in.revoked": _("ended"),
    "sign_in.expired": _("ended by itself"),
}
REFUSALS: dict[str, str] = {
    "mail-address": _("Enter a mail address like name@example.org."),
    "name-malformed": _("Enter a name without signs such as / : @."),
    "too-many-links": _("Too many links were asked for. Wait %(minutes)s minutes and ask again."),
    "link-spent": _("This link was used before or is too old. Ask for another one."),
    "address-known": _("Somebody with this address is registered already. You can name them by it."),
    "person-unknown": _("Nobody is registered with this address. Register the person first."),
    "town-unknown": _("We do not know this town. Choose the nearest one from the list."),
    "cluster-unknown": _("This is not a cluster organisation in our directory. Choose one from the list."),
    "coordinator-no-member": _("The coordinating organisation must be one of the members. Add it to them."),
    "last-day-first": _("The last day must come after the first day."),
    "organisation-unknown": _("One of these organisations is not registered. Register it first."),
    "partnership-unknown": _("There is no such partnership. Choose one from the list."),
    "not-your-organisation": _("You do not belong to this organisation. Ask its owner to make you a member."),
    "own-organisation": _("You belong to this organisation. Another officer has to decide."),
    "participation-once": _(
        "The organisation takes part with this partnership already, or has asked to. Open that profile."
    ),
    "country-not-eligible": _(
        "Organisations registered in %(country)s cannot take part: the scheme is open to the European Union"
        " and the countries associated to it. Choose another organisation, or ask the partnership."
    ),
    "hosts-only": _(
        "Large companies, public authorities and training providers host and do not visit. Take part as host."
    ),
    "visitor-needs-cluster": _(
        "To visit, the organisation must be a member of a cluster organisation; a business network is not"
        " enough. Register it with its cluster, or take part as host."
    ),
    "host-needs-approval": _(
        "This host is no member of a cluster organisation. Enter the reference of the agency's approval."
    ),
    "role-for-oneself": _("Nobody gives a role to themselves. Ask another coordinator or the operator."),
    "role-not-yours": _("You cannot give this role there. Ask the partnership's coordinator."),
    "role-elsewhere": _(
        "This role cannot be held there: officers, coordinators and organisers belong to a partnership, the"
        " operator to Relais, all others to an organisation. Choose another place."
    ),
    "role-held": _("This person has the role there already."),
}
CODES: dict[str, str] = {
    "kind.cluster": _("Cluster organisation"),
    "kind.network": _("Business network"),
    "kind.support": _("Technology centre, research institute, innovation hub, incubator or the like"),
    "kind.sme": _("Small or medium-sized enterprise"),
    "kind.large": _("Large company"),
    "kind.public": _("Public authority"),
    "kind.training": _("Training provider"),
    "side.visitor": _("as visitor"),
    "side.host": _("as host"),
    "side.both": _("as visitor and host"),
    "language.en": _("English"),
    "language.de": _("German"),
    "language.fr": _("French"),
    "language.pl": _("Polish"),
    "role.owner": _("Owner"),
    "role.member": _("Member"),
    "role.officer": _("Officer"),
    "role.coordinator": _("Coordinator"),
    "role.payer": _("Signs for the paying member"),
    "role.verifier": _("Verifies claims"),
    "role.approver": _("Approves claims"),
    "role.treasurer": _("Authorises payments"),
    "role.organiser": _("Organises events"),
    "role.operator": _("Operator of Relais"),
    "incomplete": _("The profile is not complete"),
    "duplicate": _("The organisation is registered already"),
    "condition.country-not-eligible": _("Registered in a country that takes part"),
    "condition.hosts-only": _("Of a kind that may take part on this side"),
    "condition.visitor-needs-cluster": _("A visitor is, or is a member of, a cluster organisation"),
    "condition.host-needs-approval": _(
        "A host is a member of a cluster organisation, or has the agency's approval"
    ),
}
PARTIES: dict[str, str] = {}
