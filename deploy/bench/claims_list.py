"""The list of claims at a thousand claims and at a million: a page takes as long, wherever in the list it begins.

The service runs in this process on a real database; Kafka and Temporal are away. Rows are loaded by COPY."""

import asyncio
import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
from joserfc.jwk import KeySet
from pydantic import SecretStr
from rich.progress import Progress

from contracts.ids import new_id
from deploy.bench.asking import timed
from deploy.bench.figures import Outcome, milliseconds, percentile
from deploy.local.servers import postgres_server
from services.chassis.identity.tokens import Identity, Keys, new_key, sign
from services.chassis.migrate import upgrade

FEW, MANY = 1_000, 1_000_000
MEMBERS = 20
LIMIT = 20
REQUESTS = 300
COLUMNS = (
    "id", "state", "version", "number", "case_id", "organisation", "payer", "partnership", "budget", "reservation",
    "amount_cents", "accepted_cents", "paid_cents", "lines", "pay_by", "reminders", "attempt", "deciders", "filed_by",
    "verified_by", "approval", "remark", "reason", "explanation", "appeal", "appeal_text", "appeal_answer", "final",
    "part", "takes_receipts", "trip", "opened_at",
)  # fmt: skip


async def run(progress: Progress) -> Outcome:
    """Measures with few claims, loads the rest, measures again."""
    task = progress.add_task("claims-list", total=5)
    with tempfile.TemporaryDirectory(prefix="relais-bench-") as name:
        folder = Path(name)
        async with postgres_server(folder) as server:
            await asyncio.to_thread(
                upgrade, "reimbursements", server.owner_url("reimbursements"), "reimbursements"
            )
            progress.advance(task)
            members = [new_id() for _ in range(MEMBERS)]
            person, url = new_id(), server.owner_url("reimbursements")
            await asyncio.to_thread(_grant, url, person, members[0])
            own = await asyncio.to_thread(_load, url, members, 0, FEW)
            progress.advance(task)
            few = await _measured(folder / "few", server.url("reimbursements"), person, own)
            progress.advance(task)
            own += await asyncio.to_thread(_load, url, members, FEW, MANY)
            progress.advance(task)
            many = await _measured(folder / "many", server.url("reimbursements"), person, own)
            progress.advance(task)
    figures: dict[str, Any] = {
        f"{what}_{count}_p95_ms": milliseconds(percentile(seconds, 95))
        for count, measured in ((FEW, few), (MANY, many))
        for what, seconds in measured.items()
    }
    ratios = {what: percentile(many[what], 95) / percentile(few[what], 95) for what in few}
    figures |= {f"{what}_ratio": round(ratio, 2) for what, ratio in ratios.items()}
    figures |= {
        "limit": LIMIT,
        "members": MEMBERS,
        "floor_is": f"p95 in ms of a page from anywhere among {FEW} claims",
    }
    return Outcome(
        "claims-list", figures, milliseconds(percentile(few["anywhere"], 95)), round(max(ratios.values()), 3)
    )


async def _measured(folder: Path, url: str, person: UUID, own: Sequence[UUID]) -> dict[str, list[float]]:
    """Seconds of each request: the first page, a page from anywhere, and the page of what is not finished."""
    from services.chassis.settings import Settings
    from services.reimbursements.app import make_service

    key = new_key()
    token = sign(Identity(person, new_id(), 1, "bench", "en", "bench"), key, 3600)
    settings = Settings(service="reimbursements", database_url=SecretStr(url), data=folder, log_json=False)
    keys = Keys("", KeySet.import_key_set(KeySet([key]).as_dict(private=False)))
    service = make_service(settings, keys=keys)
    transport = httpx.ASGITransport(app=service.app)
    head = {"Authorization": f"Bearer {token}"}
    asked = {
        "first_page": lambda: f"/api/v1/claims?limit={LIMIT}",
        "anywhere": lambda: f"/api/v1/claims?limit={LIMIT}&after={random.choice(own)}",  # noqa: S311
        "work_list": lambda: "/claims",
    }
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", headers=head) as client:
        seconds = await timed(client, asked, REQUESTS)
    await service.database.close()
    return seconds


def _grant(url: str, person: UUID, member: UUID) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO grants (source, person, role, scope) VALUES (%s, %s, 'verifier', %s)",
            (new_id(), person, member),
        )


def _load(url: str, members: Sequence[UUID], first: int, last: int) -> list[UUID]:
    """Claims number first to last, one in twenty to be verified, the rest closed; the ids of the reader's."""
    own: list[UUID] = []
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY claims ({', '.join(COLUMNS)}) FROM STDIN") as copy:  # pyright: ignore[reportArgumentType]
            for row in _rows(members, first, last, own):
                copy.write_row(row)
        cursor.execute("ANALYZE claims")
    return own


def _rows(members: Sequence[UUID], first: int, last: int, own: list[UUID]) -> Iterator[tuple[Any, ...]]:
    people = [new_id() for _ in range(3)]
    other, now = new_id(), datetime.now(UTC)
    for n in range(first, last):
        id, member = new_id(), members[n % MEMBERS]
        if member == members[0]:
            own.append(id)
        is_open = n // MEMBERS % 20 == 0
        yield (
            id, "filed" if is_open else "closed", 1, f"RC-{n:08}", new_id(), other, member, other, other, other,
            67_000, 0 if is_open else 67_000, 0 if is_open else 67_000, "[]",
            date(2020, 1, 1) + timedelta(days=n % 2_500),
            0, 1, [], people[0], None if is_open else people[1], None if is_open else people[2], "", "", "", "none", "",
            "", False, 1, False, "", now,
        )  # fmt: skip
