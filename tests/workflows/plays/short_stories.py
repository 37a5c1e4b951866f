"""The short stories: HostProposal, EventLifeCycle, PlaceOffer, VoucherUse, CutOffRound and GrantAmendment."""

from tests.workflows.owners import Amendment, CutOff, Event, Proposal, Vacancy, Voucher
from tests.workflows.playbook import play, variants
from tests.workflows.stage import Stage


@variants("accepted", "declined", "withdrawn")
async def proposal(stage: Stage, case: str) -> None:
    story, proposal = f"proposal/{stage.id()}", Proposal(stage.world, stage.id(), "open", due=14)
    await stage.act(story)
    await stage.pass_time(days=8)
    await stage.act(story, lambda: proposal.to(case))
    assert await stage.ended(story) == case
    assert stage.world.moves == ["proposal open", "proposal reminded", f"proposal {case}"]


@play
async def proposal_expired(stage: Stage) -> None:
    story = f"proposal/{stage.id()}"
    Proposal(stage.world, stage.id(), "open", due=14)
    await stage.act(story)
    await stage.pass_time(days=15)
    assert await stage.ended(story) == "expired"


@play
async def proposal_asked_too_early(stage: Stage) -> None:
    """The owner's clock is behind Temporal's: the step says that it is not time yet, and is asked again."""
    story, proposal = f"proposal/{stage.id()}", Proposal(stage.world, stage.id(), "open", due=14)
    not_yet = stage.meanwhile(story, lambda: proposal.to("open", due=1))
    stage.world.before["proposal.expire"] = not_yet
    await stage.act(story)
    await stage.pass_time(days=16)
    assert await stage.ended(story) == "expired"


@play
async def proposal_heard_of_too_late(stage: Stage) -> None:
    """Its time was up before Temporal heard of it at all."""
    story = f"proposal/{stage.id()}"
    Proposal(stage.world, stage.id(), "open", due=0.0)
    await stage.act(story)
    assert await stage.ended(story) == "expired"


def an_event(stage: Stage) -> tuple[str, Event]:
    return f"event/{stage.id()}", Event(stage.world, stage.id(), "published", due=20)


@play
async def event_whole_life(stage: Stage) -> None:
    story, event = an_event(stage)
    await stage.act(story)
    await stage.pass_time(days=45)
    assert await stage.ended(story) == "closed"
    assert event.feedback_asked
    assert stage.moves == [
        "event published",
        "event registration_closed",
        "event running",
        "event ended",
        "event ended",
        "event closed",
    ]


@play
async def event_rescheduled(stage: Stage) -> None:
    story, event = an_event(stage)
    await stage.act(story)
    await stage.pass_time(days=15)
    await stage.act(story, lambda: event.to("published", due=40))
    await stage.pass_time(days=39)
    assert event.state == "published"
    await stage.pass_time(days=30)
    assert await stage.ended(story) == "closed"


@play
async def event_closed_by_hand(stage: Stage) -> None:
    story, event = an_event(stage)
    await stage.act(story)
    await stage.act(story, lambda: event.to("registration_closed", due=30))
    await stage.pass_time(days=45)
    assert await stage.ended(story) == "closed"


@variants("published", "registration_closed", "running")
async def event_cancelled_when(stage: Stage, case: str) -> None:
    story, event = an_event(stage)
    await stage.act(story)
    if case != "published":
        await stage.act(story, lambda: event.to(case, due=10))
    await stage.act(story, lambda: event.to("cancelled"))
    assert await stage.ended(story) == "cancelled"


def a_vacancy(stage: Stage, in_line: int) -> tuple[str, Vacancy]:
    vacancy = Vacancy(stage.world, stage.id(), "open")
    vacancy.in_line = in_line
    return f"place-offer/{stage.id()}", vacancy


@play
async def place_taken(stage: Stage) -> None:
    story, vacancy = a_vacancy(stage, in_line=1)
    await stage.act(story)
    await stage.until(lambda: vacancy.state == "offered")
    await stage.act(story, lambda: vacancy.to("taken"))
    assert await stage.ended(story) == "taken"


@play
async def place_offered_down_the_line(stage: Stage) -> None:
    """One is silent for 48 hours, one declines, one takes it."""
    story, vacancy = a_vacancy(stage, in_line=3)
    await stage.act(story)
    await stage.pass_time(days=2.5)
    await stage.act(story, lambda: vacancy.to("open"))
    await stage.until(lambda: vacancy.state == "offered")
    await stage.act(story, lambda: vacancy.to("taken"))
    assert await stage.ended(story) == "taken"
    assert stage.world.moves.count("vacancy offered") == 3


@play
async def place_nobody_waits(stage: Stage) -> None:
    story, _ = a_vacancy(stage, in_line=0)
    await stage.act(story)
    assert await stage.ended(story) == "spent"


@play
async def place_spent_with_its_event(stage: Stage) -> None:
    story, vacancy = a_vacancy(stage, in_line=1)
    await stage.act(story)
    await stage.until(lambda: vacancy.state == "offered")
    await stage.act(story, lambda: vacancy.to("spent"))
    assert await stage.ended(story) == "spent"


