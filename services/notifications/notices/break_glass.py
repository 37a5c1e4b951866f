"""Who must hear of an act that is done in somebody's place: whoever it concerns, of the request and of the consent."""

from collections.abc import Iterator, Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES
from services.notifications.notices.notice import Notice

PAGE = "/break-glasses/{subject}"
CONCERNED: Mapping[str, tuple[str, ...]] = {
    "VO": ("VO",),
    "HO": ("HO", "VO"),
    "VOP": ("VOP", "VO"),
}
"""In whose place → whom it concerns: they, and the one whose case it is."""


def _concerned(subject: str, text: tuple[str, ...]) -> Iterator[Notice]:
    for party, told in CONCERNED.items():
        yield Notice(told, subject, text, when=("party", party), button=_("Read what and why"), page=PAGE)


BREAK_GLASS: Mapping[str, tuple[Notice, ...]] = {
    "break_glass.requested": (
        *_concerned(
            _("Somebody asks to act in another's place: %(number)s"),
            (
                _(
                    "In a case that you take part in the coordinator asks to do one act in the place of whoever holds"
                    " that role. What, in whose place and why stands on its page."
                ),
                _("Nothing is done before a second person has consented."),
            ),
        ),
        Notice(
            ("COORD", "OPERATOR"),
            _("A second person is needed: an act in another's place, %(number)s"),
            (_("Read what and why, ask whom it concerns if you can, then consent or refuse."),),
            move=MOVES["break_glass.requested"],
            button=_("Consent or refuse"),
            page=PAGE,
        ),
    ),
    "break_glass.consented": (
        *_concerned(
            _("An act in another's place was consented to: %(number)s"),
            (
                _(
                    "A second person has consented. The coordinator may do this one act, once, within a day. It stands"
                    " marked in the history of the case."
                ),
            ),
        ),
        Notice(
            ("COORD",),
            _("You may act in another's place once: %(number)s"),
            (_("A second person has consented. After %(due)s it has expired."),),
            button=_("Do this one act"),
            page=PAGE,
        ),
    ),
    "break_glass.refused": (
        Notice(
            ("COORD",),
            _("An act in another's place was refused: %(number)s"),
            (_("Nothing is done in anybody's place."),),
            button=_("Open the request"),
            page=PAGE,
        ),
    ),
}
