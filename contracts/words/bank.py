"""Words of what the bank says: statements, advices, entries in suspense."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "statement.imported": _("A bank statement was read"),
    "advice.imported": _("An advice of the bank was read"),
    "suspense.opened": _("The bank booked what nobody can explain yet"),
    "suspense.explained": _("A first person has explained a booked entry"),
    "suspense.sent_back": _("The explanation of a booked entry was sent back"),
    "suspense.settled": _("A booked entry is explained"),
}
ACTS: dict[str, ActWords] = {
    "advice.import": ActWords(
        _("Read an advice of the bank"),
        _("Read the advice"),
        _("It names the payments that a statement gives as one sum. It books nothing by itself."),
    ),
    "suspense.explain": ActWords(
        _("Explain this entry"),
        _("Send to the second person"),
        _("Nothing is posted before a second person confirms it. The sum has to fit to the cent."),
    ),
    "suspense.send_back": ActWords(_("Send the explanation back"), _("Send it back")),
    "suspense.confirm": ActWords(
        _("Confirm the explanation"), _("Confirm and post"), _("You are the second person.")
    ),
    "statement.import": ActWords(
        _("Read a bank statement"), _("Read the statement"), _("It is read whole or refused whole.")
    ),
}
STATES: dict[str, str] = {
    "statement.imported": _("read"),
    "advice.imported": _("read"),
    "suspense.open": _("to be explained"),
    "suspense.explained": _("to be confirmed"),
    "suspense.settled": _("explained"),
}
REFUSALS: dict[str, str] = {
    "message-unreadable": _(
        "This file is no readable XML message. Download it again from the bank and send it unchanged."
    ),
    "message-too-large": _("This file is too large to be a bank message. Send one day at a time."),
    "message-version": _(
        "This is a message of kind “%(found)s”; only %(read)s are read. Choose one of these formats in "
        "your bank's portal."
    ),
    "message-incomplete": _(
        "The message lacks a sound value at %(where)s. Nothing was imported; ask the bank for the file again."
    ),
    "message-currency": _(
        "The message has an amount in “%(currency)s” at %(where)s; only euro accounts are read. Nothing "
        "was imported."
    ),
    "one-statement": _("The file holds %(found)s statements; send them one by one."),
    "statement-of-another": _("This statement is of an account that none of your budget lines pays from."),
    "statement-gap": _(
        "This statement does not begin where the last one ended. Import the missing statement first."
    ),
    "statement-once": _("This statement was read before. Nothing was posted twice."),
    "statement-does-not-add-up": _(
        "The entries of this statement do not lead from its opening to its closing balance. Nothing was "
        "imported; ask the bank for the file again."
    ),
    "statement-pages": _(
        "Pages %(found)s of this statement were sent; send all of its pages together, from the first to the last."
    ),
    "one-advice": _("The file holds %(found)s advices; send them one by one."),
    "advice-once": _("This advice was read before. Nothing was posted twice."),
    "advice-entry-once": _("An entry of this advice was read at the same moment. Repeat it."),
    "explained-yourself": _("You explained this entry; another person confirms it."),
    "explanation-direction": _(
        "Payments and charges are money that went out, what came back is money that came in. Choose again."
    ),
    "explanation-payment": _(
        "The payment “%(id)s” cannot be what this entry is: it is not of this account, or does not wait for the bank."
    ),
    "claim-not-owed": _(
        "The payment “%(id)s” was refused or withdrawn, and its claim is not approved now at this amount. Explain the "
        "entry once it is approved anew; until then it is put in no batch."
    ),
    "explanation-sum": _(
        "The payments that you name are not the sum of this entry to the cent. Name all of them, each once."
    ),
    "suspense-once": _("This entry waits for its explanation already."),
    "suspense-settled-by-two": _("Two different people explain an entry, with a reason."),
    "entry-once": _("An entry of this statement was posted at the same moment. Repeat it."),
    "report-of-another": _("This report is about another payment file. Open that batch and read it there."),
}
CODES: dict[str, str] = {
    "posted.payment": _("payment"),
    "posted.return": _("payment that came back"),
    "posted.repayment": _("money that was demanded back"),
    "posted.charge": _("charge of the bank"),
    "posted.suspense": _("in suspense: not explained yet"),
    "never_ordered": _("Nobody ordered it"),
    "paid_twice": _("It was paid before"),
    "amount_differs": _("The amount is another one"),
    "one_sum": _("The sum of the batch is another one"),
    "reversed": _("The bank has taken something back"),
    "came_back": _("A payment came back that was not paid"),
    "paid_back": _("A payment came back that was paid back before, in part or in full"),
    "not_expected": _("Nobody expected it"),
    "how.payments": _("payments that were ordered"),
    "how.came_back": _("payments that came back"),
    "how.charge": _("a charge of the bank"),
    "how.own": _("other business of the account"),
    "how.recovery": _("money that was demanded back"),
    "how.advice": _("explained by the bank's advice"),
}
PARTIES: dict[str, str] = {}
