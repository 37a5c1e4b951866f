"""An application on its way from the form to the last signature, or to its refusal made final.

Decides nothing: asks where the case stands, asks for the step this calls for, and sleeps.
Every branch either asks for a step that moves the case on, or waits.
"""

from temporalio import workflow

from contracts.asks import Application, Reservation
from contracts.steps import ANNOUNCEMENT, Subject
from workflows.story import NoStory, Story


@workflow.defn
class GrantApproval(Story):
    standing = Application.standing
    remind = Application.remind

    @workflow.run
    async def run(self, subject: Subject) -> str:
        now = await self.ask(Application.standing)
        while now.open:
            match now.state:
                case "submitted":
                    now = await self.ask(Application.check_eligibility)
                case "in_review":  # opinions, scores, the officer's decision
                    now = await self.wait(now, then=Application.close_stage)
                case "assessed" | "selected" if now.waits_for == ANNOUNCEMENT:  # ranked, and held back
                    now = await self.wait(now)
                case "assessed":  # announced, and not to be funded
                    now = await self.ask(Application.reject)
                case "selected" | "awaiting_budget":  # yes, if the money is there
                    money = await self.do(Reservation.reserve, number=now.round)
                    match money.state:
                        case "made":
                            now = await self.ask(Application.award)
                        case "refused":
                            now = await self.ask(Application.reject, reason=money.reason)
                        case "queued" if now.state == "selected":
                            now = await self.ask(Application.record_shortfall)
                        case "queued":
                            now = await self.wait(now, then=Application.reject)
                        case _:  # the case has ended meanwhile
                            now = await self.ask(Application.standing)
                case (
                    "changes_requested" | "awarded"
                ):  # the applicant revises; all parties sign, the payer last
                    now = await self.wait(now, then=Application.lapse)
                case "rejected":  # the appeal window; a granted appeal leads back to review
                    now = await self.wait(now, then=Application.finalise)
                case unknown:
                    raise NoStory(unknown)
        return now.state
