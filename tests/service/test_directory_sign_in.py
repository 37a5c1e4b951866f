"""Signing in by a mailed link, joining, sessions and their end: what people and intruders notice."""

import asyncio
import stat
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from httpx import Response
from sqlalchemy import text
from sqlmodel import select

from contracts.ids import named_id
from services.chassis.identity.tokens import read
from services.directory.models import SignInLink
from services.directory.signing_in.links import PER_ADDRESS, own_path
from services.directory.signing_in.mailer import Mailer
from services.directory.signing_in.secret import signing_key
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.people import KEYS
from tests.service.house import WEB, House, house

JAN = "jan.kowal@ce4big.example"


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(await fresh_database("directory"), tmp_path) as played:
        yield played


async def ask(home: House, email: str, next: str = "/") -> Response:
    return await home.client.post("/sign-in", data={"email": email, "next": next})


async def follow(home: House, token: str) -> Response:
    return await home.client.post("/sign-in/confirm", data={"token": token})


async def signed_in(home: House, email: str = JAN) -> dict[str, str]:
    """A machine's sign-in: its token, session and person."""
    await home.client.post("/api/v1/sign-in", json={"email": email})
    token = await home.mailed_token(email)
    return (await home.client.post("/api/v1/sign-in/confirm", json={"token": token})).json()


async def renewed(home: House, session: str) -> Response:
    headers = {"Cookie": f"relais_session={session}"}
    return await home.client.post("/api/v1/sessions/renew", headers=headers)


async def age(home: House, column: str, by: timedelta) -> None:
    """Moves a real time of all sign-ins into the past."""
    async with home.database.transaction() as tx:
        await tx.execute(text(f"update sign_ins set {column} = {column} - :by"), {"by": by})


async def test_a_mailed_link_signs_in_and_leads_where_one_wanted_to_go(home: House) -> None:
    asked = await ask(home, JAN, "/participations?state=submitted")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in/sent")
    answer = await follow(home, await home.mailed_token(JAN))
    assert (answer.status_code, answer.headers["location"]) == (303, "/participations?state=submitted")
    cookies = answer.headers.get_list("set-cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["relais_session", "relais_token"]
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie for cookie in cookies)
    page = await home.client.get("/account")
    assert page.status_code == 200
    assert JAN in page.text
    assert "this device" in page.text


async def test_looking_at_the_link_does_not_use_it_up(home: House) -> None:
    await ask(home, JAN)
    token = await home.mailed_token(JAN)
    for _ in range(2):
        shown = await home.client.get(f"/sign-in/confirm?token={token}")
        assert shown.status_code == 200
        assert "set-cookie" not in shown.headers
    assert (await follow(home, token)).status_code == 303


