"""GrantApproval: from the form to the last signature, and every way of not getting there."""

from contracts.steps import ANNOUNCEMENT
from tests.workflows.owners import Application, Reservation
from tests.workflows.playbook import play, variants
from tests.workflows.stage import Stage


class Grant:
    """One application on stage, and what people do to it."""

    def __init__(self, stage: Stage, money: str = "made", reason: str = "") -> None:
        self.stage = stage
        self.story = f"grant-approval/{stage.id()}"
        self.application = Application(stage.world, stage.id(), "submitted")
        self.money = Reservation(self.application, money, reason)

    async def is_submitted(self) -> None:
        await self.stage.act(self.story)
        await self.comes_to("in_review")

    async def is_selected(self) -> None:
        await self.stage.act(self.story, lambda: self.application.to("selected"))

    async def is_awarded(self) -> None:
        await self.is_submitted()
        await self.is_selected()
        await self.comes_to("awarded")

    async def is_signed(self) -> None:
        await self.stage.act(self.story, lambda: self.application.to("granted"))

    async def is_withdrawn(self) -> None:
        await self.stage.act(self.story, self.withdraw)

    def withdraw(self) -> None:
        self.application.to("withdrawn")

    async def comes_to(self, state: str) -> None:
        await self.stage.until(lambda: self.application.state == state)

    async def ends(self, state: str) -> None:
        assert await self.stage.ended(self.story) == state


@play
async def grant_signed(stage: Stage) -> None:
    grant = Grant(stage)
    await grant.is_submitted()
    await stage.act(grant.story)  # an opinion
    await grant.is_selected()
    await grant.comes_to("awarded")
    await stage.act(grant.story)  # a first signature
    await grant.is_signed()
    await grant.ends("granted")
    assert stage.moves == [
        "application submitted",
        "application in_review",
        "application selected",
        "application awarded",
        "application granted",
    ]
    asked = {step.partition(".")[2] for step in stage.world.asked}
    assert asked == {"standing", "check_eligibility", "reserve", "award"}, "nothing was due"


@play
async def grant_not_eligible(stage: Stage) -> None:
    grant = Grant(stage)
    grant.application.eligible = False
    await stage.act(grant.story)
    await grant.comes_to("rejected")
    await stage.pass_time(days=15)
    await grant.ends("rejected")
    assert stage.moves[-1] == "application finalised"


@play
async def grant_silent_officer(stage: Stage) -> None:
    """Silence never decides: the stage is escalated each time, and the case goes on when somebody decides."""
    grant = Grant(stage)
    await grant.is_submitted()
    await stage.pass_time(days=24)
    assert stage.world.moves.count("application in_review") == 3
    await grant.is_selected()
    await grant.comes_to("awarded")
    await grant.is_signed()
    await grant.ends("granted")


@play
async def grant_returned_and_revised(stage: Stage) -> None:
    grant = Grant(stage)
    await grant.is_submitted()
    await stage.act(grant.story, lambda: grant.application.to("changes_requested", due=10))
    await stage.pass_time(days=6)
    await stage.act(grant.story, grant.application.goes_back_to_review)
    await grant.is_selected()
    await grant.comes_to("awarded")
    await grant.is_signed()
    await grant.ends("granted")
    assert grant.application.round == 2


@play
async def grant_not_revised(stage: Stage) -> None:
    grant = Grant(stage)
    await grant.is_submitted()
    await stage.act(grant.story, lambda: grant.application.to("changes_requested", due=10))
    await stage.pass_time(days=11)
    await grant.ends("lapsed")


@play
async def grant_not_signed(stage: Stage) -> None:
    grant = Grant(stage)
    await grant.is_awarded()
    await stage.pass_time(days=21)
    await grant.ends("lapsed")
    assert stage.world.moves[-2:] == ["application reminded", "application lapsed"]


