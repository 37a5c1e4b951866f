"""What notifications knows of the things that mails name, and whose move it is on them, by their facts.

It hears of things that it never mails about, because a mail about another thing may name them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from contracts.catalogue import TABLES
from contracts.facts import Fact
from contracts.tables import Body, side_of, signer_of
from services.chassis.database import Tx
from services.chassis.facts.reader import Reader
from services.notifications.models import Known

NAMED = (
    "organisation",
    "membership",
    "mandate",
    "recognition",
    "deliverable",
    "factor_reset",
    "partnership",
    "participation",
    "call",
    "cutoff",
    "proposal",
    "group",
    "application",
    "stage",
    "assessment",
    "agreement",
    "visit",
    "voucher",
    "amendment",
    "break_glass",
    "report",
    "payee",
    "claim",
    "aid_check",
    "aid_entry",
    "batch",
    "suspense",
    "period",
    "funder_report",
    "retention",
    "event",
    "registration",
    "file",
    "finance_file",
    "profile_file",
    "conversation",
    "stray_mail",
)
"""Aggregates that mails are about, or name."""


SAME_DATE = frozenset({"assessment.accepted"})
"""States that are due when the state before was."""


def hear_things(reader: Reader) -> None:
    """Lets a reader keep the projection; what is registered later finds the thing as the fact leaves it."""

    @reader.hears(*(body for name in NAMED for body in TABLES[name].facts))
    async def know(tx: Tx, fact: Fact, body: Body) -> None:
        known = await tx.get(Known, fact.subject)
        if known is None:
            known = Known(id=fact.subject, aggregate=fact.aggregate, state="", version=0)
        apply(known, fact)
        tx.add(known)
        await tx.session.flush()


DEMANDS = ("recovery_ordered", "dunned")
"""Facts whose number is that of a demand, not of the claim that it is about."""


def apply(known: Known, fact: Fact) -> None:
    """Moves a thing on by one fact."""
    changed = fact.state != known.state
    if due := fact.body.get("due_at"):
        known.due_at = datetime.fromisoformat(due)
    elif changed and f"{fact.aggregate}.{fact.state}" not in SAME_DATE:
        known.due_at = None
    if changed:
        known.done, known.moved_by = [], fact.actor
    elif party := _did_their_part(fact):
        known.done = sorted({*known.done, party})
    known.case_id = fact.case
    known.state, known.version = fact.state, fact.version
    if fact.participle != "reminded":  # what it says is about the reminder
        leave = {"number"} if fact.participle in DEMANDS else ()
        known.said = known.said | {name: value for name, value in fact.body.items() if name not in leave}


def _did_their_part(fact: Fact) -> str:
    """The party that has done its part with a fact that leaves the state as it was."""
    return "HOP" if fact.participle == "opined" else str(fact.body.get("party", ""))


async def known_things(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Known]:
    """Those of the things that this service has heard of, in one statement."""
    rows = (await tx.session.exec(select(Known).where(col(Known.id).in_(ids)))).all()
    return {row.id: row for row in rows}


async def registrations_of(tx: Tx, event: UUID, states: Sequence[str]) -> Sequence[Known]:
    """Who stands in one of these states with an event, and has not given feedback yet."""
    statement = select(Known).where(
        Known.aggregate == "registration",
        col(Known.state).in_(states),
        col(Known.said)["event"].as_string() == str(event),
        col(Known.said)["helpful"].as_string().is_(None),
    )
    return (await tx.session.exec(statement.order_by(col(Known.id)))).all()


async def missing_signatures(tx: Tx, case: UUID | None) -> set[str]:
    """Parties that have not signed all open documents of a case yet."""
    statement = select(Known).where(
        Known.aggregate == "agreement", Known.case_id == case, Known.state == "open"
    )
    rows = (await tx.session.exec(statement)).all()
    return {party for row in rows for party in row.said["parties"] if party not in row.done}


async def movers(tx: Tx, known: Known) -> set[str]:
    """The parties whose move it is on a thing."""
    match known.aggregate, known.state:
        case "application", "awarded":
            missing = await missing_signatures(tx, known.id)
            return {signer_of(side) for side in missing - {"PAY"} or missing}
        case "application", "in_review" if _runs_in_stages(known):
            return set()
        case "stage", "open":
            return set(known.said["parties"])
        case "application", "in_review" if _one_partnership(known):
            return {"VOP"}
        case "claim", "approved":
            return {"TREASURER"}
        case _:
            turn = TABLES[known.aggregate].movers_in(known.state)
            return {party for party in turn if side_of(party) not in known.done}


def _runs_in_stages(application: Known) -> bool:
    """Whether its call has stages of its own: each of them tells whom it waits for."""
    return bool(application.said.get("staged"))


def _one_partnership(application: Known) -> bool:
    """Whether there is no host, or visitor and host belong to the same partnership: no opinion is asked then."""
    return application.said.get("host_partnership") in (None, application.said["visitor_partnership"])
