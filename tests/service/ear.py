"""A reader for tests: each fact that it applies is a row in the order of application."""

from uuid import UUID

from sqlalchemy import text

from contracts import person, visit
from contracts.facts import Fact
from contracts.tables import Body
from services.chassis.database import Database, Tx
from services.chassis.facts import parked
from services.chassis.facts.parked import Filter
from services.chassis.facts.reader import Reader
from tests.facts import a_fact

EVERYTHING = Filter()
_HEARD = text(
    "INSERT INTO heard (reader, fact, subject, version) VALUES (:reader, :fact, :subject, :version)"
)


class Ear:
    """Hears the confirmations of visits, the descriptions of people, or everything.

    failures   what to raise while a fact with this id is handled, after the effect was written
    """

    def __init__(self, name: str = "ear", *, everything: bool = False, effects_outside: bool = False) -> None:
        self.reader = Reader(name, effects_outside=effects_outside)
        self.failures: dict[UUID, list[Exception]] = {}
        if everything:
            self.reader.hears_everything()(self._note)
        else:
            self.reader.hears(visit.Confirmed, person.Described)(self._hear)

    def fail(self, fact: Fact, *failures: Exception) -> None:
        """At the next attempts, one failure each."""
        self.failures[fact.id] = list(failures)

    async def _hear(self, tx: Tx, fact: Fact, body: Body) -> None:
        await self._note(tx, fact)

    async def _note(self, tx: Tx, fact: Fact) -> None:
        values = {
            "reader": self.reader.name,
            "fact": fact.id,
            "subject": fact.subject,
            "version": fact.version,
        }
        await tx.execute(_HEARD, values)
        if failures := self.failures.get(fact.id):
            raise failures.pop(0)

    async def heard(self, database: Database, subject: UUID) -> list[int]:
        """The versions of a subject whose effect there is, in the order they were applied."""
        statement = text(
            "SELECT version FROM heard WHERE reader = :reader AND subject = :subject ORDER BY position"
        )
        async with database.transaction() as tx:
            rows = await tx.execute(statement, {"reader": self.reader.name, "subject": subject})
            return list(rows.scalars())


async def waiting(database: Database, filter: Filter = EVERYTHING) -> list[tuple[str, int | None, str]]:
    """What is parked: reason, version, why."""
    async with database.transaction() as tx:
        rows = await parked.listed(tx, filter, limit=1000)
    return [(row.reason, row.version, row.error or "") for row in rows]


def confirmed(subject: UUID, *versions: int) -> list[Fact]:
    """Confirmations of a visit with these versions."""
    return [a_fact(visit.Confirmed(days=3), subject, version) for version in versions]
