"""Words of labels of cluster organisations, of self-assessments, and of the services for their members."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
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
}
ACTS: dict[str, ActWords] = {
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
}
STATES: dict[str, str] = {
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
}
REFUSALS: dict[str, str] = {
    "one-set-in-force": _("Another version was published at this moment. Open the list and look again."),
    "indicator-set-number": _("Another version was begun at this moment. Open the list and look again."),
    "indicator-key-taken": _("This key is one that Relais needs itself. Choose another one."),
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
    "renewed-before-award": _("The label stands from %(day)s already. Enter the day of the new certificate."),
    "award-ends-first": _("The validity must not end before the award. Enter the days of the certificate."),
    "award-has-an-end": _("An award needs an end of its validity. Enter the day of the certificate."),
}
CODES: dict[str, str] = {
    "activity.known": _("applied for"),
    "activity.planned": _("ahead"),
    "activity.done": _("took place"),
    "activity.off": _("did not take place"),
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
}
PARTIES: dict[str, str] = {}
