"""Words of notifications."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "delivery.queued": _("A mail waits to be sent"),
    "delivery.sent": _("A mail was sent"),
    "delivery.failed": _("A mail could not be sent"),
    "delivery.dropped": _("A mail was not needed any more"),
    "delivery.resent": _("A mail is sent again"),
}
ACTS: dict[str, ActWords] = {
    "delivery.resend": ActWords(
        _("Send this mail again"),
        _("Send it again"),
        _("It is written anew, with what is known now, and sent to the person's present address."),
    ),
}
STATES: dict[str, str] = {
    "delivery.queued": _("waiting"),
    "delivery.sent": _("sent"),
    "delivery.failed": _("failed"),
    "delivery.dropped": _("not needed"),
}
REFUSALS: dict[str, str] = {}
CODES: dict[str, str] = {
    "no_answer": _("The mail server does not answer"),
    "refused": _("The mail server refuses it"),
    "not_taken": _("The mail server has not taken it in four hours"),
    "not_known": _("Something that it names is not known here yet"),
    "unwritable": _("It could not be written; the log of notifications says why"),
    "no_address": _("The person has no mail address"),
    "overtaken": _("What it asks for was done already"),
    "erased": _("The person has been erased"),
}
PARTIES: dict[str, str] = {}