@play
async def grant_signed_when_time_was_up(stage: Stage) -> None:
    """The last signature comes in the moment that the lapse is asked for: the owner's row decides."""
    grant = Grant(stage)
    await grant.is_awarded()
    signed = stage.meanwhile(grant.story, lambda: grant.application.to("granted"))
    stage.world.before["application.lapse"] = signed
    await stage.pass_time(days=21)
    await grant.ends("granted")


@play
async def grant_refused_by_party(stage: Stage) -> None:
    grant = Grant(stage)
    await grant.is_awarded()
    await stage.act(grant.story, lambda: grant.application.to("lapsed"))
    await grant.ends("lapsed")


@play
async def grant_rejected(stage: Stage) -> None:
    grant = Grant(stage)
    await grant.is_submitted()
    await stage.act(grant.story, lambda: grant.application.to("rejected", due=14))
    await stage.pass_time(days=15)
    await grant.ends("rejected")
    assert stage.moves[-1] == "application finalised"


@play
async def grant_appeal_refused(stage: Stage) -> None:
    grant = Grant(stage)
    await grant.is_submitted()
    await stage.act(grant.story, lambda: grant.application.to("rejected", due=14))
    await stage.act(grant.story, grant.application.appeals)
    await stage.pass_time(days=40)
    assert not grant.application.final
    await stage.act(grant.story, grant.application.appeal_is_refused)
    await grant.ends("rejected")
    assert grant.application.final


@play
async def grant_appeal_granted(stage: Stage) -> None:
    grant = Grant(stage)
    await grant.is_submitted()
    await stage.act(grant.story, lambda: grant.application.to("rejected", due=14))
    await stage.act(grant.story, grant.application.appeals)
    await stage.act(grant.story, grant.application.goes_back_to_review)
    await grant.is_selected()
    await grant.comes_to("awarded")
    await grant.is_signed()
    await grant.ends("granted")


@play
async def grant_short_then_served(stage: Stage) -> None:
    grant = Grant(stage, money="queued")
    await grant.is_submitted()
    await grant.is_selected()
    await grant.comes_to("awaiting_budget")
    await stage.pass_time(days=16)
    grant.money.answers = "made"
    await stage.act(grant.story, fact="relais.reservation.made.v1")
    await grant.comes_to("awarded")
    await grant.is_signed()
    await grant.ends("granted")


@play
async def grant_short_for_good(stage: Stage) -> None:
    grant = Grant(stage, money="queued")
    await grant.is_submitted()
    await grant.is_selected()
    await grant.comes_to("awaiting_budget")
    await stage.pass_time(days=50)
    await grant.ends("rejected")
    assert stage.moves[-2:] == ["application rejected", "application finalised"]


@play
async def grant_over_cap(stage: Stage) -> None:
    """What reimbursements refuses is carried on as the reason, at once."""
    grant = Grant(stage, money="refused", reason="cap")
    await grant.is_submitted()
    await grant.is_selected()
    await grant.comes_to("rejected")
    await stage.pass_time(days=15)
    await grant.ends("rejected")


@variants("in_review", "changes_requested", "awarded")
async def grant_withdrawn_in(stage: Stage, case: str) -> None:
    grant = Grant(stage)
    if case == "awarded":
        await grant.is_awarded()
    else:
        await grant.is_submitted()
        await stage.act(grant.story, lambda: grant.application.to(case, due=10))
    await grant.is_withdrawn()
    await grant.ends("withdrawn")


@play
async def grant_withdrawn_in_awaiting_budget(stage: Stage) -> None:
    grant = Grant(stage, money="queued")
    await grant.is_submitted()
    await grant.is_selected()
    await grant.comes_to("awaiting_budget")
    await grant.is_withdrawn()
    await grant.ends("withdrawn")


@variants("check_eligibility", "award")
async def grant_withdrawn_before(stage: Stage, case: str) -> None:
    """The withdrawal takes the row's lock first; the step answers where the case stands."""
    grant = Grant(stage)
    stage.world.before[f"application.{case}"] = stage.meanwhile(grant.story, grant.withdraw)
    await stage.act(grant.story)
    if case == "award":
        await grant.comes_to("in_review")
        await grant.is_selected()
    await grant.ends("withdrawn")


