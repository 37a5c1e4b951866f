"""Clocks too long for a workflow of their own (drafts never sent, yearly questions): asked once a day."""

from temporalio import workflow

from contracts.asks import SWEEPS
from contracts.steps import Standing, Subject
from workflows.story import FOR_EVER


@workflow.defn
class Sweep:
    """Started by the daily Schedule of one service; the subject is the service's name."""

    @workflow.run
    async def run(self, subject: Subject) -> str:
        step = next(step for step in SWEEPS if step.owner == subject.id)
        now = await workflow.execute_activity(
            step.activity,
            subject,
            result_type=Standing,
            task_queue=step.owner,
            start_to_close_timeout=step.attempt_timeout,
            retry_policy=FOR_EVER,
            summary=step.activity,
        )
        return now.state
