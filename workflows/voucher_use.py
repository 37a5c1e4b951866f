"""A voucher is used: claimed in parts or at once, reported on, and closed once nothing is left or its time is over.

Decides nothing. Whether a claim is still open is known to the owner, who has heard it.
"""

from temporalio import workflow

from contracts.asks import Voucher
from contracts.steps import Subject
from workflows.story import NoStory, Story


@workflow.defn
class VoucherUse(Story):
    standing = Voucher.standing
    remind = Voucher.remind

    @workflow.run
    async def run(self, subject: Subject) -> str:
        now = await self.ask(Voucher.standing)
        while now.open:
            match now.state:
                case "issued":  # the recipient's move: costs, report, claims
                    now = await self.wait(now, then=Voucher.close)
                case unknown:
                    raise NoStory(unknown)
        return now.state
