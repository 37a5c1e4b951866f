"""Drafts submitted per second through the API of applications, against the same two inserts by raw psycopg.

Only the service and PostgreSQL run: Kafka and Temporal are away, as they may be, and no click waits for them.
"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
from joserfc.jwk import KeySet
from psycopg.types.json import Jsonb
from rich.progress import Progress

from contracts.amounts import clusterxchange_rates
from contracts.ids import new_id
from contracts.membership import RIGHTS
from contracts.terms import Terms
from deploy.bench.cpu import cpu_seconds
from deploy.bench.figures import Outcome, milliseconds, percentile
from deploy.bench.sampling import start_when_told
from deploy.local.program import free_port
from deploy.local.servers import postgres_server
from services.chassis.identity.tokens import Identity, new_key, sign
from services.chassis.migrate import upgrade

CLIENTS = 16
WARM = 400
DRAFTS = 2000
LOOKED_AT = 600
FLOOR = 4000
_PROFILE = "RELAIS_BENCH_PROFILE"


async def run(progress: Progress) -> Outcome:
    """Prepares the drafts, submits them with 16 clients, then inserts the same rows bare.

    The first drafts only warm the service up; the last are submitted while it is being looked at.
    """
    task = progress.add_task("submit", total=4)
    with tempfile.TemporaryDirectory(prefix="relais-bench-") as name:
        folder = Path(name)
        async with postgres_server(folder) as server:
            await asyncio.to_thread(upgrade, "applications", server.owner_url("applications"), "applications")
            progress.advance(task)
            person, sme = new_id(), new_id()
            drafts = WARM + DRAFTS + LOOKED_AT
            cases = await asyncio.to_thread(_prepare, server.url("applications"), person, sme, drafts)
            progress.advance(task)
            key = new_key()
            token = sign(Identity(person, new_id(), 1, "bench", "en", "bench"), key, 3600)
            with _service(folder, server.url("applications"), KeySet([key])) as (service, port):
                await _submitted(port, token, cases[:WARM])
                computed = cpu_seconds([service.pid])[service.pid]
                seconds, took = await _submitted(port, token, cases[WARM : WARM + DRAFTS])
                computed = cpu_seconds([service.pid])[service.pid] - computed
                service.send_signal(signal.SIGUSR1)
                await _submitted(port, token, cases[WARM + DRAFTS :])
                service.send_signal(signal.SIGUSR2)
                _answers((folder / "spent.json").exists)
            spent = json.loads((folder / "spent.json").read_text())
            progress.advance(task)
            floor = await _floor(server.owner_url("applications"))
            progress.advance(task)
    rate = DRAFTS / took
    figures = {
        "submitted_per_second": round(rate, 1),
        "p50_ms": milliseconds(percentile(seconds, 50)),
        "p99_ms": milliseconds(percentile(seconds, 99)),
        "service_cpu_ms": milliseconds(computed / DRAFTS),
        "spent_on": spent,
        "clients": CLIENTS,
        "drafts": DRAFTS,
        "floor_is": "two inserts in one transaction by raw psycopg, 16 connections, one process, per second",
    }
    return Outcome("submit", figures, round(floor, 1), round(rate / floor, 3))


async def _submitted(port: int, token: str, cases: list[UUID]) -> tuple[list[float], float]:
    """How long each took, and all together. The clients speak as little HTTP as will do: they share the machine."""
    seconds: list[float] = []
    waiting = iter(cases)

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for case in waiting:
            began = time.perf_counter()
            writer.write(
                f"POST /api/v1/applications/{case}/submit HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
                f"Idempotency-Key: {case}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(length[1]) if length else 0)
            if not head.startswith(b"HTTP/1.1 200 "):
                raise RuntimeError(f"a draft was not submitted: {head.decode()}{body.decode()}")
            seconds.append(time.perf_counter() - began)
        writer.close()
        await writer.wait_closed()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return seconds, time.perf_counter() - began


async def _floor(url: str) -> float:
    """The same two inserts without anything of ours around them."""
    frozen = Jsonb({"text": "x" * 1500})
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("CREATE TABLE bare_row (id uuid PRIMARY KEY, state text, frozen jsonb)")
        await connection.execute(
            "CREATE TABLE bare_fact (id uuid PRIMARY KEY, subject uuid, version int, body jsonb)"
        )
    waiting = iter(range(FLOOR))

    async def client() -> None:
        async with await psycopg.AsyncConnection.connect(url) as connection:
            for _ in waiting:
                id = new_id()
                await connection.execute("INSERT INTO bare_row VALUES (%s, 'submitted', %s)", (id, frozen))
                await connection.execute(
                    "INSERT INTO bare_fact VALUES (%s, %s, 1, %s)", (new_id(), id, frozen)
                )
                await connection.commit()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return FLOOR / (time.perf_counter() - began)


@contextmanager
def _service(
    folder: Path, database_url: str, keys: KeySet
) -> Generator[tuple["subprocess.Popen[bytes]", int]]:
    """applications in a process of its own, with directory's keys served beside it: the process and its port."""
    port, directory = free_port(), free_port()
    published = folder / ".well-known"
    published.mkdir()
    (published / "jwks.json").write_text(json.dumps(keys.as_dict(private=False)))
    environment = {
        **os.environ,
        "RELAIS_SERVICE": "applications",
        "RELAIS_DATA": str(folder / "applications"),
        "RELAIS_CLOCK": str(folder / "clock.json"),
        "RELAIS_DATABASE_URL": database_url,
        "RELAIS_KAFKA": "127.0.0.1:9",
        "RELAIS_TEMPORAL": "127.0.0.1:9",
        "RELAIS_DIRECTORY_URL": f"http://127.0.0.1:{directory}",
        _PROFILE: str(folder / "spent.json"),
    }
    serve = [sys.executable, "-m", "uvicorn", "--factory", "deploy.bench.submit:app", "--port", str(port),
             "--log-level", "warning"]  # fmt: skip
    keys_server = [
        sys.executable,
        "-m",
        "http.server",
        str(directory),
        "--bind",
        "127.0.0.1",
        "-d",
        str(folder),
    ]
    quiet = subprocess.DEVNULL
    started = [
        subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)  # noqa: S603
        for command in (serve, keys_server)
    ]
    try:
        url = f"http://127.0.0.1:{port}"
        _answers(lambda: httpx.get(f"{url}/health/ready").status_code == 200)
        yield started[0], port
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


