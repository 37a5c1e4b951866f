"""What was granted takes place: planned, ongoing, reported, validated, paid for, and counted once.

Decides nothing. The claim is another service's: its standing is asked for here and carried to the visit.
"""

from temporalio import workflow

from contracts.asks import Claim, Visit
from contracts.steps import Subject
from workflows.story import NoStory, Story


@workflow.defn
class ExchangeVisit(Story):
    standing = Visit.standing
    remind = Visit.remind

    @workflow.run
    async def run(self, subject: Subject) -> str:
        now = await self.ask(Visit.standing)
        while now.open:
            match now.state:
                case "planned":
                    now = await self.wait(now, then=Visit.start)
                case "ongoing":
                    now = await self.wait(now, then=Visit.end)
                case (
                    "report_due" | "report_changes"
                ):  # the visitor's move; late reports are the officer's concern
                    now = await self.wait(now, then=Visit.escalate)
                case "report_submitted":  # the officer validates or returns it
                    now = await self.wait(now)
                case "validated":  # opened once, and asked again until it is closed, final, or none was due
                    claim = await self.do(Claim.open)
                    if not claim.open:
                        now = await self.ask(Visit.close, reason=claim.state)
                    if now.state == "validated":  # over the claim, or over a report by form
                        now = await self.wait(now)
                case "not_completed":  # the appeal window
                    now = await self.wait(now, then=Visit.finalise)
                case unknown:
                    raise NoStory(unknown)
        return now.state
