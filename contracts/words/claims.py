"""Words of what is paid and how: rate tables, currencies, claim lines, receipts, recovery."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "rate_table.published": _("A rate table was published"),
    "rate_table.lowered": _("A lowered rate table was proposed"),
    "rate_table.dropped": _("A lowered rate table was dropped"),
    "exchange_table.imported": _("A file of exchange rates was read"),
    "exchange_table.put_in_force": _("Exchange rates were put into force by a second person"),
    "exchange_table.dropped": _("A file of exchange rates was dropped"),
    "claim.line_added": _("A line was added to the claim"),
    "claim.line_changed": _("A line of the claim was changed"),
    "claim.line_removed": _("A line was taken out of the claim"),
    "claim.line_checked": _("A line of the claim was checked"),
    "claim.passed_first": _("Approved by the first of two people"),
    "claim.recovery_proposed": _("It was proposed to demand money back"),
    "claim.recovery_ordered": _("Money was demanded back"),
    "claim.dunned": _("A reminder to pay back was sent"),
    "claim.recovery_matched": _("A credit of the bank was named as the repayment"),
    "claim.part_recovered": _("Part of the money came back"),
    "claim.recovered": _("The money came back"),
    "claim.waiver_asked": _("It was proposed to waive what is still to be paid back"),
    "claim.recovery_waived": _("The rest was waived by a second person"),
}
ACTS: dict[str, ActWords] = {
    "rate_table.lower": ActWords(
        _("Lower a rate table"),
        _("Propose the lowered table"),
        _("A partnership may only lower what is published. Another coordinator puts it into force."),
    ),
    "rate_table.confirm": ActWords(
        _("Put the lowered table into force"),
        _("Put it into force"),
        _("It counts for applications submitted from its first day on; no running case changes."),
    ),
    "rate_table.drop": ActWords(_("Drop the lowered table"), _("Drop it")),
    "exchange_table.import": ActWords(
        _("Read exchange rates"),
        _("Read the file"),
        _(
            "As the Commission (InforEuro) or the European Central Bank publishes it. Another puts it into force."
        ),
    ),
    "exchange_table.put_in_force": ActWords(
        _("Put the exchange rates into force"),
        _("Put them into force"),
        _("Compare them with the publisher's page first. Lines that are filed already keep their rate."),
    ),
    "exchange_table.drop": ActWords(_("Drop the exchange rates"), _("Drop them")),
    "claim.open_part": ActWords(
        _("Claim from a voucher"),
        _("Open the claim"),
        _("As often as there is value left, while it is valid."),
    ),
    "claim.add_line": ActWords(
        _("Add a cost"),
        _("Add a cost"),
        _("One receipt, one line. Only your own costs, not paid by anybody else."),
    ),
    "claim.change_line": ActWords(
        _("Change a cost"), _("Change it"), _("Without a new file the receipt that was sent stays.")
    ),
    "claim.remove_line": ActWords(_("Take a cost out"), _("Take it out")),
    "claim.check_line": ActWords(
        _("Check a line"), _("Accept that much"), _("The claimant reads why less than the whole is accepted.")
    ),
    "claim.propose_recovery": ActWords(
        _("Demand money back"),
        _("Propose the demand"),
        _("Nothing is sent before another coordinator orders it."),
    ),
    "claim.order_recovery": ActWords(
        _("Order the demand"),
        _("Order it"),
        _("The recipient gets a numbered demand and owes the sum from now on."),
    ),
    "claim.match_recovery": ActWords(
        _("Name the credit that pays this back"), _("Name it"), _("Another treasurer confirms it.")
    ),
    "claim.confirm_recovery": ActWords(
        _("Confirm the repayment"),
        _("Confirm it"),
        _("The money counts as paid back, and within the action it can be granted again."),
    ),
    "claim.ask_waiver": ActWords(
        _("Waive the rest"),
        _("Propose the waiver"),
        _("With a reason and the decision. Another person does it."),
    ),
    "claim.waive_recovery": ActWords(
        _("Waive the rest, second person"),
        _("Waive it"),
        _("The member bears the loss; nothing more is demanded."),
    ),
}
STATES: dict[str, str] = {
    "rate_table.published": _("in force"),
    "rate_table.proposed": _("second person missing"),
    "rate_table.dropped": _("dropped"),
    "exchange_table.imported": _("second person missing"),
    "exchange_table.in_force": _("in force"),
    "exchange_table.dropped": _("dropped"),
    "claim.recovering": _("to be paid back"),
    "claim.recovered": _("paid back or waived"),
}
REFUSALS: dict[str, str] = {
    "rates-by-two": _("A lowered table is put into force by another person than proposed it."),
    "rates-confirmed-by-another": _("You proposed this table; another coordinator puts it into force."),
    "rates-not-backdated": _(
        "A lowered table counts from today at the earliest, and not before the table it lowers."
    ),
    "rate-unknown": _("The table has no entry “%(key)s”. Look at the table for its countries or bands."),
    "rate-only-lower": _("“%(key)s” stands at %(most)s EUR; a partnership may only lower it."),
    "rate-line": _(
        "“%(line)s” is no rate. Write a country or the first kilometre of a band, and an amount, as “EE = 150.00”."
    ),
    "exchange-rates-by-two": _("Exchange rates are put into force by another person than read them."),
    "rates-checked-by-another": _("You read this file; another person puts its rates into force."),
    "exchange-table-once": _(
        "Rates of this source for that time are in force already. They are never replaced."
    ),
    "rates-of-the-future": _(
        "These rates would count from a day that has not come. Choose the month or day of the file."
    ),
    "rates-unreadable": _(
        "This is no file of exchange rates that is read: InforEuro as JSON or CSV, the central bank's as XML or CSV. "
        "Download it again and send it unchanged."
    ),
    "rates-of-another-day": _(
        "The file has no rates of this day. Its newest are of %(newest)s. Choose that day, or another file."
    ),
    "rate-missing": _(
        "No rate of %(currency)s for %(day)s is in force yet. The finance team has to read the rates of that time; "
        "file again then."
    ),
    "category-not-listed": _("The call does not pay for this. Choose one of the listed kinds of costs."),
    "covered-already": _(
        "The units of this trip cover it: a daily rate pays accommodation, meals and local transport, a travel unit "
        "the journey. Leave the cost out."
    ),
    "covered-by-units": _(
        "A daily rate covers accommodation, meals and local transport. Take them out of the list, or pay actual costs."
    ),
    "currency-unknown": _("This is no currency. Give its three letters, as EUR or CHF."),
    "vat-too-high": _("The VAT is only a part of the amount. Correct one of the two."),
    "taxi-names": _("For a taxi, name everybody who was in it."),
    "outside-trip": _(
        "Costs count from the day before %(first)s to the day after %(last)s. Correct the date, or leave the cost out."
    ),
    "date-ahead": _("This date has not come yet. Give the one on the receipt."),
    "receipt-missing": _("Send a photo or PDF of the receipt, or of the bank's own statement."),
    "declaration-for-journeys": _(
        "Only a lost ticket can be declared. Send the receipt, or the bank's own statement."
    ),
    "declaration-too-short": _("Say which journey it was, on which day, and why there is no ticket."),
    "receipt-claimed-before": _(
        "This receipt was claimed before: %(member)s, %(day)s, %(amount)s. A receipt counts once. Send another one."
    ),
    "receipt-once": _(
        "This receipt was claimed at the same moment. A receipt counts once. Send another one."
    ),
    "trip-claimed-before": _(
        "This trip was claimed before at the same amount: %(member)s, %(day)s, %(amount)s EUR. It is paid once. Ask "
        "the finance team of your payer."
    ),
    "claim-trip-once": _("This trip was claimed before at the same amount. It is paid once."),
    "lines-too-many": _("A claim has at most 200 lines. Put small receipts together on one page."),
    "no-such-line": _("This line is no longer in the claim. Look at it again."),
    "line-computed": _("This line follows from the rate table; it cannot be changed."),
    "nothing-claimed": _("The claim has no cost yet. Add at least one."),
    "attendance-missing": _(
        "You were not recorded at the event on %(percent)s per cent of its days, as the call asks for. Ask the "
        "organiser to complete the list."
    ),
    "no-such-voucher": _("There is no such voucher. Open the claim from the case that was granted."),
    "voucher-over": _("The time to claim from this voucher is over. Nothing more is paid from it."),
    "voucher-used-up": _("Everything that was granted has been claimed already. Nothing is left to claim."),
    "voucher-claimed-at-once": _(
        "This grant is claimed at once, and a claim was opened already. Add your costs there while it is open."
    ),
    "report-overdue": _(
        "A report of this case is overdue. Nothing is approved before it is here; the recipient has been told."
    ),
    "more-than-the-line": _("The line costs %(costs)s EUR. Accept that much or less."),
    "line-reason-missing": _("Say why less than the whole is accepted; the claimant reads it."),
    "lines-unchecked": _(
        "Every line with a receipt has to be checked first. Look at the lines without a result."
    ),
    "sum-of-the-lines": _("The lines come to %(sum)s EUR. Correct a line, or leave the sum empty."),
    "nothing-accepted": _("Nothing would be paid. Reject the claim and explain why, or accept a line."),
    "approved-yourself": _(
        "You approved this claim as the first; above the threshold another person is the second."
    ),
    "first-approver-is-another": _(
        "Whoever filed or verified a claim does not approve it. Ask another person."
    ),
    "two-approvers-above-the-threshold": _(
        "Above the threshold two people approve who did nothing else on the claim."
    ),
    "line-within-cost": _("What is accepted of a line is never more than it costs."),
    "line-amounts-fall": _(
        "What is paid of a line is what was accepted, and no line brings more than it costs."
    ),
    "more-than-paid": _("%(paid)s EUR were paid. Demand that much or less."),
    "no-recovery-proposed": _(
        "No demand was proposed for this claim. Propose it first; another person orders it."
    ),
    "recovery-by-another": _("You proposed this demand; another coordinator orders it."),
    "no-such-credit": _("There is no such credit that waits to be explained. Look at the bank's statements."),
    "more-than-open": _("Only %(open)s EUR are still to be paid back. Explain the credit in another way."),
    "no-credit-matched": _(
        "No credit was named as the repayment. Name it first; another person confirms it."
    ),
    "match-by-another": _("You named this credit; another treasurer confirms it."),
    "no-waiver-asked": _(
        "No waiver was proposed. Propose it with a reason and a document; another person does it."
    ),
    "waiver-by-another": _("You proposed this waiver; another person does it."),
    "demand-number": _("This number is taken. Repeat it."),
    "demand-open-once": _("A demand on this claim is open already."),
    "demand-not-exceeded": _("Not more is received and waived than was demanded."),
    "demand-by-two": _("A demand is ordered by another person than proposed it."),
    "waiver-by-two": _("A waiver is done by another person than proposed it."),
    "demand-three-levels": _("There are three reminders to pay back, not more."),
    "no-such-table": _("There is no such rate table in force. Choose one of the list."),
    "ceiling-missing": _("Say up to which sum costs are paid; that much is set aside for each case."),
    "ceiling-and-categories": _(
        "What is paid with receipts needs both a sum and the kinds of costs. Give both, or neither."
    ),
    "lump-sum-stands": _(
        "A lump sum stands as it is: without intensity and without receipts. Choose another way to pay."
    ),
}
CODES: dict[str, str] = {
    "kind.lump_sum": _("A lump sum by country, halved for short or near stays"),
    "kind.unit_cost": _("Units: travel by distance, and a daily rate"),
    "kind.actual_cost": _("Actual costs with receipts, up to a ceiling"),
    "kind.voucher": _("A voucher for a service"),
    "rate_day.submission": _("InforEuro of the month in which the claim is filed"),
    "rate_day.invoice": _("InforEuro of the month of the receipt"),
    "rate_day.day": _("The European Central Bank's of the day of the receipt"),
    "scheme.clusterxchange": _("Lump sums by country"),
    "scheme.daily": _("Daily rates by country"),
    "scheme.travel": _("Travel units by distance"),
    "basis.confirmed": _("published"),
    "basis.inferred": _("inferred, not published"),
    "basis.lowered": _("lowered by the partnership"),
    "proof.receipt": _("A receipt or ticket"),
    "proof.bank_statement": _("The bank's own statement instead of the receipt"),
    "proof.declaration": _("A declaration, because the ticket is lost"),
    "source.inforeuro": _("the Commission's (InforEuro), of a month"),
    "source.ecb": _("the European Central Bank's, of a day"),
    "in_order": _("In order"),
    "personal": _("Personal, not for the purpose"),
    "outside_trip": _("Not within the trip"),
    "no_proof": _("Not proved"),
    "claimed_before": _("Claimed before"),
    "wrong_amount": _("The amount is another one"),
    "not_done": _("What was granted was not done"),
    "audit": _("Finding of an audit"),
    "paid_in_error": _("Paid in error"),
    "lump_sum": _("Lump sum"),
    "travel_unit": _("Travel, by distance"),
    "daily_unit": _("Daily rates"),
    "travel": _("Train, coach, ship or flight"),
    "accommodation": _("Accommodation"),
    "meals": _("Meals"),
    "local_transport": _("Bus, tram or metro on the spot"),
    "taxi": _("Taxi"),
    "fee": _("Fee of a conference or course"),
    "service": _("Service of a provider"),
    "material": _("Material"),
    "other": _("Other"),
}
PARTIES: dict[str, str] = {}
