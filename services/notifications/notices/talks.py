"""Who must hear what of conversations, and of files that the scanner has refused."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from services.notifications.notices.notice import Notice

TALKS: Mapping[str, tuple[Notice, ...]] = {
    "file.infected": (
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
            page="/files",
        ),
    ),
}
