"""A service in process with people who may use it: real database, a clock moved by hand, tokens of a test key."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from joserfc.jwk import KeySet
from pydantic import SecretStr

from contracts import membership, role_grant
from contracts.ids import new_id
from contracts.tables import Body
from services.chassis.clock import FixedClock
from services.chassis.database import Database
from services.chassis.identity.tokens import Identity, Keys, new_key, sign
from services.chassis.service import Service
from services.chassis.settings import Settings
from tests.facts import a_fact, deliver

KEY = new_key()
KEYS = KeySet.import_key_set(KeySet([KEY]).as_dict(private=False))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

Make = Callable[..., Service]


class Person:
    """Somebody with a token; `get`, `post` and `put` speak JSON, `open` and `send` use pages."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        name: str,
        id: UUID | None = None,
        stepped_up_at: int = int(time.time()) + 24 * 3600,
        mandate: UUID | None = None,
        principal: str = "",
    ) -> None:
        self.id = id or new_id()
        self.name = name
        self.csrf = "csrf-of-" + name
        self._client = client
        self._token = sign(
            Identity(self.id, new_id(), 2, name, "en", self.csrf, stepped_up_at, mandate, principal),
            KEY,
            24 * 3600,
        )

    def acting_for(self, principal: "Person", mandate: UUID) -> "Person":
        """The same person, once they have taken up a mandate."""
        return Person(self._client, self.name, self.id, mandate=mandate, principal=principal.name)

    async def get(self, path: str) -> httpx.Response:
        return await self._client.get(path, headers=self._bearer())

    async def post(self, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        headers = {**self._bearer(), **({"Idempotency-Key": key} if key else {})}
        return await self._client.post(path, json=body or {}, headers=headers)

    async def put(self, path: str, body: Any) -> httpx.Response:
        return await self._client.put(path, json=body, headers=self._bearer())

    async def upload(self, path: str, name: str, content: bytes) -> httpx.Response:
        return await self._client.post(path, files={"file": (name, content)}, headers=self._bearer())

    async def send_file(self, path: str, form: dict[str, str], name: str, content: bytes) -> httpx.Response:
        """A file with further fields, as a machine posts it."""
        return await self._client.post(
            path, data=form, files={"file": (name, content)}, headers=self._bearer()
        )

    async def open(self, path: str) -> httpx.Response:
        """A page, as a browser asks for it."""
        return await self._client.get(path, headers=self._cookie())

    async def fetch(self, path: str) -> httpx.Response:
        """A file, as a browser fetches it: its page leads to an address that is asked without cookies."""
        led = await self.open(path)
        assert led.status_code == 303, led.text
        return await self._client.get(httpx.URL(led.headers["location"]).path)

    async def send(
        self,
        path: str,
        form: dict[str, Any],
        key: str = "",
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> httpx.Response:
        """A form, as a browser posts it; files by field, each with its name."""
        data = {"csrf": self.csrf, "idempotency_key": key or str(new_id()), **form}
        return await self._client.post(path, data=data, files=files, headers=self._cookie())

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": f"relais_token={self._token}", "Sec-Fetch-Site": "same-origin"}


def held(person: UUID, role: str, scope: UUID) -> Body:
    """What directory says of a role: of an organisation's people it is a membership."""
    if role in membership.RIGHTS:
        said: dict[str, Any] = {"person": person, "organisation": scope, "role": role}
        return membership.Activated.model_validate(said)
    return role_grant.Granted.model_validate({"person": person, "role": role, "scope": scope})


class Stage:
    """A service under test, its database and its people."""

    def __init__(
        self, service: Service, database: Database, clock: FixedClock, client: httpx.AsyncClient
    ) -> None:
        self.service = service
        self.database = database
        self.clock = clock
        self.client = client

    async def person(self, name: str, *roles: tuple[str, UUID]) -> Person:
        """Somebody whose roles the service has heard of."""
        person = Person(self.client, name)
        for role, scope in roles:
            await self.hear(a_fact(held(person.id, role, scope)))
        return person

    async def hear(self, *facts: Any) -> None:
        """Lets the service hear facts of others."""
        await deliver(self.service.reader, self.service.database, *facts)


@asynccontextmanager
async def stage(make: Make, database: Database, folder: Path, **told: Any) -> AsyncGenerator[Stage]:
    """The service over a fresh database, reached in process; told: further settings."""
    clock = FixedClock(MONDAY)
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(
        database_url=SecretStr(url), data=folder, log_json=False, web_url="http://relais.test", **told
    )
    service = make(settings, clock=clock, keys=Keys("", KEYS))
    transport = httpx.ASGITransport(app=service.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://relais.test") as client:
        yield Stage(service, database, clock, client)
    await service.database.close()
