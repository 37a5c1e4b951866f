"""The lists of a call at a thousand applications and at a hundred thousand: a page takes as long, wherever it begins.

The service runs in this process on a real database; Kafka and Temporal are away. Rows are loaded by COPY."""

import asyncio
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
from joserfc.jwk import KeySet
from psycopg.types.json import Jsonb
from pydantic import SecretStr
from rich.progress import Progress

from contracts.ids import new_id
from deploy.bench.asking import timed
from deploy.bench.figures import Outcome, milliseconds, percentile
from deploy.local.servers import postgres_server
from services.chassis.identity.tokens import Identity, Keys, new_key, sign
from services.chassis.migrate import upgrade

FEW, MANY = 1_000, 100_000
LIMIT = 20
REQUESTS = 200
COLUMNS = (
    "id", "state", "version", "number", "call", "edition", "applicant", "visitor", "visitor_partnership", "payer",
    "budget", "created_at", "saved_at", "mode", "green", "objectives", "agenda", "amount_cents", "cut_off", "place",
    "outcome", "uses_visit", "round", "submitted_at", "stage", "reminders", "reason", "explanation", "opinion", "score",
    "passed", "appeal", "appeal_text", "appeal_answer", "final",
)  # fmt: skip


class Scene:
    """One call with one settled cut-off, and an officer who reads it."""

    def __init__(self) -> None:
        self.call, self.cut_off, self.partnership = new_id(), new_id(), new_id()
        self.person, self.visitor, self.other = new_id(), new_id(), new_id()
        self.ids: list[UUID] = []

    def set(self, url: str) -> None:
        now, day = datetime.now(UTC), date(2027, 1, 1)
        with psycopg.connect(url) as connection:
            connection.execute(
                "INSERT INTO grants (source, person, role, scope) VALUES (%s, %s, 'officer', %s)",
                (new_id(), self.person, self.partnership),
            )
            connection.execute(
                "INSERT INTO calls (id, state, version, programme, title, edition, partnership, budget, payer,"
                " first_day, last_day, terms)"
                " VALUES (%s, 'published', 1, 'SMP', 'Travel', '2027', %s, %s, %s, %s, %s, %s)",
                (self.call, self.partnership, self.other, self.other, day, day, Jsonb({})),
            )
            connection.execute(
                "INSERT INTO cutoffs (id, state, version, call, key, partnership, budget, tie, closes_at, applications,"
                " proposed, ranked_at) VALUES (%s, 'ranked', 1, %s, 'one', %s, %s, 'submitted_first', %s, %s, '', %s)",
                (self.cut_off, self.call, self.partnership, self.other, now, MANY, now),
            )

    def load(self, url: str, first: int, last: int) -> None:
        """Applications number first to last, one in ten awarded, all with a place."""
        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            statement = f"COPY applications ({', '.join(COLUMNS)}) FROM STDIN"
            with cursor.copy(statement) as copy:  # pyright: ignore[reportArgumentType]
                for row in self._rows(first, last):
                    copy.write_row(row)
            cursor.execute("ANALYZE applications")

    def _rows(self, first: int, last: int) -> Iterator[tuple[Any, ...]]:
        now, other = datetime.now(UTC), self.other
        for n in range(first, last):
            id = new_id()
            self.ids.append(id)
            yield (
                id, "awarded" if n % 10 == 0 else "selected", 1, f"GR-{n:08}", self.call, "2027", other, self.visitor,
                self.partnership, other, other, now, now, "physical", False, "", "", 75_000, self.cut_off, float(n + 1),
                "fund", False, 1, now - timedelta(seconds=n), "", 0, "", "", "", 5_000, True, "none", "", "", False,
            )  # fmt: skip

    def asked(self) -> dict[str, Any]:
        """What is asked for, by name; each from anywhere in its list."""
        path, ranking = f"/api/v1/calls/{self.call}/applications", f"/api/v1/cutoffs/{self.cut_off}/ranking"
        anywhere = lambda: random.choice(self.ids)  # noqa: S311, E731
        return {
            "list_anywhere": lambda: f"{path}?limit={LIMIT}&after={anywhere()}",
            "by_standing": lambda: f"{path}?limit={LIMIT}&state=awarded&after={anywhere()}",
            "list_page": lambda: f"/calls/{self.call}/applications?after={anywhere()}",
            "ranking": lambda: f"{ranking}?limit={LIMIT}&after={random.randrange(len(self.ids) - LIMIT)}",  # noqa: S311
            "ranking_page": lambda: f"/cutoffs/{self.cut_off}",
        }


async def run(progress: Progress) -> Outcome:
    """Measures with few applications, loads the rest, measures again."""
    task = progress.add_task("lists", total=5)
    with tempfile.TemporaryDirectory(prefix="relais-bench-") as name:
        folder, scene = Path(name), Scene()
        async with postgres_server(folder) as server:
            url = server.owner_url("applications")
            await asyncio.to_thread(upgrade, "applications", url, "applications")
            await asyncio.to_thread(scene.set, url)
            progress.advance(task)
            await asyncio.to_thread(scene.load, url, 0, FEW)
            progress.advance(task)
            few = await _measured(folder / "few", server.url("applications"), scene)
            progress.advance(task)
            await asyncio.to_thread(scene.load, url, FEW, MANY)
            progress.advance(task)
            many = await _measured(folder / "many", server.url("applications"), scene)
            progress.advance(task)
    figures: dict[str, Any] = {
        f"{what}_{count}_p95_ms": milliseconds(percentile(seconds, 95))
        for count, measured in ((FEW, few), (MANY, many))
        for what, seconds in measured.items()
    }
    ratios = {what: percentile(many[what], 95) / percentile(few[what], 95) for what in few}
    figures |= {f"{what}_ratio": round(ratio, 2) for what, ratio in ratios.items()}
    figures |= {"limit": LIMIT, "floor_is": f"p95 in ms of a page from anywhere among {FEW} applications"}
    return Outcome(
        "lists", figures, milliseconds(percentile(few["list_anywhere"], 95)), round(max(ratios.values()), 3)
    )


async def _measured(folder: Path, url: str, scene: Scene) -> dict[str, list[float]]:
    """Seconds of each request, the kinds taking turns."""
    from services.applications.app import make_service
    from services.chassis.settings import Settings

    key = new_key()
    token = sign(Identity(scene.person, new_id(), 1, "bench", "en", "bench"), key, 3600)
    settings = Settings(service="applications", database_url=SecretStr(url), data=folder, log_json=False)
    service = make_service(
        settings, keys=Keys("", KeySet.import_key_set(KeySet([key]).as_dict(private=False)))
    )
    transport = httpx.ASGITransport(app=service.app)
    head = {"Authorization": f"Bearer {token}"}
    asked = scene.asked()
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", headers=head) as client:
        seconds = await timed(client, asked, REQUESTS)
    await service.database.close()
    return seconds
