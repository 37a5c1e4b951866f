"""A service offers its steps: each one transaction, repeatable, answering where the subject stands.

What the world refuses is no failure: the step is rolled back and the standing answered. Everything else is
tried again for ever, and no more than its kind is told to Temporal, whose history keeps ids and codes only.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import perf_counter
from typing import Protocol, TypeAlias

import structlog
from prometheus_client import Histogram
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from contracts.asks import STEPS
from contracts.errors import DomainError, TransientError
from contracts.steps import Standing, Step, Subject
from contracts.workdays import Moment
from services.chassis.clock import Clock
from services.chassis.database import Database, Tx
from services.chassis.settings import Settings
from services.chassis.steps.temporal import BUILD, persist

Handler: TypeAlias = Callable[[Tx, Subject, Moment], Awaitable[Standing]]
Activity: TypeAlias = Callable[[Subject], Awaitable[Standing]]

GRACE = timedelta(seconds=30)
AT_ONCE = 10
"""Steps at work at the same time: as many as the pool has connections."""

log = structlog.get_logger(__name__)
seconds = Histogram("relais_step_seconds", "Time a step took", ["step", "outcome"])


class Offering(Protocol):
    """What steps are registered for: a service, or who rehearses what its steps would do."""

    @property
    def offers(self) -> "Offers": ...

    @property
    def clock(self) -> Clock: ...


class Offers:
    """The steps of one service.

    offers = Offers("applications", database, clock)

    @offers.step(asks.Application.award)
    async def award(tx: Tx, subject: Subject, at: Moment) -> Standing: ...
    """

    def __init__(self, owner: str, database: Database, clock: Clock) -> None:
        self._owner = owner
        self._database = database
        self._clock = clock
        self._handlers: dict[Step, Handler] = {}

    def step(self, step: Step) -> Callable[[Handler], Handler]:
        """Offers the decorated function as this step; it gets its own transaction."""
        if step.owner != self._owner:
            raise ValueError(f"{step.activity} is not a step of {self._owner}")
        if step in self._handlers:
            raise ValueError(f"{step.activity} is offered twice")

        def register(handler: Handler) -> Handler:
            self._handlers[step] = handler
            return handler

        return register

    standing = step
    """The step `<aggregate>.standing`; also answered when another step of the aggregate is refused."""

    def missing(self) -> frozenset[Step]:
        """Steps that workflows may ask of this service and that nobody offers."""
        return frozenset(step for step in STEPS if step.owner == self._owner) - self._handlers.keys()

    async def perform(self, step: Step, subject: Subject) -> Standing:
        """One step in one transaction; when the world says no, the standing in another."""
        try:
            return await self._within(self._handlers[step], subject)
        except DomainError as refusal:
            standing = self._standing_of(step)
            if standing is None or standing == step:
                raise
            log.info("step refused", step=step.name, subject=subject.id, slug=refusal.slug)
            return await self._within(self._handlers[standing], subject)

    async def within(self, tx: Tx, step: Step, subject: Subject, at: Moment) -> Standing:
        """The same in a transaction that the caller holds, at a moment that the caller names."""
        try:
            async with tx.session.begin_nested():
                return await self._handlers[step](tx, subject, at)
        except DomainError:
            standing = self._standing_of(step)
            if standing is None:
                raise
            tx.session.expire_all()
            return await self._handlers[standing](tx, subject, at)

    async def serve(self, settings: Settings) -> None:
        """Does what workflows ask until it is cancelled, connecting again whenever Temporal was away.

        Returns at once where nothing is offered: a worker without activities cannot be.
        """
        if not self._handlers:
            return

        async def work(client: Client) -> None:
            async with self.worker(client):
                await asyncio.Event().wait()

        await persist(settings, f"steps of {self._owner}", work)

    def worker(self, client: Client) -> Worker:
        return Worker(
            client,
            task_queue=self._owner,
            activities=[self._activity(step) for step in self._handlers],
            max_concurrent_activities=AT_ONCE,
            graceful_shutdown_timeout=GRACE,
            deployment_config=BUILD,
        )

    async def _within(self, handler: Handler, subject: Subject) -> Standing:
        async with self._database.transaction() as tx:
            return await handler(tx, subject, self._clock.moment())

    def _standing_of(self, step: Step) -> Step | None:
        aggregate = step.name.partition(".")[0]
        name = f"{aggregate}.standing"
        return next((offered for offered in self._handlers if offered.name == name), None)

    def _activity(self, step: Step) -> Activity:
        @activity.defn(name=step.activity)
        async def run(subject: Subject) -> Standing:
            started, outcome = perf_counter(), "failed"
            try:
                now = await self.perform(step, subject)
                outcome = "answered"
            except TransientError as reason:
                outcome = "transient"
                log.warning("step not now", step=step.name, subject=subject.id, reason=str(reason))
                raise ApplicationError(str(reason), type="TransientError") from None
            except Exception as reason:
                log.exception("step failed", step=step.name, subject=subject.id)
                kind = reason.slug if isinstance(reason, DomainError) else type(reason).__name__
                raise ApplicationError(f"{kind}; the log of {self._owner} says more", type=kind) from None
            finally:
                seconds.labels(step.name, outcome).observe(perf_counter() - started)
            return now

        return run
