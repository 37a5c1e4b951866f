"""Answers by mail: what its sender was given the address for lands in the case once; all else waits for an officer."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import aiosmtplib
import pytest

from contracts import asks, person, retention
from contracts.reply_address import GOOD_FOR, reply_address
from services.applications.conversations.arriving import Arrivals
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.people import Person
from tests.service.exchange import Exchange, exchange

DOMAIN, SECRET = "cases.test", "a secret of both services"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
async def play(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    told = {"reply_domain": DOMAIN, "reply_secret": SECRET}
    async with exchange(await fresh_database("applications"), tmp_path, **told) as played:
        for who in (played.visitor, played.host, played.stranger):
            known = person.Described(status="active", name=who.name, email=f"{who.name.lower()}@company.test")
            await played.stage.hear(a_fact(known, who.id))
        await played.play_to_review()
        yield played


def address(play: Exchange, who: Person, day: date | None = None, secret: str = SECRET) -> str:
    return reply_address(UUID(play.case), who.id, day or datetime.now(UTC).date(), secret, DOMAIN)


def mail(text: str = "Yes, we come.", name: str = "Ewa", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"{name} <{name.lower()}@company.test>"
    message["Subject"] = "Re: A message for you"
    message["Message-ID"] = "<one@company.test>"
    for header, value in headers.items():
        message[header.replace("_", "-")] = value
    message.set_content(text)
    return message


async def take(play: Exchange, message: EmailMessage, to: str, sender: str | None = "x@company.test") -> str:
    return await Arrivals(play.stage.service).take(message.as_bytes(), sender, to)


async def messages(play: Exchange) -> list[dict[str, Any]]:
    answer = await play.officer.get(f"/api/v1/applications/{play.case}/conversation")
    return answer.json()["messages"]


async def tray(play: Exchange, who: Person) -> list[dict[str, Any]]:
    return (await who.get("/api/v1/stray-mails")).json()


async def test_an_answer_lands_once_with_its_files_and_without_what_it_quotes(play: Exchange) -> None:
    message = mail("Yes, we come.\n\nOn Monday, 23 November 2026, Relais wrote:\n> A message for you\n")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="programme.pdf")
    message.add_attachment(b"MZ\x90", maintype="application", subtype="exe", filename="run.exe")
    assert await take(play, message, address(play, play.visitor).upper()) == "landed"
    assert await take(play, message, address(play, play.visitor)) == "again"
    (landed,) = await messages(play)
    assert (landed["party"], landed["via"], landed["author"]) == ("VO", "mail", str(play.visitor.id))
    assert landed["text"].startswith(
        "Yes, we come.\n\n[run.exe: This file is not of a kind that is taken here"
    )
    assert [file["name"] for file in landed["files"]] == ["programme.pdf"]
    fact = (await said(play.stage.database, ("relais.applications",)))[-1]
    assert (fact.aggregate, fact.body["via"], fact.actor) == ("conversation", "mail", str(play.visitor.id))
    assert (await play.visitor.get(f"/api/v1/applications/{play.case}")).json()["state"] == "in_review"


async def test_a_mail_to_a_case_whose_words_were_removed_lies_in_the_tray_with_that_reason(
    play: Exchange,
) -> None:
    member = UUID((await play.officer.get(f"/api/v1/applications/{play.case}")).json()["payer"])
    said_so = retention.Removed(partnership=play.partnership, member=member, receipts=1, payees=1, passages=1)
    await play.stage.hear(a_fact(said_so))
    assert await take(play, mail("Ten years later"), address(play, play.visitor)) == "stray"
    (stray,) = await tray(play, play.officer)
    assert (stray["reason"], await messages(play)) == ("removed", [])
    assert "its records’ time is over" in unescape((await play.officer.open("/stray-mails")).text)
    number = (await play.officer.get(f"/api/v1/applications/{play.case}")).json()["number"]
    filed = await play.officer.post(f"/api/v1/stray-mails/{stray['id']}/file", {"number": number})
    assert (filed.status_code, filed.json()["slug"]) == (409, "records-removed")


async def test_an_address_that_is_not_the_senders_or_has_expired_leads_to_the_officers_tray(
    play: Exchange,
) -> None:
    old = datetime.now(UTC).date() - GOOD_FOR - timedelta(days=1)
    cases = [
        (mail(name="Kadri"), address(play, play.visitor), "not_theirs"),
        (mail(), address(play, play.visitor, secret="another"), "not_theirs"),
        (mail(name="Unknown"), address(play, play.visitor), "not_theirs"),
        (mail(), address(play, play.visitor, old), "expired"),
        (mail(name="Nobody"), address(play, play.stranger), "no_party"),
    ]  # fmt: skip
    for n, (message, to, _reason) in enumerate(cases):
        message.replace_header("Message-ID", f"<{n}@company.test>")
        assert await take(play, message, to) == "stray"
    assert await messages(play) == []
    assert [one["reason"] for one in await tray(play, play.officer)] == [reason for *_, reason in cases]
    assert await tray(play, play.host_officer) == [], "another partnership's"
    assert await tray(play, play.visitor) == []


async def test_a_mail_that_no_program_should_have_written_is_taken_all_the_same(play: Exchange) -> None:
    raw = (
        b"From: @\r\nSubject: =?utf-8?b?AEFza2Vk?=\r\nMessage-ID: <\r\n"
        b"Content-Type: text/plain; charset=unknown-8bit\r\n\r\nY\0es, at once \xff"
    )
    arrivals = Arrivals(play.stage.service)
    assert await arrivals.take(raw, "x@company.test", address(play, play.visitor)) == "stray"
    (waiting,) = await tray(play, play.officer)
    assert (waiting["subject"], waiting["text"]) == ("Asked", "Yes, at once \ufffd")


async def test_an_officer_files_a_mail_to_a_case_or_drops_it_and_its_words_are_forgotten(
    play: Exchange,
) -> None:
    for n in range(2):
        message = mail(f"Number {n}", "Kadri")
        message.replace_header("Message-ID", f"<{n}@company.test>")
        await take(play, message, address(play, play.visitor))
    first, second = await tray(play, play.officer)
    path = f"/api/v1/stray-mails/{first['id']}/file"
    assert (await play.host_officer.post(path, {"number": "x"})).status_code == 404
    assert (await play.officer.post(path, {"number": "CX-0"})).json()["slug"] == "no-such-case"
    number = (await play.officer.get(f"/api/v1/applications/{play.case}")).json()["number"]
    page = await play.officer.open(f"/stray-mails/{first['id']}/file")
    assert f'value="{number}"' in page.text, "the case that the address names"
    assert (await play.officer.post(path, {"number": number})).json()["state"] == "filed"
    (filed,) = await messages(play)
    assert (filed["text"], filed["via"], filed["caller"]) == ("Number 0", "filed", "kadri@company.test")
    assert "The address was not given to this sender" in (await play.officer.open("/stray-mails")).text
    dropped = await play.officer.post(f"/api/v1/stray-mails/{second['id']}/drop", {"reason": "spam"})
    assert dropped.json()["state"] == "dropped"
    assert "Number 1" not in (await play.officer.open(f"/stray-mails/{second['id']}")).text
    assert await tray(play, play.officer) == []


async def test_officers_are_told_once_a_day_of_what_is_new_in_their_tray(play: Exchange) -> None:
    sweep = next(step for step in asks.SWEEPS if step.owner == "applications")

    async def arrive(n: int) -> None:
        message = mail(f"Number {n}", "Kadri")
        message.replace_header("Message-ID", f"<{n}@company.test>")
        assert await take(play, message, address(play, play.visitor)) == "stray"

    async def told() -> list[int]:
        await play.step(sweep)
        facts = await said(play.stage.database, ("relais.applications",))
        heard = {entry for fact in facts if fact.aggregate == "stray_mail" for entry in fact.audience}
        assert not any("OPERATOR" in entry for entry in heard), "operators have a tray of their own"
        return [fact.body["waiting"] for fact in facts if fact.type == "relais.stray_mail.reminded.v1"]

    assert await told() == []
    await arrive(0)
    await arrive(1)
    assert await told() == [2]
    await arrive(2)
    assert await told() == [2], "once a day"
    play.stage.clock.forward(timedelta(days=1))
    assert await told() == [2, 3]
    play.stage.clock.forward(timedelta(days=1))
    assert await told() == [2, 3], "nothing new has come"


@pytest.mark.parametrize(
    ("headers", "sender"),
    [({"Auto_Submitted": "auto-replied"}, "x@y.test"), ({"Precedence": "bulk"}, "x@y.test"), ({}, ""), ({}, None)],
    ids=["absence note", "list", "bounce", "bounce without a path"],
)  # fmt: skip
async def test_what_a_machine_wrote_is_dropped(
    play: Exchange, headers: dict[str, str], sender: str | None
) -> None:
    assert await take(play, mail(**headers), address(play, play.visitor), sender) == "automatic"
    assert (await messages(play), await tray(play, play.officer)) == ([], [])


async def test_the_listener_takes_mail_for_its_domain_alone(play: Exchange) -> None:
    server = await asyncio.get_running_loop().create_server(
        Arrivals(play.stage.service).protocol, "127.0.0.1", 0
    )
    async with server:
        port = server.sockets[0].getsockname()[1]
        elsewhere = {
            "recipients": ["x@elsewhere.test"],
            "sender": "ewa@company.test",
            "hostname": "127.0.0.1",
        }
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
            await aiosmtplib.send(mail(), port=port, **elsewhere)  # pyright: ignore[reportArgumentType]
        await aiosmtplib.send(
            mail(),
            sender="ewa@company.test",
            recipients=[address(play, play.visitor)],
            hostname="127.0.0.1",
            port=port,
        )
    assert [one["text"] for one in await messages(play)] == ["Yes, we come."]
