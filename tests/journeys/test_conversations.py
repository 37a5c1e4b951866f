"""A conversation on the whole stack, with a virus scanner: mailed, answered by mail once, a forged answer put aside,
and what the scanner refuses given to nobody. The case stays where it is.
"""

from collections.abc import AsyncGenerator
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import httpx
import pytest

from deploy.demo.cast import Cast
from deploy.demo.client import Person
from deploy.demo.exchange import Exchange, Ground, wait_until
from deploy.local.layout import PORTS, Layout
from deploy.local.program import free_port
from deploy.local.stack import Stack, running_stack
from services.chassis.clock import Clock
from tests.service.scanner import EICAR, fake_scanner
from tests.stacks import mails, verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stack]:
    """At the pace of production; its services are told of a scanner."""
    layout = Layout(tmp_path_factory.mktemp("conversations") / "stack", free_port(row=PORTS))
    with pytest.MonkeyPatch.context() as patched:
        async with fake_scanner() as (_scanner, address):
            patched.setenv("RELAIS_SCANNER", address)
            with running_stack(layout) as stack:
                yield stack


class Talk:
    """The visitor and the officer of one case in review, and the visitor's mail program."""

    def __init__(self, stack: Stack, api: httpx.AsyncClient, exchange: Exchange) -> None:
        self._stack, self._api, self.exchange = stack, api, exchange
        self.address = f"ewa.nowak.{exchange.ground.cast.run}@company.example"
        self.id = ""

    async def messages(self) -> list[dict[str, Any]]:
        told = await self.exchange.officer.get(f"/api/v1/applications/{self.exchange.case}/conversation")
        self.id = told["id"]
        return told["messages"]

    async def comes_to(self, number: int) -> dict[str, Any]:
        """The last message, once there are so many."""
        told = await wait_until("conversation", self._counted, lambda state: state == str(number))
        return told["last"]

    async def _counted(self) -> dict[str, Any]:
        found = await self.messages()
        return {"state": str(len(found)), "last": found[-1] if found else None}

    async def mailed(self, subject: str) -> dict[str, Any]:
        """The newest mail to the visitor with these words in its subject."""

        async def look() -> dict[str, Any] | None:
            found = [mail for mail in mails(self._stack, self.address) if subject in mail["subject"]]
            return {"state": "there", **found[-1]} if found else None

        return await wait_until(subject, look, lambda state: state == "there")

    async def reply(self, mail: dict[str, Any], text: str) -> None:
        """As somebody does it who reads the mail in the sink."""
        url = self._stack.running_state.layout.url("mail")
        answer = await self._api.post(f"{url}/mails/{mail['id']}/reply", data={"text": text})
        assert answer.status_code == 303, answer.text

    async def send(self, to: str, text: str, id: str, *, sender: str = "", file: bytes = b"") -> None:
        """A mail as another mail program writes it."""
        message = EmailMessage()
        message["From"], message["To"] = sender or self.address, to
        message["Subject"], message["Message-ID"] = "Re: A message", f"<{id}@company.example>"
        message.set_content(text)
        if file:
            message.add_attachment(file, maintype="text", subtype="plain", filename="programme.txt")
        host, port = self._stack.running_state.layout.address("smtp").rsplit(":", 1)
        await aiosmtplib.send(message, hostname=host, port=int(port))

    async def opens(self, who: Person, file: str) -> int:
        """What somebody is answered who opens an attached file."""
        path = f"/conversations/{self.id}/files/{file}"
        return (await self._api.get(path, headers={"Authorization": f"Bearer {who.token}"})).status_code


async def test_a_case_is_talked_about_by_mail(stack: Stack) -> None:
    layout = stack.running_state.layout
    async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30) as api:
        ground = Ground(Cast(layout, api, "talks"), Clock(layout.clock), lambda told: None)
        await ground.prepare()
        exchange = Exchange(ground, "paid", lambda told: None)
        await exchange.play_to_review()
        talk = Talk(stack, api, exchange)
        assert await talk.messages() == []

        asked = {"text": "Which laboratory will you see first?"}
        await exchange.officer.act(f"/api/v1/conversations/{talk.id}/post", asked, step="ask")
        mail = await talk.mailed("A message for you")
        assert asked["text"] not in mail["text"], "the words stay in the case"
        await talk.reply(mail, "The one in Riia street.")
        landed = await talk.comes_to(2)
        assert (landed["via"], landed["party"], landed["author"]) == ("mail", "VO", exchange.visitor.id)
        assert landed["text"] == "The one in Riia street.", "without what it quotes"

        for _ in range(2):
            await talk.send(mail["reply_to"], "And the one next door.", "twice")
        await talk.comes_to(3)

        forger = f"kadri.tamm.{ground.cast.run}@company.example"
        await talk.send(mail["reply_to"], "We withdraw.", "forged", sender=forger)
        (stray,) = await exchange.officer.get("/api/v1/stray-mails")
        assert (stray["reason"], stray["text"]) == ("not_theirs", "We withdraw.")

        await talk.send(mail["reply_to"], "Our programme.", "infected", file=EICAR)
        (file,) = (await talk.comes_to(4))["files"]

        async def refused() -> dict[str, Any]:
            codes = {
                who.name: await talk.opens(who, file["id"]) for who in (exchange.officer, exchange.visitor)
            }
            return {"state": str(set(codes.values()))}

        await wait_until("scanner", refused, lambda state: state == "{410}")
        await talk.mailed("refused by the virus scanner")
        told = [message["text"] for message in await talk.messages()]
        assert told == [asked["text"], "The one in Riia street.", "And the one next door.", "Our programme."]
        case = await exchange.visitor.get(f"/api/v1/applications/{exchange.case}")
        assert case["state"] == "in_review"
        await verified(stack)
