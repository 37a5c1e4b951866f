"""A small world that keeps every promise, in real databases and a real Temporal, and ways to break one."""

import json
import shutil
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import func, select
from temporalio.client import Client

from contracts.catalogue import TABLES
from contracts.facts import Fact, source_of
from contracts.ids import new_id
from contracts.steps import Subject
from contracts.topics import TOPICS
from deploy.local.layout import SERVICES
from deploy.local.postgres import READER
from deploy.verify.evidence import Finding, Places
from deploy.verify.run import verified
from services.chassis.database import Database
from services.chassis.facts.outbox import Cause
from services.chassis.facts.tables import outbox
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from tests.databases import Databases

TODAY = date(2026, 11, 23)
ALLOTTED, AMOUNT = 500_000, 120_000
READS = {
    "directory": frozenset[str](),
    "applications": frozenset({"relais.persons", "relais.directory", "relais.reimbursements"}),
    "events": frozenset({"relais.persons", "relais.directory"}),
    "reimbursements": frozenset({"relais.directory", "relais.applications"}),
    "notifications": frozenset(
        {"relais.persons", "relais.directory", "relais.applications", "relais.events"}
    ),
    "overview": frozenset(topic.name for topic in TOPICS),
}
_FILLED: Mapping[str, LiteralString] = {
    "reimbursements": ", reservations, ledger_transaction, ledger_entry, ledger_account_balance",
    "overview": ", overview_lines",
}
PERSON = {"status": "active", "name": "Ana Kowalska", "email": "ana@helixon.example", "language": "pl"}


@dataclass(frozen=True)
class Said:
    """What a service says about a thing: participle and state after it, and perhaps more."""

    participle: str
    state: str
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    key: str | None = None


