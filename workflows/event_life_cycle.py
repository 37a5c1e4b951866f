"""An event from its publication to the end of its feedback, by date.

Decides nothing: each timer asks the step that the date calls for, and the event's own clock decides.
"""

from temporalio import workflow

from contracts.asks import Event
from contracts.steps import Subject
from workflows.story import NoStory, Story


@workflow.defn
class EventLifeCycle(Story):
    standing = Event.standing
    remind = Event.remind

    @workflow.run
    async def run(self, subject: Subject) -> str:
        now = await self.ask(Event.standing)
        while now.open:
            match now.state:
                case "published":
                    now = await self.wait(now, then=Event.close_registration)
                case "registration_closed":
                    now = await self.wait(now, then=Event.start)
                case "running":
                    now = await self.wait(now, then=Event.end)
                case "ended":  # asked once; asked again it only says until when answers are waited for
                    now = await self.ask(Event.ask_feedback)
                    if now.open:
                        now = await self.wait(now, then=Event.close)
                case unknown:
                    raise NoStory(unknown)
        return now.state
