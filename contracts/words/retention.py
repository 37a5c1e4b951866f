"""Words of records whose time is over."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "retention.begun": _(
        "The funder has made its last payment: from now on records are kept for the time of the law"
    ),
    "retention.fell_due": _("The records need not be kept any longer"),
    "retention.proposed": _("A first person proposed to remove personal data"),
    "retention.sent_back": _("The removal of personal data was sent back"),
    "retention.agreed": _("A second person agreed to remove personal data"),
    "retention.removed": _("Personal data were removed from the records"),
    "retention.held": _("The records are held for a dispute or an audit"),
    "retention.lifted": _("The records are not held any longer"),
}
ACTS: dict[str, ActWords] = {
    "retention.propose": ActWords(
        _("Propose to remove personal data"),
        _("Propose the removal"),
        _("A second person has to agree. Postings, payments and the chain of the ledger stay as they are."),
    ),
    "retention.send_back": ActWords(_("Send the removal back"), _("Send it back")),
    "retention.agree": ActWords(
        _("Agree to remove personal data"),
        _("Remove it"),
        _("The next nightly run removes it for good. Until then the records can still be held."),
    ),
    "retention.hold": ActWords(
        _("Hold the records"),
        _("Hold them"),
        _("For a dispute or an audit: nothing is removed until somebody lifts it."),
    ),
    "retention.lift": ActWords(_("Hold the records no longer"), _("Lift the hold")),
}
STATES: dict[str, str] = {
    "retention.kept": _("kept"),
    "retention.due": _("may be removed"),
    "retention.proposed": _("to be agreed"),
    "retention.agreed": _("removed tonight"),
    "retention.held": _("held"),
    "retention.removed": _("removed"),
}
REFUSALS: dict[str, str] = {
    "removal-by-another": _("You proposed the removal; another person agrees to it."),
    "removal-by-two": _("Personal data are removed by two people."),
    "hold-with-reason": _("Write down why the records are held."),
    "records-still-open": _(
        "Something of this action is still open: %(cases)s cases and %(claims)s claims. Close them first."
    ),
    "retention-once": _("The time of these records was begun before. Look at it."),
    "receipt-removed": _("This receipt was removed when the time for which records are kept was over."),
}
CODES: dict[str, str] = {}
PARTIES: dict[str, str] = {}