class World:
    """Six databases and what stands in them."""

    def __init__(self, databases: Mapping[str, Database], admins: Mapping[str, str], places: Places) -> None:
        self.databases = databases
        self.places = places
        self._admins = admins
        self.person, self.visitor = new_id(), new_id()
        self.granted, self.withdrawn, self.event = new_id(), new_id(), new_id()
        self.line, self.reservation = new_id(), new_id()

    async def says(self, aggregate: str, subject: UUID, *what: Said, case: UUID | None = None) -> None:
        """Facts in the outbox of their owner, after those that are there."""
        table = TABLES[aggregate]
        async with self.databases[table.service].transaction() as tx:
            there = await tx.execute(select(func.count()).where(outbox.c.subject == subject))
            for number, said in enumerate(what, there.scalar_one() + 1):
                now = datetime.now(UTC)
                fact = Fact(
                    id=new_id(),
                    type=f"relais.{aggregate}.{said.participle}.v1",
                    source=source_of(table.service),
                    subject=subject,
                    version=number,
                    state=said.state,
                    time=now,
                    recordedtime=now,
                    body=said.body,
                    case=case,
                    topic=table.topic,
                )
                await tx.outbox.add(fact, Cause(str(self.person), said.key))

    async def travels(self) -> None:
        """Everything said is published and heard by all who read its topic."""
        said: list[tuple[str, UUID, int]] = []
        for service in SERVICES:
            await self.breaks(service, "DELETE FROM unpublished")
            said += await self.asks(service, "SELECT topic, subject, max(version) FROM outbox GROUP BY 1, 2")
        for reader, topics in self.places.reads.items():
            heard = [(subject, version) for topic, subject, version in said if topic in topics]
            await self.breaks(
                reader,
                "INSERT INTO inbox SELECT %s, subject, version FROM unnest(%s::uuid[], %s::int[])"
                " AS heard (subject, version) ON CONFLICT (reader, subject) DO UPDATE SET version = excluded.version",
                *(reader, [subject for subject, _ in heard], [version for _, version in heard]),
            )

    async def breaks(self, service: str, statement: LiteralString, *values: object) -> None:
        """Does behind everybody's back what no login of a service may: no trigger runs."""
        async with await psycopg.AsyncConnection.connect(
            self._admins[service], autocommit=True
        ) as connection:
            await connection.execute("SET session_replication_role = replica")
            await connection.execute(statement, values)

    async def asks(self, service: str, statement: LiteralString, *values: object) -> list[Any]:
        async with await psycopg.AsyncConnection.connect(self._admins[service]) as connection:
            return await (await connection.execute(statement, values)).fetchall()

    async def reserves(self, reservation: UUID, case: UUID, purpose: str = "grant") -> None:
        """The row of a reservation; its money is the ledger's."""
        await self.breaks(
            "reimbursements",
            "INSERT INTO reservations (id, state, version, case_id, round, purpose, budget, payer, partnership,"
            " organisation, amount_cents, queued_at)"
            " VALUES (%s, 'committed', 2, %s, 1, %s, %s, %s, %s, %s, %s, now())",
            *(reservation, case, purpose, self.line, new_id(), new_id(), new_id(), AMOUNT),
        )

    def accepts(self, key: str, actor: UUID | None = None) -> None:
        """A line of the journal."""
        self.places.journals.mkdir(exist_ok=True)
        line = {"actor": str(actor or self.person), "key": key, "status": 200, "url": "/api/v1/applications"}
        with (self.places.journals / "run.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    async def opens(self, id: str) -> None:
        """A workflow that nobody works on: it stays open."""
        client = await Client.connect(self.places.temporal)
        await client.start_workflow(
            "Any", Subject(id.partition("/")[2]), id=id, task_queue="nobody", result_type=str
        )

    async def verified(self, **changed: Any) -> dict[str, Finding]:
        return await verified(replace(self.places, **changed), patience=0)

    async def violations(self, **changed: Any) -> dict[str, list[str]]:
        """What verify finds, by check; checks that find nothing are left out."""
        found = await self.verified(**changed)
        return {name: finding.violations for name, finding in found.items() if finding.violations}

    async def begins_again(self) -> None:
        """Empty databases and no workflow, then one granted exchange, one withdrawn, one event; all was heard."""
        for service in SERVICES:
            tables = "TRUNCATE outbox, unpublished, inbox, parked"
            own: LiteralString = _FILLED.get(service, "")
            await self.breaks(service, tables + own + " RESTART IDENTITY CASCADE")
        client = await Client.connect(self.places.temporal)
        async for left in client.list_workflows("ExecutionStatus = 'Running'"):
            await client.get_workflow_handle(left.id).terminate()
        shutil.rmtree(self.places.journals, ignore_errors=True)
        await _fill(self)
        await self.travels()


@asynccontextmanager
async def world(postgres: Databases, temporal: str, folder: Path) -> AsyncGenerator[World]:
    """A world of its own; `begins_again` fills it."""
    async with AsyncExitStack() as stack:
        databases = {name: await stack.enter_async_context(postgres.fresh(name)) for name in SERVICES}
        names = {name: str(database.engine.url.database) for name, database in databases.items()}
        for name in names.values():
            await _let_in(postgres, name)
        readers = {
            service: _renamed(postgres.server.reader_url(service), name) for service, name in names.items()
        }
        admins = {service: postgres.server.superuser_url(name) for service, name in names.items()}
        yield World(databases, admins, Places(readers, folder / "journal", temporal, READS))


async def _let_in(postgres: Databases, name: str) -> None:
    admin = postgres.server.superuser_url()
    async with await psycopg.AsyncConnection.connect(admin, autocommit=True) as connection:
        grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
        await connection.execute(grant.format(sql.Identifier(name), sql.Identifier(READER)))


def _renamed(url: str, database: str) -> str:
    return f"{url.rpartition('/')[0]}/{database}"


async def _fill(made: World) -> None:
    await made.says("person", made.person, Said("described", "active", PERSON))
    await made.says("organisation", made.visitor, Said("registered", "registered", {"name": "Helixon"}))
    await made.says(
        "application",
        made.granted,
        Said("submitted", "submitted", key="submit"),
        Said("admitted", "in_review"),
        Said("selected", "selected", key="select"),
        Said("awarded", "awarded"),
        Said("granted", "granted", {"amount_cents": AMOUNT, "round": 1}),
        case=made.granted,
    )
    await made.says("visit", new_id(), Said("planned", "planned"), case=made.granted)
    await made.says(
        "application",
        made.withdrawn,
        Said("submitted", "submitted"),
        Said("withdrawn", "withdrawn"),
        case=made.withdrawn,
    )
    await made.says("event", made.event, Said("published", "published", {"title": "Companion diagnostics"}))
    await made.says("budget", made.line, Said("opened", "open"))
    await made.says(
        "reservation",
        made.reservation,
        Said("made", "made"),
        Said("committed", "committed"),
        case=made.granted,
    )
    async with made.databases["reimbursements"].transaction() as tx:
        await ledger.allocate(tx.session, Occasion(new_id(), TODAY), made.line, ALLOTTED)
        await ledger.reserve(tx.session, Occasion(new_id(), TODAY), made.line, made.reservation, AMOUNT)
        await ledger.commit(tx.session, Occasion(new_id(), TODAY), made.line, made.reservation, AMOUNT)
    await made.reserves(made.reservation, made.granted)
    made.accepts("submit")
    made.accepts("select")
    await made.opens(f"exchange-visit/{made.granted}")
    await made.opens(f"event/{made.event}")


async def park(
    kept: World,
    reason: str = "error",
    error: str | None = "ValueError",
    value: bytes = b"{}",
    age: str = "1 s",
) -> None:
    """The overview has not read the event's fact, and has parked it instead."""
    await kept.breaks("overview", "DELETE FROM inbox WHERE subject = %s", kept.event)
    await kept.breaks(
        "overview",
        'INSERT INTO parked (reader, topic, partition, "offset", subject, version, type, reason, error, value,'
        " headers, parked_at) VALUES ('overview', 'relais.events', 0, 7, %s, 1, 'relais.event.published.v1',"
        " %s, %s, %s, '[]', now() - %s::interval)",
        *(kept.event, reason, error, value, age),
    )
