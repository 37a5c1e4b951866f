"""What a service hears: handlers registered by the facts they are about. A handler writes through the
transaction it is given and never commits; the fact's effect and the inbox are one transaction.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from contracts.catalogue import FACTS, fact_type
from contracts.errors import TransientError
from contracts.facts import Fact
from contracts.tables import Body
from contracts.topics import TOPICS, Topic
from services.chassis import metrics
from services.chassis.database import Database, Tx
from services.chassis.facts import parked
from services.chassis.facts.broker import Broker
from services.chassis.facts.distances import group_of
from services.chassis.facts.intake import Intake
from services.chassis.facts.tables import readers
from services.chassis.facts.watch import PATIENCE_SECONDS, Watch

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 2.0

B = TypeVar("B", bound=Body)
Handler: TypeAlias = Callable[[Tx, Fact, B], Awaitable[None]]
AnyHandler: TypeAlias = Callable[[Tx, Fact], Awaitable[None]]


class Reader:
    """One reader: its groups are `<name>.<topic noun>`, its inbox rows carry its name.

    effects_outside   it has effects that no transaction undoes (mail): facts older than its birth are
                      history, which `historical` tells
    """

    def __init__(self, name: str, *, effects_outside: bool = False) -> None:
        self.name = name
        self.effects_outside = effects_outside
        self._handlers: dict[str, list[Handler[Any]]] = defaultdict(list)
        self._everything: list[AnyHandler] = []
        self._broker: Broker | None = None
        self._database: Database | None = None
        self._intake: Intake | None = None
        self._watch: Watch | None = None

    def hears(self, *bodies: type[B]) -> Callable[[Handler[B]], Handler[B]]:
        """Registers `async def handler(tx, fact, body)` for the facts with these bodies."""

        def register(handler: Handler[B]) -> Handler[B]:
            for body in bodies:
                self._handlers[fact_type(body).type].append(handler)
            return handler

        return register

    def hears_everything(self) -> Callable[[AnyHandler], AnyHandler]:
        """Registers `async def handler(tx, fact)` for every fact of every topic."""

        def register(handler: AnyHandler) -> AnyHandler:
            self._everything.append(handler)
            return handler

        return register

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics it must read."""
        if self._everything:
            return TOPICS
        names = {FACTS[type].topic for type in self._handlers}
        return tuple(topic for topic in TOPICS if topic.name in names)

    def cares_for(self, type: str) -> bool:
        """Whether it reads the body. A type that contracts do not list is read too, and so parked."""
        return bool(self._everything) or type in self._handlers or type not in FACTS

    async def handle(self, tx: Tx, fact: Fact, body: Body) -> None:
        """The effects of a fact whose turn it is."""
        for handler in self._handlers.get(fact.type, ()):
            await handler(tx, fact, body)
        for handler in self._everything:
            await handler(tx, fact)

    def at_work_on(self, database: Database) -> Intake:
        """What takes records in for this reader."""
        return Intake(self, database)

    def subscribe(self, broker: Broker, database: Database, patience: float = PATIENCE_SECONDS) -> None:
        """Listens to each topic it needs, once `run` has started; `run` fails when it stands still for longer than
        `patience` seconds though there is something to read.
        """
        self._broker, self._database = broker, database
        self._intake = self.at_work_on(database)
        for topic in self.topics:
            broker.listen(topic.name, group_of(self.name, topic), self._intake.hear)
        self._watch = broker.watch(self.name, self.topics, patience)

    async def run(self) -> None:
        """Hears until it is cancelled."""
        if not (self._broker and self._database and self._intake and self._watch):
            raise RuntimeError("subscribe first")
        await self._be_born(self._database)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._broker.run())
            tasks.create_task(self._sweep(self._database, self._intake))
            tasks.create_task(self._watch.run())

    async def born(self, tx: Tx, at: datetime | None = None) -> None:
        """Stores its birth, the first time."""
        values = {"reader": self.name, "born_at": at or func.clock_timestamp()}
        await tx.execute(insert(readers).values(values).on_conflict_do_nothing())

    async def historical(self, tx: Tx, fact: Fact) -> bool:
        """Whether the fact was recorded before this reader was born: then it changes projections only."""
        if not self.effects_outside:
            return False
        statement = select(readers.c.born_at).where(readers.c.reader == self.name)
        born_at = (await tx.execute(statement)).scalar_one()
        return fact.recordedtime < born_at

    async def _be_born(self, database: Database) -> None:
        while True:
            try:
                async with database.transaction() as tx:
                    return await self.born(tx)
            except TransientError as reason:
                log.warning("waits for its database", reader=self.name, reason=str(reason))
                await asyncio.sleep(1)

    async def _sweep(self, database: Database, intake: Intake) -> None:
        while True:
            try:
                await intake.sweep()
                async with database.transaction() as tx:
                    waiting = {row.reason: row for row in await parked.counted(tx, self.name)}
            except Exception as reason:  # an outage, or the fault of one record: the next round is soon
                log.warning("could not look after what is parked", reader=self.name, reason=str(reason))
            else:
                for kind in ("gap", "error"):
                    row = waiting.get(kind)
                    metrics.parked.labels(self.name, kind).set(row.number if row else 0)
                    metrics.parked_oldest.labels(self.name, kind).set(float(row.age) if row else 0)
            await asyncio.sleep(SWEEP_SECONDS)
