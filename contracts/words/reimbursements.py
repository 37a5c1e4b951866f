"""Words of claims, from their opening to their end; those of their lines and of demands stand in `claims`."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
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
}
ACTS: dict[str, ActWords] = {
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
}
STATES: dict[str, str] = {
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
}
REFUSALS: dict[str, str] = {
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
}
CODES: dict[str, str] = {
    "other_line": _("Another line should give it"),
    "not_needed": _("It is not needed"),
    "account": _("The account is wrong or missing"),
    "amount": _("The amount is not clear"),
    "no_evidence": _("There is no evidence"),
    "double_funding": _("The same costs were funded twice"),
}
PARTIES: dict[str, str] = {}
