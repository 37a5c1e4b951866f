"""Words of a member's months and of what it exports to its own bookkeeping."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "period.opened": _("A month was begun"),
    "period.proposed": _("A first person proposed to close the month"),
    "period.sent_back": _("The month was sent back"),
    "period.closed": _("The month was closed by a second person"),
    "chart.drawn": _("The numbers of the books were given"),
    "chart.changed": _("The numbers of the books were changed"),
    "books_export.made": _("A closed month was exported to the books"),
}
ACTS: dict[str, ActWords] = {
    "period.open": ActWords(
        _("Begin with the first month"),
        _("Begin the month"),
        _("It is the month of the first posting. Each closing begins the next one."),
    ),
    "period.propose": ActWords(
        _("Propose to close the month"),
        _("Propose to close it"),
        _("Everything that must hold of the money is proved first. A second person closes it."),
    ),
    "period.send_back": ActWords(_("Send the month back"), _("Send it back")),
    "period.close": ActWords(
        _("Close the month"),
        _("Close the month"),
        _("Its figures never change again. What is recorded later stands in the next month."),
    ),
    "chart.draw": ActWords(
        _("Give the numbers of your books"),
        _("Keep the numbers"),
        _("Under which account of your own chart of accounts each of these is booked."),
    ),
    "chart.change": ActWords(
        _("Change the numbers of your books"),
        _("Change the numbers"),
        _("Exports that were made keep the numbers they were made with."),
    ),
    "books_export.make": ActWords(
        _("Export a month to your bookkeeping"),
        _("Make the export"),
        _("It is made once, so that nothing is booked twice; its file can be fetched again at any time."),
    ),
}
STATES: dict[str, str] = {
    "period.open": _("open"),
    "period.proposed": _("to be closed"),
    "period.closed": _("closed"),
    "chart.in_force": _("in force"),
    "books_export.made": _("exported"),
}
REFUSALS: dict[str, str] = {
    "month-not-over": _("This month is not over yet. Close it when it is."),
    "month-without-statement": _(
        "No statement was read of the account of %(holder)s. Read its statements up to the end of the month."
    ),
    "month-beyond-statement": _(
        "The statements of the account of %(holder)s reach to %(day)s. "
        "Read those that follow, up to the end of the month."
    ),
    "month-with-suspense": _(
        "%(lines)s booked entries are not explained yet. Say what they were, or send them to a colleague who knows."
    ),
    "month-proposed-yourself": _("You proposed to close this month; another person closes it."),
    "books-unsound": _(
        "The books do not prove themselves, so nothing is closed. "
        "Tell the operator: `relais verify money` names the entry."
    ),
    "period-once": _("This month was begun already. Look at it among the months."),
    "period-is-a-month": _("A period is one whole month."),
    "period-closed-by-another": _("You proposed to close this month; another person closes it."),
    "period-closed-by-two": _("A month is closed by two people. Ask a second one."),
    "period-posting-known": _("This posting is not in the ledger. Tell the operator."),
    "period-postings-pkey": _("This posting stands in a closed month already. Tell the operator."),
    "chart-once": _("The numbers of this member were given already. Change them instead."),
    "chart-missing": _("Give the numbers of your books first, on the page of the months."),
    "month-open": _("Only a closed month is exported. Close it first."),
    "books-export-once": _("This month was exported already. Fetch its file again on the month’s page."),
    "books-export-number": _(
        "Somebody made an export at the same moment. Look at it before you repeat yours."
    ),
}
CODES: dict[str, str] = {}
PARTIES: dict[str, str] = {}
