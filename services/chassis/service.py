"""What every service stands on, built with one call: database, clock, files, faces, readers, relay, steps, health.

Everything that connects is made in the running process (after a fork) and started by the app's lifespan.
"""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import structlog
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts.errors import TransientError
from services.chassis import downloads, logs, metrics
from services.chassis.acts.aggregate import Aggregate
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.downloads import Downloads
from services.chassis.dropped_files import DroppedFiles
from services.chassis.facts.broker import make_broker
from services.chassis.facts.reader import Reader
from services.chassis.facts.relay import Relay
from services.chassis.files import Files
from services.chassis.identity.grants import hear_grants
from services.chassis.identity.mandates import hear_mandates
from services.chassis.identity.tokens import Keys
from services.chassis.scanning import Scanner, Scanning
from services.chassis.settings import Settings
from services.chassis.steps.offers import Offers
from services.chassis.web import errors, operations
from services.chassis.web.assets import Assets
from services.chassis.web.faces import Front, Prepare, faces
from services.chassis.web.pages import Pages
from services.chassis.web.request import Reception, keep_token

Job: TypeAlias = Callable[[], Coroutine[Any, Any, None]]

log = structlog.get_logger(__name__)


class Service:
    """One service. `app.py` adds its aggregates, routes, readers and steps, and returns `service.app`.

    clock, keys   given by tests; otherwise the stack's clock file and directory's published keys
    hears_roles   False for the service that owns roles and sign-ins: it reads them first-hand
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        templates: Path | None = None,
        clock: Clock | None = None,
        keys: Keys | None = None,
        effects_outside: bool = False,
        hears_roles: bool = True,
    ) -> None:
        logs.configure(name, settings.log_json)
        self.name = name
        self.log = log.bind(service=name)
        self.settings = settings
        self.clock = clock or Clock(settings.clock)
        self.database = Database(settings.database_url, name)
        self.files = Files(settings.data, self.database, scans=bool(settings.scanner))
        self.scanning = Scanning(
            self.database, self.files, Scanner(settings.scanner) if settings.scanner else None
        )
        self.dropped_files = DroppedFiles(self.database, self.files, settings.dropped_days)
        self.downloads = Downloads(name, settings.data, self.files, settings.web_url, settings.files_url)
        self.pages = Pages(name, templates, self.clock, settings)
        self.keys = keys or Keys(settings.directory_url)
        self.reception = Reception(self.database, self.keys, settings.web_url, self.clock)
        self.front = Front(self.database, self.clock, self.files, self.pages, self.reception)
        self.reader = Reader(name, effects_outside=effects_outside)
        if hears_roles:
            hear_grants(self.reader)
            hear_mandates(self.reader)
        self.offers = Offers(name, self.database, self.clock)
        self.app = FastAPI(
            title=f"Relais {name}", version="1", lifespan=self._lifespan, docs_url=None, redoc_url=None
        )
        self.app.mount("/static", Assets())
        self.app.state.reception = self.reception
        errors.install(self.app, self.pages)
        downloads.install(self.app, self.downloads, self.database)
        operations.install(self.app, self.front, self.reader, lambda: not self._at_start)
        self.app.add_middleware(_Edge, secure=settings.secure_cookies)
        self._background: list[Job] = []
        self._at_start: set[Job] = set()
        self.at_start(self.scanning.prepare)
        self.in_background(self.scanning.run)
        self.in_background(self.dropped_files.run)

    def faces(self, kind: Aggregate[Any], prepare: Mapping[str, Prepare] | None = None) -> None:
        """Gives an aggregate's acts their pages and their JSON."""
        self.app.include_router(faces(self.front, kind, prepare))

    def provide(self, *tools: object) -> None:
        """What commands find with `tx.tool(Kind)`."""
        self.database.tools.update({type(tool): tool for tool in tools})

    def at_start(self, job: Job) -> None:
        """Runs `await job()` once the database answers; repeated until it succeeds, so it must be repeatable.
        The service is not ready before."""

        async def until_done() -> None:
            await _until_done(job)
            self._at_start.discard(job)

        self._at_start.add(job)
        self._background.append(until_done)

    def in_background(self, job: Job) -> None:
        """Runs `await job()` beside the service for as long as it lives."""
        self._background.append(job)

    @asynccontextmanager
    async def _lifespan(self, app: FastAPI) -> AsyncGenerator[None]:
        broker = make_broker(self.settings, self.name)
        self.reader.subscribe(broker, self.database)
        relay = Relay(self.database, self.settings)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.database.close)
            jobs = [relay.run(), self.reader.run(), self.offers.serve(self.settings)]
            jobs += [job() for job in self._background]
            stack.push_async_callback(_ended, [asyncio.create_task(_watched(job)) for job in jobs])
            steady()
            yield


def steady() -> None:
    """What stands by now stays: the collector need not look through it during requests. And it looks less often than
    Python's own counts say, by which an act on ten thousand rows would be looked through thirty times."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


async def _until_done(job: Job) -> None:
    while True:
        try:
            return await job()
        except TransientError as reason:
            log.warning("waits to start", reason=str(reason))
            await asyncio.sleep(1)


async def _watched(job: Coroutine[Any, Any, None]) -> None:
    """A background job that dies takes the process with it: the supervisor starts it again, whole."""
    try:
        await job
    except asyncio.CancelledError:
        raise
    except BaseException:
        log.exception("a background job died")
        os.kill(os.getpid(), signal.SIGTERM)


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Edge:
    """Around every request: bounds the body, binds the correlation, counts, hands out a renewed token."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        read = 0

        async def received() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > errors.BODY_LIMIT:
                raise HTTPException(413)
            return message

        state: dict[str, Any] = scope.setdefault("state", {})

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                metrics.answered(scope["path"], message["status"])
                if fresh := state.get("fresh_token"):
                    cookie = keep_token(fresh, self._secure).encode()
                    message["headers"] = [*message.get("headers", []), (b"set-cookie", cookie)]
            await send(message)

        with logs.bound(correlation=headers.get(b"x-correlation-id", b"").decode("ascii", "replace")):
            await self._app(scope, received, sent)
