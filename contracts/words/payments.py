"""Words of payments: batches and their files."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "payment.proposed": _("Payment proposed"),
    "payment.batched": _("Payment put in a batch"),
    "payment.taken_out": _("Payment taken out of a batch"),
    "payment.sent": _("Payment sent to the bank"),
    "payment.accepted": _("The bank took the payment order"),
    "payment.booked": _("The bank booked the payment"),
    "payment.refused": _("The bank refused the payment"),
    "payment.returned": _("The bank returned the payment"),
    "payment.withdrawn": _("The payment was withdrawn"),
    "payment.reinstated": _("The bank executed what it had refused, or what was withdrawn"),
    "payment.denied": _("A first person recorded that the bank has not executed the payment"),
    "batch.proposed": _("Batch proposed"),
    "batch.seconded": _("Batch authorised by the first person"),
    "batch.authorised": _("Batch authorised by two people, file written"),
    "batch.report_read": _("The bank's status report was read"),
    "batch.withdrawal_asked": _("A first person asked to withdraw the batch"),
    "batch.withdrawn": _("Batch withdrawn"),
}
ACTS: dict[str, ActWords] = {
    "batch.propose": ActWords(
        _("Propose a batch"), _("Propose the batch"), _("It takes every approved payment of one account.")
    ),
    "batch.second": ActWords(_("Authorise the batch, first person"), _("Authorise as the first")),
    "batch.authorise": ActWords(
        _("Authorise the batch, second person"),
        _("Authorise, write the file"),
        _("The payment file is made now, once. The money counts as ordered."),
    ),
    "batch.read_report": ActWords(_("Read a status report"), _("Read the report")),
    "batch.ask_withdrawal": ActWords(
        _("Ask to withdraw the batch"),
        _("Ask for the withdrawal"),
        _("Only if the bank will not execute the file. A second person withdraws the batch."),
    ),
    "batch.withdraw": ActWords(
        _("Withdraw the batch"),
        _("Withdraw the batch"),
        _("Its payments are proposed anew. Once it was authorised, this takes a second person."),
    ),
    "payment.deny": ActWords(
        _("Record that the bank has not executed this payment"),
        _("Record it"),
        _(
            "Only with the bank’s written word; a second person confirms it. Without it somebody could be paid twice."
        ),
    ),
    "payment.confirm_denial": ActWords(
        _("Confirm that the bank has not executed this payment"),
        _("Confirm, propose it anew"),
        _("You are the second person. Read the bank’s letter first."),
    ),
}
STATES: dict[str, str] = {
    "payment.proposed": _("proposed"),
    "payment.batched": _("in a batch"),
    "payment.sent": _("sent"),
    "payment.accepted": _("taken by the bank"),
    "payment.booked": _("booked"),
    "payment.refused": _("refused"),
    "payment.returned": _("returned"),
    "payment.withdrawn": _("withdrawn"),
    "batch.proposed": _("to authorise"),
    "batch.seconded": _("second authorisation missing"),
    "batch.authorised": _("authorised"),
    "batch.withdrawn": _("withdrawn"),
}
REFUSALS: dict[str, str] = {
    "payment-in-batch": _("The payment is in a batch already. Withdraw the batch first."),
    "payment-in-suspense": _(
        "The bank booked an earlier payment of a claim in this batch although it was refused or withdrawn. Withdraw "
        "the batch, and explain the entry in suspense first; else the payee would be paid twice."
    ),
    "nothing-to-pay": _("No approved payment to a checked account waits for this member."),
    "above-the-balance": _(
        "The batch is more than the account holds by its last statement, less what is ordered and not booked yet. "
        "Read a newer statement, or give a reason."
    ),
    "batch-after-end": _(
        "A payment of this batch would be booked after the end of the action, and nobody has consented to that. "
        "Withdraw the batch, and ask for the late payment under Budgets › At risk."
    ),
    "above-the-balance-now": _(
        "The account holds less now than this batch takes, and no reason was given. Withdraw it, and propose it "
        "with a reason."
    ),
    "bank-not-outside-sepa": _(
        "The account of %(holder)s is outside SEPA, and the paying bank does not execute such payments. Ask for "
        "another account, or agree on it with the bank."
    ),
    "payment-denied-by-two": _("Two different people record that the bank has not executed a payment."),
    "payment-denied-in-writing": _(
        "That a payment was not executed rests on the bank’s written confirmation."
    ),
    "approved-a-payment": _("You filed or approved a payment in this batch; two others authorise it."),
    "authorised-yourself": _("You authorised this batch as the first; another person is the second."),
    "batch-two-people": _("Two different people authorise a batch."),
    "batch-authorised-by-two": _("A batch counts as authorised only with two people and its file."),
    "batch-withdrawn-by-two": _("An authorised batch is withdrawn by two different people."),
    "payment-approved-first": _("A payment rests on the approval of its claim."),
    "payment-once": _("This attempt to pay the claim exists already."),
    "end-to-end-id-once": _("This end-to-end id was used before. A new attempt needs a new id."),
    "message-id-once": _("This message id was used before. Repeat it."),
    "payment-authorised-by-others": _(
        "Whoever filed or approved a payment does not authorise it, and nobody authorises twice."
    ),
    "payment-authorised-by-two": _("A payment is sent only when two people have authorised it."),
    "payment-not-late": _(
        "The bank still has time to book or refuse this payment. Wait until three bank days after its execution."
    ),
    "deny-first": _("A first person records what the bank has written; you are the second."),
    "denied-yourself": _("You recorded the bank’s word; another person confirms it."),
    "ask-withdrawal-first": _(
        "An authorised batch is withdrawn by two people. Ask for the withdrawal; a second person does it."
    ),
    "withdraw-by-another": _("You asked for this withdrawal; another person does it."),
    "payment-booked": _(
        "Nothing of this batch can be withdrawn: the bank has booked or refused its payments. Look at the"
        " batch."
    ),
    "file-unreadable": _("The file is no payment file of version %(message)s. Write it anew."),
    "file-count": _("%(where)s announces %(given)s payments but has %(counted)s. Write the file anew."),
    "file-sum": _(
        "%(where)s announces %(given)s EUR but its payments add up to %(counted)s EUR. Write the file anew."
    ),
    "file-not-authorised": _(
        "%(where)s orders %(counted)s EUR; %(given)s EUR were authorised. Withdraw the batch."
    ),
    "file-amount": _(
        "%(where)s: “%(given)s” is no amount above zero in whole cents of euro. Correct the claim."
    ),
    "file-iban": _("%(where)s: the account number %(given)s is not valid. Ask the payee for the right one."),
    "file-outside-sepa": _(
        "%(where)s: accounts in %(given)s cannot be paid by SEPA on that day. Take the payment out."
    ),
    "file-bic": _(
        "%(where)s: “%(given)s” is no BIC, and outside SEPA nothing else finds the bank. Correct it."
    ),
    "file-street-missing": _(
        "%(where)s: outside SEPA the payee’s address needs a street. Complete the address."
    ),
    "file-country": _("%(where)s: %(given)s is no country code. Correct the address."),
    "file-name-missing": _("%(where)s: the account holder’s name is missing. Complete it."),
    "file-town-missing": _(
        "%(where)s: the address has no town, and banks refuse it without. Complete the address."
    ),
    "file-country-missing": _(
        "%(where)s: the address has no country, and banks refuse it without. Complete the address."
    ),
    "file-characters": _("%(where)s: “%(given)s” has characters that banks refuse. Correct the text."),
    "file-bank-day": _("%(where)s: banks do not settle on %(given)s. Choose another day of execution."),
    "file-id": _(
        "%(where)s: “%(given)s” is no id that banks take (1 to 35 characters, no slash at either end, no "
        "double slash). Write the file anew."
    ),
    "file-id-repeated": _("The id %(given)s stands in the file more than once. Take the second payment out."),
    "file-id-used": _("The id %(given)s was ordered before. A new attempt needs a new id."),
    "file-terms": _(
        "%(where)s: a SEPA transfer is ordered with SEPA, SLEV and single booking. Write the file anew."
    ),
}
CODES: dict[str, str] = {
    "turned_down.AC01": _("The account number is wrong"),
    "turned_down.AC03": _("The account number is wrong"),
    "turned_down.AC04": _("The account is closed"),
    "turned_down.AC06": _("The account is blocked"),
    "turned_down.AC07": _("The account is closed"),
    "turned_down.AG01": _("The account takes no such payments"),
    "turned_down.AM04": _("There is not enough money on the paying account"),
    "turned_down.AM05": _("The bank takes it for a payment that it has seen before"),
    "turned_down.BE01": _("Name and account do not belong together"),
    "turned_down.BE04": _("The payee’s address is missing or wrong"),
    "turned_down.BE06": _("The payee is not known there"),
    "turned_down.CNOR": _("The payee’s bank takes part in no such scheme"),
    "turned_down.DNOR": _("The paying bank takes part in no such scheme"),
    "turned_down.DUPL": _("The bank takes it for a payment that it has seen before"),
    "turned_down.FF01": _("The bank cannot read the file"),
    "turned_down.MD07": _("The account holder has died"),
    "turned_down.MS02": _("The payee refused it"),
    "turned_down.MS03": _("The bank gives no reason"),
    "turned_down.NARR": _("The bank gives its reason in words only, or none"),
    "turned_down.RC01": _("The payee’s bank was not found"),
    "turned_down.RR04": _("A rule of the authorities forbids it"),
    "turned_down.TM01": _("It came too late that day"),
}
PARTIES: dict[str, str] = {}
