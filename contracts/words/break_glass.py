"""What people read of acts that are done in somebody's place, by break-glass."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "break_glass.requested": _("Break-glass: to act in somebody's place is asked for"),
    "break_glass.consented": _("Break-glass: a second person has consented"),
    "break_glass.refused": _("Break-glass was refused"),
    "break_glass.used": _("Break-glass was used: the act was done in somebody's place"),
    "break_glass.expired": _("Break-glass has expired unused"),
}
ACTS: dict[str, ActWords] = {
    "break_glass.request": ActWords(
        _("Ask to act in somebody's place"),
        _("Ask to act in somebody's place"),
        _(
            "For one act that whoever holds the role cannot do, and that cannot wait. A second person has to consent."
            " Everybody concerned is told at once, and it stands in the history."
        ),
    ),
    "break_glass.consent": ActWords(
        _("Consent to an act in somebody's place"),
        _("Consent"),
        _(
            "The coordinator may then do this one act, once, within a day. Everybody concerned is told at once."
        ),
    ),
    "break_glass.refuse": ActWords(
        _("Refuse an act in somebody's place"),
        _("Refuse"),
        _("Nothing is done in anybody's place. Also to take back what was asked for or consented to."),
    ),
}
STATES: dict[str, str] = {
    "break_glass.requested": _("waits for consent"),
    "break_glass.consented": _("may be done once"),
    "break_glass.refused": _("refused"),
    "break_glass.used": _("done"),
    "break_glass.expired": _("expired unused"),
}
REFUSALS: dict[str, str] = {
    "break-glass-never": _(
        "Nobody does this in another's place: a signature, an appeal, money and another partnership's acts are theirs"
        " alone. Choose one of the acts that are listed."
    ),
    "break-glass-needless": _("You may do this yourself. Do it, without break-glass."),
    "break-glass-own": _("You have asked for this yourself. A second person consents."),
    "break-glass-not-in-state": _(
        "This act is not possible as the case stands. Choose one of those that are listed."
    ),
    "break-glass-open-once": _("This act is asked for already. Look at the one that is there."),
    "break-glass-second-person": _("A second person consents, never whoever asked."),
}
CODES: dict[str, str] = {
    "holder_away": _("Whoever holds the role is away or ill"),
    "holder_left": _("Whoever held the role has left"),
    "no_access": _("Whoever holds the role cannot sign in"),
}
PARTIES: dict[str, str] = {}
