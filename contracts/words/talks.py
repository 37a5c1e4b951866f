"""Words of conversations, and of the files that people send in."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    **dict.fromkeys(
        ("file.infected", "finance_file.infected", "profile_file.infected"),
        _("The virus scanner refused a file"),
    ),
    "stray_mail.arrived": _("A mail came that belongs to no case for sure"),
    "stray_mail.reminded": _("The officers were told of mails without a case"),
    "stray_mail.filed": _("A mail was filed to a case"),
    "stray_mail.dropped": _("A mail was dropped"),
    "conversation.posted": _("A message was written"),
    "conversation.handed_over": _("The conversation was handed over to the support office"),
    "conversation.given_back": _("The support office answered"),
    "conversation.dropped": _("What the support office was asked was removed: nobody answers it any more"),
    "conversation.letter_sent": _("A letter was sent"),
}
ACTS: dict[str, ActWords] = {
    "stray_mail.file": ActWords(
        _("File this mail to a case"),
        _("File it to the case"),
        _("It stands in the case's conversation then, as a mail of its sender."),
    ),
    "stray_mail.drop": ActWords(
        _("Drop this mail"),
        _("Drop it"),
        _("Its words are forgotten. That it came, and why it was dropped, is kept."),
    ),
    "conversation.post": ActWords(
        _("Write a message"), _("Write a message"), _("Everybody who takes part in this case reads it.")
    ),
    "conversation.note_call": ActWords(
        _("Note a telephone call"),
        _("Note a telephone call"),
        _("So that everybody who takes part knows what was said."),
    ),
    "conversation.hand_over": ActWords(
        _("Hand over to the support office"),
        _("Hand over to the support office"),
        _("The coordinator's office is asked to answer within five working days. The case itself goes on."),
    ),
    "conversation.send_letter": ActWords(
        _("Send a letter"),
        _("Send a letter"),
        _("A letter to keep or to hand in, as a PDF in the conversation. It changes nothing about the case."),
    ),
    "conversation.give_back": ActWords(
        _("Answer and give back"),
        _("Answer and give back"),
        _("Your answer stands in the conversation, and the officers have it again."),
    ),
}
STATES: dict[str, str] = {
    "stray_mail.waiting": _("waits"),
    "stray_mail.filed": _("filed"),
    "stray_mail.dropped": _("dropped"),
    "conversation.open": _("open"),
    "conversation.with_support": _("with the support office"),
    **dict.fromkeys(
        ("file.infected", "finance_file.infected", "profile_file.infected"), _("refused by the virus scanner")
    ),
}
CODES: dict[str, str] = {
    "stray_mail.arrived.not_theirs": _("The address was not given to this sender, or is forged"),
    "stray_mail.arrived.expired": _("The address has expired"),
    "stray_mail.arrived.no_address": _("It was not sent to the address of a case"),
    "stray_mail.arrived.no_party": _("The sender takes no part in the case any more"),
    "stray_mail.arrived.removed": _("What was written in the case was removed: its records’ time is over"),
    "stray_mail.arrived.no_case": _("There is no such case, or it is not submitted"),
    "spam": _("Nobody asked for it"),
    "done_elsewhere": _("It was dealt with elsewhere"),
    "not_ours": _("It is not about a case"),
    "message_via.filed": _("mail of %(caller)s, filed by an officer"),
    "message_via.page": _("written here"),
    "message_via.mail": _("by mail"),
    "message_via.call": _("note of a telephone call with %(caller)s"),
    "message_via.hand_over": _("handed over to the support office"),
    "message_via.letter": _("sent a letter"),
    "letter.welcome_pack": _("Welcome pack"),
    "letter.visa_invitation": _("Invitation for a visa"),
    "letter.confirmation_of_stay": _("Confirmation of stay"),
    "costs.visitor": _("The visitor's enterprise pays for all of it"),
    "costs.host": _("The host pays for all of it"),
    "costs.shared": _("The visitor's enterprise pays for the journey, the host for the stay"),
    "message_via.give_back": _("answer of the support office"),
    "file_state.received": _("waits for the scanner"),
    "file_state.clean": _("clean"),
    "file_state.infected": _("refused"),
    "file_state.not_scanned": _("not scanned"),
}
PARTIES: dict[str, str] = {}
REFUSALS: dict[str, str] = {
    "no-such-case": _("You are officer of no case with this number. Look it up on the page of the case."),
    "stray-mail-once": _("This mail has arrived before. It lies in the tray once."),
    "records-removed": _(
        "The time for which the records of this case are kept is over; what was written in it was removed on %(day)s. "
        "Nothing new is taken."
    ),
    "conversation-not-yet": _(
        "This case has no conversation yet. It begins when the application is submitted."
    ),
    "conversation-once": _("This case has a conversation already. Open the page again."),
    "message-number": _("Somebody else wrote at the same moment. Send your message again."),
    "message-mail-once": _("This mail has arrived before. It stands in the conversation once."),
    "letter-no-host": _("These letters are about a visit to a host. This grant has none."),
    "letter-not-yet": _("Nothing is granted yet. This letter can be sent once everybody has signed."),
    "letter-too-late": _("The visit has begun or is over. This letter is for the time before it."),
    "letter-too-early": _("The visit is not over yet. A stay is confirmed after its last day."),
    "letter-online": _("This exchange takes place online. Nobody needs this letter for it."),
    "stay-not-confirmed": _(
        "The host has not said yet on how many days the visitor was there. Ask the host to confirm the visit first."
    ),
    "letter-incomplete": _("This letter needs this. Fill it in and look at the letter again."),
    "letter-not-seen": _(
        "This is not the letter as you have seen it: something has changed meanwhile. Look at it again, then send it."
    ),
    "message-via": _("A message cannot come this way. Nothing was kept; write it on the page."),
    "file-state": _("A file cannot stand like this. Nothing was changed; send it again."),
}
