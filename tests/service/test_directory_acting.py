"""A sign-in takes up a mandate: its tokens and those that renew them name it, until it is laid down or over."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from joserfc.jwk import KeySet

from services.chassis.identity.tokens import Identity, read
from tests.conftest import FreshDatabase
from tests.service.house import KEY, House, house
from tests.service.test_directory_sign_in import renewed, signed_in

KEYS = KeySet([KEY])


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(await fresh_database("directory"), tmp_path) as played:
        yield played


def told(token: str) -> Identity:
    return read(token, KEYS)


async def test_a_mandate_is_taken_up_and_laid_down_by_a_sign_in(home: House) -> None:
    ewa, adam = await home.registered("Ewa"), await home.registered("Adam")
    days = {"first_day": "2026-11-23", "last_day": "2026-12-31"}
    proxy = {"kind": "proxy", "scope": await home.organisation(ewa), "email": "adam@helixon.example", **days}
    mandate = (await ewa.post("/api/v1/mandates", proxy)).json()["id"]
    page = f"/mandates/{mandate}/act-for"
    assert "You cannot sign, declare, decide" in (await adam.open(page)).text
    assert (await ewa.open(page)).status_code == 404, "nobody takes up somebody else's"
    entered = await signed_in(home, "adam@helixon.example")
    bearer = {"Authorization": f"Bearer {entered['token']}"}
    assert told(entered["token"]).mandate is None
    taken = await home.client.post(f"/api/v1{page}", headers=bearer)
    assert taken.status_code == 200, taken.text
    assert (str(told(taken.json()["token"]).mandate), told(taken.json()["token"]).principal) == (
        mandate,
        "Ewa",
    )
    fresh = (await renewed(home, entered["session"])).json()["token"]
    assert str(told(fresh).mandate) == mandate
    acting = {"Authorization": f"Bearer {fresh}"}
    own = {**proxy, "email": "ewa@helixon.example"}
    refused = await home.client.post("/api/v1/mandates", json=own, headers=acting)
    assert refused.status_code in (403, 404, 422), "a mandate is not passed on"
    stopped = await home.client.post("/mandates/stop", headers=acting)
    assert (stopped.status_code, stopped.headers["location"]) == (303, "/mandates")
    assert told((await renewed(home, entered["session"])).json()["token"]).mandate is None
    home.client.cookies.clear()
    await home.client.post(f"/api/v1{page}", headers=bearer)
    assert (await ewa.post(f"/api/v1/mandates/{mandate}/revoke")).status_code == 200
    assert told((await renewed(home, entered["session"])).json()["token"]).mandate is None


async def test_signing_out_ends_the_sign_in_of_who_acts_for_another(home: House) -> None:
    ewa = await home.registered("Ewa")
    await home.registered("Adam")
    days = {"first_day": "2026-11-23", "last_day": "2026-12-31"}
    proxy = {"kind": "proxy", "scope": await home.organisation(ewa), "email": "adam@helixon.example", **days}
    mandate = (await ewa.post("/api/v1/mandates", proxy)).json()["id"]
    entered = await signed_in(home, "adam@helixon.example")
    bearer = {"Authorization": f"Bearer {entered['token']}"}
    token = (await home.client.post(f"/api/v1/mandates/{mandate}/act-for", headers=bearer)).json()["token"]
    await home.client.post("/sign-out", headers={"Authorization": f"Bearer {token}"})
    assert (await renewed(home, entered["session"])).status_code == 401
