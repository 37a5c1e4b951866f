"""Identities of an OpenID provider: signed in with, linked by their owner alone, unlinked."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import text

from tests.conftest import FreshDatabase
from tests.service.entering import CLAIRE, JAN, by_mail, post, waiting_options, with_passkey
from tests.service.house import WEB, House, house
from tests.service.openid_provider import CLIENT, SECRET, allow, at_provider

BACK = f"{WEB}/sign-in/provider/back"


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    """A directory that knows a provider."""
    async with at_provider(BACK) as issuer:
        told: dict[str, Any] = {
            "oidc_issuer": issuer,
            "oidc_client": CLIENT,
            "oidc_secret": SECRET,
            "oidc_name": "Campus",
        }
        async with house(await fresh_database("directory"), tmp_path, **told) as played:
            yield played


async def at_the_provider(home: House, path: str) -> Response:
    """Goes to the provider, signs in there, and comes back."""
    sent = await home.client.get(path)
    assert sent.status_code == 303
    back = await allow(sent.headers["location"], BACK)
    return await home.client.get(f"{back.path}?{back.query.decode()}")


async def test_an_identity_of_another_provider_is_linked_by_its_owner_alone(home: House) -> None:
    """The provider names Jan's own address; that links nothing."""
    assert "Campus" in (await home.client.get("/sign-in")).text
    page = await at_the_provider(home, "/sign-in/provider?next=/participations")
    assert "Who are you here?" in page.text
    assert "relais_token" not in home.client.cookies
    asked = await home.client.post("/sign-in/provider/link", data={"email": CLAIRE})
    assert asked.headers["location"] == "/sign-in/sent"
    token = await home.mailed_token(CLAIRE)
    shown = await home.client.get(f"/sign-in/confirm?token={token}")
    assert "It also links your identity with Campus" in shown.text
    answer = await home.client.post("/sign-in/confirm", data={"token": token})
    assert answer.headers["location"] == "/participations"
    home.client.cookies.clear()
    answer = await at_the_provider(home, "/sign-in/provider?next=/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert CLAIRE in (await home.client.get("/account")).text, "the one who used the mailed link"
    await by_mail(home)
    taken = await at_the_provider(home, "/account/identities/link")
    assert (taken.status_code, "linked to somebody" in taken.text) == (409, True)
    await by_mail(home, CLAIRE)
    assert (await post(home, "/account/identities/unlink")).status_code == 303
    await by_mail(home)
    linked = await at_the_provider(home, "/account/identities/link")
    assert linked.headers["location"] == "/account/security"
    home.client.cookies.clear()
    await at_the_provider(home, "/sign-in/provider?next=/account")
    assert JAN in (await home.client.get("/account")).text


async def test_a_mailed_link_that_a_stranger_asked_for_links_nothing(home: House) -> None:
    """Somebody brings an identity of theirs and writes Claire's address; Claire opens the mail in her browser."""
    await at_the_provider(home, "/sign-in/provider")
    await home.client.post("/sign-in/provider/link", data={"email": CLAIRE})
    token = await home.mailed_token(CLAIRE)
    home.client.cookies.clear()
    shown = await home.client.get(f"/sign-in/confirm?token={token}")
    assert "links nothing" in shown.text
    await home.client.post("/sign-in/confirm", data={"token": token})
    assert CLAIRE in (await home.client.get("/account")).text, "she is signed in by her own mail"
    home.client.cookies.clear()
    page = await at_the_provider(home, "/sign-in/provider")
    assert "Who are you here?" in page.text


async def test_whoever_has_a_second_factor_shows_it_before_an_identity_is_linked(home: House) -> None:
    authenticator, _codes = await with_passkey(home)
    home.client.cookies.clear()
    await at_the_provider(home, "/sign-in/provider")
    await home.client.post("/sign-in/provider/link", data={"email": JAN})
    await home.client.post("/sign-in/confirm", data={"token": await home.mailed_token(JAN)})
    shown = authenticator.show(await waiting_options(home))
    answer = await home.client.post("/sign-in/second", data={"answer": json.dumps(shown)})
    assert answer.headers["location"] == "/account/security"
    assert "Link your identity there" in (await home.client.get("/account/security")).text
    linked = await at_the_provider(home, "/account/identities/link")
    assert linked.headers["location"] == "/account/security"
    assert "Unlink it" in (await home.client.get("/account/security")).text


async def test_an_identity_is_linked_shortly_after_signing_in_and_by_whoever_began(home: House) -> None:
    await by_mail(home)
    sent = await home.client.get("/account/identities/link")
    back = await allow(sent.headers["location"], BACK)
    asked = home.client.cookies["relais_provider"]
    await by_mail(home, CLAIRE)
    home.client.cookies.set("relais_provider", asked, domain="relais.test")
    answer = await home.client.get(f"{back.path}?{back.query.decode()}")
    assert (answer.status_code, "Begin again" in answer.text) == (409, True)
    async with home.database.transaction() as tx:
        await tx.execute(text("update sign_ins set opened_at = opened_at - interval '1 hour'"))
    late = await home.client.get("/account/identities/link")
    assert (late.status_code, "You signed in a while ago" in late.text) == (409, True)


async def test_what_comes_back_from_a_provider_must_be_what_was_asked(home: House) -> None:
    sent = await home.client.get("/sign-in/provider")
    back = await allow(sent.headers["location"], BACK)
    path = f"{back.path}?{back.query.decode()}"
    mine = dict(home.client.cookies)
    home.client.cookies.clear()
    assert "Begin again" in (await home.client.get(path)).text, "another browser begins anew"
    for name, value in mine.items():
        home.client.cookies.set(name, value, domain="relais.test")
    assert "Begin again" in (await home.client.get(path.replace("state=", "state=x"))).text
    given_up = await home.client.get(f"{back.path}?error=access_denied")
    assert (given_up.status_code, "Begin again" in given_up.text) == (422, True)
    assert "Who are you here?" in (await home.client.get(path)).text
    assert "Begin again" in (await home.client.get(path)).text, "once"
