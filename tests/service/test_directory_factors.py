"""Second factors and passwords: what people and intruders notice."""

import json
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import text

from contracts.ids import named_id
from services.chassis.identity.tokens import STEP_UP, read
from services.directory.sign_in_models import Password
from services.directory.signing_in.links import PER_ADDRESS
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.people import KEYS, Person
from tests.service.authenticator import Authenticator
from tests.service.entering import JAN, by_mail, csrf, options, post, waiting_options, with_passkey
from tests.service.house import CE4BIG, WEB, House, house

GOOD = "seven green lanterns drift"


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(await fresh_database("directory"), tmp_path) as played:
        yield played


def stepped_up_at(home: House) -> int:
    return read(home.client.cookies["relais_token"], KEYS).stepped_up_at


async def test_a_passkey_is_asked_for_after_the_mailed_link(home: House) -> None:
    authenticator, _codes = await with_passkey(home)
    answer = await by_mail(home)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/second")
    assert "relais_token" not in home.client.cookies
    assert (await home.client.get("/account")).status_code == 303, "nobody is signed in by one factor"
    shown = authenticator.show(await waiting_options(home))
    answer = await home.client.post("/sign-in/second", data={"answer": json.dumps(shown)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert stepped_up_at(home) > 0
    again = await home.client.post("/sign-in/second", data={"answer": json.dumps(shown)})
    assert again.status_code == 303 and again.headers["location"].startswith("/sign-in?"), "once"


async def test_an_answer_of_another_site_or_key_or_challenge_is_refused(home: House) -> None:
    authenticator, _codes = await with_passkey(home)
    await by_mail(home)
    asked = await waiting_options(home)
    elsewhere = Authenticator("https://evil.example")
    elsewhere._id, elsewhere._key = authenticator._id, authenticator._key
    stranger = Authenticator(WEB)
    for answer in (
        elsewhere.show(asked),
        stranger.show(await waiting_options(home)),
        authenticator.show({**await waiting_options(home), "challenge": "AAAA"}),
        {"id": "!"},
    ):
        page = await home.client.post("/sign-in/second", data={"answer": json.dumps(answer)})
        assert page.status_code == 422
        assert "was not accepted" in page.text


async def test_a_recovery_code_stands_in_once(home: House) -> None:
    _authenticator, codes = await with_passkey(home)
    async with home.database.transaction() as tx:
        kept = (await tx.execute(text("select hash from recovery_codes"))).scalars().all()
    assert not set(codes) & set(kept), "only hashes are kept"
    await by_mail(home)
    wrong = await home.client.post("/sign-in/second", data={"code": "abcde-fghjk-mnpqr"})
    assert (wrong.status_code, "none of your codes" in wrong.text) == (422, True)
    typed = codes[0].upper().replace("-", " ")
    assert (await home.client.post("/sign-in/second", data={"code": typed})).status_code == 303
    await by_mail(home)
    assert (await home.client.post("/sign-in/second", data={"code": codes[0]})).status_code == 422
    assert (await home.client.post("/sign-in/second", data={"code": codes[1]})).status_code == 303
    fresh = await post(home, "/account/codes")
    assert len(re.findall(r"<code>", fresh.text)) == 10
    await by_mail(home)
    assert (await home.client.post("/sign-in/second", data={"code": codes[2]})).status_code == 422, "replaced"


async def test_guessing_codes_is_slowed_down(home: House) -> None:
    await with_passkey(home)
    await by_mail(home)
    statuses = [
        (await home.client.post("/sign-in/second", data={"code": f"guess-{number}"})).status_code
        for number in range(PER_ADDRESS + 1)
    ]
    assert statuses == [422] * PER_ADDRESS + [429]


async def test_a_machine_shows_the_second_factor_too(home: House) -> None:
    _authenticator, codes = await with_passkey(home)
    await home.client.post("/api/v1/sign-in", json={"email": JAN})
    token = await home.mailed_token(JAN)
    first = (await home.client.post("/api/v1/sign-in/confirm", json={"token": token})).json()
    assert set(first) == {"waiting"}
    given = {"waiting": first["waiting"], "code": codes[0]}
    opened = (await home.client.post("/api/v1/sign-in/second", json=given)).json()
    identity = read(opened["token"], KEYS)
    assert (identity.person, identity.assurance) == (named_id("person", "ce4big-officer"), 2)


async def test_money_and_roles_ask_for_the_second_factor_again(home: House) -> None:
    coordinator = named_id("person", "ce4big-coordinator")
    plain = Person(home.client, "ce4big-coordinator", coordinator, stepped_up_at=0)
    body = {"email": JAN, "role": "organiser", "scope": str(CE4BIG)}
    refused = await plain.post("/api/v1/role-grants", body)
    assert (refused.status_code, refused.json()["slug"]) == (403, "step-up-needed")
    led = await plain.open("/role-grants/grant?scope=x")
    assert (led.status_code, led.headers["location"]) == (303, "/step-up?next=/role-grants/grant%3Fscope%3Dx")
    assert "no second factor yet" in (await plain.open("/step-up")).text
    assert (await home.person("ce4big-coordinator").post("/api/v1/role-grants", body)).status_code == 201


async def test_stepping_up_holds_for_a_quarter_of_an_hour(home: House) -> None:
    authenticator, codes = await with_passkey(home)
    await by_mail(home)
    await home.client.post("/sign-in/second", data={"code": codes[0]})
    async with home.database.transaction() as tx:
        await tx.execute(text("update sign_ins set stepped_up_at = stepped_up_at - interval '16 minutes'"))
    home.client.cookies.delete("relais_token")
    page = await home.client.get("/account")
    assert page.status_code == 200
    home.client.cookies.set("relais_token", page.cookies["relais_token"], domain="relais.test")
    before = stepped_up_at(home)
    assert (await post(home, "/account/codes")).headers["location"].startswith("/step-up")
    shown = authenticator.show(await options(home, "/step-up/options"))
    answer = await post(home, "/step-up", answer=json.dumps(shown), next="/account/security")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/security")
    assert stepped_up_at(home) - before >= STEP_UP
    assert (await post(home, "/account/codes")).status_code == 200
    renewed = await home.client.post("/api/v1/sessions/renew")
    assert read(renewed.json()["token"], KEYS).stepped_up_at == stepped_up_at(home), "it outlives the token"


async def test_an_old_sign_in_sets_no_password_and_adds_no_passkey(home: House) -> None:
    await by_mail(home)
    async with home.database.transaction() as tx:
        await tx.execute(text("update sign_ins set opened_at = opened_at - interval '16 minutes'"))
    page = await post(home, "/account/password", password=GOOD)
    assert (page.status_code, "Sign in again" in page.text) == (422, True)
    refused = await home.client.post("/account/passkeys/options", headers={"x-csrf-token": await csrf(home)})
    assert refused.status_code == 409


async def test_a_password_signs_in_and_is_kept_as_a_hash(home: House) -> None:
    await by_mail(home)
    for weak in ("short", "jan.kowal is my name", "aaaaaaaaaaaaaaa"):
        assert (await post(home, "/account/password", password=weak)).status_code == 422, weak
    assert (await post(home, "/account/password", password=GOOD)).status_code == 303
    async with home.database.transaction() as tx:
        kept = await tx.get(Password, named_id("person", "ce4big-officer"))
    assert kept is not None and kept.hash.startswith("$argon2id$")
    home.client.cookies.clear()
    form = {"email": JAN.upper(), "password": GOOD, "next": "//evil.example"}
    answer = await home.client.post("/sign-in/password", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    wrong = await home.client.post("/sign-in/password", data={**form, "password": "wrong"})
    unknown = await home.client.post("/sign-in/password", data={**form, "email": "nobody@nowhere.example"})
    assert wrong.status_code == unknown.status_code == 422
    assert "does not fit" in wrong.text and "does not fit" in unknown.text
    last = wrong
    for _ in range(PER_ADDRESS):
        last = await home.client.post("/sign-in/password", data={**form, "password": "wrong"})
    assert "Too many" in last.text


async def test_a_password_does_not_get_past_the_second_factor(home: House) -> None:
    await by_mail(home)
    await post(home, "/account/password", password=GOOD)
    await with_passkey(home)
    home.client.cookies.clear()
    answer = await home.client.post("/sign-in/password", data={"email": JAN, "password": GOOD})
    assert answer.headers["location"] == "/sign-in/second"
    machine = await home.client.post("/api/v1/sign-in/password", json={"email": JAN, "password": GOOD})
    assert set(machine.json()) == {"waiting"}


async def test_two_officers_let_somebody_begin_anew(home: House) -> None:
    await with_passkey(home)
    await by_mail(home)
    assert "Two officers were asked" in (await home.client.post("/sign-in/second/lost")).text
    assert "Two officers were asked" in (await home.client.post("/sign-in/second/lost")).text, "once"
    asked = next(
        fact for fact in await said(home.database, ["relais.directory"]) if "factor_reset" in fact.type
    )
    path = f"/api/v1/factor-resets/{asked.subject}"
    jan, operator = home.person("ce4big-officer"), home.person("operator")
    assert (await jan.post(f"{path}/second")).json()["slug"] == "reset-of-oneself"
    assert (await home.person("celis-officer").post(f"{path}/second")).status_code == 404
    adam = await home.registered("Adam")
    body = {"email": "adam@helixon.example", "role": "officer", "scope": str(CE4BIG)}
    assert (await home.person("ce4big-coordinator").post("/api/v1/role-grants", body)).status_code == 201
    page = await adam.open(f"/factor-resets/{asked.subject}")
    assert "Jan Kowal" in page.text
    assert (await adam.post(f"{path}/second")).json()["state"] == "seconded"
    assert (await adam.post(f"{path}/complete")).json()["slug"] == "second-person-needed"
    assert (await operator.post(f"{path}/complete")).json()["state"] == "done"
    async with home.database.transaction() as tx:
        assert (await tx.execute(text("select count(*) from passkeys"))).scalar_one() == 0
        assert (await tx.execute(text("select count(*) from recovery_codes"))).scalar_one() == 0
        assert (
            await tx.execute(text("select count(*) from sign_ins where state = 'open'"))
        ).scalar_one() == 0
    assert (await by_mail(home)).headers["location"] == "/account", "one factor is enough again"


async def test_the_last_passkey_takes_its_codes_along(home: House) -> None:
    await with_passkey(home)
    page = await home.client.get("/account/security")
    found = re.search(r"/account/passkeys/([\w-]+)/remove", page.text)
    assert found is not None
    refused = await post(home, f"/account/passkeys/{found[1]}/remove")
    assert refused.headers["location"].startswith("/step-up"), "not by a sign-in of one factor"
