"""How every service receives people: tokens renewed on the way, sign-ins that were revoked, requests that
come from another site. Directory answers over HTTP, as it does in a stack.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import httpx
import pytest
import uvicorn
from fastapi import Depends, FastAPI
from joserfc.jwk import OKPKey
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from contracts import person, sign_in
from contracts.errors import NotKnownYet
from contracts.ids import new_id
from services.chassis.database import Database
from services.chassis.facts.reader import Reader
from services.chassis.identity.actor import Actor
from services.chassis.identity.people import hear_people, known_person, people_of
from services.chassis.identity.tokens import Identity, Keys, new_key, read, sign
from services.chassis.service import Service
from services.chassis.settings import Settings
from tests.conftest import FreshDatabase
from tests.facts import a_fact, deliver
from tests.people import KEY, KEYS
from tests.service.house import House, house

JAN = "jan.kowal@ce4big.example"
WEB = "http://relais.test"


@asynccontextmanager
async def served(app: FastAPI) -> AsyncGenerator[str]:
    """The app on a port of its own, without its background jobs; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
        serving = asyncio.create_task(server.serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


class Visitor:
    """A browser at a service that is not directory."""

    def __init__(self, home: House, service: Service, database: Database) -> None:
        self.home = home
        self.service = service
        self.database = database
        transport = httpx.ASGITransport(app=service.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=WEB)

    async def sign_in(self) -> dict[str, str]:
        await self.home.client.post("/api/v1/sign-in", json={"email": JAN})
        token = await self.home.mailed_token(JAN)
        opened = (await self.home.client.post("/api/v1/sign-in/confirm", json={"token": token})).json()
        self.client.cookies.set("relais_session", opened["session"], domain="relais.test")
        self.client.cookies.set("relais_token", opened["token"], domain="relais.test")
        return opened

    def hold(self, token: str) -> None:
        """Replaces the cookie's token."""
        self.client.cookies.set("relais_token", token, domain="relais.test")


def receiving(settings: Settings, keys: Keys | None = None) -> Service:
    """A service that tells whom it has received."""
    service = Service("overview", settings, keys=keys)
    signed_in, guest = service.reception.actor, service.reception.guest

    @service.app.api_route("/name", methods=["GET", "POST"])
    async def name(actor: Annotated[Actor, Depends(signed_in)]) -> Response:
        return PlainTextResponse(actor.name)

    @service.app.post("/said")
    async def said(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Response:
        return PlainTextResponse(str((await request.form())["words"]))

    @service.app.get("/anybody")
    async def anybody(actor: Annotated[Actor | None, Depends(guest)]) -> Response:
        return PlainTextResponse(actor.name if actor else "guest")

    return service


@pytest.fixture
async def visitor(
    fresh_database: FreshDatabase, listener: Database, tmp_path: Path
) -> AsyncGenerator[Visitor]:
    async with (
        house(await fresh_database("directory"), tmp_path) as home,
        served(home.service.app) as address,
    ):
        url = listener.engine.url.render_as_string(hide_password=False)
        settings = Settings(
            database_url=SecretStr(url), data=tmp_path, log_json=False, web_url=WEB, directory_url=address
        )
        service = receiving(settings)
        visitor = Visitor(home, service, listener)
        async with visitor.client:
            yield visitor
        await service.database.close()


def older(token: str, key: OKPKey = KEY) -> str:
    """The same token, as it is when its five minutes are over."""
    return sign(read(token, KEYS), key, lifetime=-1)


async def test_a_token_is_verified_with_the_keys_that_directory_publishes(visitor: Visitor) -> None:
    await visitor.sign_in()
    assert (await visitor.client.get("/name")).text == "Jan Kowal"


async def test_a_form_survives_its_token(visitor: Visitor) -> None:
    """Opened with one token, sent when that has expired: renewed on the way, and the browser gets the new one."""
    opened = await visitor.sign_in()
    visitor.hold(older(opened["token"]))
    csrf = read(opened["token"], KEYS).csrf
    answer = await visitor.client.post("/said", data={"csrf": csrf, "words": "kept"})
    assert (answer.status_code, answer.text) == (200, "kept")
    fresh = read(answer.cookies["relais_token"], KEYS)
    assert (str(fresh.person), fresh.csrf) == (opened["person"], csrf)
    assert "HttpOnly" in answer.headers["set-cookie"]


async def test_a_session_alone_is_enough_and_a_token_of_a_lost_key_is_replaced(visitor: Visitor) -> None:
    opened = await visitor.sign_in()
    visitor.client.cookies.delete("relais_token", domain="relais.test")
    assert (await visitor.client.get("/name")).status_code == 200
    visitor.hold(sign(read(opened["token"], KEYS), new_key()))
    assert (await visitor.client.get("/name")).status_code == 200


async def test_an_expired_bearer_is_refused_and_so_is_one_signed_by_somebody_else(visitor: Visitor) -> None:
    opened = await visitor.sign_in()
    visitor.client.cookies.clear()
    forged = sign(read(opened["token"], KEYS), new_key())
    for token in (older(opened["token"]), forged, "nonsense", opened["token"][:-4] + "AAAA"):
        answer = await visitor.client.get("/name", headers={"Authorization": f"Bearer {token}"})
        assert answer.headers["location"] == "/sign-in?next=/name"
    good = await visitor.client.get("/name", headers={"Authorization": f"Bearer {opened['token']}"})
    assert good.text == "Jan Kowal"


async def test_an_ended_session_leads_to_sign_in_and_back(visitor: Visitor) -> None:
    opened = await visitor.sign_in()
    visitor.hold(older(opened["token"]))
    visitor.client.cookies.set("relais_session", "ended", domain="relais.test")
    answer = await visitor.client.get("/name?of=me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/name%3Fof%3Dme")


async def test_a_revoked_sign_in_is_refused_before_its_token_expires(visitor: Visitor) -> None:
    opened = await visitor.sign_in()
    identity = read(opened["token"], KEYS)
    revoked = a_fact(sign_in.Revoked(person=identity.person), subject=identity.sign_in)
    await deliver(visitor.service.reader, visitor.database, revoked)
    assert (await visitor.client.get("/name")).status_code == 303
    assert (await visitor.client.get("/anybody")).text == "guest", "a page for everybody is still shown"


async def test_directory_away_is_no_sign_out(visitor: Visitor) -> None:
    """Nobody is sent to sign in because a server is away: the request can be repeated."""
    opened = await visitor.sign_in()
    alone = receiving(visitor.service.settings, Keys("http://127.0.0.1:9", KEYS))
    there = Visitor(visitor.home, alone, visitor.database)
    there.hold(opened["token"])
    assert (await there.client.get("/name")).status_code == 200
    there.hold(older(opened["token"]))
    there.client.cookies.set("relais_session", opened["session"], domain="relais.test")
    assert (await there.client.get("/name")).status_code == 503
    await alone.database.close()


SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": WEB},
    ],
)
async def test_what_another_site_sends_is_refused(visitor: Visitor, headers: dict[str, str]) -> None:
    opened = await visitor.sign_in()
    form = {"csrf": read(opened["token"], KEYS).csrf, "words": "x"}
    assert (await visitor.client.post("/said", data=form, headers=headers)).status_code == 403
    assert (await visitor.client.get("/name", headers=headers)).status_code == 200, "reading changes nothing"


