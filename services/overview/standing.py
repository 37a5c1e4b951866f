"""Where a case stands, computed from its subjects in order of rank: ends, claim, visit, agreements,
application. Pure. The subject that speaks for the case gives its status, its date and the post of its road.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.overview.models import Case, Subject

KINDS: Mapping[str, str] = {"application": "exchange", "registration": "registration"}
"""Aggregate whose id is the case's id → kind of case."""

ENDS = frozenset(
    {
        "application.withdrawn",
        "application.lapsed",
        "application.cancelled",
        "application.not_completed",
        "application.closed",
        "registration.rejected",
        "registration.declined",
        "registration.offer_expired",
        "registration.cancelled",
    }
)
"""States after which nothing comes; a rejected application ends once that is final."""

OVER = ("closed", "cancelled")
"""States of an event after which its registrations have ended too."""

RANK = ("claim", "visit", "voucher")
"""Who speaks for a granted case, before its application."""

STAGE_OF: Mapping[str, str] = {
    "application.submitted": "checked",
    "application.in_review": "decision",
    "application.assessed": "decision",
    "application.changes_requested": "decision",
    "application.selected": "award",
    "application.awaiting_budget": "award",
    "application.awarded": "signatures",
    "application.granted": "visit",
    "application.rejected": "appeal",
    "visit.planned": "visit",
    "visit.ongoing": "visit",
    "visit.report_due": "report",
    "visit.report_changes": "report",
    "visit.report_submitted": "validation",
    "visit.validated": "closing",
    "visit.closed": "closing",
    "visit.not_completed": "appeal",
    "voucher.issued": "use",
    "voucher.used_up": "closing",
    "voucher.expired": "closing",
    "claim.closed": "closing",
    "registration.pending": "admission",
    "registration.waiting": "place",
    "registration.offered": "place",
    "registration.confirmed": "event",
}
"""Status → the post of the road where the case is now; a claim that is not closed is at "claim"."""


def root_of(subjects: Sequence[Subject], case: UUID) -> Subject | None:
    """The subject that is the case itself."""
    return next((one for one in subjects if one.id == case and one.aggregate in KINDS), None)


def latest(subjects: Sequence[Subject], aggregate: str) -> Subject | None:
    """The subject of this type that counts now: of a replaced claim its successor."""
    of_type = [one for one in subjects if one.aggregate == aggregate and one.state != "replaced"]
    return max(of_type, key=lambda one: one.since, default=None)


def speaker(subjects: Sequence[Subject], root: Subject) -> Subject:
    """The subject that speaks for the case."""
    if is_over(root):
        return root
    voucher, claim = latest(subjects, "voucher"), latest(subjects, "claim")
    if voucher and voucher.state == "issued" and claim and (claim.state == "closed" or claim.final):
        return voucher
    return next((found for kind in RANK if (found := latest(subjects, kind))), root)


def is_over(root: Subject) -> bool:
    key = f"{root.aggregate}.{root.state}"
    return key in ENDS or (key == "application.rejected" and root.final)


def describe(case: Case, subjects: Sequence[Subject]) -> None:
    """Fills the case's row from where its subjects stand. An operator may have a move in it, and takes no part."""
    heard = {entry for one in subjects for entry in one.audience}
    case.audience = sorted(entry for entry in heard if not entry.startswith("OPERATOR:"))
    root = root_of(subjects, case.id)
    if root is None:
        return
    said = root.said
    case.kind = KINDS[root.aggregate]
    case.number = said.get("number", "")
    case.origin, case.destination = said.get("visitor_town", ""), said.get("host_town", "")
    if case.kind == "exchange" and not said.get("host"):  # a grant without host is told by its call
        case.kind, case.destination = "grant", said.get("title", "")
    case.visitor = said.get("visitor_name", "")
    case.about = UUID(said["event"]) if "event" in said else None
    case.amount_cents, case.currency = amount_of(subjects, root), said.get("currency", "EUR")
    speaks = speaker(subjects, root)
    case.status = f"{speaks.aggregate}.{speaks.state}"
    case.since = speaks.since
    case.opened_at = case.opened_at or root.since
    case.ended_at = _ended(case, root)
    case.due_at = None if case.ended_at else speaks.due_at
    case.stage = "" if case.ended_at else stage_of(case.status, root, case.amount_cents)


def now_of(case: Case, event: Subject | None) -> tuple[datetime | None, str]:
    """When the case ended, and the post of its road where it is now. A registration follows its event, whose facts
    are another topic's: so this is said when it is read."""
    if event is None or case.ended_at:
        return case.ended_at, case.stage
    if event.state in OVER:
        return event.since, ""
    return None, "feedback" if event.state == "ended" and case.stage == "event" else case.stage


def stage_of(status: str, root: Subject, amount_cents: int) -> str:
    """The post of the road where the case is now."""
    if status.startswith("claim."):
        return STAGE_OF.get(status, "claim")
    if status == "application.in_review" and opinion_pending(root):
        return "opinion"
    if status == "visit.validated" and amount_cents:
        return "claim"
    return STAGE_OF.get(status, "")


def opinion_pending(root: Subject) -> bool:
    """Whether the host's partnership has yet to say something: where there is one, and another than the visitor's, and
    the call has no stages that say who is asked."""
    parties = dict(entry.split(":", 1) for entry in root.audience)
    differs = "HOP" in parties and parties["HOP"] != parties.get("VOP")
    return differs and not root.said.get("staged") and not {"HOP", "SYS"}.intersection(root.done)


def amount_of(subjects: Sequence[Subject], root: Subject) -> int:
    """What the case is worth now: a voucher's value; of a visit what was accepted, else what follows from the days
    actually done, else as frozen."""
    claim, visit = latest(subjects, "claim"), latest(subjects, "visit")
    if voucher := latest(subjects, "voucher"):
        return int(voucher.said["amount_cents"])
    if claim and "accepted_cents" in claim.said:
        return int(claim.said["accepted_cents"])
    if visit and "amount_cents" in visit.said:
        return int(visit.said["amount_cents"])
    return int(root.said.get("amount_cents", 0))


def _ended(case: Case, root: Subject) -> datetime | None:
    if not is_over(root):
        return None
    return case.ended_at or root.since