async def test_a_link_works_once_even_when_followed_twice_at_once(home: House) -> None:
    await ask(home, JAN)
    token = await home.mailed_token(JAN)
    answers = await asyncio.gather(*(follow(home, token) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410, 410]
    assert "used before or is too old" in next(a for a in answers if a.status_code == 410).text


async def test_a_link_is_good_for_half_an_hour(home: House) -> None:
    await ask(home, JAN)
    token = await home.mailed_token(JAN)
    async with home.database.transaction() as tx:
        await tx.execute(text("update sign_in_links set expires_at = expires_at - interval '30 minutes'"))
    refused = await home.client.post("/api/v1/sign-in/confirm", json={"token": token})
    assert (refused.status_code, refused.json()["slug"]) == (410, "link-spent")


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(home: House) -> None:
    known, unknown = await ask(home, JAN), await ask(home, "nobody@nowhere.example")
    assert (known.status_code, known.headers["location"]) == (
        unknown.status_code,
        unknown.headers["location"],
    )
    await home.mailed_token(JAN)
    assert not list(home.mails.mails("nobody@nowhere.example"))


async def test_the_secret_of_a_link_is_in_the_mail_and_nowhere_else(home: House) -> None:
    await ask(home, JAN)
    token = await home.mailed_token(JAN)
    async with home.database.transaction() as tx:
        rows = (await tx.session.exec(select(SignInLink))).all()
    assert token not in " ".join(row.model_dump_json() for row in rows)
    facts = await said(home.database, ["relais.directory", "relais.persons"])
    assert token not in str(facts)


async def test_a_mail_that_the_server_refused_is_sent_again(home: House) -> None:
    await ask(home, JAN)
    away = home.settings.model_copy(update={"smtp": "127.0.0.1:9"})
    assert await Mailer(home.service.database, away, home.service.pages).send_next()
    assert not await home.mailer.send_next(), "it waits a moment before it tries again"
    async with home.database.transaction() as tx:
        await tx.execute(text("update sign_in_links set try_at = now()"))
    assert (await follow(home, await home.mailed_token(JAN))).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/cases?state=open&after=1", "/cases?state=open&after=1"),
        (f"{WEB}/events/1", "/events/1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("/\t/evil.example/", "/"),
        (f"{WEB}.evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_signing_in_never_leads_to_another_site(wanted: str, led_to: str) -> None:
    assert own_path(wanted, WEB) == led_to


async def test_too_many_links_are_refused_for_known_and_unknown_addresses_alike(home: House) -> None:
    for address in (JAN, "nobody@nowhere.example"):
        answers = [
            await home.client.post("/api/v1/sign-in", json={"email": address}) for _ in range(PER_ADDRESS + 1)
        ]
        assert [answer.status_code for answer in answers] == [202] * PER_ADDRESS + [429]
        assert answers[-1].json()["slug"] == "too-many-links"


async def test_a_wrong_address_is_shown_again_with_the_reason(home: House) -> None:
    page = await ask(home, "jan.kowal at ce4big")
    assert page.status_code == 422
    assert 'value="jan.kowal at ce4big"' in page.text
    assert "Enter a mail address like name@example.org" in page.text


async def test_who_joins_is_registered_when_the_mail_has_proved_the_address(home: House) -> None:
    body = {"name": "Ewa Nowak", "email": "ewa.nowak@helixon.example", "language": "pl"}
    assert (await home.client.post("/api/v1/people/join", json=body)).status_code == 202
    before = len(await said(home.database, ["relais.persons"]))
    token = await home.mailed_token(body["email"])
    assert len(await said(home.database, ["relais.persons"])) == before
    opened = (await home.client.post("/api/v1/sign-in/confirm", json={"token": token})).json()
    last = (await said(home.database, ["relais.persons"]))[-1]
    assert last.body == {"status": "active", **body}
    assert str(last.subject) == opened["person"]


async def test_joining_with_a_known_address_signs_that_person_in_and_changes_nothing(home: House) -> None:
    body = {"name": "Somebody Else", "email": JAN.upper(), "language": "fr"}
    assert (await home.client.post("/api/v1/people/join", json=body)).status_code == 202
    opened = await home.client.post("/api/v1/sign-in/confirm", json={"token": await home.mailed_token(JAN)})
    assert opened.json()["person"] == str(named_id("person", "ce4big-officer"))
    account = await home.client.get(
        "/api/v1/account", headers={"Authorization": f"Bearer {opened.json()['token']}"}
    )
    assert account.json()["name"] == "Jan Kowal"


async def test_a_name_cannot_carry_a_link_into_somebody_elses_mail(home: House) -> None:
    body = {"name": "win at www.evil.example", "email": "victim@nowhere.example"}
    assert (await home.client.post("/api/v1/people/join", json=body)).status_code == 422


async def test_a_session_gives_fresh_tokens_until_it_idles(home: House) -> None:
    opened = await signed_in(home)
    again = await renewed(home, opened["session"])
    assert read(again.json()["token"], KEYS).person == UUID(opened["person"])
    await age(home, "seen_at", timedelta(minutes=29))
    assert (await renewed(home, opened["session"])).status_code == 200
    await age(home, "seen_at", timedelta(minutes=31))
    ended = await renewed(home, opened["session"])
    assert (ended.status_code, ended.json()["slug"]) == (401, "sign-in-ended")


async def test_a_session_ends_after_twelve_hours_however_much_it_is_used(home: House) -> None:
    opened = await signed_in(home)
    await age(home, "opened_at", timedelta(hours=12))
    assert (await renewed(home, opened["session"])).status_code == 401


async def test_the_form_token_stays_the_same_for_a_session(home: House) -> None:
    """A form that was opened before the token was renewed can still be sent."""
    opened = await signed_in(home)
    fresh = (await renewed(home, opened["session"])).json()["token"]
    assert read(fresh, KEYS).csrf == read(opened["token"], KEYS).csrf
    other = await signed_in(home)
    assert read(other["token"], KEYS).csrf != read(opened["token"], KEYS).csrf


async def test_a_session_that_somebody_planted_is_worth_nothing(home: House) -> None:
    await ask(home, JAN)
    token = await home.mailed_token(JAN)
    home.client.cookies.set("relais_session", "planted")
    answer = await follow(home, token)
    assert "planted" not in "".join(answer.headers.get_list("set-cookie"))
    assert (await renewed(home, "planted")).status_code == 401


async def test_signing_out_ends_the_sign_in_for_every_holder_of_its_cookies(home: House) -> None:
    await ask(home, JAN)
    await follow(home, await home.mailed_token(JAN))
    token, session = home.client.cookies["relais_token"], home.client.cookies["relais_session"]
    csrf = read(token, KEYS).csrf
    out = await home.client.post("/sign-out", data={"csrf": csrf})
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    assert "relais_session" not in home.client.cookies
    assert (await renewed(home, session)).status_code == 401
    kept = await home.client.get("/api/v1/account", headers={"Cookie": f"relais_token={token}"})
    assert (kept.status_code, kept.json()["slug"]) == (401, "sign-in-ended")
    assert (await said(home.database, ["relais.directory"]))[-1].type == "relais.sign_in.revoked.v1"


async def test_one_ends_another_of_ones_sign_ins_and_nobody_elses(home: House) -> None:
    mine, lost, other = (
        await signed_in(home),
        await signed_in(home),
        await signed_in(home, "mart.saar@celis.example"),
    )
    id = read(lost["token"], KEYS).sign_in

    async def end(who: dict[str, str]) -> Response:
        headers = {"Authorization": f"Bearer {who['token']}"}
        return await home.client.post(f"/api/v1/sign-ins/{id}/revoke", headers=headers)

    assert (await end(other)).status_code == 404
    assert (await end(mine)).json()["state"] == "revoked"
    assert (await renewed(home, lost["session"])).status_code == 401
    assert (await renewed(home, mine["session"])).status_code == 200


async def test_another_site_cannot_sign_a_browser_in_or_have_mails_sent(home: House) -> None:
    await ask(home, JAN)
    token = await home.mailed_token(JAN)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        for path, data in (("/sign-in/confirm", {"token": token}), ("/sign-in", {"email": JAN})):
            assert (await home.client.post(path, data=data, headers=headers)).status_code == 403
    assert (await follow(home, token)).status_code == 303


async def test_the_key_is_the_services_own_secret_and_only_its_public_half_is_published(
    home: House, tmp_path: Path
) -> None:
    made = signing_key(tmp_path / "new")
    file = tmp_path / "new" / "signing-key.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert signing_key(tmp_path / "new").kid == made.kid
    published = (await home.client.get("/.well-known/jwks.json")).json()
    assert [set(key) & {"d", "p", "q"} for key in published["keys"]] == [set()]


async def test_the_sweep_closes_idle_sign_ins_and_forgets_old_links(home: House) -> None:
    await signed_in(home)
    await age(home, "seen_at", timedelta(hours=1))
    async with home.database.transaction() as tx:
        await tx.execute(text("update sign_in_links set asked_at = asked_at - interval '2 days'"))
    await home.sweep()
    assert (await said(home.database, ["relais.directory"]))[-1].type == "relais.sign_in.expired.v1"
    async with home.database.transaction() as tx:
        assert not (await tx.session.exec(select(SignInLink))).all()
