"""Words of payees: accounts, sanctions lists, accounts of staff."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
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
    "payee.removed": _("The account was removed: its records need not be kept any longer"),
}
ACTS: dict[str, ActWords] = {
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
}
STATES: dict[str, str] = {
    "payee.entered": _("to be checked"),
    "payee.checked": _("checked"),
    "payee.refused": _("refused"),
    "payee.blocked": _("blocked"),
    "payee.removed": _("removed"),
    "sanctions_list.imported": _("imported"),
    "staff_list.imported": _("imported"),
}
REFUSALS: dict[str, str] = {
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
    "staff-line-invalid": _(
        "Line %(line)s of the file is no valid IBAN. Nothing was read. Mend it and send the file again."
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
}
CODES: dict[str, str] = {
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
}
PARTIES: dict[str, str] = {}
