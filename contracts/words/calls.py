"""Words of calls and their rules: what keeps a call from going live."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {}
ACTS: dict[str, ActWords] = {}
STATES: dict[str, str] = {}
REFUSALS: dict[str, str] = {
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
    "call-visit-needs-host": _("A visit needs a host. Add one, or let the grant be a voucher."),
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
CODES: dict[str, str] = {}
PARTIES: dict[str, str] = {}
