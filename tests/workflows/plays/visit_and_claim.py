"""ExchangeVisit and ReimbursementClaim: what was granted takes place, is reported, validated and paid."""

from tests.workflows.owners import Claim, Visit
from tests.workflows.playbook import play, variants
from tests.workflows.stage import Stage


class Exchange:
    """One visit on stage, with the claim that its validation opens."""

    def __init__(self, stage: Stage, claim: str = "due") -> None:
        self.stage = stage
        self.story = f"exchange-visit/{stage.id()}"
        self.visit = Visit(stage.world, stage.id(), "planned", due=30)
        self.claim = Claim(stage.world, stage.id(), claim)

    async def moves_to(self, state: str, due: float | None = None) -> None:
        await self.stage.act(self.story, lambda: self.visit.to(state, due))

    async def is_over(self) -> None:
        await self.stage.act(self.story)
        await self.stage.pass_time(days=36)
        await self.comes_to("report_due")

    async def is_reported(self) -> None:
        await self.is_over()
        await self.moves_to("report_submitted")

    async def claim_comes_to(self, state: str) -> None:
        await self.stage.act(self.story, lambda: self.claim.to(state), fact=f"relais.claim.{state}.v1")

    async def comes_to(self, state: str) -> None:
        await self.stage.until(lambda: self.visit.state == state)

    async def ends(self, state: str) -> None:
        assert await self.stage.ended(self.story) == state


@play
async def visit_paid(stage: Stage) -> None:
    exchange = Exchange(stage)
    await exchange.is_reported()
    await exchange.moves_to("validated")
    await stage.until(lambda: exchange.claim.state == "opened")
    await stage.pass_time(days=12)
    await exchange.claim_comes_to("closed")
    await exchange.ends("closed")
    assert stage.world.moves.count("claim opened") == 1


@play
async def visit_virtual(stage: Stage) -> None:
    """No money, no claim: validated is closed."""
    exchange = Exchange(stage, claim="none")
    await exchange.is_reported()
    await exchange.moves_to("validated")
    await exchange.ends("closed")


@play
async def visit_held_by_a_report_by_form(stage: Stage) -> None:
    """Paid and validated, it stays open until the report that its call asks for is accepted."""
    exchange = Exchange(stage)
    exchange.visit.owes_report = True
    await exchange.is_reported()
    await exchange.moves_to("validated")
    await stage.until(lambda: exchange.claim.state == "opened")
    await exchange.claim_comes_to("closed")
    await stage.pass_time(days=40)
    assert exchange.visit.state == "validated"
    exchange.visit.owes_report = False
    await stage.act(exchange.story, fact="relais.report.accepted.v1")
    await exchange.ends("closed")


@play
async def visit_claim_was_refused(stage: Stage) -> None:
    exchange = Exchange(stage)
    await exchange.is_reported()
    await exchange.moves_to("validated")
    await stage.until(lambda: exchange.claim.state == "opened")
    exchange.claim.final = True
    await exchange.claim_comes_to("rejected")
    await exchange.ends("closed")


@play
async def visit_checked_in(stage: Stage) -> None:
    exchange = Exchange(stage, claim="none")
    await stage.act(exchange.story)
    await exchange.moves_to("ongoing", due=5)
    await stage.pass_time(days=6)
    await exchange.comes_to("report_due")
    await exchange.moves_to("report_submitted")
    await exchange.moves_to("validated")
    await exchange.ends("closed")


@play
async def visit_report_returned_and_revised(stage: Stage) -> None:
    exchange = Exchange(stage, claim="none")
    await exchange.is_reported()
    await exchange.moves_to("report_changes", due=10)
    await stage.pass_time(days=6)
    await exchange.moves_to("report_submitted")
    await exchange.moves_to("validated")
    await exchange.ends("closed")


@play
async def visit_never_reported(stage: Stage) -> None:
    """The deadline only escalates; the officer gives up, and nobody appeals."""
    exchange = Exchange(stage)
    await exchange.is_over()
    await stage.pass_time(days=60)
    assert exchange.visit.state == "report_due"
    await exchange.moves_to("not_completed", due=14)
    await stage.pass_time(days=15)
    await exchange.ends("not_completed")
    assert stage.moves[-1] == "visit finalised"


@play
async def visit_appeal_granted(stage: Stage) -> None:
    exchange = Exchange(stage, claim="none")
    await exchange.is_reported()
    await exchange.moves_to("not_completed", due=14)
    await stage.act(exchange.story, exchange.visit.appeals)
    await stage.pass_time(days=30)
    await exchange.moves_to("report_submitted")
    await exchange.moves_to("validated")
    await exchange.ends("closed")


@play
async def visit_appeal_refused(stage: Stage) -> None:
    exchange = Exchange(stage)
    await exchange.is_reported()
    await exchange.moves_to("not_completed", due=14)
    await stage.act(exchange.story, exchange.visit.appeals)
    await stage.act(exchange.story, exchange.visit.appeal_is_refused)
    await exchange.ends("not_completed")


