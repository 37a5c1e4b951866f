"""The road of a case: posts where something happened, the post where it is now, and those ahead.

What happened is told by the facts as they came; what is ahead follows the straight road of its kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.catalogue import TABLES
from contracts.mandate import Kind
from contracts.tables import side_of
from services.chassis.web.look.parts import Link, Post, Tag
from services.chassis.web.look.values import days, money
from services.chassis.web.look.words import coded, ngettext
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import fact_line, party, state_word
from services.overview.models import Case, Line, Subject
from services.overview.moves import parties_in
from services.overview.standing import now_of, opinion_pending, root_of
from services.overview.words import APPEAL_MADE, APPEAL_WINDOW, DETOURS, Milestone, road_of

SUBMISSIONS = ("application.submitted", "application.revised")


@dataclass(frozen=True)
class Scene:
    """All that a case's page is made of, as far as its reader may see it.

    names    of people, organisations, partnerships and events, by id
    mine     the reader's "PARTY:scope" entries; mandate: by which they act for another
    event    the event of a registration
    changed  organisations of a running case whose legal facts changed and are not confirmed again
    """

    case: Case
    subjects: Sequence[Subject]
    lines: Sequence[Line]
    names: Mapping[UUID, str]
    mine: frozenset[str]
    now: datetime
    mandate: Kind | None = None
    event: Subject | None = None
    holders: Mapping[tuple[str, UUID], Sequence[str]] = field(
        default_factory=dict[tuple[str, UUID], Sequence[str]]
    )
    changed: Sequence[Subject] = ()

    @property
    def root(self) -> Subject:
        root = root_of(self.subjects, self.case.id)
        assert root is not None, "a scene is made of a case that was heard of"
        return root

    @property
    def submitted(self) -> Mapping[str, Any]:
        """What the case was submitted with last; empty for a registration."""
        told = (line.body for line in reversed(self.lines) if key_of(line.type) in SUBMISSIONS)
        return next(told, dict[str, Any]())

    @property
    def parties(self) -> frozenset[str]:
        """As which parties the reader sees this case."""
        return parties_in(self.mine, self.case.audience)

    def sees(self, subject: Subject) -> bool:
        """Whether the reader's grants meet what a subject's last fact was meant for; operators see all."""
        return not self.parties or bool(self.mine.intersection(subject.audience))

    @property
    def ended_at(self) -> datetime | None:
        return now_of(self.case, self.event)[0]

    @property
    def stage(self) -> str:
        """The post of the road where the case is now; empty when it has ended."""
        return now_of(self.case, self.event)[1]

    def name(self, id: str | UUID | None) -> str:
        """What a thing is called here; empty when nobody has said so."""
        try:
            return self.names.get(id if isinstance(id, UUID) else UUID(str(id)), "")
        except ValueError:
            return ""


def posts(scene: Scene) -> list[Post]:
    """The whole road."""
    road = road_of(scene.case.kind, scene.submitted)
    done = _done(scene, road)
    stage = scene.stage
    if not stage:
        return done
    now = next((one for one in road if one.key == stage), None)
    ahead = [*_beside(scene, road, now), *road[road.index(now) + 1 :]] if now else ()
    return [*done, _now(scene, now), *(_ahead(scene, one) for one in ahead if _needed(scene, one.key))]


def _beside(scene: Scene, road: Sequence[Milestone], now: Milestone) -> list[Milestone]:
    """The use of a grant goes on beside its claims until it is reported on."""
    reached = {key_of(line.type) for line in scene.lines}
    return [one for one in road[: road.index(now)] if one.key == "use" and reached.isdisjoint(one.reached)]


def key_of(type: str) -> str:
    """`relais.application.returned.v1` → `application.returned`."""
    return type.removeprefix("relais.").rsplit(".", 1)[0]


def _done(scene: Scene, road: Sequence[Milestone]) -> list[Post]:
    titles = {fact: one.done for one in road for fact in one.reached}
    told: list[Post] = []
    before: datetime | None = None
    for line in scene.lines:
        key = key_of(line.type)
        if key not in titles and key not in DETOURS:
            continue
        title = _(titles[key]) if key in titles else fact_line(line.type)
        told.append(
            Post(
                title=title,
                state="done",
                when=line.at,
                took=line.at - before if before else None,
                note=" · ".join(filter(None, (doer(scene, line), _detail(scene, key, line.body)))),
                tag=_outcome(key, line.body),
                link=_more(scene, key),
            )
        )
        before = line.at
    return told


def doer(scene: Scene, line: Line) -> str:
    """Who did it, by name where the reader may know it; nothing for what Relais did by date."""
    if line.actor == "system":
        return ""
    if line.via == "link":
        return _("The signatory, by a mailed link")
    if line.behalf_of:
        words = {"agent": scene.name(line.actor), "principal": scene.name(line.behalf_of)}
        return _("%(agent)s for %(principal)s") % words
    if line.via == "break_glass":
        return _("%(name)s, in another's place by break-glass") % {"name": scene.name(line.actor)}
    return scene.name(line.actor)


def _detail(scene: Scene, key: str, said: Mapping[str, Any]) -> str:
    case = scene.case
    match key:
        case "application.submitted" | "application.revised" if said.get("amount_cents"):
            return _("amount frozen at %(amount)s") % {"amount": money(said["amount_cents"], case.currency)}
        case "application.admitted" if rules := len(said.get("rules", ())):
            return ngettext("%(num)s rule, met", "%(num)s rules, all met", rules) % {"num": rules}
        case "application.awarded" if said.get("amount_cents"):
            return _("%(amount)s reserved") % {"amount": money(said["amount_cents"], case.currency)}
        case "visit.validated":
            return _("working days done: %(days)s") % {"days": said["days"]}
        case "claim.paid":
            return money(said["paid_cents"], case.currency)
        case _ if "reason" in said:
            return coded(key, said["reason"])
        case _:
            return ""


def _outcome(key: str, said: Mapping[str, Any]) -> Tag | None:
    if key != "application.opined":
        return None
    return Tag(_("in favour"), "good") if said.get("favourable") else Tag(_("against"), "bad")


def _more(scene: Scene, key: str) -> Link | None:
    if key == "application.admitted" and scene.parties:
        return Link(_("see each rule"), f"/applications/{scene.case.id}")
    return None


def _now(scene: Scene, milestone: Milestone | None) -> Post:
    case = scene.case
    aggregate, _dot, state = case.status.partition(".")
    appealed = any(subject.appeal == "open" for subject in scene.subjects)
    title = _(milestone.ahead if milestone else APPEAL_MADE if appealed else APPEAL_WINDOW)
    post = Post(title=title, state="now", when=case.due_at, tag=Tag(state_word(aggregate, state), "wait"))
    if scene.stage == "signatures":
        return replace(post, tag=_signed(scene), note=_signatures(scene))
    if scene.stage in ("visit", "event"):
        return replace(post, when=None, note=_period(scene))
    return post


def _ahead(scene: Scene, milestone: Milestone) -> Post:
    post = Post(title=_(milestone.ahead), state="ahead")
    said = scene.root.said
    match milestone.key:
        case "visit" | "event":
            return replace(post, note=_period(scene))
        case "report":
            after = timedelta(days=said["terms"]["report_days"])
            return replace(post, when=date.fromisoformat(said["last_day"]) + after)
        case "claim":
            within = _("within %(days)s days after the report is accepted")
            return replace(post, note=within % {"days": said["terms"]["payment_days"]})
        case _:
            return post


def _needed(scene: Scene, key: str) -> bool:
    """Posts that this case does not pass: no opinion within one partnership, no claim without an amount."""
    if key == "claim":
        return scene.case.amount_cents > 0
    if key == "opinion":
        return opinion_pending(scene.root)
    return True


def _period(scene: Scene) -> str:
    """When the visit or the event takes place."""
    if scene.event is not None:
        said = scene.event.said
        first, last = (datetime.fromisoformat(said[name]) for name in ("starts_at", "ends_at"))
        return f"{days(first.date(), last.date())} · {said['town']}"
    said = scene.root.said
    return days(date.fromisoformat(said["first_day"]), date.fromisoformat(said["last_day"]))


def _signed(scene: Scene) -> Tag:
    open_sets = signing_sets(scene)
    asked = sum(len(one.said["parties"]) for one in open_sets)
    missing = sum(len(missing_parties(one)) for one in open_sets)
    return Tag(_("%(done)s of %(all)s") % {"done": asked - missing, "all": asked}, "wait")


def _signatures(scene: Scene) -> str:
    """Who has signed which document, and who has not."""
    told: list[str] = []
    for one in signing_sets(scene):
        missing = missing_parties(one)
        signed = [name for name in one.said["parties"] if name not in missing]
        words = {
            "document": coded("agreement", one.said["kind"] + "_agreement"),
            "missing": _listed(scene, missing),
        }
        if not signed:
            told.append(_("%(document)s: waits for %(missing)s.") % words)
        elif missing:
            words["signed"] = _listed(scene, signed)
            told.append(_("%(document)s: %(signed)s signed, waits for %(missing)s.") % words)
        else:
            told.append(_("%(document)s: signed by all.") % words)
    return " ".join(told)


def signing_sets(scene: Scene) -> list[Subject]:
    """The agreements that count now."""
    sets = [
        one for one in scene.subjects if one.aggregate == "agreement" and one.state in ("open", "completed")
    ]
    return sorted(sets, key=lambda one: one.said.get("kind", ""), reverse=True)


def missing_parties(agreement: Subject) -> list[str]:
    if agreement.state != "open":
        return []
    return [name for name in agreement.said.get("parties", ()) if name not in agreement.done]


def _listed(scene: Scene, names: Sequence[str]) -> str:
    """Parties in words, the reader as "you"."""
    mine = {side_of(name) for name in scene.parties.intersection(TABLES["agreement"].act("sign").parties)}
    return ", ".join(_("you") if name in mine else party(name) for name in names)


def happened(scene: Scene) -> list[tuple[Line, str, str]]:
    """Every line with its sentence and who did it, newest first."""
    return [(line, fact_line(line.type), doer(scene, line)) for line in reversed(scene.lines)]