@play
async def voucher_used_up(stage: Stage) -> None:
    """Nothing is left once the last claim is closed, which is found out without a fact of its own."""
    story, voucher = f"voucher/{stage.id()}", Voucher(stage.world, stage.id(), "issued", due=120)
    await stage.act(story)
    await stage.pass_time(days=40)
    voucher.to("issued", due=0.0)
    await stage.pass_time(days=30)
    assert await stage.ended(story) == "expired"


@play
async def voucher_settled(stage: Stage) -> None:
    """Each claim that has come to its end rings; after the last there is nothing left, and no report is awaited."""
    story, voucher = f"voucher/{stage.id()}", Voucher(stage.world, stage.id(), "issued", due=120)
    await stage.act(story)
    await stage.act(story, lambda: voucher.to("issued", due=100))
    await stage.act(story, lambda: voucher.to("issued", due=0.0))
    assert await stage.ended(story) == "expired"


@play
async def voucher_expired(stage: Stage) -> None:
    story = f"voucher/{stage.id()}"
    Voucher(stage.world, stage.id(), "issued", due=120)
    await stage.act(story)
    await stage.pass_time(days=121)
    assert await stage.ended(story) == "expired"
    assert stage.moves == ["voucher issued", "voucher expired"]


@play
async def voucher_cancelled(stage: Stage) -> None:
    story, voucher = f"voucher/{stage.id()}", Voucher(stage.world, stage.id(), "issued", due=120)
    await stage.act(story)
    await stage.act(story, lambda: voucher.to("cancelled"))
    assert await stage.ended(story) == "cancelled"


@variants("by_date", "by_hand")
async def cut_off_announced(stage: Stage, case: str) -> None:
    story, cut_off = f"cut-off/{stage.id()}", CutOff(stage.world, stage.id(), "open", due=20)
    await stage.act(story)
    await stage.pass_time(days=21)
    assert cut_off.state == "assessing"
    await stage.pass_time(days=30)
    await stage.act(story, lambda: cut_off.to("ranked", due=10))
    if case == "by_hand":
        await stage.act(story, lambda: cut_off.to("announced"))
    else:
        await stage.pass_time(days=11)
    assert await stage.ended(story) == "announced"


@play
async def cut_off_moved_then_cancelled(stage: Stage) -> None:
    story, cut_off = f"cut-off/{stage.id()}", CutOff(stage.world, stage.id(), "open", due=20)
    await stage.act(story)
    await stage.act(story, lambda: cut_off.to("open", due=40))
    await stage.pass_time(days=30)
    assert cut_off.state == "open"
    await stage.act(story, lambda: cut_off.to("cancelled"))
    assert await stage.ended(story) == "cancelled"


class Change:
    """One amendment on stage, and what people do to it."""

    def __init__(self, stage: Stage, money: str = "made", reason: str = "") -> None:
        self.stage = stage
        self.story = f"amendment/{stage.id()}"
        self.amendment = Amendment(stage.world, stage.id(), money, reason)

    async def is_requested(self) -> None:
        await self.stage.act(self.story)

    async def is_agreed(self) -> None:
        await self.is_requested()
        await self.stage.act(self.story, lambda: self.amendment.to("agreed", due=14))

    async def is_open_for_signature(self) -> None:
        await self.is_agreed()
        await self.stage.until(lambda: self.amendment.signing)

    async def becomes(self, state: str) -> None:
        await self.stage.act(self.story, lambda: self.amendment.to(state))

    async def ends(self, state: str) -> None:
        assert await self.stage.ended(self.story) == state


@play
async def amendment_signed(stage: Stage) -> None:
    change = Change(stage)
    await change.is_open_for_signature()
    await stage.act(change.story)  # a first signature
    await change.becomes("in_force")
    await change.ends("in_force")
    assert stage.world.moves.count("amendment signing opened") == 1


@variants("no_budget", "below_claimed")
async def amendment_declined(stage: Stage, case: str) -> None:
    change = Change(stage, "refused", case)
    await change.is_agreed()
    await change.ends("refused")


@variants("refused", "withdrawn")
async def amendment_requested_and(stage: Stage, case: str) -> None:
    """Refused by the officer, or taken back before the decision."""
    change = Change(stage)
    await change.is_requested()
    await change.becomes(case)
    await change.ends(case)


@variants("requested", "agreed")
async def amendment_lapsed_when(stage: Stage, case: str) -> None:
    change = Change(stage)
    await (change.is_requested() if case == "requested" else change.is_open_for_signature())
    await stage.pass_time(days=16)
    await change.ends("lapsed")


@variants("withdrawn", "refused", "lapsed")
async def amendment_signing_ended_as(stage: Stage, case: str) -> None:
    """Withdrawn, refused by a party, or ended with its case."""
    change = Change(stage)
    await change.is_open_for_signature()
    await change.becomes(case)
    await change.ends(case)


@play
async def amendment_withdrawn_before_money(stage: Stage) -> None:
    """While its money is looked for."""
    change = Change(stage)
    await change.is_requested()
    stage.world.before["reservation.amend"] = stage.meanwhile(
        change.story, lambda: change.amendment.to("withdrawn")
    )
    await stage.act(change.story, lambda: change.amendment.to("agreed", due=14))
    await change.ends("withdrawn")