@play
async def grant_withdrawn_before_reserve(stage: Stage) -> None:
    """Reimbursements has heard of the end before it is asked."""
    grant = Grant(stage)
    stage.world.before["reservation.reserve"] = stage.meanwhile(grant.story, grant.withdraw)
    await grant.is_submitted()
    await grant.is_selected()
    await grant.ends("withdrawn")


@play
async def grant_withdrawn_after_award(stage: Stage) -> None:
    """Its fact rings while the award is still being answered, and is not overheard."""
    grant = Grant(stage)
    stage.world.after["application.award"] = stage.meanwhile(grant.story, grant.withdraw)
    await grant.is_submitted()
    await grant.is_selected()
    await grant.ends("withdrawn")


@play
async def grant_wakes_doubled_and_late(stage: Stage) -> None:
    """Facts come twice, out of order and after the end: each costs one question and moves nothing."""
    grant = Grant(stage)
    await grant.is_awarded()
    for _ in range(5):
        await stage.act(grant.story)
    await grant.is_signed()
    await grant.ends("granted")
    moves = list(stage.world.moves)
    await stage.act(grant.story)
    await grant.ends("granted")
    assert stage.world.moves == moves


async def is_assessed(grant: Grant) -> None:
    """All stages are over, and the results of its cut-off are not announced."""
    await grant.is_submitted()
    grant.application.waits_for = ANNOUNCEMENT
    await grant.stage.act(grant.story, lambda: grant.application.to("assessed"))


def announce(grant: Grant) -> None:
    grant.application.waits_for = "somebody"


@play
async def grant_ranked_and_funded(stage: Stage) -> None:
    """Nothing is reserved, awarded or told before the announcement, whatever rings."""
    grant = Grant(stage)
    await is_assessed(grant)
    await stage.act(grant.story, lambda: grant.application.to("selected"))
    await stage.pass_time(days=20)
    await stage.act(grant.story)
    assert grant.application.state == "selected"
    await stage.act(grant.story, lambda: announce(grant))
    await grant.comes_to("awarded")
    await grant.is_signed()
    await grant.ends("granted")


@play
async def grant_ranked_below_the_thresholds(stage: Stage) -> None:
    grant = Grant(stage)
    await is_assessed(grant)
    await stage.pass_time(days=20)
    assert grant.application.state == "assessed"
    await stage.act(grant.story, lambda: announce(grant))
    await grant.comes_to("rejected")
    await stage.pass_time(days=15)
    await grant.ends("rejected")


@play
async def grant_reopened_and_scored_again(stage: Stage) -> None:
    """Assessed, opened again by the officer before its cut-off is announced, and assessed a second time."""
    grant = Grant(stage)
    await is_assessed(grant)
    await stage.act(grant.story, grant.application.goes_back_to_review)
    await stage.act(grant.story, lambda: grant.application.to("assessed"))
    await stage.act(grant.story, lambda: grant.application.to("selected"))
    await stage.act(grant.story, lambda: announce(grant))
    await grant.comes_to("awarded")
    await grant.is_signed()
    await grant.ends("granted")


@play
async def grant_on_the_reserve_list(stage: Stage) -> None:
    grant = Grant(stage, "queued")
    await is_assessed(grant)
    await stage.act(grant.story, lambda: grant.application.to("selected"))
    await stage.act(grant.story, lambda: announce(grant))
    await grant.comes_to("awaiting_budget")
    await stage.pass_time(days=8)
    grant.money.answers = "made"
    await stage.act(grant.story)
    await grant.comes_to("awarded")
    await grant.is_signed()
    await grant.ends("granted")


@play
async def grant_withdrawn_before_the_announcement(stage: Stage) -> None:
    grant = Grant(stage)
    await is_assessed(grant)
    await grant.is_withdrawn()
    await grant.ends("withdrawn")
