"""A legal signatory who is no user of Relais signs by a mailed link: exactly the text, once, or says why not."""

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from aiosmtpd.smtp import SMTP
from sqlalchemy import text

from contracts import person
from deploy.local.mail import Mailbox
from services.applications.agreements.naming import SignatoryMailer
from services.applications.models import Agreement
from services.chassis.database import Database
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.people import MONDAY, Person
from tests.service.exchange import Exchange, exchange

ANNA = {
    "party": "VO",
    "name": "Dr Anna Nowak",
    "function": "Managing Director",
    "email": "anna@helixon.example",
}
OF_MAIL = re.compile(r"/agreements/link\?token=(\S+)")


class Post:
    """The exchange, and the mails that its signatories get."""

    def __init__(self, play: Exchange, mails: Mailbox, mailer: SignatoryMailer) -> None:
        self.play, self._mails, self._mailer = play, mails, mailer

    async def name(self, who: Person | None = None, **changed: str) -> httpx.Response:
        paper = (await self.play.papers())["quality"]["id"]
        return await (who or self.play.visitor).post(
            f"/api/v1/agreements/{paper}/name-signatory", {**ANNA, **changed}
        )

    async def mailed(self, address: str) -> list[str]:
        """What was sent to an address, the newest first, once all that is to be sent was."""
        while await self._mailer.send_next():
            pass
        return [mail.id for mail in self._mails.mails(address)]

    async def token(self, address: str = ANNA["email"]) -> str:
        """Of the newest mail to an address."""
        body = self._mails.message((await self.mailed(address))[0]).get_body(("plain",))
        assert body is not None
        found = OF_MAIL.search(body.get_content())
        assert found is not None
        return found[1]

    async def open(self, token: str, form: str = "") -> httpx.Response:
        return await self.play.stage.client.get(f"/agreements/link{form}", params={"token": token})

    async def send(self, token: str, what: str, **form: Any) -> httpx.Response:
        """A form of the link's page, as a browser posts it."""
        return await self.play.stage.client.post(
            f"/agreements/link/{what}",
            data={"token": token, **form},
            headers={"Sec-Fetch-Site": "same-origin"},
        )

    async def sign(self, token: str, **changed: Any) -> httpx.Response:
        document = (await self.play.papers())["quality"]["document"]
        form = {"document": document, "name": ANNA["name"], "function": ANNA["function"], "power": "true"}
        return await self.send(token, "sign", **{**form, **changed})

    async def missing(self) -> list[str]:
        return (await self.play.papers())["quality"]["missing"]


@asynccontextmanager
async def posting(database: Database, folder: Path) -> AsyncGenerator[Post]:
    """An awarded exchange whose Commitment waits for signatures, and a mail server."""
    mails = Mailbox(folder / "mail")
    sink = await asyncio.get_running_loop().create_server(lambda: SMTP(mails), "127.0.0.1", 0)
    host, port = sink.sockets[0].getsockname()
    async with sink, exchange(database, folder) as play:
        service = play.stage.service
        settings = service.settings.model_copy(update={"smtp": f"{host}:{port}"})
        await play.play_to_award()
        yield Post(play, mails, SignatoryMailer(service.database, settings, service.pages))


@pytest.fixture
async def post(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Post]:
    async with posting(await fresh_database("applications"), tmp_path) as played:
        yield played


async def test_the_link_opens_exactly_the_text_and_signs_it_once(post: Post) -> None:
    named = await post.name()
    assert named.status_code == 200, named.text
    token = await post.token()
    paper = (await post.play.papers())["quality"]
    page = await post.open(token)
    assert page.status_code == 200 and paper["document"] in page.text
    assert "COMMITMENT TO QUALITY" in page.text and "Dr Anna Nowak, you are named" in page.text
    assert "/cases/" not in page.text, "nothing of the case stands beside it"
    bare = await post.open(token, "/text")
    assert hashlib.sha256(bare.content).hexdigest() == paper["document"]
    assert (await post.open(token, "/pdf")).content.startswith(b"%PDF")
    unread = await post.sign(token, document="0" * 64)
    assert unread.status_code == 422 and "changed since you read it" in unread.text
    powerless = await post.sign(token, power="false")
    assert powerless.status_code == 422 and "Dr Anna Nowak" in powerless.text, "what was typed is kept"
    signed = await post.sign(token)
    assert signed.status_code == 303
    assert "VO" not in await post.missing()
    after = await post.open(token)
    assert after.status_code == 200 and "You have signed this text" in after.text
    assert paper["document"] in after.text
    again = await post.sign(token)
    assert again.status_code == 410 and "You have signed this text" in again.text
    fact = next(one for one in reversed(await said(post.play.stage.database, ("relais.applications",))))
    assert (fact.type, fact.via) == ("relais.agreement.signed.v1", "link")


async def test_the_evidence_stands_with_the_signature_for_who_checks_it(post: Post) -> None:
    await post.name()
    await post.sign(await post.token())
    page = f"/agreements/{(await post.play.papers())['quality']['id']}"
    for_officer = (await post.play.officer.open(page)).text
    assert "Dr Anna Nowak, Managing Director" in for_officer and "by a mailed link" in for_officer
    assert "anna@helixon.example" in for_officer and "127.0.0.1" in for_officer
    for_host = (await post.play.host.open(page)).text
    assert "by a mailed link" in for_host and "anna@helixon.example" not in for_host


