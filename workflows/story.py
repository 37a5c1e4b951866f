"""What all stories share: a subject that somebody else owns, a bell that facts ring, and a clock.

A story decides nothing. It asks where the subject stands, asks for the step that this calls for, and
sleeps; whatever a step answers is how things stand, so repeated, late or doubled wakes do no harm.
"""

from contextlib import suppress
from datetime import timedelta
from typing import ClassVar

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey

from contracts.steps import Standing, Step, Subject, next_of

TASK_QUEUE = "workflows"
CASE = SearchAttributeKey.for_keyword("RelaisCase")
STATE = SearchAttributeKey.for_keyword("RelaisState")

LOOK_AGAIN = timedelta(days=7)
"""How long to sleep at most where no clock runs: every wait has an end."""
SHORTEST = timedelta(milliseconds=1)
"""Temporal's clock ticks in milliseconds; a shorter wait would be none."""
FOR_EVER = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=60))


class NoStory(Exception):
    """An open state that this story does not know. It fails the task and not the case, which goes on
    as soon as a worker that knows the state is deployed."""


class Story:
    """One subject's story. `standing` and `remind` are the questions that every wait comes back to."""

    standing: ClassVar[Step]
    remind: ClassVar[Step]

    @workflow.init
    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._rung = False
        self._state = ""
        self._place: tuple[object, ...] = ()
        self._turns_without_move = 0

    @workflow.signal
    def wake(self, fact: str) -> None:
        """Look again. Which fact it was is for the screen only."""
        self._rung = True

    async def do(self, step: Step, reason: str = "", number: int = 0) -> Standing:
        """Asks an owner for a step; tries never end."""
        return await workflow.execute_activity(
            step.activity,
            Subject(self._subject.id, reason, number),
            result_type=Standing,
            task_queue=step.owner,
            start_to_close_timeout=step.attempt_timeout,
            retry_policy=FOR_EVER,
            summary=" ".join(filter(None, (step.name, reason, str(number or "")))),
        )

    async def ask(self, step: Step, reason: str = "", number: int = 0) -> Standing:
        """Asks the subject's owner for a step, and goes on from what is answered."""
        if workflow.info().is_continue_as_new_suggested():
            workflow.continue_as_new(self._subject)
        self._rung = False  # before asking: a fact recorded meanwhile rings again
        now = await self.do(step, reason, number)
        if now.state != self._state:
            self._state = now.state
            workflow.upsert_search_attributes([STATE.value_set(now.state)])  # pyright: ignore[reportUnknownMemberType]
        await self._breathe(step, now)
        return now

    async def wait(self, now: Standing, then: Step | None = None) -> Standing:
        """Sleeps until a fact rings, a reminder is due, or time is up and `then` says what silence means.

        Without `then` silence means nothing, and only reminders count. A timer is a hint: the step that
        is asked when it fires judges by the owner's clock, and may just say where the subject stands.
        """
        look_again = (self.standing, 0, LOOK_AGAIN.total_seconds())
        step, number, seconds = next_of(now, then, self.remind) or look_again
        if seconds > 0:
            until = workflow.now() + timedelta(seconds=seconds)
            workflow.set_current_details(
                f"{now.state}: waits for {now.waits_for or 'a fact'}, until {until:%Y-%m-%d %H:%M:%S} UTC"
                f" ({step.name})"
            )
            await self._sleep(seconds, step.name)
            self._place = ()
        if self._rung:
            self._place = ()
            return await self.ask(self.standing)
        return await self.ask(step, number=number)

    async def _sleep(self, seconds: float, summary: str) -> None:
        """Until the bell rings or the time is over."""
        timeout = max(timedelta(seconds=seconds), SHORTEST)
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: self._rung, timeout=timeout, timeout_summary=summary)

    async def _breathe(self, step: Step, now: Standing) -> None:
        """Guards against a hot loop: where steps move nothing and nobody waits, asks ever more slowly, and
        says so aloud. It heals by itself once the owner answers better."""
        place = (now.state, now.round, now.waits_for, now.reason, now.reminder)
        self._turns_without_move = self._turns_without_move + 1 if place == self._place else 0
        self._place = place
        if not now.open or self._turns_without_move < 2:
            return
        pause = min(2.0 ** (self._turns_without_move - 1), 60.0)
        workflow.logger.error("%s moved nothing in %s, asked again in %d s", step.name, now.state, pause)
        workflow.set_current_details(f"{now.state}: STALLED, {step.name} moved nothing")
        await self._sleep(pause, f"stalled: {step.name}")
