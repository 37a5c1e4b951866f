"""Words of budgets: lines, transfers, reservations, limits of recipients, State aid."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "budget.opened": _("Budget line opened"),
    "budget.raised": _("Budget line raised"),
    "budget.cut": _("Budget line cut"),
    "transfer.proposed": _("A transfer between two lines was proposed"),
    "transfer.made": _("The transfer was made by a second person"),
    "transfer.refused": _("The transfer was refused"),
    "late_payment.asked": _("Somebody asked to pay a claim after the end of the action"),
    "late_payment.consented": _("A second person consented to the late payment"),
    "late_payment.refused": _("The late payment was refused"),
    "aid_check.asked": _("The recipient was asked for its declaration of State aid"),
    "aid_check.outdated": _("The declaration of State aid has grown too old, and another one was asked for"),
    "aid_check.known": _("The declaration of State aid was there already"),
    "aid_check.declared": _("The declaration of State aid is there"),
    "aid_check.dropped": _("No declaration of State aid is needed any more"),
    "aid_declaration.made": _("State aid was declared"),
    "aid_entry.opened": _("The aid has to be entered in the register"),
    "aid_entry.registered": _("The aid stands in the register"),
    "aid_entry.reminded": _("A reminder of the register was sent"),
    "reservation.made": _("Budget reserved"),
    "reservation.queued": _("On the reserve list: the budget is short"),
    "reservation.committed": _("The money is committed"),
    "reservation.released": _("The open rest went back to the budget"),
}
ACTS: dict[str, ActWords] = {
    "budget.open": ActWords(_("Open a budget line"), _("Open the line")),
    "budget.raise": ActWords(
        _("Raise the line"), _("Raise the line"), _("Those who wait are served in the same moment.")
    ),
    "budget.cut": ActWords(_("Cut the line"), _("Cut the line")),
    "transfer.propose": ActWords(
        _("Transfer money to another line"),
        _("Propose the transfer"),
        _("A second person makes it. Both lines change in the same moment, and their sum does not."),
    ),
    "transfer.make": ActWords(
        _("Make the transfer"),
        _("Make the transfer"),
        _("Those who wait for the other line are served in the same moment."),
    ),
    "transfer.refuse": ActWords(_("Refuse the transfer"), _("Refuse the transfer")),
    "late_payment.ask": ActWords(
        _("Ask to pay a claim after the end of the action"),
        _("Ask for consent"),
        _("The member bears it: what is booked after the end is never reported to the funder."),
    ),
    "late_payment.consent": ActWords(
        _("Consent to the late payment"),
        _("Consent"),
        _("The next batch takes it. The member bears it."),
    ),
    "late_payment.refuse": ActWords(_("Refuse the late payment"), _("Refuse the late payment")),
    "aid_declaration.make": ActWords(
        _("Declare State aid"),
        _("Make the declaration"),
        _(
            "It covers your organisation and all enterprises linked with it. A new one replaces the one before."
        ),
    ),
    "aid_entry.register": ActWords(
        _("Say that the aid stands in the register"),
        _("It stands in the register"),
        _("Within twenty working days from the last signature."),
    ),
}
STATES: dict[str, str] = {
    "budget.open": _("open"),
    "transfer.proposed": _("to be made by a second person"),
    "transfer.made": _("made"),
    "transfer.refused": _("refused"),
    "late_payment.asked": _("consent missing"),
    "late_payment.consented": _("consented"),
    "late_payment.refused": _("refused"),
    "aid_check.asked": _("declaration missing"),
    "aid_check.declared": _("declared"),
    "aid_check.dropped": _("not needed any more"),
    "aid_declaration.made": _("declared"),
    "aid_entry.due": _("to be registered"),
    "aid_entry.registered": _("registered"),
    "reservation.made": _("reserved"),
    "reservation.queued": _("on the reserve list"),
    "reservation.committed": _("committed"),
    "reservation.released": _("released"),
}
REFUSALS: dict[str, str] = {
    "not-a-member": _("This organisation is no member of the partnership. Choose one that is."),
    "account-of-another": _("This account belongs to another member. Check the number."),
    "account-once": _("Somebody entered this account at the same moment. Look at the budgets and repeat it."),
    "cut-beyond-available": _(
        "Only %(available)s EUR are available; the rest is reserved, committed or paid."
    ),
    "transfer-to-itself": _("Choose two different lines."),
    "transfer-to-another-partnership": _("Money stays in its partnership. Choose a line of the same one."),
    "transfer-to-other-costs": _(
        "Both lines pay the same kind of costs. Choose another one, or cut and raise."
    ),
    "transfer-beyond-available": _("Only %(available)s EUR are available on that line. Transfer less."),
    "transfer-by-another": _("You proposed this transfer; another person makes it."),
    "transfer-by-two": _("A transfer is made by two people. Ask a second one."),
    "day-unreadable": _("This is no day. Write it as 2026-11-28."),
    "action-not-over": _("What is ordered today is booked within the action. No consent is needed."),
    "nothing-owed": _("Nothing is owed on this claim any more. Choose another one."),
    "late-payment-by-another": _("You asked for this late payment; another person consents to it."),
    "late-payment-by-two": _(
        "A late payment needs a reason, and the consent of a second person with another."
    ),
    "late-payment-once": _("Somebody asked to pay this claim late already. Look at that request."),
    "limit-exceeded": _("The recipient would get more than it may. Look at its limits before you go on."),
    "linked-unknown": _("One of these enterprises is not known here. Register it first, or leave it out."),
    "nace-unknown": _(
        "NACE Revision 2 has no code %(code)s. Give two, three or four digits, as 72.11; if your code is one of "
        "Revision 2.1, its first two."
    ),
    "aid-line-unreadable": _(
        "“%(line)s” cannot be read. Write day; amount; who gave it, for example 2025-03-01; 12000.00; Region."
    ),
    "aid-line-outside": _("“%(line)s” does not lie in the last three years. Leave it out."),
    "aid-beyond-ceiling": _(
        "Together this is more than the %(ceiling)s EUR that an undertaking may get in three years, so nothing can be "
        "granted to you. Correct a line that is wrong, or withdraw your application."
    ),
    "registered-when": _("The entry was made after the grant and not later than today. Correct the day."),
    "aid-check-once": _(
        "Whether this case needs a declaration of State aid is known already. Look at its page."
    ),
    "aid-entry-once": _("The aid of this case is to be entered in the register already. Look at its entry."),
    "aid-registered-with-proof": _("An entry counts only with its reference in the register. Give it."),
    "granted-without-reservation": _("This case was granted without a reservation. Tell the operator."),
    "reservation-live-once": _("Money is set aside for this case already."),
}
CODES: dict[str, str] = {
    "category.support": _("Support to third parties"),
    "category.staff": _("Own costs: staff"),
    "category.travel": _("Own costs: travel"),
    "category.other_costs": _("Own costs: other"),
    "limit.cap": _("cap of the action"),
    "limit.de_minimis": _("de minimis aid, three years"),
    "limit.gber_20a": _("aid under Article 20a of the block exemption"),
}
PARTIES: dict[str, str] = {}