@pytest.mark.parametrize("csrf", [None, "", "somebody-elses", "ż"])
async def test_a_form_without_its_own_token_is_refused(visitor: Visitor, csrf: str | None) -> None:
    await visitor.sign_in()
    form = {"words": "x"} | ({} if csrf is None else {"csrf": csrf})
    assert (await visitor.client.post("/said", data=form, headers=SAME)).status_code == 403


async def test_scripts_repeat_the_token_in_a_header(visitor: Visitor) -> None:
    opened = await visitor.sign_in()
    csrf = read(opened["token"], KEYS).csrf
    for headers in (SAME, {"Origin": WEB}, {}):
        assert (
            await visitor.client.post("/name", headers={"X-CSRF-Token": csrf, **headers})
        ).status_code == 200
    assert (await visitor.client.post("/name", headers={"X-CSRF-Token": "other", **SAME})).status_code == 403


async def test_a_bearer_needs_no_form_token_for_no_other_site_can_send_it(visitor: Visitor) -> None:
    opened = await visitor.sign_in()
    visitor.client.cookies.clear()
    answer = await visitor.client.post("/name", headers={"Authorization": f"Bearer {opened['token']}"})
    assert answer.status_code == 200


async def test_a_token_for_nobody_is_no_token(visitor: Visitor) -> None:
    identity = Identity(new_id(), new_id(), 1, "Jan Kowal", "en", "csrf")
    unsigned = sign(identity, KEY).rsplit(".", 1)[0] + "."
    visitor.hold(unsigned)
    assert (await visitor.client.get("/anybody")).text == "guest"


async def test_people_are_known_from_their_facts_until_they_are_erased(fresh_database: FreshDatabase) -> None:
    database, reader, ewa = await fresh_database("notifications"), Reader("notifications"), new_id()
    hear_people(reader)
    async with database.transaction() as tx:
        with pytest.raises(NotKnownYet):
            await known_person(tx, ewa)
    body = person.Described(status="active", name="Ewa", email="ewa@helixon.example", language="pl")
    await deliver(
        reader, database, a_fact(body, ewa), a_fact(person.Described(status="erased"), ewa, version=2)
    )
    await deliver(reader, database, a_fact(body, ewa, version=1))
    async with database.transaction() as tx:
        known = (await people_of(tx, [ewa, new_id()]))[ewa]
    assert (known.status, known.name, known.email) == ("erased", "", "")
