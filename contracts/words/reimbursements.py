"""Words of reimbursements."""

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
    "payee.entered": _("The account was given"),
    "payee.changed": _("The account was changed"),
    "payee.checked": _("The account was checked by a second person"),
    "payee.blocked": _("Account blocked: it is known for somebody else"),
    "payee.excused": _("A first person gave a reason to use the blocked account"),
    "payee.released": _("A second person released the blocked account"),
    "payee.screened": _("The account holder was compared with the sanctions lists"),
    "payee.cleared": _("A second person cleared the account holder"),
    "sanctions_list.imported": _("A sanctions list was imported"),
    "staff_list.imported": _("The accounts of staff were imported"),
    "payee.refused": _("The account was refused"),
    "claim.opened": _("Claim opened"),
    "claim.filed": _("Claim filed"),
    "claim.revised": _("Claim filed again"),
    "claim.returned": _("Finance asked for something"),
    "claim.verified": _("Claim verified"),
    "claim.approved": _("Claim approved by a second person"),
    "claim.ordered": _("Payment ordered"),
    "claim.order_withdrawn": _("The order was withdrawn, the payment is proposed anew"),
    "claim.paid": _("Paid: the bank has booked it"),
    "claim.payment_failed": _("The payment came back: the account has to be mended"),
    "claim.closed": _("Claim closed"),
    "claim.rejected": _("Claim rejected"),
    "claim.expired": _("The time to claim was over"),
    "claim.finalised": _("The decision on the claim is final"),
    "claim.replaced": _("The payment came back after closing: a new claim replaces this one"),
    "claim.appealed": _("An appeal was made"),
    "claim.reopened": _("The appeal was granted: the claim is checked again"),
    "claim.appeal_refused": _("The appeal was refused"),
    "claim.reminded": _("A reminder was sent"),
    "payment.proposed": _("Payment proposed"),
    "payment.batched": _("Payment put in a batch"),
    "payment.taken_out": _("Payment taken out of a batch"),
    "payment.sent": _("Payment sent to the bank"),
    "payment.accepted": _("The bank took the payment order"),
    "payment.booked": _("The bank booked the payment"),
    "payment.refused": _("The bank refused the payment"),
    "payment.returned": _("The bank returned the payment"),
    "payment.withdrawn": _("The payment was withdrawn"),
    "payment.denied": _("A first person recorded that the bank has not executed the payment"),
    "batch.proposed": _("Batch proposed"),
    "batch.seconded": _("Batch authorised by the first person"),
    "batch.authorised": _("Batch authorised by two people, file written"),
    "batch.report_read": _("The bank's status report was read"),
    "batch.withdrawal_asked": _("A first person asked to withdraw the batch"),
    "batch.withdrawn": _("Batch withdrawn"),
    "statement.imported": _("A bank statement was read"),
    "advice.imported": _("An advice of the bank was read"),
    "suspense.opened": _("The bank booked what nobody can explain yet"),
    "suspense.explained": _("A first person has explained a booked entry"),
    "suspense.sent_back": _("The explanation of a booked entry was sent back"),
    "suspense.settled": _("A booked entry is explained"),
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
    "payee.enter": ActWords(
        _("Give your account"), _("Give the account"), _("A second person checks it before anything is paid.")
    ),
    "payee.change": ActWords(
        _("Change your account"), _("Change the account"), _("A change re-opens the check.")
    ),
    "payee.check": ActWords(_("Check the account"), _("Confirm the check")),
    "payee.excuse": ActWords(
        _("Give a reason to use this account"),
        _("Give the reason"),
        _(
            "The account is known for somebody else, or for the payer or its staff. A second person has to agree."
        ),
    ),
    "payee.release": ActWords(
        _("Agree that this account is used"), _("Release the account"), _("You are the second person.")
    ),
    "payee.screen": ActWords(_("Compare with the sanctions lists"), _("Compare again")),
    "payee.clear": ActWords(
        _("Decide on the names that resemble"),
        _("It is somebody else"),
        _("If the holder is the one on the list, refuse the account instead."),
    ),
    "sanctions_list.import": ActWords(
        _("Import a sanctions list"),
        _("Import the list"),
        _("Every account is compared with it at once. What resembles waits for a second person."),
    ),
    "staff_list.import": ActWords(
        _("Import the accounts of your staff"),
        _("Import the accounts"),
        _("Nobody is paid to one of them before two people have given a reason."),
    ),
    "payee.refuse": ActWords(_("Refuse the account"), _("Refuse the account")),
    "claim.file": ActWords(_("File your claim"), _("File the claim")),
    "claim.revise": ActWords(_("File your claim again"), _("File the claim again")),
    "claim.return": ActWords(_("Ask the claimant"), _("Send it back to the claimant")),
    "claim.verify": ActWords(
        _("Verify this claim"), _("Verify, send to approver"), _("You verify, somebody else approves.")
    ),
    "claim.approve": ActWords(
        _("Approve this claim"),
        _("Approve, draw the money"),
        _("The sum is drawn from the reservation and its payment is proposed."),
    ),
    "claim.reject": ActWords(_("Reject this claim"), _("Reject the claim")),
    "claim.appeal": ActWords(_("Appeal against the decision"), _("Send the appeal")),
    "claim.grant_appeal": ActWords(_("Grant the appeal"), _("Grant it, check again")),
    "claim.refuse_appeal": ActWords(_("Refuse the appeal"), _("Refuse the appeal")),
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
    "payee.entered": _("to be checked"),
    "payee.checked": _("checked"),
    "payee.refused": _("refused"),
    "payee.blocked": _("blocked"),
    "sanctions_list.imported": _("imported"),
    "staff_list.imported": _("imported"),
    "claim.opened": _("to be filed"),
    "claim.filed": _("to verify"),
    "claim.returned": _("with the claimant"),
    "claim.verified": _("to approve"),
    "claim.approved": _("approved, to be ordered"),
    "claim.ordered": _("ordered"),
    "claim.paid": _("paid"),
    "claim.closed": _("closed"),
    "claim.rejected": _("rejected"),
    "claim.expired": _("expired"),
    "claim.replaced": _("replaced"),
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
    "statement.imported": _("read"),
    "advice.imported": _("read"),
    "suspense.open": _("to be explained"),
    "suspense.explained": _("to be confirmed"),
    "suspense.settled": _("explained"),
}
REFUSALS: dict[str, str] = {
    # budget lines
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
    "aid-line-unreadable": _(
        "“%(line)s” cannot be read. Write day; amount; who gave it, for example 2025-03-01; 12000.00; Region."
    ),
    "aid-line-outside": _("“%(line)s” does not lie in the last three years. Leave it out."),
    "registered-when": _("The entry was made after the grant and not later than today. Correct the day."),
    "aid-check-once": _(
        "Whether this case needs a declaration of State aid is known already. Look at its page."
    ),
    "aid-entry-once": _("The aid of this case is to be entered in the register already. Look at its entry."),
    "aid-registered-with-proof": _("An entry counts only with its reference in the register. Give it."),
    "granted-without-reservation": _("This case was granted without a reservation. Tell the operator."),
    "reservation-live-once": _("Money is set aside for this case already."),
    # accounts of payees
    "iban-invalid": _("This is no valid IBAN. Compare it with the bank’s letter, digit by digit."),
    "bic-invalid": _("This is no valid BIC. Leave it empty if you do not know it."),
    "no-case-yet": _(
        "No application of this organisation is known here, so nobody could check the account. Apply "
        "first, then give it."
    ),
    "payee-once": _("The account of this organisation was given already. Change it instead."),
    "account-known-elsewhere": _(
        "This account is known for somebody else. Check the number, or ask the finance team of your payer."
    ),
    "own-account": _("Somebody else than the organisation and whoever gave the account checks it."),
    "payee-second-person": _("Another person than the one who gave the account checks it."),
    "payee-checked": _("A checked account needs its checker, and a reason if the name was no match."),
    "reason-missing": _("Give a reason: the check was no match."),
    "payee-excused-by-two": _("Two different people give a reason before a blocked account is used."),
    "payee-excused-by-others": _("Whoever gave the account does not excuse it, and nobody excuses it twice."),
    "payee-cleared-by-another": _(
        "Another person than the one who gave the account looks at the names, and gives a reason."
    ),
    "payee-version-once": _("The account was changed at the same moment. Look at it and repeat the change."),
    "excuse-first": _("A first person gives a reason why this account may be used; you are the second."),
    "excused-yourself": _("You gave the reason; another person agrees to it."),
    "account-missing": _("Give the IBAN, or the account number where there is none."),
    "outside-sepa-needs-more": _(
        "This account is outside SEPA: its bank needs the BIC and the payee’s street."
    ),
    "list-unreadable": _(
        "This file holds no list that can be read. Send it as text, with one entry a line and a row of headings where "
        "the page asks for one."
    ),
    "list-of-tomorrow": _("This date lies ahead. Give the day on which the list was published."),
    "no-hit": _("No name on the lists resembles this holder. Nothing has to be cleared."),
    "own-screening": _(
        "Another person than the one who gave the account, or who had it compared, looks at the names."
    ),
    "sanctions-list-missing": _("No sanctions list was imported yet. Import the newest one first."),
    "sanctions-check-old": _(
        "The account holder %(holder)s was not compared with the newest sanctions list within thirty days. Repeat the "
        "comparison on the account’s page."
    ),
    "sanctions-hit": _(
        "The account holder %(holder)s resembles a name on a sanctions list. A second person looks at it on the "
        "account’s page before anything is paid."
    ),
    "payee-missing": _(
        "The account is missing or not checked yet. Give it, and let a second person check it."
    ),
    "payee-changed": _(
        "The account of %(holder)s was changed and is not checked yet. Wait for the check, or withdraw "
        "the batch and propose it without this payment."
    ),
    # claims
    "own-claim": _("Nobody decides on a claim of their own organisation. Ask a colleague of another one."),
    "more-than-claimed": _("At most %(claimed)s EUR were claimed. Accept that much or less."),
    "verified-yourself": _("You verified this claim; another person approves it."),
    "decided-the-case": _(
        "You decided on this case, validated its visit or rejected this claim; another person approves "
        "the money."
    ),
    "verifier-is-not-claimant": _("Nobody verifies a claim that they filed."),
    "approver-is-another": _(
        "Whoever filed or verified the claim, or decided on its case, does not approve it. Ask another "
        "person."
    ),
    "accepted-within-claimed": _("What is accepted is never more than what was claimed."),
    "claim-approved-first": _("A claim is paid only after it was filed, verified and approved."),
    "claim-live-once": _("This case has its claim already."),
    "claim-replaced-once": _("This claim was replaced already."),
    "claim-number": _("This number is taken. Repeat it."),
    "payment-in-batch": _("The payment is in a batch already. Withdraw the batch first."),
    # payments and batches
    "nothing-to-pay": _("No approved payment to a checked account waits for this member."),
    "above-the-balance": _(
        "The batch is more than the account holds by its last statement, less what is ordered and not booked yet. "
        "Read a newer statement, or give a reason."
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
    # messages of the bank
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
    # entries that two people explain
    "explained-yourself": _("You explained this entry; another person confirms it."),
    "explanation-direction": _(
        "Payments and charges are money that went out, what came back is money that came in. Choose again."
    ),
    "explanation-payment": _(
        "The payment “%(id)s” cannot be what this entry is: it is not of this account, or does not wait for the bank."
    ),
    "explanation-sum": _(
        "The payments that you name are not the sum of this entry to the cent. Name all of them, each once."
    ),
    "suspense-once": _("This entry waits for its explanation already."),
    "suspense-settled-by-two": _("Two different people explain an entry, with a reason."),
    "entry-once": _("An entry of this statement was posted at the same moment. Repeat it."),
    "report-of-another": _("This report is about another payment file. Open that batch and read it there."),
    # the ledger
    "no-overspend": _("The budget line has less available than this takes. Release or allocate money first."),
    "ledger-not-below-zero": _(
        "The ledger does not hold what this would take: it was done before, or never due. Look at the "
        "claim's page."
    ),
    "posting-differs": _("The same posting was recorded before with other amounts. Tell the operator."),
    "reversed-once": _("This posting was corrected before. Look at its correction."),
    "ledger-balanced": _("This posting does not balance and was not recorded. Tell the operator."),
    "ledger-append-only": _("Nothing is added to a recorded posting. Correct it by a reversing one."),
    "ledger-number": _("Two postings met at one account. Repeat it."),
    "ledger-chart": _("The ledger has no such account. Tell the operator."),
    "ledger-owner": _("This account keeps its balance for another kind of owner. Tell the operator."),
    "ledger-one-side": _("An entry is either a debit or a credit. Tell the operator."),
    # the payment file, checked before it counts as ordered
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
    "category.support": _("Support to third parties"),
    "category.staff": _("Own costs: staff"),
    "category.travel": _("Own costs: travel"),
    "category.other_costs": _("Own costs: other"),
    "limit.cap": _("cap of the action"),
    "limit.de_minimis": _("de minimis aid, three years"),
    "limit.gber_20a": _("aid under Article 20a of the block exemption"),
    "account.LIMIT": _("Limit of a recipient"),
    "account.HEADROOM": _("What a recipient may still get"),
    "account.HELD": _("Held for cases"),
    "account.GRANTED": _("Granted"),
    "posting.limit_open": _("Limit opened"),
    "posting.limit_hold": _("Held for a case"),
    "posting.limit_release": _("No longer held"),
    "posting.limit_grant": _("Granted"),
    "posting.limit_lower": _("No longer counted"),
    "posting.limit_declare": _("Declared as granted by others"),
    "account.ALLOTTED": _("Allotted"),
    "account.RECOVERED": _("Recovered"),
    "account.AVAILABLE": _("Available"),
    "account.RESERVED": _("Reserved"),
    "account.COMMITTED": _("Committed"),
    "account.DRAWN": _("Being paid"),
    "account.PAID": _("Paid"),
    "account.PAID_OUTSIDE": _("Paid outside of the action"),
    "account.BANK": _("Bank"),
    "account.TRANSIT": _("Ordered, not booked"),
    "account.PAYABLE": _("Approved, not ordered"),
    "account.RECEIVABLE": _("To be recovered"),
    "account.SUPPORT": _("Support paid or owed"),
    "account.CHARGES": _("Charges of the bank"),
    "account.SUSPENSE": _("Booked, not explained yet"),
    "account.FUNDER_ADVANCE": _("Received from the funder"),
    "account.DUE_TO_FUNDER": _("Owed to the funder"),
    "account.WRITTEN_OFF": _("Written off"),
    "account.OWN": _("Other business of the account"),
    "posting.allocate": _("Line opened or raised"),
    "posting.cut": _("Line cut"),
    "posting.transfer": _("Transfer between lines"),
    "posting.reserve": _("Reserved for a case"),
    "posting.release": _("Reservation released"),
    "posting.commit": _("Grant signed"),
    "posting.amend_up": _("Grant raised by an amendment"),
    "posting.amend_down": _("Grant lowered by an amendment"),
    "posting.end_of_case": _("Case ended, rest released"),
    "posting.approve": _("Claim approved"),
    "posting.give_back": _("Approved claim returned"),
    "posting.order": _("Payment ordered"),
    "posting.withdraw_order": _("Order withdrawn"),
    "posting.refuse_payee": _("Payment refused by the bank"),
    "posting.book": _("Paid"),
    "posting.book_outside": _("Paid outside of the action"),
    "posting.take_back": _("Payment returned by the bank"),
    "posting.take_back_outside": _("Payment returned by the bank"),
    "posting.take_back_closed": _("Payment returned after closing"),
    "posting.take_back_closed_outside": _("Payment returned after closing"),
    "posting.order_recovery": _("Recovery ordered"),
    "posting.withdraw_recovery": _("Recovery withdrawn: the payment itself came back"),
    "posting.recover": _("Recovered"),
    "posting.recover_outside": _("Recovered outside of the action"),
    "posting.waive": _("Recovery waived"),
    "posting.charge": _("Charge of the bank"),
    "posting.receive_advance": _("Instalment of the funder"),
    "posting.pass_on_advance": _("Instalment passed on"),
    "posting.repay_funder": _("Repaid to the funder"),
    "posting.opening_balance": _("Opening balance"),
    "posting.opening_overdraft": _("Opening balance, overdrawn"),
    "posting.unknown_debit": _("Debit, not explained yet"),
    "posting.unknown_credit": _("Credit, not explained yet"),
    "posting.own_debit": _("Other business of the account"),
    "posting.own_credit": _("Other business of the account"),
    "posting.reverse": _("Correction"),
    "other_line": _("Another line should give it"),
    "not_needed": _("It is not needed"),
    "account": _("The account is wrong or missing"),
    "amount": _("The amount is not clear"),
    "no_evidence": _("There is no evidence"),
    "double_funding": _("The same costs were funded twice"),
    "match": _("The name matches"),
    "close": _("The name nearly matches"),
    "no_match": _("The name does not match"),
    "not_possible": _("The bank could not check"),
    "blocked.another_payee": _("It is the account of another payee"),
    "blocked.payer": _("It is an account of a paying member"),
    "blocked.staff": _("It is an account of somebody who works for the payer"),
    "screening.clear": _("no name on the lists resembles"),
    "screening.hit": _("a name on a list resembles: a second person decides"),
    "screening.cleared": _("a name resembled, and a second person has decided that it is somebody else"),
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
