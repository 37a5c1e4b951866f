"""Everything that a case's page shows, worded for its reader: no amount without its sum, no date without
its reason."""

from datetime import date, datetime
from typing import Any

from contracts.catalogue import TABLES
from services.chassis.web.look.parts import Column, Link, Person
from services.chassis.web.look.values import day, days, moment, working_days
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.overview.cells import document_name
from services.overview.listing import title_of
from services.overview.models import Subject
from services.overview.moves import scope_of
from services.overview.panel import move
from services.overview.road import Scene, happened, posts, signing_sets
from services.overview.standing import latest
from services.overview.sums import sum_box
from services.overview.words import PARTS, PARTS_OF_A_GRANT

LETTERS = TABLES["conversation"].act("send_letter").parties
FEW = 3
"""So many people are named for one part."""


def case_page(scene: Scene) -> dict[str, Any]:
    """The values of case.html."""
    case = scene.case
    return {
        "title": title_of(case, scene.name(case.about) if case.about else ""),
        "lead": _lead(scene),
        "number": case.number or str(case.id)[:8],
        "move": move(scene),
        "changed": [_change(one) for one in scene.changed],
        "posts": posts(scene),
        "sum": sum_box(scene),
        "people": _people(scene),
        "papers": _papers(scene),
        "history": [
            [moment(line.at), sentence, who or (_("Relais, by date") if line.actor == "system" else "–")]
            for line, sentence, who in happened(scene)
        ],
        "history_columns": [Column(_("When")), Column(_("What")), Column(_("Who"))],
    }


def _lead(scene: Scene) -> str:
    said = scene.root.said
    if scene.event is not None:
        event = scene.event.said
        words = {
            "venue": event["venue"],
            "town": event["town"],
            "moment": moment(datetime.fromisoformat(event["starts_at"]), event["timezone"], named=True),
        }
        return _("%(venue)s, %(town)s, from %(moment)s") % words
    if scene.case.kind == "grant":
        runs = days(date.fromisoformat(said["first_day"]), date.fromisoformat(said["last_day"]))
        return _("%(visitor)s, under “%(call)s”, %(days)s") % {
            "visitor": said["visitor_name"], "call": said["title"], "days": runs,
        }  # fmt: skip
    if scene.case.kind != "exchange":
        return ""
    words = {
        "visitor": said["visitor_name"],
        "host": said["host_name"],
        "call": said.get("title", ""),
        "days": days(date.fromisoformat(said["first_day"]), date.fromisoformat(said["last_day"])),
        "count": working_days(int(said["working_days"])),
    }
    if not said["working_days"]:
        return _("%(visitor)s with %(host)s, under “%(call)s”, %(days)s") % words
    if said["mode"] == "virtual":
        return _("%(visitor)s meets %(host)s online, %(days)s (%(count)s)") % words
    return _("%(visitor)s visits %(host)s, %(days)s (%(count)s)") % words


def _change(organisation: Subject) -> str:
    """Said to everybody of the case: decisions and signatures may rest on what was confirmed before."""
    return _(
        "%(organisation)s is no longer what was confirmed: %(what)s, since %(day)s. It is confirmed anew."
    ) % {
        "organisation": organisation.said["name"],
        "what": ", ".join(coded("aspect", one) for one in organisation.said["what"]),
        "day": day(organisation.since),
    }


def _people(scene: Scene) -> list[Person]:
    """Who takes which part: the organisation or partnership, and who acts for it."""
    told: list[Person] = []
    for party, label in PARTS:
        scope = scope_of(party, scene.root.audience)
        if scope is None:
            continue
        people = list(scene.holders.get((party, scope), ()))[:FEW]
        names = dict.fromkeys(filter(None, (scene.name(scope), *people)))
        if scene.case.kind == "grant":
            label = PARTS_OF_A_GRANT.get(party, label)
        told.append(Person(_(label), ", ".join(names) or "–"))
    return told


def _papers(scene: Scene) -> list[Link]:
    """What can be opened, at the services that keep it and judge who may."""
    case = scene.case
    if case.kind == "registration":
        return [
            Link(_("The registration and its code"), f"/registrations/{case.id}"),
            Link(_("The event"), f"/events/{case.about}"),
        ]
    papers: list[Link] = []
    if scene.sees(scene.root):
        papers.append(Link(_("The application as submitted"), f"/applications/{case.id}"))
        if scene.root.state != "draft":
            papers.append(Link(_("Conversation of this case"), f"/conversations/of/{case.id}"))
        if (
            scene.parties.intersection(LETTERS)
            and latest(scene.subjects, "visit")
            and scene.root.said.get("host")
        ):
            papers.append(Link(_("Letters: welcome, visa, stay"), f"/conversations/of/{case.id}/letters"))
    if group := scene.root.said.get("group"):
        papers.append(Link(_("The group visit: shared agenda and members"), f"/groups/{group}"))
    if scene.parties and any(one.aggregate == "stage" and scene.sees(one) for one in scene.subjects):
        papers.append(Link(_("The review: who has it, until when"), f"/applications/{case.id}/review"))
    for one in filter(scene.sees, signing_sets(scene)):
        words = {"document": document_name(one.said["kind"]), "state": state_word("agreement", one.state)}
        papers.append(Link(_("%(document)s, %(state)s") % words, f"/agreements/{one.id}"))
    visit = latest(scene.subjects, "visit")
    if visit and scene.sees(visit):
        papers.append(Link(_("The visit, its report and evidence"), f"/visits/{visit.id}"))
    for change in _all_of(scene, "amendment"):
        words = {"number": change.said["sequence"], "state": state_word("amendment", change.state)}
        papers.append(Link(_("Amendment %(number)s, %(state)s") % words, f"/amendments/{change.id}"))
    for report in _all_of(scene, "report"):
        words = {"state": state_word("report", report.state)}
        papers.append(Link(_("Report by form, %(state)s") % words, f"/reports/{report.id}"))
    for check in _all_of(scene, "aid_check"):
        papers.append(Link(_("State aid: what the recipient may still get"), f"/aid-checks/{check.id}"))
    for claim in _all_of(scene, "claim"):
        papers.append(Link(_("Claim %(number)s") % {"number": claim.said["number"]}, f"/claims/{claim.id}"))
    return papers


def _all_of(scene: Scene, aggregate: str) -> list[Subject]:
    """What the reader sees of this type, by age; nothing that was replaced."""
    found = (one for one in scene.subjects if one.aggregate == aggregate and one.state != "replaced")
    return sorted(filter(scene.sees, found), key=lambda one: (one.said.get("number", ""), str(one.id)))
