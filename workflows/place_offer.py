"""One freed or added place goes to the next in line until somebody takes it or nobody waits.

Decides nothing: who is next, and until when the offer stands, is the owner's.
"""

from temporalio import workflow

from contracts.asks import Vacancy
from contracts.steps import Subject
from workflows.story import NoStory, Story


@workflow.defn
class PlaceOffer(Story):
    standing = Vacancy.standing
    remind = Vacancy.remind

    @workflow.run
    async def run(self, subject: Subject) -> str:
        now = await self.ask(Vacancy.standing)
        while now.open:
            match now.state:
                case "open":
                    now = await self.ask(Vacancy.offer_place)
                case "offered":
                    now = await self.wait(now, then=Vacancy.expire_offer)
                case unknown:
                    raise NoStory(unknown)
        return now.state
