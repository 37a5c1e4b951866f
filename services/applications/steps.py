"""The steps applications offers. Each is one transaction under the application's lock and answers where the case
stands; asked twice, too early or too late it changes nothing.
"""

from collections.abc import Callable
from typing import Literal
from uuid import UUID

from contracts import application as facts
from contracts import asks
from contracts.agreement import AGREEMENT, Expired
from contracts.application import APPLICATION, RejectReason
from contracts.call import Closed as CallClosed
from contracts.errors import NotKnownYet
from contracts.proposal import PROPOSAL
from contracts.proposal import Expired as ProposalExpired
from contracts.proposal import Reminded as ProposalReminded
from contracts.steps import ANNOUNCEMENT, Standing, Subject
from contracts.tables import Body, Nothing
from contracts.workdays import Moment
from services.applications import application as rules
from services.applications.agreements.papers import agreements_of
from services.applications.agreements.signing import documents_of
from services.applications.amendments import steps as amendment_steps
from services.applications.application import rejected
from services.applications.break_glass.acts import expire_over
from services.applications.calls.acts import close_over
from services.applications.commands import begin_review
from services.applications.conversations.tray import tell_of_waiting
from services.applications.eligibility import check
from services.applications.groups.acts import fix_over
from services.applications.groups.sharing import share
from services.applications.intake.counter import used_up
from services.applications.intake.cut_off_steps import offer_cut_offs
from services.applications.intake.cut_offs import join
from services.applications.kinds import agreements, applications, calls, proposals
from services.applications.matching import expire, visited_before
from services.applications.models import Application, Proposal
from services.applications.projections import KnownOrganisation
from services.applications.reporting import lapse_reports
from services.applications.review.closing import close_stages
from services.applications.review.opening import has_stages
from services.applications.review.waiting import remind_stages, review_standing
from services.applications.standing import BY_STEP, standing_of
from services.applications.visit_steps import offer_visit
from services.applications.voucher_steps import offer_voucher
from services.chassis.clock import Clock
from services.chassis.database import Tx
from services.chassis.steps import Offering


