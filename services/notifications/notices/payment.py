"""Who must hear what of the money: accounts, claims, batches."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES, REMINDED
from services.notifications.notices.notice import MOVERS, Notice

_CLAIM = "/claims/{subject}"
_OPEN_CLAIM = _("Open the claim")

PAYMENT: Mapping[str, tuple[Notice, ...]] = {
    "payee.entered": (
        Notice(
            ("VERIFIER",),
            _("An account waits to be checked"),
            (_("%(organisation)s has given the account that it is to be paid to."),),
            move=MOVES["payee.entered"],
            button=_("Open the account"),
            page="/payees/{subject}",
        ),
    ),
    "payee.changed": (
        Notice(
            ("VERIFIER",),
            _("An account was changed"),
            (
                _("%(organisation)s has changed its account."),
                _("Nothing is paid to it before it was checked again."),
            ),
            move=MOVES["payee.entered"],
            button=_("Open the account"),
            page="/payees/{subject}",
        ),
        Notice(
            ("SELF",),
            _("The account that you gave was changed"),
            (
                _("%(organisation)s has another account now than the one that you gave."),
                _("If nobody of your organisation changed it, tell the finance team of your payer at once."),
            ),
            button=_("Open the account"),
            page="/payees/{subject}",
            actor_too=True,
        ),
    ),
    "payee.blocked": (
        Notice(
            ("VERIFIER",),
            _("An account is blocked: it is known for somebody else"),
            (_("%(organisation)s has given it. Two people have to give a reason before it can be used."),),
            move=MOVES["payee.blocked"],
            button=_("Open the account"),
            page="/payees/{subject}",
        ),
    ),
    "payee.released": (
        Notice(
            ("VERIFIER",),
            _("An account waits to be checked"),
            (_("Two people have released the blocked account of %(organisation)s."),),
            move=MOVES["payee.entered"],
            button=_("Open the account"),
            page="/payees/{subject}",
        ),
    ),
    "payee.refused": (
        Notice(
            ("CLAIMANT",),
            _("Your account could not be used"),
            (
                _("Finance has refused the account that you gave."),
                _("Nothing can be paid before there is another one."),
            ),
            move=MOVES["payee.refused"],
            button=_("Open the account"),
            page="/payees/{subject}",
        ),
    ),
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
    "aid_check.asked": (
        Notice(
            ("CLAIMANT",),
            _("Please declare the State aid that you have got"),
            (
                _("What the call pays is State aid, and no money is reserved before your declaration."),
                _(
                    "It says which other aid your undertaking got in the last three years, and who belongs to it."
                ),
            ),
            move=MOVES["aid_check.asked"],
            button=_("Make the declaration"),
            page="/aid-checks/{subject}",
        ),
    ),
    "aid_entry.opened": (
        Notice(
            ("PAY", "VERIFIER"),
            _("Aid has to be entered in the register by %(due_on)s"),
            (_("%(visitor)s was granted %(amount)s of aid, which has to stand in the central register."),),
            move=MOVES["aid_entry.due"],
            button=_("Open the entry"),
            page="/aid-entries/{subject}",
        ),
    ),
    "aid_entry.reminded": (
        Notice(
            ("PAY", "VERIFIER"),
            _("Reminder: aid has to be entered in the register by %(due_on)s"),
            (_("%(visitor)s was granted %(amount)s of aid, which does not stand in the register yet."),),
            move=MOVES["aid_entry.due"],
            button=_("Open the entry"),
            page="/aid-entries/{subject}",
        ),
    ),
    "batch.proposed": (
        Notice(
            ("TREASURER",),
            _("A batch of payments waits for two signatures"),
            (_("Payments for %(sum)s were put together."),),
            move=MOVES["batch.proposed"],
            button=_("Open the batch"),
            page="/batches/{subject}",
        ),
    ),
    "suspense.opened": (
        Notice(
            ("TREASURER",),
            _("The bank has booked what nobody can explain"),
            (
                _("The entry of %(amount)s waits in suspense: %(why)s."),
                _("Look at it at once: it may be a payment that nobody ordered, or one that was made twice."),
            ),
            move=MOVES["suspense.open"],
            button=_("Open the entry"),
            page="/suspense/{subject}",
        ),
    ),
    "suspense.sent_back": (
        Notice(
            ("TREASURER",),
            _("An entry of the bank has to be explained anew"),
            (_("The second person did not agree with the explanation."),),
            move=MOVES["suspense.open"],
            button=_("Open the entry"),
            page="/suspense/{subject}",
        ),
    ),
    "suspense.explained": (
        Notice(
            ("TREASURER",),
            _("The explanation of an entry of the bank waits to be confirmed"),
            (_("A first person has explained it; another one has to confirm it."),),
            move=MOVES["suspense.explained"],
            button=_("Open the entry"),
            page="/suspense/{subject}",
        ),
    ),
    "batch.seconded": (
        Notice(
            ("TREASURER",),
            _("A batch of payments waits for the second signature"),
            (_("One person has authorised it; another one has to."),),
            move=MOVES["batch.seconded"],
            button=_("Open the batch"),
            page="/batches/{subject}",
        ),
    ),
}
