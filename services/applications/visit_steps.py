"""The steps of a visit: it starts and ends by its dates, is reminded of, and closes with the claim's answer."""

from sqlmodel import select

from contracts import application as facts
from contracts import asks
from contracts import visit as visit_facts
from contracts.errors import DomainError
from contracts.steps import Standing, Subject
from contracts.tables import Nothing
from contracts.visit import VISIT
from contracts.workdays import Moment
from services.applications import application as rules
from services.applications import visit as visit_rules
from services.applications.agreements.papers import fall_with
from services.applications.kinds import applications, visits
from services.applications.models import Application, Visit
from services.applications.reporting import unfinished_reports
from services.applications.standing import BY_STEP, REMINDERS, TO_THE_LAST, standing_of
from services.chassis.clock import Clock
from services.chassis.database import Tx
from services.chassis.steps import Offering


def offer_visit(service: Offering, clock: Clock) -> None:
    offers = service.offers

    async def of(tx: Tx, subject: Subject, *, lock: bool = True) -> tuple[Application, Visit]:
        """A visit's steps come with the case's id; the case is locked first."""
        case = await (tx.locked if lock else tx.found)(Application, subject.uuid)
        found = (await tx.session.exec(select(Visit).where(Visit.application == case.id))).one_or_none()
        if found is None:
            raise DomainError("not-found", status=404)
        return case, await tx.locked(Visit, found.id) if lock else found

    def where(visit: Visit) -> Standing:
        open_ = VISIT.must_be_open(visit.state, visit.final)
        due = {"planned": visit_rules.start_of(visit), "ongoing": visit_rules.end_of(visit)}.get(
            visit.state, None if visit.appeal == "open" else visit.due_at
        )
        remind_for = visit.due_at if visit.state in ("report_due", "report_changes") else None
        return standing_of(
            clock, visit.state, open_, VISIT.movers.get(visit.state, ""), due, visit.reminders,
            reason=visit.reason, remind_for=remind_for,
            before=TO_THE_LAST if visit.state == "report_submitted" else REMINDERS,
        )  # fmt: skip

    @offers.standing(asks.Visit.standing)
    async def standing(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return where((await of(tx, subject, lock=False))[1])

    @offers.step(asks.Visit.start)
    async def start(tx: Tx, subject: Subject, at: Moment) -> Standing:
        _, visit = await of(tx, subject)
        if visit.state == "planned":
            await visits.record(tx, visit, "start", visit_rules.start(visit, Nothing(), at), at, BY_STEP)
        return where(visit)

    @offers.step(asks.Visit.end)
    async def end(tx: Tx, subject: Subject, at: Moment) -> Standing:
        case, visit = await of(tx, subject)
        if visit.state == "ongoing":
            await visits.record(tx, visit, "end", visit_rules.end(visit, case, at), at, BY_STEP)
        return where(visit)

    @offers.step(asks.Visit.escalate)
    async def escalate(tx: Tx, subject: Subject, at: Moment) -> Standing:
        case, visit = await of(tx, subject)
        if visit.state in ("report_due", "report_changes"):
            await visits.record(tx, visit, "escalate", visit_rules.escalate(visit, case, at), at, BY_STEP)
        return where(visit)

    @offers.step(asks.Visit.close)
    async def close(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """Carries the claim's answer: none (no amount), closed, or final without payment. While a report by form is
        still to be written or looked at, the visit stays open; what becomes of the report wakes its story."""
        case, visit = await of(tx, subject)
        if visit.state == "validated" and not await unfinished_reports(tx, case.id):
            await fall_with(tx, case.id, at, BY_STEP)
            visit.claim_state = subject.reason
            counted = visit_rules.counted_for(visit)
            body = visit_facts.Closed(counted_for=counted, claim_state=subject.reason)
            await visits.record(tx, visit, "close", body, at, BY_STEP)
            closed = facts.Closed(round=case.round, counted_for=counted)
            await applications.record(tx, case, "close", closed, at, BY_STEP)
        return where(visit)

    @offers.step(asks.Visit.finalise)
    async def finalise(tx: Tx, subject: Subject, at: Moment) -> Standing:
        case, visit = await of(tx, subject)
        if visit.state == "not_completed" and not visit.final and visit.appeal != "open":
            rules.is_due(visit.due_at, at)
            await fall_with(tx, case.id, at, BY_STEP)
            visit.final, visit.due_at = True, None
            await visits.record(tx, visit, "finalise", visit_facts.Finalised(), at, BY_STEP)
            await applications.record(tx, case, "fail", facts.NotCompleted(round=case.round), at, BY_STEP)
        return where(visit)

    @offers.step(asks.Visit.remind)
    async def remind(tx: Tx, subject: Subject, at: Moment) -> Standing:
        _, visit = await of(tx, subject)
        if visit.state in VISIT.act("remind").sources and visit.reminders == subject.number:
            visit.reminders += 1
            body = visit_facts.Reminded(stage=visit.state, number=visit.reminders)
            await visits.record(tx, visit, "remind", body, at, BY_STEP)
        return where(visit)
