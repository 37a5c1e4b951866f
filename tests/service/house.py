"""The directory service in process, seeded, with its people and a mail sink for its links."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from aiosmtpd.smtp import SMTP
from pydantic import SecretStr

from contracts.ids import named_id
from contracts.steps import Subject
from deploy.local.mail import Mailbox
from services.chassis.clock import FixedClock
from services.chassis.database import Database
from services.chassis.settings import Seeds, Settings
from services.directory import seeding
from services.directory.app import make_service
from services.directory.signing_in.mailer import Mailer
from services.directory.signing_in.secret import KEY_FILE
from services.directory.steps import SWEEP
from tests.people import KEY, MONDAY, Person

WEB = "http://relais.test"
LINK = re.compile(r"/sign-in/confirm\?token=([\w-]+)")
KRAKOW = named_id("organisation", "Klaster LifeScience Kraków")
TARTU = named_id("organisation", "Tartu Biotechnology Park")
CE4BIG = named_id("partnership", "CE4BIG")
CELIS = named_id("partnership", "CELIS")
PROFILE: dict[str, Any] = {
    "side": "visitor",
    "activities": ["networking"],
    "sectors": ["companion diagnostics"],
    "languages": ["en", "pl"],
    "motivation": "We want to learn how our host brings diagnostics to market.",
    "consents": ["directory"],
}


class House:
    """The service, and ways to act on it."""

    def __init__(self, settings: Settings, database: Database, mails: Mailbox) -> None:
        self.settings = settings
        self.database = database
        self.mails = mails
        self.clock = FixedClock(MONDAY)
        self.service = make_service(settings, clock=self.clock)
        self.mailer = Mailer(self.service.database, settings, self.service.pages)
        transport = httpx.ASGITransport(app=self.service.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=settings.web_url)

    def person(self, key: str) -> Person:
        """Somebody of the seeds."""
        return Person(self.client, key, named_id("person", key))

    async def registered(self, name: str) -> Person:
        """Somebody new, registered by the operator."""
        body = {"name": name, "email": f"{name.lower()}@helixon.example"}
        answer = await self.person("operator").post("/api/v1/people", body)
        assert answer.status_code == 201, answer.text
        return Person(self.client, name, UUID(answer.json()["id"]))

    async def organisation(self, owner: Person, **changed: Any) -> str:
        """A small enterprise of the Kraków cluster, unless it is said otherwise; its id."""
        body = {"name": "Helixon", "kind": "sme", "town": "Kraków, PL", "cluster": str(KRAKOW), **changed}
        answer = await owner.post("/api/v1/organisations", body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def submit(self, who: Person, organisation: str, **changed: Any) -> httpx.Response:
        body = {**PROFILE, "organisation": organisation, "partnership": str(CE4BIG), **changed}
        return await who.post("/api/v1/participations", body)

    async def sweep(self) -> None:
        """The daily sweep, as its Schedule asks for it."""
        await self.service.offers.perform(SWEEP, Subject("directory"))

    async def mailed_token(self, address: str) -> str:
        """Sends what waits to be sent, and reads the newest link to this address."""
        while await self.mailer.send_next():
            pass
        newest = next(iter(self.mails.mails(address)))
        body = self.mails.message(newest.id).get_body(("plain",))
        assert body is not None
        found = LINK.search(body.get_content())
        assert found is not None
        return found[1]


@asynccontextmanager
async def house(
    database: Database, folder: Path, *, seeds: Seeds = "demo", **told: Any
) -> AsyncGenerator[House]:
    """The seeded service over a fresh database."""
    (folder / KEY_FILE).write_text(json.dumps(KEY.as_dict(private=True)))
    mails = Mailbox(folder / "mail")
    sink = await asyncio.get_running_loop().create_server(lambda: SMTP(mails), "127.0.0.1", 0)
    host, port = sink.sockets[0].getsockname()
    settings = Settings(
        database_url=SecretStr(database.engine.url.render_as_string(hide_password=False)),
        data=folder,
        smtp=f"{host}:{port}",
        log_json=False,
        seeds=seeds,
        **{"web_url": WEB, **told},
    )
    played = House(settings, database, mails)
    async with sink, played.client:
        await seeding.begin(played.service.database, played.clock, settings)
        yield played
        await played.service.database.close()
