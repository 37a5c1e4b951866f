"""Where a local stack's mail ends: an SMTP sink that keeps every mail as a file, and pages to read and answer them.

A mail is on disk before the sender hears that it was taken. What is addressed to the domain of answers goes on to
whoever takes it in, as its mail server would do.
"""

import asyncio
import email
import email.policy
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import cast
from urllib.parse import quote

import aiosmtplib
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from contracts.ids import new_id
from services.chassis.serving import serve
from services.chassis.settings import Settings

_LIST_LENGTH = 200
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} · Relais mail</title>
<style>
 body {{ font: 1rem/1.5 sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #16202a }}
 a {{ color: #0a5b7a }} table {{ border-collapse: collapse; width: 100% }}
 th, td {{ text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0 }}
 pre {{ white-space: pre-wrap; background: #f6f4ef; padding: 1rem }}
 iframe {{ width: 100%; height: 40rem; border: 1px solid #d9d4c8 }}
</style>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


@dataclass(frozen=True)
class Mail:
    """One mail as a list shows it."""

    id: str
    received: str
    sender: str
    recipients: tuple[str, ...]
    subject: str


class Mailbox:
    """All mails, newest first; each is one file that holds what came over the wire."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        self._folder = folder
        self._settings = settings or Settings()
        folder.mkdir(parents=True, exist_ok=True)
        self._mails = {
            file.stem: _summary(file.stem, self.message(file.stem)) for file in sorted(folder.glob("*.eml"))
        }

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd calls this for each mail."""
        id = str(new_id())
        received = datetime.now(UTC).isoformat(timespec="milliseconds")
        added = {
            "X-Received": received,
            "X-Sender": envelope.mail_from,
            "X-Recipients": ", ".join(envelope.rcpt_tos),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in added.items())
        content = head.encode() + cast(bytes, envelope.content)
        await asyncio.to_thread(self._keep, id, content)
        self._mails[id] = _summary(id, _parsed(content))
        return await self._passed_on(envelope)

    async def _passed_on(self, envelope: Envelope) -> str:
        """Answers go on; what their taker says is what the sender hears."""
        domain, address = self._settings.reply_domain, self._settings.mail_in
        answers = [to for to in envelope.rcpt_tos if domain and to.lower().endswith(f"@{domain}")]
        if not answers or not address:
            return "250 Kept"
        host, port = address.rsplit(":", 1)
        content = cast(bytes, envelope.content)
        try:
            async with aiosmtplib.SMTP(hostname=host, port=int(port), timeout=30) as taker:
                await taker.sendmail(envelope.mail_from or "", answers, content)
        except (aiosmtplib.SMTPException, OSError) as reason:
            return f"451 4.4.1 Kept here, not passed on: {reason}"
        return "250 Kept and passed on"

    async def answer(self, id: str, text: str) -> None:
        """Sends the answer of who got a mail to where it asks for it, the mail quoted below."""
        before = self.message(id)
        message = EmailMessage()
        message["From"] = self.mail(id).recipients[0]
        message["To"] = str(before["Reply-To"])
        message["Subject"] = f"Re: {before['Subject']}"
        message["In-Reply-To"] = str(before["Message-ID"])
        message["Message-ID"] = f"<{new_id()}@mail.relais.example>"
        body = before.get_body(("plain",))
        quoted = "".join(f"> {line}\n" for line in str(body.get_content() if body else "").splitlines())
        message.set_content(f"{text}\n\nOn {before['Date']}, {before['From']} wrote:\n{quoted}")
        host, port = self._settings.smtp.rsplit(":", 1)
        await aiosmtplib.send(message, hostname=host, port=int(port))

    def mails(self, to: str = "") -> Iterator[Mail]:
        """Newest first, all or those to one address."""
        return (mail for mail in reversed(self._mails.values()) if not to or to in mail.recipients)

    def mail(self, id: str) -> Mail:
        if id not in self._mails:
            raise HTTPException(404, "no such mail")
        return self._mails[id]

    def message(self, id: str) -> EmailMessage:
        return _parsed((self._folder / f"{id}.eml").read_bytes())

    def _keep(self, id: str, content: bytes) -> None:
        partial = self._folder / f"{id}.partial"
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(self._folder / f"{id}.eml")


async def main(settings: Settings) -> None:
    """Takes mail on the port of settings.smtp, shows it on settings.port, until cancelled."""
    box = Mailbox(settings.data, settings)
    host, port = settings.smtp.rsplit(":", 1)
    smtp = await asyncio.get_running_loop().create_server(
        lambda: SMTP(box, enable_SMTPUTF8=True, data_size_limit=30 * 1024 * 1024), host, int(port)
    )
    async with smtp:
        await serve(make_app(box), settings.host, settings.port)


def make_app(box: Mailbox) -> Starlette:
    """The pages: / lists (?to=address), /mails/ID shows; /api/mails?to=address for machines."""

    async def ready(request: Request) -> Response:
        return PlainTextResponse("ready")

    async def listed(request: Request) -> Response:
        to = request.query_params.get("to", "")
        mails = list(box.mails(to))
        rows = "".join(
            f"<tr><td>{mail.received[:19]}</td><td>{escape(', '.join(mail.recipients))}</td>"
            f'<td><a href="/mails/{mail.id}">{escape(mail.subject) or "(no subject)"}</a></td></tr>'
            for mail in mails[:_LIST_LENGTH]
        )
        field = f'<input name="to" size="40" value="{escape(to, quote=True)}">'
        search = f"<form><label>To {field}</label> <button>Show these mails</button></form>"
        table = f"<table><tr><th>Received (UTC)<th>To<th>Subject</tr>{rows}</table>"
        count = f"<p>{len(mails)} mails, the newest first. Nothing leaves this machine.</p>"
        return HTMLResponse(_PAGE.format(title="Mail that was sent", body=count + search + table))

    async def shown(request: Request) -> Response:
        mail = box.mail(request.path_params["id"])
        return HTMLResponse(_PAGE.format(title=escape(mail.subject), body=_shown(mail, box.message(mail.id))))

    async def answered(request: Request) -> Response:
        mail = box.mail(request.path_params["id"])
        text = str((await request.form()).get("text", "")).strip()
        if text and box.message(mail.id)["Reply-To"]:
            await box.answer(mail.id, text)
        return RedirectResponse("/", 303)

    async def part(request: Request) -> Response:
        mail = box.mail(request.path_params["id"])
        parts = list(_leaves(box.message(mail.id)))
        number: int = request.path_params["number"]
        if number >= len(parts):
            raise HTTPException(404, "no such part")
        chosen = parts[number]
        headers = {
            "Content-Security-Policy": "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        }
        if name := chosen.get_filename():
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        media_type = f"{chosen.get_content_type()}; charset={chosen.get_content_charset('utf-8')}"
        return Response(_payload(chosen), headers=headers, media_type=media_type)

    async def api(request: Request) -> Response:
        limit = int(request.query_params.get("limit", _LIST_LENGTH))
        mails = list(box.mails(request.query_params.get("to", "")))[:limit]
        return JSONResponse([_described(mail, box.message(mail.id)) for mail in mails])

    return Starlette(
        routes=[
            Route("/", listed),
            Route("/health/ready", ready),
            Route("/mails/{id}", shown),
            Route("/mails/{id}/reply", answered, methods=["POST"]),
            Route("/mails/{id}/parts/{number:int}", part),
            Route("/api/mails", api),
        ]
    )


def _parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def _summary(id: str, message: EmailMessage) -> Mail:
    recipients = tuple(address.strip() for address in str(message["X-Recipients"]).split(","))
    return Mail(
        id,
        str(message["X-Received"]),
        str(message["X-Sender"]),
        recipients,
        str(message["Subject"] or "").strip(),
    )


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    return (part for part in message.walk() if not part.is_multipart())


def _payload(part: EmailMessage) -> bytes:
    return cast(bytes, part.get_payload(decode=True) or b"")


def _text(part: EmailMessage) -> str:
    return _payload(part).decode(part.get_content_charset("utf-8"), "replace")


def _described(mail: Mail, message: EmailMessage) -> dict[str, object]:
    """One mail for machines: its plain and HTML text, and what is attached."""
    parts = list(_leaves(message))

    def first(kind: str) -> str:
        return next(
            (_text(part) for part in parts if part.get_content_type() == kind and not part.get_filename()), ""
        )

    return {
        "id": mail.id,
        "message_id": str(message["Message-ID"]),
        "received": mail.received,
        "from": mail.sender,
        "reply_to": str(message["Reply-To"] or ""),
        "to": list(mail.recipients),
        "subject": mail.subject,
        "text": first("text/plain"),
        "html": first("text/html"),
        "attachments": [
            {
                "name": part.get_filename(),
                "type": part.get_content_type(),
                "size": len(_payload(part)),
                "path": f"/mails/{mail.id}/parts/{number}",
            }
            for number, part in enumerate(parts)
            if part.get_filename()
        ],
    }


def _shown(mail: Mail, message: EmailMessage) -> str:
    facts: Sequence[tuple[str, str]] = (
        ("From", mail.sender),
        ("To", ", ".join(mail.recipients)),
        ("Received (UTC)", mail.received),
    )
    pieces = ["<table>", *(f"<tr><th>{name}<td>{escape(value)}</tr>" for name, value in facts), "</table>"]
    for number, part in enumerate(_leaves(message)):
        address = f"/mails/{mail.id}/parts/{number}"
        if name := part.get_filename():
            pieces.append(
                f'<p>Attached: <a href="{address}">{escape(name)}</a> ({len(_payload(part))} bytes)</p>'
            )
        elif part.get_content_type() == "text/html":
            pieces.append(
                f'<h2>Page</h2><iframe sandbox src="{address}" title="The mail as a page"></iframe>'
            )
        else:
            pieces.append(f"<h2>Text</h2><pre>{escape(_text(part))}</pre>")
    if message["Reply-To"]:
        pieces.append(
            f'<h2>Reply</h2><form method="post" action="/mails/{mail.id}/reply"><p><label for="text">Your answer to '
            f"{escape(str(message['Reply-To']))}</label></p>"
            '<p><textarea id="text" name="text" rows="6" cols="72"></textarea></p><button>Reply</button></form>'
        )
    return "".join(pieces) + '<p><a href="/">All mail</a></p>'
