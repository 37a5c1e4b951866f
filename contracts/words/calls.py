"""Words of calls and their rules: what keeps a call from going live."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "call.published": _("The call was published"),
    "call.corrected": _("The call was corrected"),
    "call.closed": _("The call was closed"),
    "call.cancelled": _("The call was cancelled"),
    "cutoff.opened": _("The cut-off is open"),
    "cutoff.moved": _("The cut-off was moved"),
    "cutoff.closed": _("The time of the cut-off is over"),
    "cutoff.proposed": _("One person has settled the ranking"),
    "cutoff.ranked": _("The ranking was settled by two people"),
    "cutoff.announced": _("The results were announced"),
    "cutoff.cancelled": _("The cut-off was cancelled"),
    "voucher.issued": _("The grant can be used"),
    "voucher.settled": _("A claim on the grant has come to its end"),
    "voucher.surrendered": _("What is left of the grant was given back"),
    "voucher.used_up": _("The grant is used up"),
    "voucher.expired": _("The time to use the grant is over"),
    "voucher.cancelled": _("The grant was cancelled"),
    "voucher.reminded": _("A reminder was sent"),
    "voucher.changed": _("The grant was changed by an amendment"),
    "amendment.requested": _("A change of the grant is asked for"),
    "amendment.agreed": _("The change was agreed"),
    "amendment.signing_opened": _("The new version is open for signature"),
    "amendment.refused": _("The change was refused; the old terms stand"),
    "amendment.withdrawn": _("The change was withdrawn; the old terms stand"),
    "amendment.lapsed": _("The change lapsed; the old terms stand"),
    "amendment.in_force": _("The change is in force"),
    "amendment.reminded": _("A reminder was sent"),
    "report.scheduled": _("A report is awaited"),
    "report.submitted": _("Report submitted"),
    "report.revised": _("Report revised"),
    "report.returned": _("The officer asked for changes to the report"),
    "report.accepted": _("Report accepted"),
    "report.overdue": _("The report is overdue"),
    "report.waived": _("The officer does without the report"),
    "report.dropped": _("The case has ended: no report is needed any more"),
    "report.rescheduled": _("An officer has given more time for the report"),
}
ACTS: dict[str, ActWords] = {
    "call.publish": ActWords(
        _("Publish this call"),
        _("Publish the call"),
        _("It is public from then on. It can be corrected openly, with later dates only."),
    ),
    "call.correct": ActWords(
        _("Make the correction public"),
        _("Correct the call"),
        _("Drafts move to the new version with all their answers. What was submitted keeps its rules."),
    ),
    "cutoff.settle": ActWords(
        _("Settle this ranking"),
        _("Settle the ranking"),
        _("Two people settle the same ranking. Then money is set aside in this order, and nobody overtakes."),
    ),
    "cutoff.announce": ActWords(
        _("Announce the results"),
        _("Announce the results"),
        _("Every applicant reads how it ended, and may appeal. This cannot be taken back."),
    ),
    "report.submit": ActWords(_("Submit this report"), _("Submit the report")),
    "report.revise": ActWords(_("Revise this report"), _("Submit the revised report")),
    "report.return": ActWords(_("Ask for changes to the report"), _("Send the report back")),
    "report.accept": ActWords(_("Accept this report"), _("Accept the report")),
    "amendment.request": ActWords(
        _("Ask for a change of the grant"),
        _("Ask for a change"),
        _("It is decided on and signed by all who signed before. Until then the old terms stand."),
    ),
    "amendment.agree": ActWords(
        _("Agree to this change"),
        _("Agree"),
        _("A higher sum is set aside first. Then everybody signs the new version."),
    ),
    "amendment.refuse": ActWords(
        _("Refuse this change"),
        _("Refuse the change"),
        _("The old terms stand. The recipient reads your reason."),
    ),
    "amendment.withdraw": ActWords(
        _("Withdraw the change"), _("Withdraw it"), _("The old terms stand. You may ask for another change.")
    ),
    "report.waive": ActWords(
        _("Do without this report"),
        _("Do without it"),
        _(
            "For a recipient who is gone or has told you otherwise. What waits for the report goes on without it."
        ),
    ),
    "report.move": ActWords(
        _("Give more time for this report"),
        _("Give more time"),
        _("Later only. The recipient is told of the new date and of your reason."),
    ),
    "voucher.surrender": ActWords(
        _("Give back what is left of the grant"),
        _("Give back the rest"),
        _(
            "It goes back to the budget and to those who wait for it. Claims that are filed are looked at and paid."
        ),
    ),
    "call.cancel": ActWords(
        _("Cancel this call"),
        _("Cancel the call"),
        _("Nobody can apply any more. Drafts stay readable; each open case is ended by its own act."),
    ),
}
STATES: dict[str, str] = {
    "voucher.issued": _("can be used"),
    "voucher.used_up": _("used up"),
    "voucher.expired": _("time over"),
    "voucher.cancelled": _("cancelled"),
    "amendment.requested": _("change asked for"),
    "amendment.agreed": _("change to be signed"),
    "amendment.refused": _("change refused"),
    "amendment.withdrawn": _("change withdrawn"),
    "amendment.lapsed": _("change lapsed"),
    "amendment.in_force": _("changed"),
    "report.awaited": _("report awaited"),
    "report.submitted": _("report to be checked"),
    "report.returned": _("report to be revised"),
    "report.accepted": _("report accepted"),
    "report.overdue": _("report overdue"),
    "report.waived": _("done without a report"),
    "report.dropped": _("no report needed"),
    "cutoff.open": _("open"),
    "cutoff.assessing": _("being assessed"),
    "cutoff.ranked": _("ranked, not announced"),
    "cutoff.announced": _("announced"),
    "cutoff.cancelled": _("cancelled"),
    "call.draft": _("draft"),
    "call.published": _("open"),
    "call.closed": _("closed"),
    "call.cancelled": _("cancelled"),
}
REFUSALS: dict[str, str] = {
    "budget-of-another-partnership": _("This budget line belongs to another partnership."),
    "report-once": _("This report is scheduled already. Look at the one that is there."),
    "voucher-claimed": _("Something has been claimed on this grant already, so it cannot be cancelled."),
    "amend-not-now": _(
        "Nothing can be changed any more: the grant is not signed, has ended, or its visit has begun."
    ),
    "amendment-open": _(
        "Another change of this grant is asked for already. Withdraw that one first, or wait for it."
    ),
    "amendment-open-once": _(
        "Another change of this grant is asked for already. Look at the one that is there."
    ),
    "agreement-amended-once": _(
        "The new version of this document is open already. Look at the one that is there."
    ),
    "amendment-number": _("Another change was asked for at the same moment. Look at the one that is there."),
    "amendment-changes-nothing": _("This is what holds already. Enter what is to be different."),
    "amendment-by-another": _("You have asked for this change, so somebody else decides on it."),
    "host-of-exchange": _("Only an exchange has a host that can be changed. Leave it empty."),
    "host-of-group": _(
        "The host is the group's and the same for all members. To visit another one is another application:"
        " withdraw from this exchange, and propose one to that host."
    ),
    "scheme-not-met": _("With this host the exchange would break a rule of the scheme: %(rules)s."),
    "provider-of-grant": _(
        "This application names no single knowledge provider that could be changed. Leave it empty; where the work"
        " itself is to be another, apply anew."
    ),
    "agenda-of-exchange": _("Only an exchange has an agenda that can be changed. Leave it empty."),
    "amount-follows-from-days": _("The sum follows from the days and rates of the call. Leave it empty."),
    "above-the-most": _(
        "One applicant gets at most %(most)s EUR under this call. Ask for that much or less."
    ),
    "own-case": _("You belong to the organisation that this case is about. Somebody else decides on it."),
    "date-later-only": _("This date can only move later. It stands at %(due)s."),
    "call-second-person": _(
        "You changed this call last, so somebody else publishes it. Ask another officer."
    ),
    "call-nothing-to-correct": _("Nothing is prepared to be corrected. Change a section of the call first."),
    "call-dates-later-only": _("A published call keeps its first day, and its last day can only move later."),
    "call-term-unknown": _(
        "There is no term “%(term)s” of this kind. Look at the call for its terms and their values."
    ),
    "call-kind-fixed": _(
        "Parties, use and the way money is found stay as they were published, since cases rest on them."
    ),
    "call-edition-fixed": _("A published call keeps its edition. Begin another call for another edition."),
    "call-dates": _("The call must end after it begins, and in the future. Change its days."),
    "call-summary-missing": _("Say in the language “%(language)s” what the call is for."),
    "call-cut-off-after-end": _(
        "The cut-off “%(cut_off)s” is after the call's last day. Change one of the two."
    ),
    "call-form-missing": _("Choose the form that applicants fill in."),
    "call-form-not-published": _("The form “%(form)s” is not the published version. Choose that one."),
    "call-form-language": _("The form “%(form)s” lacks the language “%(language)s”. Translate it first."),
    "call-amount-question": _("“%(question)s” is no amount of the form. Choose another question."),
    "call-amount-currency": _(
        "“%(question)s” can be answered in another currency than the euro. Choose a question that asks for euro."
    ),
    "call-duration-question": _("“%(question)s” is no period of the form. Choose another question."),
    "voucher-too-late": _(
        "The action of this budget line ends on %(end)s: nobody could use a voucher for a month and be paid before."
        " Choose another line."
    ),
    "call-elsewhere-question": _(
        "The rule “%(rule)s” compares regions: choose the question of the form that asks for an organisation."
    ),
    "call-not-open": _("This call is not open."),
    "call-not-open-yet": _("This call opens on %(first)s."),
    "call-full": _(
        "So much is not left of this call's money. Your draft is kept: ask for less, or submit it again when somebody"
        " else has withdrawn or was refused."
    ),
    "call-left": _(
        "Of this call's money %(left)s EUR are not applied for yet, and you ask for %(asked)s EUR. Ask for less, or"
        " keep your draft and submit it when somebody else has withdrawn or was refused."
    ),
    "not-assessed-yet": _(
        "%(count)s applications are not assessed yet. Wait until they are, or until they have ended."
    ),
    "ranking-changed": _("The ranking has changed since you looked at it. Look at it again, then settle it."),
    "ranking-second-person": _(
        "You have settled this ranking already. Somebody else settles it as the second person."
    ),
    "what-if-unknown": _("This call has no task and no clock called “%(name)s”. Choose one that it has."),
    "what-if-days": _("The days of “%(name)s” must be from 1 to 500."),
    "no-awards": _(
        "No grant stands under this call yet. A grant is listed once everybody has signed; open this page again then."
    ),
    "no-such-state": _("No application can be “%(name)s”. Choose a standing from the list."),
    "cutoff-once": _("This cut-off is there already."),
    "cut-off-later-only": _("The cut-off “%(cut_off)s” can only be moved later, and only while it is open."),
    "call-over": _("The time to apply under this call is over. Your draft is kept."),
    "call-changed": _(
        "The call has changed since you began. Look at the change first; your answers are kept."
    ),
    "call-without-form": _("Under this call you find a host first."),
    "apply-for-own": _("Choose an organisation that you are a member of."),
    "draft-only": _("Only a draft can be deleted. What was submitted can be withdrawn."),
    "section-changed": _("Somebody else has changed the same answers meanwhile. Look at both texts."),
    "answer-too-large": _("The answers of one page have at most %(most)s kB. Shorten them or send a file."),
    "answer-unknown": _("This page does not ask for “%(name)s”."),
    "rule-not-met": _("A rule of the call is not met: %(rule)s (%(source)s)."),
    "call-party-missing": _(
        "The call lacks the party “%(party)s”. Every call has an applicant and its partnership."
    ),
    "call-host-partnership": _("A host has its partnership, and only a host has. Choose both or none."),
    "call-payer-missing": _("Money is owed, but nobody pays. Add the paying member as a party."),
    "call-lump-sum-needs-host": _(
        "The lump sum goes by the host's country. Add a host or choose another way."
    ),
    "call-fixed-amount-missing": _("Every case gets the same sum, but the sum is missing. Enter it."),
    "call-amount-question-missing": _("Choose the question of the form that says how much is asked for."),
    "call-cap-missing": _("Enter the most that one applicant can get."),
    "call-financial-agreement-missing": _("Money is owed, so a Financial Agreement must be signed. Add it."),
    "call-signing-missing": _("Nothing is signed. Add at least one document with its signatories."),
    "call-signatories-missing": _("Nobody signs the document “%(document)s”. Choose who does."),
    "call-signatory-unknown": _(
        "“%(party)s” signs “%(document)s”, but this call has no such party. Remove it."
    ),
    "call-payer-not-last": _(
        "The paying member signs the Financial Agreement last, after the applicant, and nothing else. Change the order."
    ),
    "call-stage-twice": _("Two stages or tasks are called “%(stage)s”. Give one of them another key."),
    "call-stage-empty": _("Nothing is done in the stage “%(stage)s”. Add a task or remove the stage."),
    "call-decision-missing": _("The last stage must hold the decision. Add it."),
    "call-holder-missing": _("Nobody holds the task “%(stage)s”. Choose who does it."),
    "call-holder-unknown": _(
        "“%(party)s” holds the task “%(stage)s”, but the call lacks that party. Choose another."
    ),
    "call-deadline-missing": _("The task “%(stage)s” has no deadline. Enter its working days."),
    "call-silence": _(
        "Silence cannot mean consent in “%(stage)s”, which scores or decides. Choose another meaning."
    ),
    "call-consensus-without-scores": _(
        "“%(stage)s” agrees on scores, but no score comes before it. Add one."
    ),
    "call-cut-off-missing": _("A call that ranks needs at least one cut-off. Add it."),
    "call-ranking-without-scores": _("A call that ranks needs scores. Add a task that scores."),
    "call-cut-off-date-missing": _("The cut-off “%(cut_off)s” has no date. Enter it."),
    "call-cut-offs-order": _("The cut-off “%(cut_off)s” is not after the one before it. Put them in order."),
    "call-visit-days-missing": _(
        "A visit has days. Choose the question that asks for its period, or let the grant be used within a time."
    ),
    "call-host-question": _(
        "A host takes part, and no question asks for it. Choose one that asks once for an organisation among the"
        " registered hosts."
    ),
    "call-validity-missing": _("Enter for how many days a grant can be used."),
    "call-report-missing": _("A grant without a visit is paid on a report. Add at least one."),
    "call-report-form-missing": _("The report “%(report)s” has no form. Choose a published one."),
    "call-report-date-missing": _(
        "The report “%(report)s” has no date. Enter the days after the end of the activity."
    ),
    "call-duration": _("The least duration is above the most. Change one of the two."),
    "call-translation-missing": _(
        "“%(at)s” lacks a text in the language “%(language)s”. Add the translation."
    ),
}
CODES: dict[str, str] = {
    "call.closed.over": _("Its last day was over"),
    "call.closed.budget_used": _("Its budget was used up"),
    "no_budget_left": _("There is no budget left"),
    "programme_ended": _("The programme has ended"),
    "mistake": _("It was published by mistake"),
    "preset.travel": _("A grant without host, paid on a report"),
    "preset.exchange": _("An exchange with a host, a lump sum"),
    "preset.empty": _("Nothing"),
    "term.min_days": _("Least working days of a visit"),
    "term.max_days": _("Most days of a visit"),
    "term.full_days": _("Working days from which the lump sum is full"),
    "term.virtual_uses_visit": _("A virtual exchange uses up the one visit"),
    "term.full_km": _("Kilometres from which the lump sum is full"),
    "term.open_proposals": _("Open proposals of a visitor"),
    "term.proposal_days": _("Days in which a host answers"),
    "term.decision_days": _("Working days for a decision"),
    "term.revision_days": _("Working days to revise"),
    "term.budget_days": _("Days in which budget is waited for"),
    "term.signing_days": _("Days to sign"),
    "term.appeal_days": _("Days to appeal"),
    "term.report_days": _("Days to report"),
    "term.validation_days": _("Working days to validate"),
    "term.payment_days": _("Days to pay"),
    "term.claim_days": _("Days to claim"),
    "term.return_days": _("Bank days in which a payment may come back"),
    "term.second_level_cents": _("Amount in euro above which two people approve"),
    "other_version": _("It is another version: fingerprint or text differ"),
    "pages_missing": _("Pages are missing"),
    "signature_missing": _("The signature is missing"),
    "unreadable": _("It cannot be read"),
    "below_claimed": _("More than the new sum is claimed already"),
    "case_ended": _("The case has ended"),
    "party_refused": _("One party refused to sign"),
    "not_decided": _("Nobody decided on it in time"),
    "not_signed": _("Not everybody has signed in time"),
    "first_day_reached": _("The first day came before the last signature"),
    "told_otherwise": _("What it would say is known already"),
    "recipient_gone": _("The recipient no longer exists or does not answer"),
    "activity_later": _("The activity takes place later"),
    "illness": _("Illness or another emergency"),
    "waits_for_others": _("It waits for others: an invoice, a certificate, an authority"),
    "amount.none": _("No money"),
    "amount.lump_sum": _("By the rates of the scheme"),
    "amount.fixed": _("The same sum for everybody"),
    "amount.requested": _("What is asked for, up to a limit"),
    "fulfilment.visit": _("A visit between two days, which is reported"),
    "fulfilment.voucher": _("Costs that are claimed within a time"),
    "intake.first_come": _("In the order of submission"),
    "intake.cut_off": _("By rank at each cut-off"),
    "outcome.fund": _("to be funded"),
    "outcome.reserve": _("reserve list"),
    "outcome.refuse": _("below the thresholds"),
    "full.refuse": _("Nobody is taken any more"),
    "full.wait": _("Applications wait"),
    "tie.submitted_first": _("Who submitted first"),
    "tie.amount_least": _("Who asks for less"),
    "eligibility.country": _("Country"),
    "eligibility.kind": _("Kind of organisation"),
    "eligibility.cluster": _("Member of a cluster"),
    "eligibility.once": _("Once in the edition"),
    "eligibility.condition": _("By the answers"),
    "eligibility.elsewhere": _("The chosen organisation is in another region"),
    "track.check": _("Check"),
    "track.opinion": _("Opinion"),
    "track.score": _("Score"),
    "track.consensus": _("Consensus"),
    "track.panel": _("Panel"),
    "track.decision": _("Decision"),
    "silence.escalate": _("The coordinator is told"),
    "silence.consent": _("Consent"),
    "silence.refuse": _("Refusal"),
    "holder.EVALUATOR": _("Evaluators"),
    "holder.AGENCY": _("The agency"),
}
PARTIES: dict[str, str] = {}
