"""The monitor in words: tiles, bars and tables from what was gathered. A figure leads to the list behind
it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from contracts.words.moves import move_words
from services.chassis.web.look.charts import Bar
from services.chassis.web.look.parts import Cell, Column, Figure, Link, Tag
from services.chassis.web.look.values import ago, duration, number
from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import ngettext
from services.chassis.web.sentences import state_word
from services.overview.cells import Cells
from services.overview.listing import title_of
from services.overview.models import Line
from services.overview.monitor.elsewhere import ParkedRecord, ServiceState
from services.overview.monitor.figures import Dated, Figures
from services.overview.monitor.workflows import Look, Stuck
from services.overview.moves import parties_of
from services.overview.road import key_of
from services.overview.words import STAGES

SECOND = 1.0
CATCHING_UP_SECONDS = 5.0
FEW_STUCK = 10
BRIDGE = "bridge"
"""Reads every topic to wake workflows; it has no database and no outbox."""


def live(
    figures: Figures,
    states: Sequence[ServiceState],
    behind: Mapping[str, int],
    look: Look,
    real_now: datetime,
) -> dict[str, Any]:
    """The values of monitor_live.html."""
    parked = sum(one.parked for one in states)
    return {
        "numbers": _tiles(figures, parked, look),
        "stages": [
            Bar(_(STAGES[one.stage]), one.count, one.late, f"/cases?which=open&stage={one.stage}")
            for one in figures.stages
        ],
        "hand_columns": [Column(_("What")), Column(_("Stuck at")), Column(_("Since")), Column(_("Why"))],
        "hand": [*(_stuck(one, real_now) for one in look.stuck[:FEW_STUCK]), *_parked(states)],
        "late_columns": [Column(_("Case")), Column(_("Waits for")), Column(_("Late since"))],
        "late": [_dated(one) for one in figures.late],
        "service_columns": [
            Column(_("Service")),
            Column(_("Behind"), number=True),
            Column(_("Outbox"), number=True),
            Column(_("State")),
        ],
        "services": [*(_service(one, behind) for one in states), [BRIDGE, _behind(BRIDGE, behind), "–", ""]],
        "timer_columns": [Column(_("When")), Column(_("What")), Column(_("Case"))],
        "timers": [_timer(one) for one in figures.timers],
        "workflows": _workflows(look),
    }


def _tiles(figures: Figures, parked: int, look: Look) -> list[Figure]:
    hand = parked + len(look.stuck)
    late = ngettext("past its deadline", "past their deadline", figures.late_count)
    if figures.oldest_due:
        late = _("%(late)s, the oldest was due %(ago)s") % {"late": late, "ago": ago(figures.oldest_due)}
    p99 = figures.p99_seconds
    return [
        Figure(
            number(figures.open), ngettext("open case", "open cases", figures.open), href="/cases?which=open"
        ),
        Figure(
            number(figures.late_count),
            late,
            kind="wait" if figures.late_count else "plain",
            href="/cases?which=late",
        ),
        Figure(
            number(hand),
            ngettext("workflow or record needs a hand", "workflows and records need a hand", hand),
            kind="bad" if hand else "plain",
            href="/monitor/parked",
        ),
        Figure("–" if p99 is None else _seconds(p99), _("commit to effect, p99 of the last ten minutes")),
    ]


def _seconds(value: float) -> str:
    """ "84 ms", and from a second on "1.3 s"."""
    if value < SECOND:
        return _("%(num)s ms") % {"num": number(round(value * 1000))}
    return _("%(num)s s") % {"num": number(round(value, 1))}


def _stuck(one: Stuck, real_now: datetime) -> list[Cell | str]:
    since = duration(real_now - one.since)
    why = ngettext("%(why)s (%(num)s attempt)", "%(why)s (%(num)s attempts)", one.attempts)
    button = Link(_("Open in Temporal"), one.href) if one.href else None
    return [
        Cell(one.kind, note=one.id),
        one.step,
        since,
        Cell(why % {"why": one.why, "num": number(one.attempts)}, button=button),
    ]


def _parked(states: Sequence[ServiceState]) -> Cells:
    return [
        [
            Cell(one.name),
            _("parked records"),
            "–",
            Cell(
                ngettext("%(num)s record waits", "%(num)s records wait", one.parked)
                % {"num": number(one.parked)},
                button=Link(_("Look at them"), "/monitor/parked"),
            ),
        ]
        for one in states
        if one.parked
    ]


def _service(one: ServiceState, behind: Mapping[str, int]) -> list[Cell | str]:
    late = _behind(one.name, behind)
    if not one.answers:
        return [one.name, late, "–", Cell(tag=Tag(_("does not answer"), "bad"))]
    tag = Tag(_("ready"), "good") if one.ready else Tag(_("not ready"), "bad")
    if one.oldest_seconds > CATCHING_UP_SECONDS:
        tag = Tag(_("catching up, %(time)s") % {"time": duration(one.oldest_seconds)}, "wait")
    return [one.name, late, number(one.unpublished), Cell(tag=tag)]


def _behind(name: str, behind: Mapping[str, int]) -> str:
    return number(behind[name]) if name in behind else "–"


def _dated(one: Dated) -> list[Cell | str]:
    assert one.subject.due_at is not None
    return [_case(one), _waits(one), Cell(ago(one.subject.due_at))]


def _timer(one: Dated) -> list[Cell | str]:
    assert one.subject.due_at is not None
    return [ago(one.subject.due_at), _waits(one), _case(one)]


def _waits(one: Dated) -> str:
    """What the date is about: the move that is due, or the state that ends then."""
    subject = one.subject
    parties = parties_of(subject.movers)
    if not parties:
        return state_word(subject.aggregate, subject.state)
    return _(move_words(f"{subject.aggregate}.{subject.state}", parties[0]).awaited)


def _case(one: Dated) -> Cell:
    if one.case is None or not one.case.kind:
        return Cell(one.name or one.subject.aggregate)
    return Cell(one.case.number or title_of(one.case, one.name), href=f"/monitor/cases/{one.case.id}")


def _workflows(look: Look) -> str:
    if look.open is None:
        return _("Temporal does not answer. Nothing is lost: stories go on when it is back.")
    return ngettext("%(num)s workflow is open.", "%(num)s workflows are open.", look.open) % {
        "num": number(look.open)
    }


def parked_columns() -> list[Column]:
    return [Column(_("Service")), Column(_("Record")), Column(_("Why")), Column(_("Parked"))]


def parked_cells(records: Sequence[ParkedRecord]) -> Cells:
    return [
        [
            one.service,
            Cell(one.type or _("unreadable"), note=f"{one.topic} · {one.partition} · {one.offset}"),
            _why(one),
            Cell(_when(one), button=_look_at(one)),
        ]
        for one in records
    ]


def _why(one: ParkedRecord) -> Cell:
    error = one.error or _("An earlier record of its subject is missing.")
    if one.discarded_because:
        return Cell(one.discarded_because, note=error, tag=Tag(_("explained"), "plain"))
    return Cell(error, tag=Tag(_("error"), "bad") if one.reason == "error" else Tag(_("gap"), "wait"))


def _look_at(one: ParkedRecord) -> Link | None:
    if one.discarded_because:
        return None
    return Link(_("Try again or give up"), f"/monitor/parked/{one.service}/{one.id}")


def _when(one: ParkedRecord) -> str:
    words = ngettext("%(time)s (%(num)s attempt)", "%(time)s (%(num)s attempts)", one.attempts)
    return words % {"time": one.parked_at[:19].replace("T", " ") + " UTC", "num": number(one.attempts)}


def links(temporal: str, mail: str) -> list[Link]:
    """Screens of others that belong beside the monitor, as far as this installation has them."""
    known = (Link(_("Temporal"), temporal), Link(_("Mail that was sent"), mail))
    return [link for link in known if link.href]


def message_columns() -> list[Column]:
    return [
        Column(_("Recorded (UTC)")),
        Column(_("Fact")),
        Column(_("State after it")),
        Column(_("By")),
        Column(_("Until it was here (ms)"), number=True),
    ]


def message_cells(lines: Sequence[Line]) -> Cells:
    return [_message(line) for line in lines]


def _message(line: Line) -> list[Cell | str]:
    assert line.applied_at is not None
    took = (line.applied_at - line.recorded_at).total_seconds() * 1000
    return [
        f"{line.recorded_at:%Y-%m-%d %H:%M:%S.%f}"[:-3],
        Cell(key_of(line.type), note=f"{line.subject} · {line.version}"),
        line.state,
        line.via if line.actor == "system" else Cell(line.via, note=line.actor),
        number(round(took)),
    ]
