"""Words of directory."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "person.described": _("A person's details were recorded"),
    "organisation.registered": _("Organisation registered"),
    "organisation.described": _("The organisation's own statements were recorded"),
    "organisation.changed": _("The organisation's legal facts changed: to be confirmed anew"),
    "organisation.confirmed": _("The legal signatory confirmed the organisation"),
    "organisation.verified": _("The organisation was verified"),
    "organisation.merged": _("Merged into another record of the same legal person"),
    "organisation.unmerged": _("The merge was taken back"),
    "membership.invited": _("Somebody was invited to act for the organisation"),
    "membership.requested": _("Somebody asked to act for the organisation"),
    "membership.activated": _("Somebody acts for the organisation"),
    "membership.refused": _("Somebody does not act for the organisation"),
    "membership.ended": _("Somebody acts for the organisation no more"),
    "mandate.granted": _("Somebody may act for another person"),
    "mandate.revoked": _("A mandate was revoked"),
    "mandate.expired": _("A mandate is over"),
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
}
ACTS: dict[str, ActWords] = {
    "person.register": ActWords(
        _("Register somebody else"),
        _("Register this person"),
        _("Everybody who is named in an exchange or an event is registered once, by mail address."),
    ),
    "person.describe": ActWords(
        _("Change your name or language"),
        _("Change name or language"),
        _("Your mail address stays: it is what you sign in with."),
    ),
    "organisation.register": ActWords(
        _("Register an organisation"),
        _("Register the organisation"),
        _("You become its owner: you say who else belongs to it."),
    ),
    "organisation.describe": ActWords(
        _("Describe your organisation"),
        _("Save this"),
        _("Its cluster, its size by its own declaration, and whether it is paid by the project itself."),
    ),
    "organisation.change": ActWords(
        _("Change its legal facts"),
        _("Change them, have them confirmed anew"),
        _("Name, kind, place and numbers. The signatory confirms them anew, an officer verifies them anew."),
    ),
    "organisation.confirm": ActWords(
        _("Confirm this organisation"),
        _("Confirm: what stands here is right"),
        _("You confirm as its legal signatory. An officer of another organisation verifies it after you."),
    ),
    "organisation.verify": ActWords(
        _("Verify this organisation"),
        _("Verify"),
        _("Compare the facts with the public register. Nobody verifies an organisation they belong to."),
    ),
    "organisation.merge": ActWords(
        _("Merge with another record of the same legal person"),
        _("Merge them"),
        _("Choose the record that goes on. Both histories stay, and from now on they visit once together."),
    ),
    "organisation.unmerge": ActWords(
        _("Take the merge back"), _("Take it back"), _("Possible until a case rests on it.")
    ),
    "membership.invite": ActWords(
        _("Invite somebody to act for your organisation"),
        _("Send the invitation"),
        _("They get a mail with a link. The role is theirs when they accept."),
    ),
    "membership.ask": ActWords(
        _("Ask to act for an organisation"),
        _("Ask its owner"),
        _("Its owner lets you in or refuses. If it has none, an officer of its partnership does."),
    ),
    "membership.accept": ActWords(_("Accept this invitation"), _("Accept")),
    "membership.approve": ActWords(_("Let this person act for the organisation"), _("Let them in")),
    "membership.refuse": ActWords(
        _("Refuse"), _("Refuse, or take it back"), _("Nobody gets the role by this. It can be asked again.")
    ),
    "membership.leave": ActWords(
        _("Leave this organisation"),
        _("Give up this role"),
        _("The last owner hands over first: another person becomes owner before."),
    ),
    "membership.remove": ActWords(
        _("End this role"), _("End it"), _("What the person has done in it stays as it is.")
    ),
    "mandate.give": ActWords(
        _("Let somebody act for you"),
        _("Give this mandate"),
        _(
            "A proxy prepares; a deputy also decides what an officer has left too long; a power of attorney signs. "
            "Nobody releases money for another."
        ),
    ),
    "mandate.revoke": ActWords(_("Revoke this mandate"), _("Revoke it"), _("It ends at once.")),
    "participation.submit": ActWords(
        _("Take part as visitor, host or knowledge provider"),
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
}
STATES: dict[str, str] = {
    "person.active": _("active"),
    "organisation.registered": _("registered"),
    "organisation.confirmed": _("confirmed by its signatory"),
    "organisation.verified": _("verified"),
    "organisation.merged": _("merged"),
    "membership.invited": _("invited"),
    "membership.requested": _("asks to join"),
    "membership.active": _("active"),
    "membership.refused": _("refused"),
    "membership.ended": _("ended"),
    "mandate.granted": _("running"),
    "mandate.revoked": _("revoked"),
    "mandate.expired": _("over"),
    "participation.submitted": _("to be validated"),
    "participation.needs_info": _("more is needed"),
    "participation.validated": _("validated"),
    "participation.rejected": _("rejected"),
    "participation.dormant": _("resting"),
    "participation.withdrawn": _("withdrawn"),
    "role_grant.granted": _("given"),
    "role_grant.revoked": _("taken away"),
}
REFUSALS: dict[str, str] = {
    "mail-address": _("Enter a mail address like name@example.org."),
    "name-malformed": _("Enter a name without signs such as / : @."),
    "second-person-needed": _("You have agreed already. Another person has to agree too."),
    "address-known": _("Somebody with this address is registered already. You can name them by it."),
    "person-unknown": _("Nobody is registered with this address. Register the person first."),
    "town-unknown": _("We do not know this town. Choose the nearest one from the list."),
    "region-unknown": _("This is no region of the country. Choose one from the list."),
    "cluster-unknown": _("This is not a cluster organisation in our directory. Choose one from the list."),
    "registration-number-wrong": _(
        "%(number)s is no registration number of this country: its check digit or length is wrong. Copy it from"
        " the national register."
    ),
    "vat-number-wrong": _(
        "%(number)s is no VAT number of this country: its check digit or length is wrong. Copy it from an invoice."
    ),
    "declaration-incomplete": _(
        "Staff, turnover and balance sheet total belong together. Fill in all three."
    ),
    "not-an-sme": _(
        "With these figures it is no small or medium-sized enterprise (fewer than 250 staff, and at most 50"
        " million euro turnover or 43 million euro balance sheet total). Correct them, or change its kind."
    ),
    "organisation-merged": _("This record was merged into another one. Take part with that one."),
    "merge-with-itself": _("A record is not merged with itself. Choose the other one."),
    "merge-unknown": _(
        "There is no such record, or no partnership of yours looks after it. Choose one from the list, or ask the"
        " operator."
    ),
    "merge-in-use": _("A case rests on this merge, so it stays. Tell the coordinator of that case."),
    "import-kind": _("Choose what the table holds."),
    "import-empty": _(
        "There is no table with a row of column names and at least one row below. Choose another file."
    ),
    "import-too-large": _("This file is larger than %(limit)s MB. Split it."),
    "import-too-long": _("This table has more than %(limit)s rows. Split it."),
    "import-unreadable": _(
        "This is neither a CSV table nor an XLSX workbook. Save it as one of them and try again."
    ),
    "import-columns-twice": _("Two columns have the same name. Rename one of them."),
    "import-columns": _("These columns are missing or unknown: %(wrong)s. The table takes: %(columns)s."),
    "import-organisation": _(
        "No single organisation is called %(organisation)s or has that number. Import it first, or use its number."
    ),
    "draft-there": _("There is a draft already. Open that one."),
    "nothing-changed": _("Nothing is different from what stands there. Change something, or leave the page."),
    "function-missing": _("Say what gives this person the power to sign, such as managing director."),
    "name-missing": _("Nobody is registered with this address. Enter the person's name too."),
    "membership-once": _(
        "This person has this role already, or was invited to it. Open the organisation's page."
    ),
    "last-owner": _("An organisation needs an owner. Invite another one first; when they have accepted, go."),
    "mandate-over": _("The last day comes before the first one or is over. Choose another one."),
    "mandate-not-yours": _(
        "You let others act for yourself. An officer's deputy is named by a coordinator of the partnership, not by the "
        "officer."
    ),
    "mandate-not-now": _("This mandate does not hold today. Look at its days, or ask for another one."),
    "mandate-for-oneself": _("Nobody acts for themselves. Name another person."),
    "mandate-days": _("The last day must not come before the first one."),
    "mandate-of-nothing": _(
        "There is no such role to pass on there. A power of attorney needs the role of owner, signatory or payer, "
        "a deputy stands in for an officer."
    ),
    "document-missing": _("A power of attorney needs its signed document. Add the file."),
    "coordinator-no-member": _("The coordinating organisation must be one of the members. Add it to them."),
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
    "profile-days": _("The end must not come before the beginning. Correct one of the two days."),
    "profile-over": _("This day is over. Enter a later one, or leave both days empty."),
    "services-missing": _("A knowledge provider says what it offers. Name at least one service."),
    "not-settled": _(
        "A national of a country that does not take part needs %(days)s days with a residence permit in one that"
        " does, and a business there. Name another person, or take part later."
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
    "aspect.name": _("another name or kind"),
    "aspect.number": _("another registered number"),
    "aspect.country": _("another place of registration"),
    "aspect.control": _("other people control it"),
    "kind.sme": _("Small or medium-sized enterprise"),
    "kind.large": _("Large company"),
    "kind.public": _("Public authority"),
    "kind.training": _("Training provider"),
    "side.visitor": _("as visitor"),
    "side.host": _("as host"),
    "side.both": _("as visitor and host"),
    "side.provider": _("as knowledge provider"),
    "consents.directory": _("Everybody may find us in the public directory"),
    "consents.person": _("Whoever is named here knows what is kept of them, and why"),
    "subtype.technology_centre": _("Technology centre"),
    "subtype.research_institute": _("Research institute"),
    "subtype.innovation_hub": _("Innovation hub"),
    "subtype.fab_lab": _("Fab lab"),
    "subtype.creative_hub": _("Creative hub"),
    "subtype.resource_efficiency": _("Service provider for resource efficiency"),
    "subtype.incubator": _("Incubator"),
    "subtype.accelerator": _("Accelerator"),
    "language.en": _("English"),
    "language.de": _("German"),
    "language.fr": _("French"),
    "language.pl": _("Polish"),
    "import.organisations": _("Organisations"),
    "import.people": _("People"),
    "import.registrations": _("Registrations of visitors and hosts"),
    "verdict.good": _("can be recorded"),
    "verdict.known": _("known already"),
    "verdict.alike": _("alike, look first"),
    "verdict.wrong": _("wrong"),
    "membership.owner": _("Owner"),
    "membership.editor": _("Editor"),
    "membership.reader": _("Reader"),
    "membership.signatory": _("Legal signatory"),
    "owner": _("Owner: decides who belongs to it, submits"),
    "editor": _("Editor: prepares applications and reports"),
    "reader": _("Reader: sees everything, does nothing"),
    "signatory": _("Legal signatory: confirms the organisation, submits and signs"),
    "mandate.proxy": _("Proxy: prepares and answers"),
    "mandate.deputy": _("Deputy of an officer"),
    "mandate.power_of_attorney": _("Power of attorney: signs"),
    "proxy": _("Prepare and answer for me, as proxy"),
    "deputy": _("Stand in for an officer, as deputy"),
    "power_of_attorney": _("Sign for me, by power of attorney"),
    "size.micro": _("Micro enterprise"),
    "size.small": _("Small enterprise"),
    "size.medium": _("Medium-sized enterprise"),
    "size.large": _("Not a small or medium-sized enterprise"),
    "role.officer": _("Officer"),
    "role.coordinator": _("Coordinator"),
    "role.payer": _("Signs for the paying member"),
    "role.verifier": _("Verifies claims"),
    "role.approver": _("Approves claims"),
    "role.treasurer": _("Authorises payments"),
    "role.organiser": _("Organises events"),
    "role.evaluator": _("Evaluates applications"),
    "role.agency": _("Agency that approves and audits"),
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
PARTIES: dict[str, str] = {
    "LEAD": _("the organisation that leads it"),
    "PEER": _("the organisation that reviews it"),
}
