"""All notices there are, by the fact they are about ("application.awarded")."""

from collections.abc import Mapping

from services.notifications.notices.application import APPLICATION
from services.notifications.notices.books import BOOKS
from services.notifications.notices.break_glass import BREAK_GLASS
from services.notifications.notices.claims import CLAIMS
from services.notifications.notices.directory import DIRECTORY
from services.notifications.notices.events import EVENTS
from services.notifications.notices.grants import GRANTS
from services.notifications.notices.matching import MATCHING
from services.notifications.notices.notice import BY_NAME, DRAFTS, MOVERS, PAYER, REGISTRANTS, Notice
from services.notifications.notices.payment import PAYMENT
from services.notifications.notices.review import REVIEW
from services.notifications.notices.talks import TALKS
from services.notifications.notices.visit import VISIT

__all__ = [
    "BY_NAME",
    "DRAFTS",
    "MOVERS",
    "NOTICES",
    "PAYER",
    "REGISTRANTS",
    "Notice",
    "notice_of",
    "template_of",
]

NOTICES: Mapping[str, tuple[Notice, ...]] = {
    **DIRECTORY,
    **MATCHING,
    **APPLICATION,
    **REVIEW,
    **VISIT,
    **GRANTS,
    **CLAIMS,
    **PAYMENT,
    **BOOKS,
    **BREAK_GLASS,
    **EVENTS,
    **TALKS,
}


def template_of(key: str, notice: Notice) -> str:
    """What a notice is called in the log: "claim.paid CLAIMANT", "event.reminded start CONFIRMED"."""
    narrowed = (str(notice.when[1]),) if notice.when else ()
    return " ".join((key, *narrowed, *notice.to))


def notice_of(template: str) -> Notice:
    """The notice behind a template; KeyError when there is none of that name any more."""
    key = template.partition(" ")[0]
    return {template_of(key, notice): notice for notice in NOTICES.get(key, ())}[template]
