"""Words of forms: what keeps one from going live, and what is wrong with an answer."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "form.published": _("A form was published"),
    "form.retired": _("A form was replaced by its next version"),
}
ACTS: dict[str, ActWords] = {
    "form.publish": ActWords(
        _("Publish this form"),
        _("Publish the form"),
        _("A published version never changes. What was begun with an older version keeps it."),
    ),
}
STATES: dict[str, str] = {
    "form.draft": _("draft"),
    "form.published": _("published"),
    "form.retired": _("replaced"),
}
REFUSALS: dict[str, str] = {
    "form-draft-once": _("A draft of this form is open already. Go on with that one."),
    "form-version-once": _("Two people published this form in the same moment. Look at it and repeat it."),
    "form-published": _("This version is published and cannot be changed. Begin the next version."),
    "form-edited-meanwhile": _("Somebody else has changed this form meanwhile. Look at it as it stands."),
    "form-nothing-to-undo": _("There is nothing left to take back."),
    "form-no-such-part": _("The form has no part “%(key)s” any more."),
    "form-not-to-be-tried": _("This form cannot be tried out yet. Mend what its page lists first."),
    "form-kind": _("Choose one of the types of question."),
    "form-operator": _("Choose one of the tests."),
    "form-constant-yes-no": _("Compare with “yes” or “no”."),
    "form-constant-number": _("Compare with a number, for example 12.5."),
    "form-constant-amount": _("Compare with an amount, for example 1,100.00."),
    "form-constant-date": _("Compare with a day such as 2027-03-05."),
    "form-too-large": _("A form has at most %(most)s kB. Split it into two forms."),
    "form-unreadable": _("This is no form that Relais reads. At “%(where)s”: %(why)s."),
    "form-empty": _("The form asks nothing yet. Add a page and a question."),
    "form-too-many-questions": _("The form has %(questions)s questions; at most %(most)s are possible."),
    "form-too-many-pages": _("The form has %(pages)s pages; at most %(most)s are possible."),
    "form-page-empty": _("The page “%(page)s” asks nothing. Add a question or remove the page."),
    "form-key-taken": _("The key “%(key)s” is one that Relais needs itself. Give this part another key."),
    "form-key-twice": _("The key “%(key)s” is used twice. Give one of the two another key."),
    "form-column-twice": _("“%(at)s” has two columns of one key. Give one of them another key."),
    "form-option-twice": _("“%(at)s” offers the same answer twice. Remove one of the two."),
    "form-options-missing": _("“%(at)s” needs at least two answers to choose from."),
    "form-too-many-options": _("“%(at)s” offers too many answers; at most %(most)s are possible."),
    "form-calculation-missing": _("“%(at)s” is computed, but nothing says how. Choose what is added up."),
    "form-least-above-most": _("The least of “%(at)s” is above its most. Change one of the two."),
    "form-columns-missing": _("“%(at)s” has no columns yet. Add at least one."),
    "form-column-kind": _("“%(column)s” cannot stand inside “%(at)s”. Choose another type of question."),
    "form-column-condition": _(
        "“%(column)s” stands inside “%(at)s” and is asked always. Remove its condition."
    ),
    "form-currency-missing": _("“%(at)s” takes an amount, but no currency is chosen. Choose at least one."),
    "form-condition-empty": _("The condition at “%(at)s” tests nothing. Add a test or remove the condition."),
    "form-operands": _(
        "The calculation at “%(at)s” has too few or too many parts. Choose what it is made of."
    ),
    "form-reference-dangling": _(
        "“%(at)s” rests on “%(name)s”, which this form does not ask. Choose another question."
    ),
    "form-types-differ": _(
        "“%(at)s” compares “%(name)s” with something of another kind. Choose both of one kind."
    ),
    "form-currencies-mixed": _(
        "“%(at)s” reckons with amounts of several currencies: %(currencies)s. Let all of them be asked in one."
    ),
    "form-cycle": _("These questions wait for each other: %(loop)s. Remove one of the conditions."),
    "form-asked-later": _("“%(at)s” rests on “%(name)s”, which is asked only later. Move one of the two."),
    "form-page-unreachable": _("No answers lead to the page “%(page)s”. Change its condition or remove it."),
    "form-translation-missing": _(
        "“%(at)s” lacks a text in the language “%(language)s”. Add the translation."
    ),
    "answer-missing": _("Answer this question."),
    "answer-declare": _("Tick this declaration to go on."),
    "answer-choose": _("Choose an answer."),
    "answer-file-missing": _("Choose a file."),
    "answer-rows-missing": _("Add at least one row."),
    "answer-unreadable": _("This answer is not in the form that the question needs."),
    "answer-too-long": _("This has %(length)s characters; at most %(most)s are possible."),
    "answer-one-line": _("Write this on one line."),
    "answer-not-number": _("Enter a number, for example 12."),
    "answer-decimals": _("Enter at most %(decimals)s decimals."),
    "answer-below": _("This must be %(least)s or more."),
    "answer-above": _("This must be %(most)s or less."),
    "answer-not-amount": _("Enter an amount with two decimals at most, for example 1,100.00."),
    "answer-currency": _("Choose one of these currencies: %(allowed)s"),
    "answer-not-date": _("Enter a real date, for example 5 3 2027."),
    "answer-past": _("This day must be in the future."),
    "answer-not-period": _("Enter the first and the last day."),
    "answer-period-reversed": _("The last day must be after the first day."),
    "answer-period-short": _("This lasts %(length)s days; at least %(least)s are needed."),
    "answer-period-long": _("This lasts %(length)s days; at most %(most)s are possible."),
    "answer-not-offered": _("Choose one of the answers given."),
    "answer-too-few": _("Choose at least %(least)s."),
    "answer-too-many": _("Choose at most %(most)s."),
    "answer-not-country": _("Choose a country."),
    "answer-region-missing": _("Name the region in the country."),
    "answer-not-organisation": _("Choose one of the organisations."),
    "answer-not-provider": _(
        "Choose a knowledge provider that is registered with the partnership of this call. The list of knowledge"
        " providers names them with their services."
    ),
    "answer-not-host": _("Choose an organisation that is registered as host with a partnership."),
    "answer-person": _("Enter the name and a mail address, such as ewa@helixon.example."),
    "answer-rows-few": _("Add rows: at least %(least)s are needed."),
    "answer-rows-many": _("Remove rows: at most %(most)s are possible."),
    "answer-check": _("Two of your answers do not fit together."),
}
CODES: dict[str, str] = {}
PARTIES: dict[str, str] = {}
