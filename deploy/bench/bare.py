"""The least that Temporal can be asked to do: a workflow that for each signal asks for so many activities.

It stands alone, so that a worker's sandbox has nothing else to import.
"""

from collections.abc import Sequence
from datetime import timedelta

from temporalio import workflow

QUEUE = "bench-bare"
STEPS_QUEUE = "bench-bare-steps"
STEP = "bench.step"


@workflow.defn
class Bare:
    """Waits for its n-th signal, has the n-th number of activities done, and ends after the last."""

    @workflow.init
    def __init__(self, case: str, plan: Sequence[int]) -> None:
        self._heard = 0

    @workflow.signal
    def wake(self) -> None:
        self._heard += 1

    @workflow.run
    async def run(self, case: str, plan: Sequence[int]) -> None:
        for number, steps in enumerate(plan):
            await workflow.wait_condition(lambda number=number: self._heard > number)
            for _ in range(steps):
                await workflow.execute_activity(
                    STEP, case, task_queue=STEPS_QUEUE, start_to_close_timeout=timedelta(seconds=10)
                )
