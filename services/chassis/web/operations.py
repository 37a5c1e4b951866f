"""What operators and supervisors ask of a service: alive, ready, metrics, what is behind, what is parked."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select, text
from starlette.responses import JSONResponse, Response

from contracts.errors import DomainError, TransientError
from services.chassis import metrics
from services.chassis.facts import parked
from services.chassis.facts.discard import discard
from services.chassis.facts.reader import Reader
from services.chassis.facts.redrive import redrive
from services.chassis.facts.tables import outbox, unpublished
from services.chassis.facts.tables import parked as parked_table
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.web.faces import Front
from services.chassis.web.who import Who


class Redrive(BaseModel):
    """Which parked records to run again; dry_run only tells which."""

    model_config = ConfigDict(extra="forbid")

    id: int | None = None
    topic: str | None = None
    type: str | None = None
    dry_run: bool = False


class Discard(BaseModel):
    """Why a parked record can never be read."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=500)


def install(app: FastAPI, front: Front, reader: Reader, prepared: Callable[[], bool]) -> None:
    """Registers the operators' routes of one service; `prepared` tells whether its jobs at start are done."""

    @app.get("/health/live", include_in_schema=False)
    async def live() -> dict[str, bool]:
        return {"live": True}

    @app.get("/health/ready", include_in_schema=False)
    async def ready() -> Response:
        """Ready means that people can work: the database answers and holds what it starts with. Kafka and
        Temporal may be away."""
        try:
            async with front.database.transaction() as tx:
                await tx.execute(text("select 1"))
        except TransientError as reason:
            return JSONResponse({"ready": False, "reason": str(reason)}, status_code=503)
        if not prepared():
            return JSONResponse(
                {"ready": False, "reason": "what it starts with is not there yet"}, status_code=503
            )
        return JSONResponse({"ready": True})

    @app.get("/health/detail", include_in_schema=False)
    async def detail() -> dict[str, Any]:
        """How far behind this service is, for the monitor: counts only."""
        async with front.database.transaction() as tx:
            oldest = func.extract("epoch", func.clock_timestamp() - func.min(outbox.c.recorded_at))
            counted: Any = (
                await tx.execute(
                    select(func.count(), oldest)
                    .select_from(unpublished)
                    .join(outbox, outbox.c.position == unpublished.c.position)
                )
            ).one()
            stuck = (
                await tx.execute(select(func.count()).select_from(parked_table).where(parked.WAITS))
            ).scalar_one()
        return {
            "service": front.database.source,
            "ready": True,
            "outbox": {"unpublished": counted[0], "oldest_seconds": float(counted[1] or 0)},
            "parked": stuck,
        }

    app.add_route("/metrics", metrics.show)

    @app.get("/api/v1/parked")
    async def list_parked(actor: Who, after: int = 0) -> list[dict[str, Any]]:
        """Parked records of this service, oldest first."""
        _operator(actor)
        async with front.database.transaction() as tx:
            rows = await parked.listed(tx, parked.Filter(), after=after)
        return [
            {
                "id": row.id, "reader": row.reader, "topic": row.topic, "partition": row.partition,
                "offset": row.offset, "subject": str(row.subject) if row.subject else None,
                "version": row.version, "type": row.type, "reason": row.reason, "error": row.error,
                "attempts": row.attempts, "parked_at": row.parked_at.isoformat(),
                "discarded_at": row.discarded_at.isoformat() if row.discarded_at else None,
                "discarded_by": row.discarded_by, "discarded_because": row.discarded_because,
            }
            for row in rows
        ]  # fmt: skip

    @app.post("/api/v1/parked/redrive")
    async def run_again(actor: Who, which: Redrive) -> list[dict[str, Any]]:
        """Runs parked records through the reader's own handler again, in order. Audited."""
        _operator(actor)
        filter = parked.Filter(id=which.id, topic=which.topic, type=which.type)
        done = await redrive(reader, front.database, filter, by=str(actor.person), dry_run=which.dry_run)
        return [asdict(each) for each in done]

    @app.post("/api/v1/parked/{id}/discard", status_code=204)
    async def give_up(actor: Who, id: int, why: Discard) -> None:
        """Keeps a record that can never be read, with the reason, and waits for it no more. Audited."""
        _operator(actor)
        await discard(reader, front.database, id, by=str(actor.person), reason=why.reason)


def _operator(actor: Actor) -> None:
    if not actor.may("operator", PLATFORM):
        raise DomainError("not-found", status=404)
