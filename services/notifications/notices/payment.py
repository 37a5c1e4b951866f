"""Who must hear what of the money beside its claim: accounts, State aid, batches, what nobody can explain."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES
from services.notifications.notices.notice import Notice

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
    "aid_check.outdated": (
        Notice(
            ("CLAIMANT",),
            _("Please declare once more the State aid that you have got"),
            (
                _("Your declaration has grown too old before the award, so no money is reserved on it."),
                _("Say how it is now; what has not changed you give once more."),
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
