"""Words of what the funder is told and pays."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "funder_report.opened": _("A report to the funder was begun"),
    "funder_report.period_changed": _("The period of the report was changed"),
    "funder_report.cost_added": _("A cost was entered in the report"),
    "funder_report.costs_imported": _("Costs were read into the report"),
    "funder_report.cost_removed": _("A cost was taken out of the report"),
    "funder_report.prepared": _("The report to the funder is prepared"),
    "funder_report.taken_back": _("The report was taken back before it was sent"),
    "funder_report.submitted": _("The report was sent to the funder"),
    "funder_report.sent_back": _("The funder sent the report back"),
    "funder_report.accepted": _("The funder accepted the report"),
    "funder_report.row_cut": _("What the funder cut of a row was entered"),
    "funder_report.cuts_noted": _("A first person has entered the funder's cuts"),
    "funder_report.cuts_sent_back": _("The funder's cuts were sent back to be entered anew"),
    "instalment.announced": _("An instalment was announced"),
    "instalment.matched": _("A first person has matched an instalment to an entry of the bank"),
    "instalment.unmatched": _("The match of an instalment was sent back"),
    "instalment.settled": _("A second person has confirmed an instalment"),
    "instalment.dropped": _("An instalment will not come"),
}
ACTS: dict[str, ActWords] = {
    "funder_report.open": ActWords(
        _("Begin a report to the funder"),
        _("Begin the report"),
        _("Support to third parties comes from the ledger; you add the member's own costs."),
    ),
    "funder_report.change_period": ActWords(_("Change the period"), _("Change the period")),
    "funder_report.add_cost": ActWords(
        _("Enter a cost"),
        _("Enter the cost"),
        _("In its own currency: it is turned into euro at the mean rate of the period."),
    ),
    "funder_report.import_costs": ActWords(_("Read costs from a file"), _("Read the costs")),
    "funder_report.remove_cost": ActWords(_("Take a cost out"), _("Take it out")),
    "funder_report.prepare": ActWords(
        _("Hand the report to the coordinator"),
        _("It is ready to be sent"),
        _("The coordinator sends it. Nobody sends what they prepared."),
    ),
    "funder_report.take_back": ActWords(_("Take the report back"), _("Take it back")),
    "funder_report.submit": ActWords(
        _("Send the report to the funder"),
        _("It was sent"),
        _("This version is kept as it is. Entries that come later are told in the next report."),
    ),
    "funder_report.send_back": ActWords(
        _("The funder sent the report back"),
        _("It came back"),
        _("A new version will be sent; the one that was sent stays."),
    ),
    "funder_report.accept": ActWords(
        _("The funder accepted the whole report"),
        _("It was accepted as a whole"),
        _("Only if it cut nothing. Otherwise enter its cuts, and a second person confirms them."),
    ),
    "funder_report.cut_row": ActWords(
        _("What the funder cut of one row"),
        _("Enter a row that was cut"),
        _("A cost of the member's own, or a claim. The next reports name each row with its reason."),
    ),
    "funder_report.note_cuts": ActWords(
        _("What the funder cut"),
        _("Enter the funder's cuts"),
        _(
            "By category, with the rows that you have entered among them. Nothing is posted before somebody of the "
            "member's finance has confirmed it."
        ),
    ),
    "funder_report.send_cuts_back": ActWords(_("Send the cuts back"), _("Send them back")),
    "funder_report.confirm_cuts": ActWords(
        _("Confirm what the funder cut"),
        _("Confirm the cuts"),
        _(
            "The report is accepted. Support that the funder cut stays paid; from now on the member bears it, and the "
            "ledger says so."
        ),
    ),
    "instalment.announce": ActWords(_("Announce an instalment"), _("Announce it")),
    "instalment.match": ActWords(
        _("Match it to an entry of the bank"),
        _("This is it"),
        _("Only entries of exactly this sum that nobody has explained are listed."),
    ),
    "instalment.unmatch": ActWords(_("Send the match back"), _("Send it back")),
    "instalment.confirm": ActWords(
        _("Confirm the match"), _("Confirm it"), _("It is posted with the value date of the bank.")
    ),
    "instalment.drop": ActWords(_("It will not come"), _("Drop it")),
}
STATES: dict[str, str] = {
    "funder_report.draft": _("being prepared"),
    "funder_report.prepared": _("to be sent"),
    "funder_report.submitted": _("sent"),
    "funder_report.sent_back": _("sent back"),
    "funder_report.cuts_noted": _("cuts to be confirmed"),
    "funder_report.accepted": _("accepted"),
    "instalment.announced": _("announced"),
    "instalment.matched": _("to be confirmed"),
    "instalment.settled": _("booked"),
    "instalment.dropped": _("dropped"),
}
REFUSALS: dict[str, str] = {
    "period-outside-action": _(
        "The period begins on %(since)s and ends at the latest with the action, on %(last)s. Choose a day between."
    ),
    "period-stands": _(
        "The period of this report stands: it was sent before, or another report follows it. What is left out is told "
        "in the next one."
    ),
    "period-without-costs": _("The report has costs after this day. Take them out, or choose a later day."),
    "period-not-over": _("The period is not over yet. Prepare its report when it is."),
    "report-before": _("The report of the period before was not sent yet. Send it first."),
    "average-missing": _(
        "No rate of %(currency)s is in force for this period. "
        "Import the rates, and let a second person put them in force."
    ),
    "cost-outside": _("This day lies outside of the period. Enter the cost in the report of its own period."),
    "cost-line-outside": _(
        "Line %(line)s has a day outside of the period. Leave it out, and report it in its own period."
    ),
    "cost-line-unreadable": _(
        "Line %(line)s cannot be read. It needs a category (staff, travel, equipment, services or other_costs), "
        "a text, a number of your books, a day as 2026-11-28, a currency as EUR and an amount as 120.50."
    ),
    "costs-unreadable": _("This is no CSV file in UTF-8. Save it from your spreadsheet as “CSV UTF-8”."),
    "costs-without-columns": _(
        "The file needs a first line with the columns %(columns)s, and costs below it."
    ),
    "costs-too-many": _("At most %(most)s costs are read at once. Split the file."),
    "no-such-cost": _("This cost is not in the report any more. Look at the report."),
    "own-cost-once": _("A number of your books stands in this report already. Each cost is told once."),
    "own-cost-positive": _("A cost is more than zero."),
    "cut-beyond-costs": _("More than was claimed cannot be cut."),
    "asked-back-beyond-cuts": _("The funder cannot ask back more than it cut."),
    "funder-asks-back-its-cut": _("The funder cannot ask back more than it cut."),
    "support-cut-positive": _("A cut is more than zero."),
    "funder-cuts-by-another": _("You entered these cuts; another person confirms them."),
    "funder-cuts-by-two": _("Cuts of the funder are entered by one person and confirmed by another."),
    "cut-beyond-row": _("More than this row tells cannot be cut from it."),
    "cut-below-rows": _("The rows that you have entered come to more. Enter at least their sum."),
    "cuts-to-be-noted": _("Rows of this report were cut. Enter the funder's cuts instead."),
    "no-cuts": _("Nothing is cut here. If the funder accepted the whole report, say so instead."),
    "no-such-row": _("This row is not in the version that was sent last. Choose one of the list."),
    "cut-regained-positive": _("What comes back is more than zero."),
    "funder-cuts-regained-pkey": _("This was recorded at the same moment. Look at the claim."),
    "funder-support-cuts-pkey": _("These cuts were recorded before. Look at the report."),
    "cut-without-reason": _("Write down why the funder cut it."),
    "funder-report-by-another": _("You prepared this report; another person sends it."),
    "funder-report-by-two": _("A report is prepared by one person and sent by another."),
    "funder-report-once": _("Somebody began this report at the same moment. Look at it."),
    "funder-report-days": _("The period ends on or after the day on which it begins."),
    "funder-cut-within-costs": _("More than was claimed cannot be cut."),
    "funder-report-versions-pkey": _("Somebody sent this report at the same moment. Look at it."),
    "funder-reported-entries-pkey": _(
        "An entry of this report was told in another one at the same moment. Look at both before you send it."
    ),
    "reported-entry-known": _("This entry is not in the ledger. Tell the operator."),
    "no-such-entry": _("This entry was explained meanwhile, or is not this sum. Choose another one."),
    "instalment-by-another": _("You matched this instalment; another person confirms it."),
    "instalment-by-two": _("An instalment is matched by one person and confirmed by another."),
    "instalment-positive": _("An instalment is more than zero."),
    "instalment-line-once": _(
        "This entry of the bank was matched to another instalment. Choose another one."
    ),
    "instalment-final-once": _("The funder's last payment to this member was announced already. Look at it."),
}
CODES: dict[str, str] = {
    "category.equipment": _("Own costs: equipment"),
    "category.indirect": _("Indirect costs"),
    "category.services": _("Own costs: services"),
    "told.paid": _("paid"),
    "told.returned": _("came back"),
    "told.recovered": _("recovered"),
    "kind.prefinancing": _("Prefinancing"),
    "kind.interim": _("Interim payment"),
    "kind.final": _("Last payment of the funder"),
    "kind.passed_on": _("Passed on to a member"),
    "kind.repayment": _("Paid back to the funder"),
    "how.funder": _("an instalment of the funder"),
}
PARTIES: dict[str, str] = {}
