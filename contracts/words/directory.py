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
    "participation.submitted": _("Asked to take part"),
    "participation.revised": _("Profile revised"),
    "participation.returned": _("The partnership's officer asked for more"),
    "participation.validated": _("Validated: may take part"),
    "participation.rejected": _("Rejected: does not take part"),
    "participation.rested": _("Resting: nobody has confirmed the interest for a year"),
    "participation.resumed": _("Interest confirmed: takes part again"),
    "participation.withdrawn": _("Withdrawn: takes part no more"),
    "indicator_set.begun": _("A new version of the indicators was begun"),
    "indicator_set.described": _("What the version is and where it comes from was written down"),
    "indicator_set.indicator_put": _("An indicator was written down"),
    "indicator_set.indicator_removed": _("An indicator was taken away"),
    "indicator_set.published": _("Published: clusters assess themselves by it"),
    "indicator_set.retired": _("Retired: a newer version is in force"),
    "indicator_set.discarded": _("The draft was discarded"),
    "self_assessment.recorded": _("The cluster assessed itself"),
    "self_assessment.withdrawn": _("The self-assessment was withdrawn"),
    "member_service.planned": _("The cluster plans a service for its members"),
    "member_service.described": _("The service was described anew"),
    "member_service.piloted": _("The service is tried out"),
    "member_service.offered": _("The service is offered"),
    "member_service.withdrawn": _("The service is not offered any more"),
    "recognition.applied": _("The cluster applied for a label"),
    "recognition.reported": _("The cluster reported a label that it has"),
    "recognition.awarded": _("The label was awarded"),
    "recognition.renewed": _("The label was renewed"),
    "recognition.expired": _("The label expired: it can still be renewed"),
    "recognition.lapsed": _("The label lapsed"),
    "recognition.reminded": _("The cluster was reminded that its label ends"),
    "role_grant.granted": _("A role was given"),
    "role_grant.revoked": _("A role was taken away"),
    "sign_in.opened": _("Signed in"),
    "sign_in.revoked": _("Signed out"),
    "sign_in.expired": _("The sign-in ended by itself"),
    "factor_reset.asked": _("Somebody asks to begin anew without their second factor"),
    "factor_reset.seconded": _("The first of two people agreed"),
    "factor_reset.done": _("The second factor was taken away; the person begins anew"),
    "factor_reset.refused": _("The second factor stays"),
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
        _("A proxy or deputy never signs, declares, decides or releases money; a power of attorney signs."),
    ),
    "mandate.revoke": ActWords(_("Revoke this mandate"), _("Revoke it"), _("It ends at once.")),
    "partnership.form": ActWords(_("Form a partnership"), _("Form the partnership")),
    "partnership.revise": ActWords(
        _("Change the partnership"),
        _("Save the change"),
        _("Its title, members, themes and period. Running cases go on as they were agreed."),
    ),
    "partnership.plan": ActWords(
        _("How many exchanges and events do you plan?"),
        _("Save the plan"),
        _("Over the whole action. What has taken place is counted by Relais and stands beside it."),
    ),
    "work_package.plan": ActWords(_("Plan a work package"), _("Plan it")),
    "work_package.replan": ActWords(_("Change this work package"), _("Save the change")),
    "work_package.drop": ActWords(
        _("Drop this work package"), _("Drop it"), _("Its deliverables stay, without a work package.")
    ),
    "deliverable.plan": ActWords(
        _("Plan a deliverable"),
        _("Plan it, tell its lead"),
        _("The lead hands in versions; the peer reviews each; you accept one."),
    ),
    "deliverable.replan": ActWords(_("Change this deliverable"), _("Save the change")),
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
    "indicator_set.begin": ActWords(
        _("Begin a new version of the indicators"),
        _("Begin a draft"),
        _(
            "It starts as a copy of the newest version. Clusters go on with the one in force until you publish."
        ),
    ),
    "indicator_set.describe": ActWords(_("Say what it is and where it comes from"), _("Save this")),
    "indicator_set.put_indicator": ActWords(
        _("Write down an indicator"),
        _("Save the indicator"),
        _("One with the same key is replaced. More is better: each level asks for a least answer."),
    ),
    "indicator_set.remove_indicator": ActWords(_("Take an indicator away"), _("Take it away")),
    "indicator_set.publish": ActWords(
        _("Publish this version"),
        _("Publish it, retire the one before"),
        _("It never changes again. Self-assessments made before keep their version."),
    ),
    "indicator_set.discard": ActWords(_("Discard this draft"), _("Discard it")),
    "self_assessment.record": ActWords(
        _("Assess your cluster"),
        _("Show the result"),
        _(
            "Answer as the year stands. The result shows the level that you reach and what is missing to the next."
        ),
    ),
    "self_assessment.withdraw": ActWords(
        _("Withdraw this self-assessment"), _("Withdraw it"), _("It counts in no comparison any more.")
    ),
    "member_service.plan": ActWords(
        _("Add a service for your members"),
        _("Add it as planned"),
        _("Everybody reads it in the directory. Say later when you try it out, and when you offer it."),
    ),
    "member_service.describe": ActWords(_("Describe this service anew"), _("Describe it anew")),
    "member_service.pilot": ActWords(_("Try this service out"), _("Say that it is tried out")),
    "member_service.offer": ActWords(_("Offer this service"), _("Say that it is offered")),
    "member_service.withdraw": ActWords(
        _("Offer this service no more"), _("Take it off the list"), _("It is not shown any more.")
    ),
    "recognition.apply": ActWords(
        _("Apply for a label"),
        _("Apply"),
        _("An officer of another organisation records the award from its certificate."),
    ),
    "recognition.report": ActWords(
        _("Report a label that you have"),
        _("Report it"),
        _("It is shown as reported, date unknown, until an officer has seen the certificate."),
    ),
    "recognition.award": ActWords(
        _("Record the award of a label"),
        _("Record the award"),
        _("From its certificate. Nobody records it for a cluster they belong to."),
    ),
    "recognition.renew": ActWords(
        _("Record the renewal of a label"),
        _("Record the renewal"),
        _("The new period follows the old one without a gap."),
    ),
    "role_grant.grant": ActWords(
        _("Give a role"),
        _("Give this role"),
        _("The person can act in it at once. A role can be taken away again."),
    ),
    "role_grant.revoke": ActWords(
        _("Take a role away"), _("Take it away"), _("What the person has done in it stays as it is.")
    ),
    "factor_reset.second": ActWords(
        _("Let this person begin anew?"),
        _("Agree, as the first of two"),
        _("Only if you have talked to the person and are sure. Another officer agrees after you."),
    ),
    "factor_reset.complete": ActWords(
        _("Let this person begin anew"),
        _("Agree, take the second factor away"),
        _(
            "Passkeys and recovery codes are deleted, all sign-ins end. The person signs in by mail and adds a new one."
        ),
    ),
    "factor_reset.refuse": ActWords(_("Refuse"), _("Refuse: the second factor stays")),
    "sign_in.revoke": ActWords(
        _("End this sign-in"), _("End it"), _("That browser or program has to sign in again.")
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
    "partnership.active": _("active"),
    "work_package.planned": _("planned"),
    "work_package.dropped": _("dropped"),
    "deliverable.planned": _("to be handed in"),
    "deliverable.in_review": _("with its peer"),
    "deliverable.reviewed": _("with the coordinator"),
    "deliverable.returned": _("another version is needed"),
    "deliverable.accepted": _("accepted"),
    "deliverable.dropped": _("dropped"),
    "participation.submitted": _("to be validated"),
    "participation.needs_info": _("more is needed"),
    "participation.validated": _("validated"),
    "participation.rejected": _("rejected"),
    "participation.dormant": _("resting"),
    "participation.withdrawn": _("withdrawn"),
    "indicator_set.draft": _("draft"),
    "indicator_set.published": _("in force"),
    "indicator_set.retired": _("retired"),
    "indicator_set.discarded": _("discarded"),
    "self_assessment.recorded": _("recorded"),
    "self_assessment.withdrawn": _("withdrawn"),
    "member_service.planned": _("planned"),
    "member_service.piloted": _("tried out"),
    "member_service.offered": _("offered"),
    "member_service.withdrawn": _("withdrawn"),
    "recognition.applied": _("applied for"),
    "recognition.reported": _("reported"),
    "recognition.awarded": _("valid"),
    "recognition.expired": _("expired"),
    "recognition.lapsed": _("lapsed"),
    "role_grant.granted": _("given"),
    "role_grant.revoked": _("taken away"),
    "sign_in.open": _("signed in"),
    "factor_reset.asked": _("asked"),
    "factor_reset.seconded": _("one has agreed"),
    "factor_reset.done": _("begun anew"),
    "factor_reset.refused": _("refused"),
    "sign_in.revoked": _("ended"),
    "sign_in.expired": _("ended by itself"),
}
REFUSALS: dict[str, str] = {
    "mail-address": _("Enter a mail address like name@example.org."),
    "name-malformed": _("Enter a name without signs such as / : @."),
    "too-many-links": _("Too many links were asked for. Wait %(minutes)s minutes and ask again."),
    "password-weak": _("Too easy to guess: it is too even, or names you. Choose other words."),
    "password-wrong": _(
        "Address and password do not fit together. The password does not fit, or there is none."
    ),
    "passkey-refused": _("This passkey was not accepted. Try again, or use a recovery code."),
    "code-wrong": _("This is none of your codes, or it was used before. Try another one."),
    "waited-too-long": _("You have waited too long. Sign in again."),
    "sign-in-again": _("You signed in a while ago. Sign in again, then change how you sign in."),
    "provider-refused": _("The sign-in there did not come to its end. Begin again."),
    "identity-linked": _(
        "This identity is linked to somebody already. Sign in with it, or unlink it there first."
    ),
    "reset-once": _("It was asked for already. The officers will talk to you."),
    "reset-of-oneself": _("Nobody resets their own second factor. Another officer has to."),
    "reset-by-two": _("Two different people have to agree."),
    "second-person-needed": _("You have agreed already. Another person has to agree too."),
    "link-spent": _("This link was used before or is too old. Ask for another one."),
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
    "one-set-in-force": _("Another version was published at this moment. Open the list and look again."),
    "indicator-set-number": _("Another version was begun at this moment. Open the list and look again."),
    "thresholds-order": _("A higher level never asks for less than a lower one. Correct the figures."),
    "too-many-indicators": _("There are %(most)s indicators already. Take one away first."),
    "indicator-unknown": _("There is no such indicator in this version. Choose one from the list."),
    "heading-empty": _("Each heading needs at least one indicator. These have none: %(headings)s"),
    "no-indicators": _("No indicators are in force yet. Ask the operator to publish a version."),
    "indicator-unanswered": _("Answer this too: %(indicator)s"),
    "answer-too-high": _("This answer cannot be so high. Correct it: %(indicator)s"),
    "services-of-clusters": _("Only cluster organisations and networks list services. Choose one of yours."),
    "member-service-once": _("A service of this name is listed already. Open that one."),
    "origin-unknown": _(
        "Neither your cluster nor its partnerships have done this. Choose one from the list."
    ),
    "since-ahead": _("This day is still to come. Enter today or an earlier one."),
    "offered-before-piloted": _("It was tried out from %(day)s on. Enter that day or a later one."),
    "label-for-clusters": _("Labels are for cluster organisations. Choose one of yours."),
    "label-unknown": _("There is no such label. Choose one from the list."),
    "label-once": _("The cluster has this label already, or has applied for it. Open that one."),
    "award-ahead": _("A certificate is not of tomorrow. Enter the day that it says."),
    "award-ends-first": _("The validity must not end before the award. Enter the days of the certificate."),
    "award-has-an-end": _("An award needs an end of its validity. Enter the day of the certificate."),
    "nothing-changed": _("Nothing is different from what stands there. Change something, or leave the page."),
    "function-missing": _("Say what gives this person the power to sign, such as managing director."),
    "name-missing": _("Nobody is registered with this address. Enter the person's name too."),
    "membership-once": _(
        "This person has this role already, or was invited to it. Open the organisation's page."
    ),
    "last-owner": _("An organisation needs an owner. Invite another one first; when they have accepted, go."),
    "mandate-over": _("The last day comes before the first one or is over. Choose another one."),
    "mandate-not-yours": _("You let others act for yourself. Only a coordinator names somebody's deputy."),
    "mandate-not-now": _("This mandate does not hold today. Look at its days, or ask for another one."),
    "mandate-for-oneself": _("Nobody acts for themselves. Name another person."),
    "mandate-days": _("The last day must not come before the first one."),
    "mandate-of-nothing": _(
        "There is no such role to pass on there. A power of attorney needs the role of owner, signatory or payer."
    ),
    "document-missing": _("A power of attorney needs its signed document. Add the file."),
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
    "activity.known": _("applied for"),
    "activity.planned": _("ahead"),
    "activity.done": _("took place"),
    "activity.off": _("did not take place"),
    "kind.joint_strategy": _("Joint strategy"),
    "kind.individual_strategy": _("Strategy of one member"),
    "kind.services_programme": _("Programme of services"),
    "kind.handbook": _("Handbook or e-book"),
    "kind.report": _("Report"),
    "kind.event": _("Event, with its proceedings"),
    "kind.sustainability_plan": _("Sustainability plan"),
    "kind.other": _("Something else"),
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
    "heading.structure": _("Structure of the cluster"),
    "heading.management": _("Management and governance"),
    "heading.financing": _("Financing"),
    "heading.services": _("Services"),
    "heading.contacts": _("Contacts and interaction"),
    "heading.achievements": _("Achievements and recognition"),
    "unit.number": _("a number"),
    "unit.percent": _("per cent"),
    "unit.years": _("years"),
    "unit.yes_no": _("yes or no"),
    "about.training": _("Training"),
    "about.internationalisation": _("Going abroad"),
    "about.innovation": _("Innovation and technology"),
    "about.funding": _("Funding and investors"),
    "about.networking": _("Partners and contacts"),
    "about.digital": _("Digital change"),
    "about.green": _("Green change"),
    "about.visibility": _("Being seen"),
    "about.other": _("Something else"),
    "level.none": _("no level yet"),
    "level.bronze": _("Bronze"),
    "level.silver": _("Silver"),
    "level.gold": _("Gold"),
    "level.key_national": _("Key National Cluster"),
    "basis.found": _("found"),
    "basis.inferred": _("default, inferred"),
    "validity.valid": _("valid"),
    "validity.expired": _("expired"),
    "validity.lapsed": _("lapsed"),
    "validity.date_unknown": _("date unknown"),
    "validity.applied": _("applied for"),
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
