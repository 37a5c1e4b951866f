"""A claim from its opening to the end of its return window, or to its refusal made final.

Decides nothing: people file, verify, approve and order, the bank books; this waits, reminds and closes.
"""

from temporalio import workflow

from contracts.asks import Claim
from contracts.steps import Subject
from workflows.story import NoStory, Story


@workflow.defn
class ReimbursementClaim(Story):
    standing = Claim.standing
    remind = Claim.remind

    @workflow.run
    async def run(self, subject: Subject) -> str:
        now = await self.ask(Claim.standing)
        while now.open:
            match now.state:
                case "opened" | "returned":  # the claimant's move
                    now = await self.wait(now, then=Claim.expire)
                case "filed" | "verified" | "approved" | "ordered":  # alarms before the payment deadline
                    now = await self.wait(now)
                case "paid":  # the bank may still return it
                    now = await self.wait(now, then=Claim.close)
                case "rejected" | "expired":  # the appeal window
                    now = await self.wait(now, then=Claim.finalise)
                case unknown:
                    raise NoStory(unknown)
        return now.state