def offer(service: Offering) -> None:
    """Registers all steps."""
    clock = service.clock
    _offer_proposal(service, clock)
    _offer_application(service, clock)
    offer_cut_offs(service)
    offer_visit(service, clock)
    offer_voucher(service, clock)
    amendment_steps.offer(service)

    @service.offers.step(next(step for step in asks.SWEEPS if step.owner == "applications"))
    async def sweep(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """Calls whose last day is over or whose money is granted are closed; reports whose time is over are overdue;
        groups that nobody joins any more are fixed; officers are told of mails that wait in their tray; what may be
        done in somebody's place expires."""
        for call in await close_over(tx, at):
            await calls.record(tx, call, "close", CallClosed(reason="over"), at, BY_STEP)
        for call in await used_up(tx):
            await calls.record(tx, call, "close", CallClosed(reason="budget_used"), at, BY_STEP)
        await lapse_reports(tx, at, BY_STEP)
        await fix_over(tx, at, BY_STEP)
        await tell_of_waiting(tx, at, BY_STEP)
        await expire_over(tx, at, BY_STEP)
        return Standing(state="swept", open=False)


def _offer_proposal(service: Offering, clock: Clock) -> None:
    offers = service.offers

    def where(proposal: Proposal) -> Standing:
        return standing_of(clock, proposal.state, proposal.state == "open", PROPOSAL.movers.get(proposal.state, ""),
                         proposal.due_at, proposal.reminders)  # fmt: skip

    @offers.standing(asks.Proposal.standing)
    async def standing(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return where(await tx.found(Proposal, subject.uuid))

    @offers.step(asks.Proposal.expire)
    async def expired(tx: Tx, subject: Subject, at: Moment) -> Standing:
        proposal = await tx.locked(Proposal, subject.uuid)
        if proposal.state == "open":
            body: ProposalExpired = expire(proposal, Nothing(), at)
            await proposals.record(tx, proposal, "expire", body, at, BY_STEP)
        return where(proposal)

    @offers.step(asks.Proposal.remind)
    async def remind(tx: Tx, subject: Subject, at: Moment) -> Standing:
        proposal = await tx.locked(Proposal, subject.uuid)
        if proposal.state == "open" and proposal.reminders == subject.number:
            proposal.reminders += 1
            body = ProposalReminded(stage=proposal.state, number=proposal.reminders)
            await proposals.record(tx, proposal, "remind", body, at, BY_STEP)
        return where(proposal)


def _offer_application(service: Offering, clock: Clock) -> None:
    offers = service.offers

    async def where(tx: Tx, case: Application) -> Standing:
        if case.state == "in_review" and has_stages(case):
            return await review_standing(tx, case, clock)
        open_ = APPLICATION.must_be_open(case.state, case.final)
        if case.held:
            return Standing(state=case.state, open=open_, round=case.round, waits_for=ANNOUNCEMENT)
        due = None if case.appeal == "open" else case.due_at
        return standing_of(
            clock, case.state, open_, APPLICATION.movers.get(case.state, ""), due, case.reminders,
            round=case.round, reason=case.reason, remind_for=case.due_at,
        )  # fmt: skip

    @offers.standing(asks.Application.standing)
    async def standing(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return await where(tx, await tx.found(Application, subject.uuid))

    @offers.step(asks.Application.check_eligibility)
    async def check_eligibility(tx: Tx, subject: Subject, at: Moment) -> Standing:
        case = await tx.locked(Application, subject.uuid)
        if case.state == "submitted":
            case.rules = await check(tx, case, at)
            body: facts.Admitted | facts.Rejected
            if all(rule["met"] for rule in case.rules):
                case.stage = "review"
                due_at = await begin_review(tx, case, at, BY_STEP)
                body = facts.Admitted(rules=tuple(case.rules), due_at=due_at)
            else:
                refusal = rejected(case, "not_eligible", "", at)
                body = refusal.model_copy(update={"rules": tuple(case.rules)})
            await applications.record(tx, case, "check_eligibility", body, at, BY_STEP)
        return await where(tx, case)

    @offers.step(asks.Application.award)
    async def award(tx: Tx, subject: Subject, at: Moment) -> Standing:
        case = await tx.locked(Application, subject.uuid)
        if case.state in ("selected", "awaiting_budget") and not case.held:
            identity = UUID(case.frozen["visitor_identity"])
            if case.uses_visit and await visited_before(tx, case.edition, identity, case.id):
                refusal = rejected(case, "visited_before", "", at)
                await applications.record(tx, case, "reject", refusal, at, BY_STEP)
                return await where(tx, case)
            payer = await tx.get(KnownOrganisation, case.payer)
            if payer is None:
                raise NotKnownYet("organisation", case.payer)
            case.identity_at_award = identity
            case.due_at = at.plus_days(rules.terms_of(case).signing_days)
            case.reminders = 0
            body = facts.Awarded(round=case.round, amount_cents=case.amount_cents, due_at=case.due_at)
            await applications.record(tx, case, "award", body, at, BY_STEP)
            await share(tx, case)
            for agreement, opened in documents_of(case, payer.name, at):
                await agreements.record(tx, agreement, "open", opened, at, BY_STEP)
        return await where(tx, case)

    @offers.step(asks.Application.reject)
    async def reject(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """With the reason that the ledger gave, at once; without one, only after the waiting time. What was
        ranked below all that may be funded is rejected once that is announced."""
        case = await tx.locked(Application, subject.uuid)
        if case.state == "assessed" and case.announced and case.outcome == "refuse":
            refusal = rejected(case, "below_threshold", "", at)
            await applications.record(tx, case, "reject", refusal, at, BY_STEP)
        elif case.state in ("selected", "awaiting_budget") and not case.held:
            if not subject.reason:
                rules.is_due(case.due_at, at)
            reason: RejectReason = subject.reason or "no_budget"  # pyright: ignore[reportAssignmentType]
            await applications.record(tx, case, "reject", rejected(case, reason, "", at), at, BY_STEP)
        return await where(tx, case)

    @offers.step(asks.Application.lapse)
    async def lapse(tx: Tx, subject: Subject, at: Moment) -> Standing:
        case = await tx.locked(Application, subject.uuid)
        reason = _lapse_reason(case, at)
        if reason is not None:
            case.due_at = None
            body = facts.Lapsed(reason=reason, round=case.round)
            await applications.record(tx, case, "lapse", body, at, BY_STEP)
            await _expire_agreements(tx, case, at)
        return await where(tx, case)

    def by_rule(name: str, run: Callable[[Application, Nothing, Moment], Body]) -> None:
        step = getattr(asks.Application, name)

        @offers.step(step)
        async def move(tx: Tx, subject: Subject, at: Moment) -> Standing:
            case = await tx.locked(Application, subject.uuid)
            if case.state in APPLICATION.act(name).sources and not case.held:
                body = run(case, Nothing(), at)
                await applications.record(tx, case, name, body, at, BY_STEP)
            return await where(tx, case)

    @offers.step(asks.Application.close_stage)
    async def close_stage(tx: Tx, subject: Subject, at: Moment) -> Standing:
        case = await tx.locked(Application, subject.uuid)
        if case.state == "in_review":
            staged = has_stages(case)
            body = await close_stages(tx, case, at, BY_STEP) if staged else rules.escalate(case, at)
            if body is not None:
                await applications.record(tx, case, "close_stage", body, at, BY_STEP)
                await join(tx, case, at, BY_STEP)
        return await where(tx, case)

    by_rule("record_shortfall", rules.record_shortfall)
    by_rule("finalise", rules.finalise)

    @offers.step(asks.Application.remind)
    async def remind(tx: Tx, subject: Subject, at: Moment) -> Standing:
        case = await tx.locked(Application, subject.uuid)
        if case.state in APPLICATION.act("remind").sources and case.reminders == subject.number:
            if case.state == "in_review" and has_stages(case):
                await remind_stages(tx, case, at, BY_STEP)
                return await where(tx, case)
            case.reminders += 1
            body = facts.Reminded(stage=case.state, number=case.reminders)
            await applications.record(tx, case, "remind", body, at, BY_STEP)
        return await where(tx, case)


def _lapse_reason(
    case: Application, at: Moment
) -> Literal["not_revised", "not_signed", "first_day_reached"] | None:
    """Why a waiting case lapses now, or None while there is time."""
    if case.state == "changes_requested" and case.due_at and at.now >= case.due_at:
        return "not_revised"
    if case.state == "awarded":
        if case.due_at and at.now >= case.due_at:
            return "not_signed"
        if case.first_day and at.today() >= case.first_day:
            return "first_day_reached"
    return None


async def _expire_agreements(tx: Tx, case: Application, at: Moment) -> None:
    for agreement in await agreements_of(tx, case.id):
        if agreement.state in AGREEMENT.act("expire").sources:
            await agreements.record(tx, agreement, "expire", Expired(), at, BY_STEP)
