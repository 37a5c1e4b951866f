"""What overview does on hearing a fact, whatever its type: a line, where its subject and its case stand.
The case's row is locked first, so that facts of one case from several topics never overwrite each other.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select

from contracts.facts import Fact
from contracts.workdays import end_of_day
from services.chassis.database import Tx
from services.chassis.facts.reader import Reader
from services.overview.models import Case, Line, Name, Subject
from services.overview.moves import done_by, movers
from services.overview.standing import describe

DATED: Mapping[str, str] = {
    "assessment.accepted": "due_at",
    "voucher.issued": "claim_until",
    "visit.planned": "first_day",
    "visit.ongoing": "last_day",
    "claim.filed": "pay_by",
    "claim.verified": "pay_by",
    "claim.approved": "pay_by",
    "claim.ordered": "pay_by",
    "event.published": "registration_until",
    "event.registration_closed": "starts_at",
    "event.running": "ends_at",
}
"""State → the date of an earlier fact that it waits for, where no fact sets a `due_at` of its own."""


NUMBERED = ("reminded", "dunned", "recovery_ordered")
"""Facts whose number is that of a reminder or of a demand, not of the thing that they are about."""


def listen(reader: Reader) -> None:
    """Lets a reader remember every fact of every topic."""
    reader.hears_everything()(remember)


async def remember(tx: Tx, fact: Fact) -> None:
    await _remember_name(tx, fact)
    if fact.aggregate == "person":
        return
    case = await _locked_case(tx, fact)
    tx.add(_line(fact, case.id if case else None))
    subject = await tx.get(Subject, fact.subject)
    if subject is None:
        subject = Subject(id=fact.subject, aggregate=fact.aggregate, since=fact.time)
    apply(subject, fact)
    if case is None:
        subject.movers = movers(subject, ())
        tx.add(subject)
        return
    subject.case_id = case.id
    tx.add(subject)
    if fact.subject == case.id and (proposal := fact.body.get("proposal")):
        case.joined = sorted({*case.joined, UUID(proposal)})
    await tx.session.flush()
    await renew(tx, case)


async def renew(tx: Tx, case: Case) -> None:
    """Works out the case, and whose move it is on each of its subjects, from where these stand."""
    mine = or_(col(Subject.case_id) == case.id, col(Subject.id).in_(case.joined))
    subjects = list((await tx.session.exec(select(Subject).where(mine).order_by(col(Subject.id)))).all())
    describe(case, subjects)
    for subject in subjects:
        subject.movers = movers(subject, [one for one in subjects if one is not subject])
        if subject.aggregate == "agreement":
            subject.due_at = case.due_at if subject.state == "open" else None
        tx.add(subject)
    tx.add(case)


def apply(subject: Subject, fact: Fact) -> None:
    """Moves a subject on by one fact."""
    if is_held(fact):
        subject.version, subject.due_at = fact.version, None
        subject.done = sorted({*subject.done, *REVIEWERS})
        return
    changed = fact.state != subject.state
    leave = {"number"} if fact.participle in NUMBERED else ()
    body = {name: value for name, value in fact.body.items() if name not in leave}
    subject.said = {**subject.said, **body, **_papers(subject, fact)}
    if changed:
        subject.since = fact.time
        subject.done = []
    elif party := done_by(fact):
        subject.done = sorted({*subject.done, party})
    match fact.participle:
        case "appealed":
            subject.appeal, subject.since = "open", fact.time
        case "appeal_refused":
            subject.appeal, subject.since = "refused", fact.time
        case "reopened":
            subject.appeal = "none"
        case "finalised":
            subject.final = True
        case _:
            pass
    subject.state = fact.state
    subject.version = fact.version
    subject.audience = list(fact.audience)
    over = subject.final or fact.participle == "appeal_refused"
    subject.due_at = None if over else _due(subject, fact, changed)


def _papers(subject: Subject, fact: Fact) -> dict[str, Any]:
    """Of which parties of a signing set a signed paper waits to be compared."""
    waiting = set(subject.said.get("papers", ()))
    match fact.type.split(".")[1:3]:
        case ["agreement", "handed_in"]:
            waiting.add(fact.body["of"])
        case ["agreement", "paper_sent_back"]:
            waiting.discard(fact.body["of"])
        case ["agreement", "signed" | "completed"]:
            waiting.discard(fact.body["party"])
        case _:
            return {}
    return {"papers": sorted(waiting)}


REVIEWERS = ("COORD", "HOP", "VOP")


def is_held(fact: Fact) -> bool:
    """Whether an application is ranked in secret: for everybody who reads here it stands in review, and nobody need do
    anything, until the results are announced."""
    ranked = fact.participle == "assessed" or (fact.participle == "selected" and fact.body.get("cut_off"))
    return (
        fact.aggregate == "application"
        and bool(ranked)
        and not any(entry.startswith("VO:") for entry in fact.audience)
    )


def _due(subject: Subject, fact: Fact, changed: bool) -> datetime | None:
    if said := fact.body.get("due_at"):
        return _moment(said)
    if field := DATED.get(f"{subject.aggregate}.{subject.state}"):
        return _moment(subject.said.get(field))
    return None if changed else subject.due_at


def _moment(said: Any) -> datetime | None:
    """A moment as it stands, a day as its last second."""
    if not said:
        return None
    read = datetime.fromisoformat(str(said))
    if len(str(said)) > len("2027-03-05"):
        return read
    return end_of_day(read.date())


def _line(fact: Fact, case: UUID | None) -> Line:
    return Line(
        subject=fact.subject,
        version=fact.version,
        case_id=case,
        aggregate=fact.aggregate,
        type=fact.type,
        state=fact.state,
        at=fact.time,
        recorded_at=fact.recordedtime,
        actor=fact.actor,
        via=fact.via,
        behalf_of=fact.behalfof,
        audience=list(fact.audience),
        body=dict(fact.body),
    )


async def _locked_case(tx: Tx, fact: Fact) -> Case | None:
    """The case that a fact belongs to, made if missing; a proposal's is the one that has joined it."""
    if fact.aggregate == "proposal":
        await _in_turn(tx, fact.subject)
    elif proposal := fact.body.get("proposal"):
        await _in_turn(tx, UUID(proposal))
    if fact.case is None:
        joins = col(Case.joined).contains([fact.subject])
        return (await tx.session.exec(select(Case).where(joins).with_for_update())).first()
    empty = {"id": fact.case}
    await tx.execute(insert(Case).values(empty).on_conflict_do_nothing())
    return await tx.locked(Case, fact.case)


async def _in_turn(tx: Tx, proposal: UUID) -> None:
    """Hears a proposal and the application that joins it one after the other: they come from two partitions."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(proposal), 0))))


async def _remember_name(tx: Tx, fact: Fact) -> None:
    """Whatever says its name or title is called so; an erased person is called nothing."""
    if fact.body.get("status") == "erased":
        await tx.session.exec(delete(Name).where(col(Name.id) == fact.subject))
        return
    if name := fact.body.get("name") or fact.body.get("title"):
        values = {"id": fact.subject, "kind": fact.aggregate, "name": str(name)}
        statement = insert(Name).values(values)
        await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"name": str(name)}))
