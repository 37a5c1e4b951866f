"""Words of what every service answers."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {}
ACTS: dict[str, ActWords] = {}
STATES: dict[str, str] = {}
CODES: dict[str, str] = {}
PARTIES: dict[str, str] = {
    "VO": _("the visitor"),
    "HO": _("the host"),
    "VOS": _("whoever signs for the visitor"),
    "HOS": _("whoever signs for the host"),
    "VOP": _("the visitor's partnership"),
    "HOP": _("the host's partnership"),
    "PAY": _("the paying member"),
    "COORD": _("the coordinator"),
    "OFFICER": _("the partnership's officer"),
    "MEMBER": _("the organisation"),
    "OWNER": _("the organisation's owner"),
    "SIGNATORY": _("the organisation's legal signatory"),
    "READER": _("readers of the organisation"),
    "CLAIMANT": _("the claimant"),
    "VERIFIER": _("the verifier"),
    "APPROVER": _("the approver"),
    "TREASURER": _("the treasurer"),
    "ORGANISER": _("the organiser"),
    "REGISTRANT": _("the participant"),
    "OPERATOR": _("the operator"),
    "SELF": _("the person"),
    "SYS": _("Relais, by date"),
}
REFUSALS: dict[str, str] = {
    "unsound": _("This cannot go live yet. The list says what is missing."),
    "not-found": _("This page does not exist, or it is not yours to see."),
    "not-your-role": _("Your role does not allow this. Ask your partnership's coordinator who may do it."),
    "step-up-needed": _("Show your second factor first: this is about money or roles."),
    "not-for-another": _(
        "Nobody can do this for another person by this mandate. Act for yourself again, or ask the person to do it."
    ),
    "deputy-not-yet": _(
        "A deputy does this only once the officer's time was over, and not after. Look at its date, or ask the officer."
    ),
    "deputy-for-whom": _(
        "You are named deputy for this. Act for the officer first: open Acting for somebody."
    ),
    "mandate-ended": _("You cannot act for this person any more: the mandate is over or was revoked."),
    "not-signed-in": _("Sign in to go on."),
    "sign-in-ended": _(
        "Your sign-in has ended. Sign in again; what you typed is kept in this page until then."
    ),
    "cross-site": _("This request came from another site. Open the page in Relais and send it from there."),
    "key-reused": _("This request was sent before with other content. Open the page again and repeat it."),
    "try-again": _(
        "Somebody else did the same at this moment. Look at the page again and repeat it if needed."
    ),
    "not-known-yet": _("We have not heard of this yet. Wait a moment and try again."),
    "not-now": _("This is not possible any more, or not yet: the case has moved on. Look at its page."),
    "too-late": _("The time for this was over on %(due)s."),
    "unavailable": _("A part of Relais does not answer. Nothing was lost; try again in a minute."),
    "service-silent": _("%(service)s does not answer. Nothing was lost; look at its log and try again."),
    "invalid": _("Something is missing or wrong below."),
    "not-storable": _(
        "A character or number in it cannot be kept: it is no text that people write, or far too large. Change it and "
        "try again."
    ),
    "fact-too-large": _("This is too much text for one step. Shorten it or send it as a file."),
    "too-large": _("This file is larger than %(limit)s MB. Send a smaller one."),
    "request-too-large": _(
        "What you sent is larger than %(limit)s MB in all. Nothing was kept; send fewer or smaller files."
    ),
    "file-kind": _(
        "This file is not of a kind that is taken here, or its name says something else. Send one of: %(kinds)s."
    ),
    "file-empty": _("This file is empty. Choose another one."),
    "no-such-file": _("This file was not uploaded, or is not kept any more. Send it again."),
    "file-not-checked": _(
        "%(name)s still waits for the virus scanner. Try again in a minute; whoever sent it can open it already."
    ),
    "file-infected": _(
        "The virus scanner has refused %(name)s. Nobody can open it; whoever sent it is asked for another file."
    ),
    "file-removed": _("This file is no longer kept. If it is still needed, send it again."),
    "download-over": _("This address has expired. Open the file again from its page in Relais."),
    "discarded-why": _("Say why this record can never be read."),
    "discarded-before": _(
        "This record was given up before. Its reason stands in the list of parked records."
    ),
    "discard-not-yet": _(
        "An earlier record of the same subject is missing or parked. Deal with that one first, then with this."
    ),
    "list-too-long": _(
        "This list has more than %(most)s rows, too many for a PDF. Narrow it, or save it as CSV or XLSX."
    ),
    "no-such-act": _("This act does not exist here."),
}
