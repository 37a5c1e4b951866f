"""The road of an exchange as mails show it: seven posts, and at which of them it is. An exchange that has
ended before its last post has no road to show.
"""

from collections.abc import Mapping

from contracts.words.kinds import mark
from services.chassis.web.look.parts import Post
from services.chassis.web.look.words import gettext
from services.notifications.scene import Scene

POSTS: Mapping[str, str] = {
    "application": mark("Application"),
    "decision": mark("Decision"),
    "signatures": mark("Signatures"),
    "visit": mark("Visit"),
    "report": mark("Report"),
    "payment": mark("Payment"),
    "closed": mark("Closed and counted"),
}
WHERE: Mapping[str, str] = {
    "application.submitted": "application",
    "application.in_review": "decision",
    "application.changes_requested": "decision",
    "application.selected": "decision",
    "application.awaiting_budget": "decision",
    "application.awarded": "signatures",
    "agreement.open": "signatures",
    "agreement.completed": "signatures",
    "application.granted": "visit",
    "visit.planned": "visit",
    "visit.ongoing": "visit",
    "visit.report_due": "report",
    "visit.report_changes": "report",
    "visit.report_submitted": "report",
    "visit.validated": "payment",
    "application.closed": "",
}
"""State after the fact → the post where the exchange is; "" is past the last one. Claims are at "payment"."""


def road(scene: Scene) -> tuple[Post, ...]:
    """The posts, done, now and ahead."""
    key = f"{scene.about.aggregate}.{scene.told.state}"
    where = "payment" if key.startswith("claim.") else WHERE.get(key)
    if where is None or not scene.is_exchange:
        return ()
    names = [name for name in POSTS if name != "payment" or scene.case.said.get("amount_cents")]
    if where == "payment" and where not in names:
        where = "closed"
    now = names.index(where) if where else len(names)
    return tuple(
        Post(gettext(_called(name, scene)), "done" if at < now else "now" if at == now else "ahead")
        for at, name in enumerate(names)
    )


def _called(name: str, scene: Scene) -> str:
    return mark("Use") if name == "visit" and scene.without_host else POSTS[name]
