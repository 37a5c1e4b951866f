"""A cut-off of a call that ranks: open until its time, assessed and ranked by people, announced by them or by date.

Decides nothing. The applications' own stories wait for the announcement.
"""

from temporalio import workflow

from contracts.asks import CutOff
from contracts.steps import Subject
from workflows.story import NoStory, Story


@workflow.defn
class CutOffRound(Story):
    standing = CutOff.standing
    remind = CutOff.standing

    @workflow.run
    async def run(self, subject: Subject) -> str:
        now = await self.ask(CutOff.standing)
        while now.open:
            match now.state:
                case "open":
                    now = await self.wait(now, then=CutOff.close_cutoff)
                case "assessing":  # evaluators' and officers' move
                    now = await self.wait(now)
                case "ranked":  # held back until its date, or until an officer announces
                    now = await self.wait(now, then=CutOff.announce)
                case unknown:
                    raise NoStory(unknown)
        return now.state
