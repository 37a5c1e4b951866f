"""Words of signing in: links, passwords, second factors, and how one is reset."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "sign_in.opened": _("Signed in"),
    "sign_in.revoked": _("Signed out"),
    "sign_in.expired": _("The sign-in ended by itself"),
    "factor_reset.asked": _("Somebody asks to begin anew without their second factor"),
    "factor_reset.seconded": _("The first of two people agreed"),
    "factor_reset.done": _("The second factor was taken away; the person begins anew"),
    "factor_reset.refused": _("The second factor stays"),
}
ACTS: dict[str, ActWords] = {
    "factor_reset.second": ActWords(
        _("Let this person begin anew?"),
        _("Agree, as the first of two"),
        _("Only if you have talked to the person and are sure. Another officer agrees after you."),
    ),
    "factor_reset.complete": ActWords(
        _("Let this person begin anew"),
        _("Agree, take the second factor away"),
        _(
            "Passkeys and recovery codes are deleted, all sign-ins end. The person signs in by mail and adds a new one."
        ),
    ),
    "factor_reset.refuse": ActWords(_("Refuse"), _("Refuse: the second factor stays")),
    "sign_in.revoke": ActWords(
        _("End this sign-in"), _("End it"), _("That browser or program has to sign in again.")
    ),
}
STATES: dict[str, str] = {
    "sign_in.open": _("signed in"),
    "factor_reset.asked": _("asked"),
    "factor_reset.seconded": _("one has agreed"),
    "factor_reset.done": _("begun anew"),
    "factor_reset.refused": _("refused"),
    "sign_in.revoked": _("ended"),
    "sign_in.expired": _("ended by itself"),
}
REFUSALS: dict[str, str] = {
    "too-many-links": _("Too many links were asked for. Wait %(minutes)s minutes and ask again."),
    "password-weak": _("Too easy to guess: it is too even, or names you. Choose other words."),
    "password-wrong": _(
        "Address and password do not fit together. The password does not fit, or there is none."
    ),
    "passkey-refused": _("This passkey was not accepted. Try again, or use a recovery code."),
    "code-wrong": _("This is none of your codes, or it was used before. Try another one."),
    "waited-too-long": _("You have waited too long. Sign in again."),
    "sign-in-again": _("You signed in a while ago. Sign in again, then change how you sign in."),
    "provider-refused": _("The sign-in there did not come to its end. Begin again."),
    "identity-linked": _(
        "This identity is linked to somebody already. Sign in with it, or unlink it there first."
    ),
    "reset-once": _("It was asked for already. The officers will talk to you."),
    "reset-of-oneself": _("Nobody resets their own second factor. Another officer has to."),
    "reset-by-two": _("Two different people have to agree."),
    "link-spent": _("This link was used before or is too old. Ask for another one."),
}
CODES: dict[str, str] = {}
PARTIES: dict[str, str] = {}
