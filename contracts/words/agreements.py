"""Words of agreements: what is signed, by whom, and why somebody cannot sign."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "agreement.opened": _("A document is open for signature"),
    "agreement.signed": _("Signed"),
    "agreement.handed_in": _("A signed paper was handed in"),
    "agreement.paper_sent_back": _("The signed paper was sent back"),
    "agreement.completed": _("All have signed"),
    "agreement.refused": _("Signature refused"),
    "agreement.voided": _("The document is void"),
    "agreement.expired": _("The time to sign was over"),
    "agreement.superseded": _("A newer version holds"),
    "agreement.signatory_named": _("Somebody was named who signs by a mailed link"),
}
ACTS: dict[str, ActWords] = {
    "agreement.sign": ActWords(_("Read and sign"), _("Sign")),
    "agreement.hand_in": ActWords(
        _("Hand in a signed paper"),
        _("Hand in a signed paper"),
        _(
            "For a signatory who does not use Relais. It counts once an officer has compared it with the document."
        ),
    ),
    "agreement.confirm_paper": ActWords(
        _("Confirm a signed paper"),
        _("Confirm it"),
        _("It counts as the signature of that party from then on. Open the paper and compare it first."),
    ),
    "agreement.send_back_paper": ActWords(
        _("Send a signed paper back"), _("Send it back"), _("The party may hand in another one.")
    ),
    "agreement.refuse": ActWords(_("Refuse to sign"), _("Refuse to sign")),
    "agreement.name_signatory": ActWords(
        _("Name who signs for the organisation"),
        _("Mail a link to who signs"),
        _(
            "For a legal signatory who does not use Relais. They get a mail with a link that opens exactly this "
            "text and works once. Naming somebody again makes the earlier link useless."
        ),
    ),
}
STATES: dict[str, str] = {
    "agreement.open": _("open for signature"),
    "agreement.completed": _("signed by all"),
    "agreement.refused": _("refused"),
    "agreement.voided": _("void"),
    "agreement.expired": _("expired"),
    "agreement.superseded": _("replaced by a newer version"),
}
REFUSALS: dict[str, str] = {
    "document-changed": _("The text has changed since you read it. Read it again and sign then."),
    "power-missing": _("Only who may sign for the organisation can sign. Say that you may."),
    "signed-already": _("Your signature is there already."),
    "payer-signs-last": _("The paying member signs last. Other signatures are still missing."),
    "agreement-once": _("This document is open for signature already. Open the exchange again."),
    "no-paper": _("No signed paper of this party waits to be compared. Look at the document again."),
    "paper-not-compared": _("Compare the paper with the document, then say so here."),
    "paper-by-another": _("You have handed this paper in, so another officer compares it."),
    "sign-in-order": _(
        "The others sign before you, in the order of the call. You are told when it is your turn."
    ),
    "signatory-oneself": _(
        "This is your own mail address. Name the person who may sign, or ask an owner to make you a signatory."
    ),
    "signatory-link-once": _("Somebody else is being named at this moment. Look at the document again."),
    "link-unknown": _(
        "This link is not one of ours, or a part of it is missing. Open it from the mail again, or ask who named "
        "you for another one."
    ),
    "link-used": _("This link was used already. It works once."),
    "link-superseded": _(
        "Another link was sent after this one, to you or to somebody else. Use the newest mail, or ask who named you."
    ),
    "link-changed": _(
        "The text that this link opened is void: it was changed, or the case has ended. Nothing can be signed here. "
        "If there is a new text, you will be named for it and get another mail."
    ),
    "link-signed": _("Somebody has signed for your organisation already. Nothing more is to be done here."),
    "link-expired": _(
        "The time to sign is over. Ask who named you whether the organisation still takes part."
    ),
}
CODES: dict[str, str] = {
    "agreement.voided.case_ended": _("The exchange has ended"),
    "agreement.voided.text_changed": _("The text has changed"),
    "agreement.voided.party_refused": _("One party refused to sign"),
    "quality_agreement": _("Commitment to Quality"),
    "financial_agreement": _("Financial Agreement"),
}
PARTIES: dict[str, str] = {}