def app() -> Any:
    """What uvicorn serves."""
    from services.applications.app import make_app
    from services.chassis.settings import Settings

    start_when_told(Path(os.environ[_PROFILE]))
    return make_app(Settings())


def _answers(ready: Callable[[], bool], patience: float = 30) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if ready():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the service did not start; run `relais bench submit` again and look at `relais logs`")


def _prepare(url: str, person: UUID, sme: UUID, drafts: int) -> list[UUID]:
    """One company with many complete drafts, as if it had filled them in."""
    host, call, budget, partnership = new_id(), new_id(), new_id(), new_id()
    now = datetime.now(UTC)
    first = date.today() + timedelta(days=30)
    first += timedelta(days=-first.weekday() % 7)
    terms, table = Terms().__dict__, clusterxchange_rates()
    rates = {code: {"cents": rate.cents, "basis": rate.basis} for code, rate in table.rates.items()}
    end = first + timedelta(days=400)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        organisation = "INSERT INTO applications_known_organisations VALUES (%s,%s,'sme',%s,%s,%s,%s,%s,%s)"
        cursor.execute(organisation, (sme, "Helixon", "Kraków", "PL", 50.06, 19.94, sme, budget))
        cursor.execute(organisation, (host, "Tartu", "Tartu", "EE", 58.38, 26.73, host, budget))
        for role in RIGHTS["owner"]:
            cursor.execute("INSERT INTO grants VALUES (%s, %s, %s, %s)", (new_id(), person, role, sme))
        cursor.execute(
            "INSERT INTO applications_known_rates (id, scheme, version, valid_from, rates)"
            " VALUES (%s, 'clusterxchange', %s, '2020-01-01', %s)",
            (new_id(), table.version, Jsonb(rates)),
        )
        cursor.execute(
            "INSERT INTO applications_known_budgets VALUES (%s, %s, %s, 'line', %s, %s)",
            (budget, partnership, partnership, first, end),
        )
        cursor.execute(
            "INSERT INTO calls (id, state, version, programme, title, edition, partnership, budget, payer,"
            " first_day, last_day, terms, published_at) VALUES"
            " (%s,'published',1,'COSME','bench','2026',%s,%s,%s,%s,%s,%s,%s)",
            (call, partnership, budget, partnership, first, end, Jsonb(terms), now),
        )
        cases = [new_id() for _ in range(drafts)]
        cursor.executemany(
            "INSERT INTO applications (id, state, version, number, call, proposal, edition, applicant, visitor, host,"
            " visitor_partnership, host_partnership, payer, budget, created_at, saved_at, mode, first_day, last_day,"
            " activities, objectives, agenda, declarations, amount_cents, uses_visit, round, stage, reminders, reason,"
            " explanation, opinion, appeal, appeal_text, appeal_answer, final, green) VALUES"
            " (%s,'draft',0,%s,%s,%s,'2026',%s,%s,%s,%s,%s,%s,%s,%s,%s,'physical',%s,%s,'{networking}',%s,%s,%s,"
            "0,false,1,'',0,'','','','none','','',false,false)",
            [
                (
                    case, f"B-{number}", call, new_id(), person, sme, host, partnership, partnership, partnership,
                    budget, now, now, first, first + timedelta(days=4), "Learn how diagnostics reach the clinic.",
                    "Monday: laboratory. Tuesday: meetings.",
                    ["sme", "no_double_funding", "no_exclusion", "no_restrictive_measures"],
                )
                for number, case in enumerate(cases)
            ],
        )  # fmt: skip
    return cases
