"""The mail sink: what was taken is on disk, listed by recipient, and readable in all its parts."""

import asyncio
from collections.abc import AsyncGenerator
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from deploy.local import mail
from deploy.local.program import free_port, healthy
from services.chassis.settings import Settings
from tests.deploy.waiting import eventually


def settings(folder: Path) -> Settings:
    return Settings(data=folder, smtp=f"127.0.0.1:{free_port()}", port=free_port())


@pytest.fixture
async def sink(tmp_path: Path) -> AsyncGenerator[Settings]:
    chosen = settings(tmp_path)
    serving = asyncio.create_task(mail.main(chosen))
    await eventually(partial(healthy, chosen.port))
    yield chosen
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def send(sink: Settings, to: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "relais@relais.example", to, "Żółć: a place for you"
    message.set_content("Your move, Zoë.")
    message.add_alternative("<p>Your <b>move</b>, Zoë.</p>", subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="evènt.ics")
    host, port = sink.smtp.split(":")
    await aiosmtplib.send(message, hostname=host, port=int(port))


async def test_mails_are_found_by_recipient_with_their_texts_and_files(sink: Settings) -> None:
    await send(sink, "zoe@example.org")
    await send(sink, "other@example.org")

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{sink.port}") as web:
        mails = (await web.get("/api/mails", params={"to": "zoe@example.org"})).json()
        assert [found["to"] for found in mails] == [["zoe@example.org"]]
        (found,) = mails
        assert found["subject"] == "Żółć: a place for you"
        assert "Your move, Zoë." in found["text"]
        assert "<b>move</b>" in found["html"]
        (attached,) = found["attachments"]
        assert attached["name"] == "evènt.ics"
        assert (await web.get(attached["path"])).content.startswith(b"BEGIN:VCALENDAR")

        assert "zoe@example.org" in (await web.get("/")).text
        page = await web.get(f"/mails/{found['id']}")
        assert "Your move, Zoë." in page.text
        assert (await web.get("/mails/unknown")).status_code == 404


async def test_what_was_taken_is_still_there_after_a_restart(sink: Settings) -> None:
    await send(sink, "zoe@example.org")
    again = mail.Mailbox(sink.data)
    assert [kept.recipients for kept in again.mails("zoe@example.org")] == [("zoe@example.org",)]
