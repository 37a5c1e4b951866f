"""A visitor has asked a host for an exchange: the host answers, the visitor withdraws, or time is up.

Decides nothing: asks where the proposal stands and waits.
"""

from temporalio import workflow

from contracts.asks import Proposal
from contracts.steps import Subject
from workflows.story import NoStory, Story


@workflow.defn
class HostProposal(Story):
    standing = Proposal.standing
    remind = Proposal.remind

    @workflow.run
    async def run(self, subject: Subject) -> str:
        now = await self.ask(Proposal.standing)
        while now.open:
            match now.state:
                case "open":
                    now = await self.wait(now, then=Proposal.expire)
                case unknown:
                    raise NoStory(unknown)
        return now.state