async def test_naming_somebody_again_makes_the_earlier_link_useless(post: Post) -> None:
    await post.name()
    first = await post.token()
    await post.name(post.play.officer, name="Piotr Zając", email="piotr@helixon.example")
    second = await post.token("piotr@helixon.example")
    assert (await post.open(first, "/pdf")).status_code == 410
    over = await post.open(first)
    assert over.status_code == 410 and "Another link was sent after this one" in over.text
    assert (await post.sign(first)).status_code == 410
    assert "VO" in await post.missing()
    assert (await post.sign(second, name="Piotr Zając")).status_code == 303
    assert "VO" not in await post.missing()


async def test_whoever_refuses_says_why_and_the_parties_read_it(post: Post) -> None:
    await post.name()
    token = await post.token()
    silent = await post.send(token, "refuse", remark="")
    assert silent.status_code == 422
    refused = await post.send(token, "refuse", remark="We cannot travel in January.")
    assert refused.status_code == 303
    assert "You have refused to sign" in (await post.open(token)).text
    case = (await post.play.officer.get(f"/api/v1/applications/{post.play.case}")).json()
    assert case["state"] == "withdrawn"
    page = (await post.play.host.open(f"/agreements/{(await post.play.papers())['quality']['id']}")).text
    assert "We cannot travel in January." in page and "Dr Anna Nowak has refused" in page


async def test_a_text_that_is_void_cannot_be_signed_by_its_link(post: Post) -> None:
    await post.name()
    token = await post.token()
    paper = (await post.play.papers())["quality"]
    refused = await post.play.host.post(f"/api/v1/agreements/{paper['id']}/refuse", {"remark": "We moved."})
    assert refused.status_code == 200
    void = await post.open(token)
    assert void.status_code == 410 and "is void" in void.text


async def test_a_link_ends_with_the_time_to_sign_and_with_another_signature(post: Post) -> None:
    await post.name()
    token = await post.token()
    await post.play.sign(post.play.visitor, "quality")
    assert "Somebody has signed for your organisation" in (await post.open(token)).text
    await post.name(party="HO", who=post.play.host, email="mati@tartu.example")
    late = await post.token("mati@tartu.example")
    due = (await post.play.officer.get(f"/api/v1/applications/{post.play.case}")).json()["due_at"]
    post.play.stage.clock.forward(datetime.fromisoformat(due) - MONDAY + timedelta(minutes=1))
    assert "The time to sign is over" in (await post.open(late)).text
    assert (await post.sign(late)).status_code == 410


async def links(post: Post) -> list[tuple[str, str]]:
    """Name and mail address that are kept of each link, the oldest first."""
    async with post.play.stage.database.transaction() as tx:
        rows = await tx.execute(
            text("select name, email from signatory_links order by named_at, superseded desc")
        )
        return [(row.name, row.email) for row in rows]


async def test_who_was_named_is_forgotten_as_soon_as_nobody_waits_for_them(post: Post) -> None:
    await post.name()
    await post.name(name="Piotr Zając", email="piotr@helixon.example")
    assert await links(post) == [("", ""), ("Piotr Zając", "piotr@helixon.example")]
    token = await post.token("piotr@helixon.example")
    assert (await post.sign(token, name="Piotr Zając")).status_code == 303
    assert {name for name, _email in await links(post)} == {""}, "what the signature needs stands with it"
    await post.name(party="HO", who=post.play.host, email="mati@tartu.example")
    await post.play.sign(post.play.host, "quality")
    assert {email for _name, email in await links(post)} == {""}, "somebody else has signed"
    assert not await post.mailed("mati@tartu.example")


async def test_a_case_that_is_over_keeps_who_signed_and_when_and_not_from_where(post: Post) -> None:
    await post.name()
    await post.sign(await post.token())
    paper = (await post.play.papers())["quality"]["id"]
    assert "anna@helixon.example" in (await post.play.officer.open(f"/agreements/{paper}")).text
    assert (await post.play.act(post.play.visitor, "withdraw")).status_code == 200
    async with post.play.stage.database.transaction() as tx:
        kept = (await tx.found(Agreement, UUID(paper))).signatures[0]
    assert kept["name"] == ANNA["name"] and kept["at"] and kept["document"] and kept["link"]
    assert not {"email", "address"} & kept.keys()
    page = await post.play.officer.open(f"/agreements/{paper}")
    assert "Dr Anna Nowak, Managing Director" in page.text and "by a mailed link" in page.text
    assert "anna@helixon.example" not in page.text
    typeset = await post.play.officer.open(f"/agreements/{paper}/pdf")
    assert typeset.content.startswith(b"%PDF")


async def test_a_wrong_link_says_so(post: Post) -> None:
    wrong = await post.open("not-a-link")
    assert wrong.status_code == 404 and "This link is not one of ours" in wrong.text
    from_elsewhere = await post.play.stage.client.post(
        "/agreements/link/sign", data={"token": "not-a-link"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert from_elsewhere.status_code == 403


async def test_nobody_names_for_another_side_or_themselves(post: Post) -> None:
    assert (await post.name(post.play.host)).json()["slug"] == "not-your-role"
    assert (await post.name(post.play.stranger)).status_code == 404
    own = person.Described(name="Ewa", email="ewa@helixon.example", language="en", status="active")
    await post.play.stage.hear(a_fact(own, post.play.visitor.id))
    oneself = await post.name(email="Ewa@helixon.example")
    assert oneself.json()["slug"] == "signatory-oneself"
