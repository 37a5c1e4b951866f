"""What is said of a grant where nobody visits anybody, in place of what is said of an exchange: the text of an
exchange → the text of a grant. Every page and mail about a case of a call without host is worded by it."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _

OF_A_GRANT: Mapping[str, str] = {
    "the visitor": _("the applicant"),
    "whoever signs for the visitor": _("whoever signs for the applicant"),
    "the visitor's partnership": _("the partnership"),
    "The visitor's partnership": _("The partnership"),
    "Visitor": _("Applicant"),
    "Visitor's partnership": _("Partnership"),
    "Withdrawn by the visitor": _("Withdrawn by the applicant"),
    "The visitor has withdrawn.": _("The applicant has withdrawn."),
    "The visitor has withdrawn. Money that was reserved has gone back to the budget.": _(
        "The applicant has withdrawn. Money that was reserved has gone back to the budget."
    ),
    "The host's programme is missing": _("The programme is missing"),
    "Send it back to the visitor": _("Send it back to the applicant"),
    "Tell the visitor what to do": _("Tell the applicant what to do"),
    "The visitor reads this.": _("The applicant reads this."),
    "Explain it to the visitor": _("Explain it to the applicant"),
    "The visitor has ten working days to revise. Earlier decisions are kept but count no more.": _(
        "The applicant has ten working days to revise. Earlier decisions are kept but count no more."
    ),
    "Approve this exchange": _("Approve this application"),
    "The visitor hears nothing until the money is reserved.": _(
        "The applicant hears nothing until the money is reserved."
    ),
    "Cancel this exchange": _("Cancel this grant"),
    "Cancel the exchange": _("Cancel the grant"),
    "Open the exchange": _("Open the case"),
    "decide on this exchange": _("decide on this application"),
    "the decision on this exchange": _("the decision on this application"),
    "decide on this exchange as the officer's deputy": _(
        "decide on this application as the officer's deputy"
    ),
    "find budget for this exchange": _("find budget for this application"),
    "budget for this exchange": _("budget for this application"),
    "All have signed. The visit is being planned.": _("All have signed. The grant is being prepared."),
    "The exchange was cancelled. The money has gone back to the budget.": _(
        "The grant was cancelled. The money has gone back to the budget."
    ),
    "The exchange is closed and counted for the visitor's partnership.": _(
        "The grant is closed and counted for the partnership."
    ),
    "The claim is closed. The exchange is being counted.": _(
        "The claim is closed. The grant is being counted."
    ),
    "The exchange has ended": _("The case has ended"),
    "Not paid: the exchange has ended": _("Not paid: the case has ended"),
    "The visitor receives": _("The applicant receives"),
    "Nothing is paid for this exchange.": _("Nothing is paid for this grant."),
    "The exchange has ended. Money that was reserved for it has gone back to the budget.": _(
        "The case has ended. Money that was reserved for it has gone back to the budget."
    ),
    "No exchange this time: %(title)s": _("No grant this time: %(title)s"),
    "Your exchange was approved. Now everybody signs.": _(
        "Your application was approved. Now everybody signs."
    ),
    "The exchange is complete and counted for %(partnership)s. Thank you for taking part.": _(
        "The grant is complete and counted for %(partnership)s. Thank you for taking part."
    ),
    "The bank has booked the payment for claim %(number)s. This completes your exchange.": _(
        "The bank has booked the payment for claim %(number)s."
    ),
    "The reason: %(reason)s. What has to change stands on the page of the exchange.": _(
        "The reason: %(reason)s. What has to change stands on the page of the case."
    ),
}
