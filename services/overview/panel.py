"""The panel at the top of a case: whose move it is, what to do, by when, what silence means.

Only the reader's own move has a green button; what else they may do stands beside it, quietly.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from babel.lists import format_list

from contracts.catalogue import TABLES
from contracts.tables import side_of
from contracts.words.moves import MoveWords, move_words
from services.chassis.web.look.parts import Link, Move
from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import locale, ngettext
from services.chassis.web.sentences import act_words, party
from services.overview.models import Subject
from services.overview.moves import (
    Possible,
    foremost,
    is_scored,
    parties_in,
    parties_of,
    possible,
    split,
    words_of,
)
from services.overview.road import Scene
from services.overview.words import FINAL, NOBODY, SIGN_SEVERAL


class Turn(NamedTuple):
    """A subject that waits for somebody, and for which parties."""

    subject: Subject
    parties: tuple[str, ...]
    mine: bool

    def words(self, own: frozenset[str] = frozenset()) -> MoveWords:
        """What is to be done; for the reader as the party they are."""
        first = next((name for name in self.parties if name in own), self.parties[0])
        return words_of(self.subject, first)

    @property
    def awaited(self) -> list[tuple[str, UUID]]:
        """Whom an onlooker reads that it waits for: the parties that have the same to do, and their scopes."""
        words = self.words()
        return [
            one
            for one in split(self.subject.movers)
            if words_of(self.subject, one[0]).awaited == words.awaited
        ]


def turns(scene: Scene) -> list[Turn]:
    """Everything of the case that waits for somebody, the reader's own first, then by date."""
    waiting = [
        Turn(one, parties_of(one.movers), bool(scene.mine.intersection(one.movers)))
        for one in scene.subjects
        if one.movers and not scene.ended_at
    ]
    return sorted(
        waiting, key=lambda turn: (not turn.mine, turn.subject.due_at or scene.now, turn.subject.since)
    )


def possible_acts(scene: Scene) -> list[Possible]:
    """What the reader may do now on any subject of the case."""
    return [
        act
        for one in scene.subjects
        for act in possible(one, parties_in(scene.mine, one.audience), scene.now, scene.mandate)
    ]


def move(scene: Scene) -> Move:
    """The panel."""
    waiting = turns(scene)
    acts = possible_acts(scene)
    mine = [turn for turn in waiting if turn.mine]
    if mine:
        return _my_move(scene, mine, acts)
    others = [*_links(acts, ()), *_beside(scene)]
    if waiting:
        first = waiting[0]
        words = first.words()
        return Move(
            title=_("Waiting for %(who)s: %(what)s") % {"who": who(scene, first), "what": _(words.awaited)},
            mine=False,
            text=_by_whom(scene, first),
            due=first.subject.due_at,
            silence=_(words.silence),
            since=first.subject.since,
            others=others,
        )
    title = _("This case has ended") if scene.ended_at else _("It is nobody's move now")
    over = scene.ended_at and not scene.case.ended_at
    text = _("The event is over.") if over else _(_said_of(scene))
    return Move(title=title, mine=False, text=text, due=scene.case.due_at, others=others)


def _said_of(scene: Scene) -> str:
    """What goes on while it is nobody's move, or how it ended."""
    status = scene.case.status
    return FINAL.get(status, NOBODY.get(status, "")) if scene.ended_at else NOBODY.get(status, "")


def _my_move(scene: Scene, mine: Sequence[Turn], acts: Sequence[Possible]) -> Move:
    first = mine[0]
    words = first.words(scene.parties)
    what = _(words.what)
    if first.subject.aggregate == "agreement" and len(mine) > 1:
        what = ngettext(*SIGN_SEVERAL, len(mine)) % {"num": len(mine)}
    parties = parties_in(scene.mine, first.subject.audience)
    foremost_act = foremost([act for act in acts if act.subject is first.subject], parties)
    button = None
    page = words.page(first.subject.id, first.subject.case_id)
    if words.act:
        button = Link(act_words(*words.act.split(".")).button, page)
    elif foremost_act:
        label = act_words(first.subject.aggregate, foremost_act.act.name).button
        button = Link(label, page or foremost_act.href)
    elif page:
        button = Link(_("Open the task"), page)
    return Move(
        title=_("Your move: %(what)s") % {"what": what},
        mine=True,
        text=_papers_to_sign(mine),
        due=first.subject.due_at,
        silence=_(words.silence),
        button=button,
        others=[*_elsewhere(scene, mine[1:]), *_links(acts, (foremost_act,)), *_beside(scene)],
    )


def _beside(scene: Scene) -> list[Link]:
    """What begins something new beside the moves: a further claim, a change, an act in somebody's place."""
    return [*_further_claim(scene), *_change(scene), *_in_place(scene)]