@variants("planned", "ongoing", "report_due", "report_submitted", "report_changes")
async def visit_cancelled_in(stage: Stage, case: str) -> None:
    exchange = Exchange(stage)
    await stage.act(exchange.story)
    if case != "planned":
        await exchange.moves_to(case, due=10)
    await exchange.moves_to("cancelled")
    await exchange.ends("cancelled")


class Reimbursement:
    """One claim on stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.story = f"reimbursement-claim/{stage.id('claim')}"
        self.claim = Claim(stage.world, stage.id("claim"), "opened", due=30)

    async def moves_to(self, *states: str, due: float | None = None) -> None:
        for state in states:
            await self.stage.act(self.story, lambda: self.claim.to(state, due))  # noqa: B023 - done at once

    async def ends(self, state: str) -> None:
        assert await self.stage.ended(self.story) == state


@play
async def claim_paid(stage: Stage) -> None:
    reimbursement = Reimbursement(stage)
    await reimbursement.moves_to("filed", "verified", "approved", "ordered")
    await reimbursement.moves_to("paid", due=7)
    await stage.pass_time(days=8)
    await reimbursement.ends("closed")


@play
async def claim_reminded_before_payment_deadline(stage: Stage) -> None:
    reimbursement = Reimbursement(stage)
    await stage.act(reimbursement.story, lambda: reimbursement.claim.to("filed", remind=8))
    await stage.pass_time(days=20)
    assert stage.world.moves.count("claim reminded") == 1
    await reimbursement.moves_to("verified", "approved", "ordered")
    await reimbursement.moves_to("paid", due=7)
    await stage.pass_time(days=8)
    await reimbursement.ends("closed")


@play
async def claim_returned_and_filed_again(stage: Stage) -> None:
    reimbursement = Reimbursement(stage)
    await reimbursement.moves_to("filed", "verified")
    await reimbursement.moves_to("returned", due=30)
    await stage.pass_time(days=16)
    await reimbursement.moves_to("filed", "verified", "approved", "ordered")
    await reimbursement.moves_to("paid", due=7)
    await stage.pass_time(days=8)
    await reimbursement.ends("closed")


@play
async def claim_order_withdrawn(stage: Stage) -> None:
    reimbursement = Reimbursement(stage)
    await reimbursement.moves_to("filed", "verified", "approved", "ordered", "approved", "ordered")
    await reimbursement.moves_to("paid", due=7)
    await stage.pass_time(days=8)
    await reimbursement.ends("closed")


@play
async def claim_payment_returned_by_bank(stage: Stage) -> None:
    """The return comes in the moment that closing is asked for: the claimant gives another account."""
    reimbursement = Reimbursement(stage)
    await reimbursement.moves_to("filed", "verified", "approved", "ordered")
    await reimbursement.moves_to("paid", due=7)
    returned = stage.meanwhile(reimbursement.story, lambda: reimbursement.claim.to("returned", due=30))
    stage.world.before["claim.close"] = returned
    await stage.pass_time(days=8)
    await reimbursement.moves_to("filed", "verified", "approved", "ordered")
    await reimbursement.moves_to("paid", due=7)
    await stage.pass_time(days=8)
    await reimbursement.ends("closed")


@variants("opened", "returned")
async def claim_expired_from(stage: Stage, case: str) -> None:
    reimbursement = Reimbursement(stage)
    await stage.act(reimbursement.story)
    if case == "returned":
        await reimbursement.moves_to("filed")
        await reimbursement.moves_to("returned", due=30)
    await stage.pass_time(days=45)
    await reimbursement.ends("expired")
    assert stage.moves[-2:] == ["claim expired", "claim finalised"]


@play
async def claim_expired_and_reopened(stage: Stage) -> None:
    reimbursement = Reimbursement(stage)
    await stage.act(reimbursement.story)
    await stage.pass_time(days=31)
    await stage.act(reimbursement.story, reimbursement.claim.appeals)
    await reimbursement.moves_to("opened", due=30)
    await reimbursement.moves_to("filed", "verified", "approved", "ordered")
    await reimbursement.moves_to("paid", due=7)
    await stage.pass_time(days=8)
    await reimbursement.ends("closed")


@play
async def claim_rejected(stage: Stage) -> None:
    reimbursement = Reimbursement(stage)
    await reimbursement.moves_to("filed")
    await reimbursement.moves_to("rejected", due=14)
    await stage.pass_time(days=15)
    await reimbursement.ends("rejected")


@play
async def claim_appeal_refused(stage: Stage) -> None:
    reimbursement = Reimbursement(stage)
    await reimbursement.moves_to("filed")
    await reimbursement.moves_to("rejected", due=14)
    await stage.act(reimbursement.story, reimbursement.claim.appeals)
    await stage.pass_time(days=30)
    assert not reimbursement.claim.final
    await stage.act(reimbursement.story, reimbursement.claim.appeal_is_refused)
    await reimbursement.ends("rejected")
