"""A change of what was granted: decided on, its money set aside, signed by all who signed before.

Decides nothing. A higher sum is another owner's to set aside; it is asked before anybody signs.
"""

from temporalio import workflow

from contracts.asks import Amendment, Reservation
from contracts.steps import Subject
from workflows.story import NoStory, Story


@workflow.defn
class GrantAmendment(Story):
    standing = Amendment.standing
    remind = Amendment.remind

    @workflow.run
    async def run(self, subject: Subject) -> str:
        now = await self.ask(Amendment.standing)
        while now.open:
            match now.state:
                case "requested":  # the officer's decision
                    now = await self.wait(now, then=Amendment.lapse)
                case "agreed" if now.waits_for:  # all parties sign, the payer last
                    now = await self.wait(now, then=Amendment.lapse)
                case "agreed":
                    money = await self.do(Reservation.amend)
                    match money.state:
                        case "made":
                            now = await self.ask(Amendment.open_signing)
                        case "refused":
                            now = await self.ask(Amendment.decline, reason=money.reason)
                        case _:  # it has ended meanwhile
                            now = await self.ask(Amendment.standing)
                case unknown:
                    raise NoStory(unknown)
        return now.state