def _further_claim(scene: Scene) -> list[Link]:
    """While a claim on a grant is looked at, another part of it may be claimed; not while one is being written."""
    voucher = next((one for one in scene.subjects if one.aggregate == "voucher"), None)
    if voucher is None or voucher.state != "issued" or voucher.movers or not voucher.said["in_parts"]:
        return []
    parties = parties_in(scene.mine, voucher.audience)
    if not parties.intersection(TABLES["voucher"].movers_in("issued")) or any(
        one.aggregate == "claim" and one.state in ("opened", "returned") for one in scene.subjects
    ):
        return []
    claimed = sum(
        int(one.said.get("accepted_cents", one.said["amount_cents"]))
        for one in scene.subjects
        if one.aggregate == "claim" and one.state not in ("rejected", "expired", "replaced")
    )
    if claimed >= int(voucher.said["amount_cents"]):
        return []
    words = move_words("voucher.issued", "VO")
    return [Link(act_words(*words.act.split(".")).button, words.page(voucher.id, scene.case.id))]


def _in_place(scene: Scene) -> list[Link]:
    """Where whoever holds a role cannot act, the coordinator asks to act in their place."""
    if scene.case.kind not in ("exchange", "grant") or scene.ended_at or "COORD" not in scene.parties:
        return []
    words = act_words("break_glass", "request")
    return [Link(words.button, f"/break-glasses/request?application={scene.case.id}")]


def _change(scene: Scene) -> list[Link]:
    """A granted case can be changed, one amendment at a time, by its recipient or the officer."""
    asked = any(
        one.aggregate == "amendment" and one.state in ("requested", "agreed") for one in scene.subjects
    )
    able = scene.parties.intersection(TABLES["amendment"].act("request").parties)
    if asked or not able or scene.root.state != "granted":
        return []
    return [
        Link(act_words("amendment", "request").button, f"/amendments/request?application={scene.case.id}")
    ]


def _elsewhere(scene: Scene, turns: Sequence[Turn]) -> list[Link]:
    """Moves that are acts on other things, as quiet buttons."""
    moves = [(turn.words(scene.parties), turn.subject) for turn in turns]
    return [
        Link(act_words(*words.act.split(".")).button, words.page(subject.id, subject.case_id))
        for words, subject in moves
        if words.act
    ]


def _papers_to_sign(mine: Sequence[Turn]) -> str:
    kinds = {turn.subject.said.get("kind") for turn in mine if turn.subject.aggregate == "agreement"}
    if kinds == {"quality", "financial"}:
        return _("The Commitment to Quality and the Financial Agreement.")
    if kinds == {"quality"}:
        return _("The Commitment to Quality.")
    if kinds == {"financial"}:
        return _("The Financial Agreement.")
    return ""


def _links(acts: Sequence[Possible], apart: Sequence[Possible | None]) -> list[Link]:
    """The other acts as quiet buttons; one for each kind of act on a kind of thing."""
    shown: dict[tuple[str, str], Link] = {}
    taken = {(one.subject.aggregate, one.act.name) for one in apart if one}
    for one in acts:
        key = (one.subject.aggregate, one.act.name)
        if key not in taken:
            shown.setdefault(key, Link(act_words(*key).button, one.href))
    return list(shown.values())


def who(scene: Scene, turn: Turn) -> str:
    """Whom a case waits for: the organisations or partnerships by name, else by their part; evaluators by no name."""
    if is_scored(turn.subject):
        return _("the evaluators")
    told = [scene.name(scope) or party(name) for name, scope in turn.awaited]
    return format_list(list(dict.fromkeys(told)), locale=locale())


def _by_whom(scene: Scene, turn: Turn) -> str:
    """The people who can make the move, for a reader who takes part in the case."""
    people = [person for entry in turn.awaited for person in scene.holders.get(entry, ())]
    names = format_list(list(dict.fromkeys(people)), "or", locale=locale())
    if any(side_of(name) != name and side_of(name) in scene.parties for name in turn.parties):
        own = [entry for entry in turn.awaited if side_of(entry[0]) in scene.parties]
        theirs = [person for entry in own for person in scene.holders.get(entry, ())]
        if not theirs:
            return _(
                "Nobody may sign for your organisation yet. Name a signatory on the page of the document."
            )
        names = format_list(list(dict.fromkeys(theirs)), "or", locale=locale())
        return _("Your organisation's signatory signs: %(people)s.") % {"people": names}
    if not people:
        return ""
    if is_scored(turn.subject):
        return _("%(people)s can assign them.") % {"people": names}
    return _("It can be done by %(people)s.") % {"people": names}
