"""Who must hear what of a claim, from its opening to the last cent."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES, REMINDED
from services.notifications.notices.notice import MOVERS, Notice

_CLAIM = "/claims/{subject}"
_OPEN_CLAIM = _("Open the claim")

CLAIMS: Mapping[str, tuple[Notice, ...]] = {
    "claim.opened": (
        Notice(
            ("CLAIMANT",),
            _("Claim %(number)s waits for your receipts"),
            (
                _(
                    "Add what you have paid, each cost with a photo or PDF of its receipt, and then file the claim."
                ),
                _("Costs without a receipt are not paid."),
            ),
            move=MOVES["claim.opened"],
            button=_OPEN_CLAIM,
            page=_CLAIM,
            payer=True,
            when=("takes_receipts", True),
        ),
        Notice(
            ("CLAIMANT",),
            _("%(amount)s can be paid to you: give your account"),
            (_("Your visit is validated, and claim %(number)s was opened for it."),),
            move=MOVES["claim.opened"],
            button=_OPEN_CLAIM,
            page=_CLAIM,
            payer=True,
        ),
    ),
    "claim.passed_first": (
        Notice(
            ("APPROVER",),
            _("Claim %(number)s waits for a second approval"),
            (_("It is above the threshold, and a first person has approved it."),),
            move=MOVES["claim.verified"],
            button=_OPEN_CLAIM,
            page=_CLAIM,
        ),
    ),
    "claim.recovery_ordered": (
        Notice(
            ("CLAIMANT",),
            _("Money has to be paid back: claim %(number)s"),
            (
                _("More was paid than is due. Number, sum, reason and date stand on the page of the claim."),
                _("Name the number of the demand when you pay."),
            ),
            move=MOVES["claim.recovering"],
            button=_OPEN_CLAIM,
            page=_CLAIM,
            payer=True,
        ),
    ),
    "claim.dunned": (
        Notice(
            ("CLAIMANT",),
            _("Reminder: money has to be paid back, claim %(number)s"),
            (
                _(
                    "The time to pay it back is over. Number, sum and the new date stand on the page of the claim."
                ),
            ),
            move=MOVES["claim.recovering"],
            button=_OPEN_CLAIM,
            page=_CLAIM,
            payer=True,
        ),
    ),
    "claim.filed": (
        Notice(
            ("VERIFIER",),
            _("Claim %(number)s waits to be verified"),
            (_("%(organisation)s claims %(amount)s. The money has to be paid by %(pay_by)s."),),
            move=MOVES["claim.filed"],
            button=_OPEN_CLAIM,
            page=_CLAIM,
        ),
    ),
    "claim.revised": (
        Notice(
            ("VERIFIER",),
            _("Claim %(number)s was filed again"),
            (_("%(organisation)s claims %(amount)s. The money has to be paid by %(pay_by)s."),),
            move=MOVES["claim.filed"],
            button=_OPEN_CLAIM,
            page=_CLAIM,
        ),
    ),
    "claim.returned": (
        Notice(
            ("CLAIMANT",),
            _("Finance asks for something: claim %(number)s"),
            (_("The reason: %(reason)s. What is needed stands on the page of the claim."),),
            move=MOVES["claim.returned"],
            button=_OPEN_CLAIM,
            page=_CLAIM,
            payer=True,
        ),
    ),
    "claim.verified": (
        Notice(
            ("APPROVER",),
            _("Claim %(number)s waits to be approved"),
            (_("It was verified by a first person. The money has to be paid by %(pay_by)s."),),
            move=MOVES["claim.verified"],
            button=_OPEN_CLAIM,
            page=_CLAIM,
        ),
    ),
    "claim.approved": (
        Notice(
            ("TREASURER",),
            _("Claim %(number)s can be paid"),
            (_("%(amount)s for %(organisation)s was approved and has to be paid by %(pay_by)s."),),
            move=MOVES["payment.proposed"],
            button=_("Open the batches"),
            page="/batches",
        ),
    ),
    "claim.paid": (
        Notice(
            ("CLAIMANT",),
            _("%(paid)s was paid to you"),
            (_("The bank has booked the payment for claim %(number)s. This completes your exchange."),),
            button=_OPEN_CLAIM,
            page=_CLAIM,
            payer=True,
            without_host=(_("The bank has booked the payment for claim %(number)s."),),
        ),
    ),
    "claim.payment_failed": (
        Notice(
            ("CLAIMANT",),
            _("The payment of claim %(number)s came back"),
            (_("The bank could not pay to the account that you gave."),),
            move=MOVES["claim.returned"],
            button=_OPEN_CLAIM,
            page=_CLAIM,
            payer=True,
        ),
    ),
    "claim.order_withdrawn": (
        Notice(
            ("TREASURER",),
            _("Claim %(number)s has to be paid anew"),
            (_("Its payment was taken back before the bank paid. It has to be paid by %(pay_by)s."),),
            move=MOVES["payment.proposed"],
            button=_("Open the batches"),
            page="/batches",
        ),
    ),
    "claim.closed": (
        Notice(
            ("CLAIMANT",),
            _("Claim %(number)s is closed"),
            (_("The bank can no longer return the %(paid)s that you were paid."),),
            button=_OPEN_CLAIM,
            page=_CLAIM,
        ),
    ),
    "claim.finalised": (
        Notice(
            ("CLAIMANT",),
            _("The decision on claim %(number)s is final"),
            (_("The appeal was refused. Nothing is paid for this claim."),),
            button=_OPEN_CLAIM,
            page=_CLAIM,
            when=("appealed", True),
        ),
        Notice(
            ("CLAIMANT",),
            _("The decision on claim %(number)s is final"),
            (_("Nobody appealed in time. Nothing is paid for this claim."),),
            button=_OPEN_CLAIM,
            page=_CLAIM,
        ),
    ),
    "claim.rejected": (
        Notice(
            ("CLAIMANT",),
            _("Claim %(number)s was rejected"),
            (
                _("The reason: %(reason)s."),
                _("You may appeal until %(due)s; after that the decision is final."),
            ),
            button=_OPEN_CLAIM,
            page=_CLAIM,
            payer=True,
        ),
    ),
    "claim.expired": (
        Notice(
            ("CLAIMANT",),
            _("The time for claim %(number)s is over"),
            (_("You may appeal until %(due)s; after that nothing can be paid any more."),),
            button=_OPEN_CLAIM,
            page=_CLAIM,
            payer=True,
        ),
    ),
    "claim.appealed": (
        Notice(
            ("COORD",),
            _("An appeal about claim %(number)s"),
            (_("%(organisation)s asks that it is looked at again."),),
            move=MOVES["claim.rejected"],
            button=_OPEN_CLAIM,
            page=_CLAIM,
        ),
    ),
    "claim.reopened": (
        Notice(
            ("CLAIMANT", "VERIFIER"),
            _("Claim %(number)s is looked at again"),
            (_("The appeal was granted."),),
            button=_OPEN_CLAIM,
            page=_CLAIM,
        ),
    ),
    "claim.appeal_refused": (
        Notice(
            ("CLAIMANT",),
            _("The appeal about claim %(number)s was refused"),
            (_("The decision stands."),),
            button=_OPEN_CLAIM,
            page=_CLAIM,
        ),
    ),
    "claim.reminded": (
        Notice(
            (MOVERS,),
            _("Reminder: claim %(number)s waits for you"),
            (_("It has to be paid by %(pay_by)s."),),
            move=REMINDED,
            button=_OPEN_CLAIM,
            page=_CLAIM,
        ),
    ),
}
