"""Who must hear what of conversations, and of files that the scanner has refused."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES
from services.notifications.notices.notice import Notice


def _refused(page: str) -> tuple[Notice, ...]:
    """Whoever sent a file that the scanner has refused; page lists what they have sent."""
    return (
        Notice(
            ("SELF",),
            _("A file that you sent was refused by the virus scanner"),
            (
                _(
                    "Nobody can open it. Please send a clean file in its place, from the page where you sent this one."
                ),
                _("Until then nobody can decide or sign on the strength of it."),
            ),
            button=_("See which file it is"),
            page=page,
        ),
    )


TALKS: Mapping[str, tuple[Notice, ...]] = {
    "conversation.posted": (
        Notice(
            ("VO", "HO", "VOP", "HOP"),
            _("A message for you: %(title)s"),
            (_("Somebody who takes part has written in the conversation of this case."),),
            button=_("Read it"),
            page="/conversations/{subject}",
        ),
    ),
    "stray_mail.reminded": (
        Notice(
            ("OFFICER", "OPERATOR"),
            _("Mails without a case: %(waiting)s in your tray"),
            (
                _("They are answers by mail that belong to no case for sure, so nobody has read them yet."),
                _("You are told once a day at most, and only when something new has come."),
            ),
            move=MOVES["stray_mail.waiting"],
            button=_("Open the tray"),
            page="/stray-mails",
        ),
    ),
    "conversation.handed_over": (
        Notice(
            ("COORD",),
            _("The support office is asked: %(title)s"),
            (_("An officer has handed over the conversation of this case."),),
            move=MOVES["conversation.with_support"],
            button=_("Read it and answer"),
            page="/conversations/{subject}",
        ),
    ),
    "conversation.given_back": (
        Notice(
            ("VO", "HO", "VOP", "HOP"),
            _("The support office has answered: %(title)s"),
            (_("Its answer stands in the conversation of this case."),),
            button=_("Read it"),
            page="/conversations/{subject}",
        ),
    ),
    "conversation.letter_sent": (
        Notice(
            ("VO",),
            _("Your invitation letter: %(title)s"),
            (
                _(
                    "Your invitation letter for the visa is in the conversation of this case, as a PDF to print."
                ),
                _(
                    "Check the name and the dates before you hand it in. If something is wrong, answer at once."
                ),
            ),
            button=_("Open the letter"),
            page="/conversations/{subject}",
            when=("letter", "visa_invitation"),
        ),
        Notice(
            ("VO",),
            _("A letter for you: %(title)s"),
            (_("It is in the conversation of this case, as a PDF to keep or to print."),),
            button=_("Open the letter"),
            page="/conversations/{subject}",
        ),
        Notice(
            ("HO", "VOP", "HOP"),
            _("A letter was sent to the visitor: %(title)s"),
            (_("It is in the conversation of this case, as a PDF."),),
            button=_("Open the letter"),
            page="/conversations/{subject}",
        ),
    ),
    "file.infected": _refused("/files"),
    "finance_file.infected": _refused("/finance-files"),
    "profile_file.infected": _refused("/profile-files"),
}
