"""A registration as a road: registered, a place, the event, feedback; and whose move it is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.words import CODES
from services.chassis.web.look.parts import Link, Move, Post, Tag, TagKind
from services.chassis.web.look.values import days
from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import ngettext
from services.chassis.web.sentences import state_word
from services.events.attendance import days_of
from services.events.models import LIVE, Event, Registration
from services.events.reads import Listed

_KINDS: dict[str, TagKind] = {
    "pending": "wait", "waiting": "wait", "offered": "wait", "confirmed": "good",
    "published": "good", "running": "good",
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """A registration with its event, and what depends on the moment and on who looks."""

    row: Registration
    one: Listed
    name: str
    position: int
    seen: list[date]
    own: bool
    now: datetime

    @property
    def event(self) -> Event:
        return self.one.event

    @property
    def live(self) -> bool:
        return self.row.state in LIVE

    @property
    def over(self) -> bool:
        return self.now >= self.event.ends_at

    @property
    def begun(self) -> bool:
        return self.now >= self.event.starts_at

    @property
    def feedback_open(self) -> bool:
        until = self.event.due_at
        return self.over and self.row.helpful is None and (until is None or self.now <= until)

    def href(self, act: str) -> str:
        return f"/registrations/{self.row.id}/{act}"


def tag(table: str, state: str) -> Tag:
    """A state in words, with its colour."""
    return Tag(state_word(table, state), _KINDS.get(state, "plain"))


def posts(scene: Scene) -> list[Post]:
    """The road; one that ended early stops where it ended."""
    row = scene.row
    road = [Post(_("Registered"), "done", when=row.registered_at)]
    if row.state in ("pending", "waiting", "offered"):
        road.append(_place_ahead(scene))
    elif row.confirmed_at is not None:
        took = row.confirmed_at - row.registered_at
        road.append(
            Post(
                _("Place confirmed"), "done", when=row.confirmed_at,
                took=took if took >= timedelta(minutes=1) else None,
            )
        )  # fmt: skip
    if not scene.live:
        title = state_word("registration", row.state).capitalize()
        return [*road, Post(title, "done", when=row.ended_at, note=ended_by(row, own=scene.own))]
    return [*road, _event_post(scene), _feedback_post(scene)]


def _place_ahead(scene: Scene) -> Post:
    row = scene.row
    if row.state == "pending":
        return Post(
            _("Approval"), "now", note=_("%(organiser)s decides") % {"organiser": scene.one.organiser}
        )
    if row.state == "offered":
        return Post(_("A place"), "now", when=row.due_at, tag=tag("registration", "offered"))
    return Post(_("A place"), "now", note=_in_line(scene), tag=tag("registration", "waiting"))


def _event_post(scene: Scene) -> Post:
    event, title = scene.event, scene.event.title
    if not scene.begun:
        return Post(title, "ahead", note=days(days_of(event)[0], days_of(event)[-1]))
    if not scene.over:
        return Post(title, "now", note=_seen(scene))
    return Post(title, "done", when=days_of(event)[-1], note=_seen(scene))


def _feedback_post(scene: Scene) -> Post:
    due = scene.event.due_at or scene.event.ends_at + timedelta(days=7)
    if scene.row.helpful is not None:
        return Post(_("Feedback"), "done", note=_(CODES[f"helpful.{scene.row.helpful}"]))
    if scene.row.state == "confirmed" and scene.feedback_open:
        return Post(_("Feedback"), "now", when=due)
    return Post(_("Feedback"), "ahead", when=due)


def _seen(scene: Scene) -> str:
    n = len(scene.seen)
    if not n:
        return _("Nobody checked you in") if scene.over and scene.own else ""
    return ngettext("Checked in on %(n)s day", "Checked in on %(n)s days", n) % {"n": n}


def _in_line(scene: Scene) -> str:
    n = scene.position - 1
    if n == 0:
        return _("Next in line")
    return ngettext("%(n)s person stands before", "%(n)s people stand before", n) % {"n": n}


def move(scene: Scene) -> Move:
    """Whose move it is, for the participant or for the organiser who looks on."""
    row, own = scene.row, scene.own
    cancel = [Link(_("Cancel the registration"), scene.href("cancel"))] if not scene.begun else []
    match row.state:
        case "offered":
            return Move(
                _("Your move: take the place or decline it")
                if own
                else _("Waiting for the participant's answer"),
                mine=own,
                due=row.due_at,
                silence=_("Without an answer the place goes to the next in line."),
                button=Link(_("Take the place"), scene.href("accept")) if own else None,
                others=[Link(_("Decline it"), scene.href("decline"))] if own else cancel,
            )
        case "pending":
            return Move(
                _("Waiting for %(organiser)s: approval") % {"organiser": scene.one.organiser} if own
                else _("Your move: approve this registration or turn it down"),
                mine=not own,
                since=row.registered_at,
                button=None if own else Link(_("Approve it"), scene.href("admit")),
                others=cancel if own else [Link(_("Turn it down"), scene.href("reject"))],
            )  # fmt: skip
        case "waiting":
            return Move(
                _("In line for a place"),
                mine=False,
                text=_in_line(scene),
                since=row.registered_at,
                silence=_(
                    "When a place becomes free, the first in line is asked and has two days to answer."
                ),
                others=cancel,
            )
        case "confirmed" if own and scene.feedback_open:
            return Move(
                _("Your move: say how it was"),
                mine=True,
                text=_("Two questions, one minute."),
                due=scene.event.due_at,
                button=Link(_("Give feedback"), scene.href("give-feedback")),
            )
        case "confirmed":
            title = _("The place is confirmed") if not scene.over else _("The event is over")
            text = _("Show the code at the door.") if own and not scene.over else ""
            return Move(title, mine=False, text=text, others=cancel)
        case _:
            return Move(_("This registration has ended"), mine=False, text=ended_by(row, own=own))


def ended_by(row: Registration, *, own: bool) -> str:
    """Why a registration was cancelled, as a sentence."""
    if row.state != "cancelled":
        return ""
    return (
        _("You cancelled it.") if own and row.ended_by == "person" else _(CODES[f"ended_by.{row.ended_by}"])
    )
