"""Mails that come in: the answer of whom an address was given to lands in the case's conversation, once. Whatever is
not certain goes to the tray, what a machine wrote is dropped and counted. A mail is kept before the sender hears so.
"""

import asyncio
import email
import email.policy
import io
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from hashlib import sha256
from typing import cast
from uuid import UUID

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import func, select
from starlette.datastructures import UploadFile

from contracts import conversation, stray_mail
from contracts.errors import DomainError, TransientError
from contracts.ids import new_id
from contracts.reply_address import ReplyAddress, read_address
from contracts.stray_mail import Stray
from contracts.workdays import Moment
from services.applications.conversations.mail_text import attached_to, header, is_automatic, said_in
from services.applications.conversations.models import Message, StrayMail
from services.applications.conversations.talking import AUTHORS, add, conversation_of
from services.applications.kinds import conversations, stray_mails
from services.applications.models import Application
from services.chassis import metrics
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.identity.actor import SYSTEM, Actor
from services.chassis.identity.grants import roles_of
from services.chassis.identity.people import known_people
from services.chassis.migrate import table_of
from services.chassis.service import Service
from services.chassis.web.sentences import refusal

LARGEST = 25 * 1024 * 1024
"""Bytes of one mail."""
_NOBODY = UUID(int=0)

log = structlog.get_logger(__name__)


class Uncertain(Exception):
    """It cannot land; the reason stands in the tray."""

    def __init__(self, reason: Stray) -> None:
        super().__init__(reason)
        self.reason: Stray = reason


class Arrivals:
    """Takes mails for one domain."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._database = service.database
        self._domain = service.settings.reply_domain.lower()
        self._secret = service.settings.reply_secret.get_secret_value()

    async def run(self) -> None:
        """Listens until cancelled; not at all where no address is set."""
        if not self._service.settings.mail_in or not self._domain or not self._secret:
            return
        host, port = self._service.settings.mail_in.rsplit(":", 1)
        server = await asyncio.get_running_loop().create_server(self.protocol, host, int(port))
        async with server:
            await server.serve_forever()

    def protocol(self) -> SMTP:
        return SMTP(self, enable_SMTPUTF8=True, data_size_limit=LARGEST, ident="Relais")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """aiosmtpd asks for each recipient."""
        if address.rpartition("@")[2].lower() != self._domain:
            return "550 5.7.1 Mail for this domain is not taken here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Taken"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd calls this for each mail."""
        content = cast(bytes, envelope.content)
        try:
            outcome = await self.take(content, envelope.mail_from, envelope.rcpt_tos[0])
        except TransientError:
            return "451 4.3.0 Not now, try again in a minute"
        metrics.mails_received.labels(outcome).inc()
        return "250 2.0.0 Taken"

    async def take(self, content: bytes, envelope_sender: str | None, recipient: str) -> str:
        """What became of a mail: landed, stray, again (the same Message-ID came before), or automatic."""
        message = email.message_from_bytes(content, policy=email.policy.default)
        if is_automatic(message, envelope_sender):
            return "automatic"
        mail_id = header(message, "Message-ID")[:500] or sha256(content).hexdigest()
        sender = parseaddr(header(message, "From"))[1]
        person = await self._person(sender)
        async with self._database.transaction() as tx:
            if await _came_before(tx, mail_id):
                return "again"
        text, files = await self._kept(message, person or _NOBODY)
        address = read_address(recipient)
        at = self._service.clock.moment()
        try:
            await self._land(address, person, mail_id, text, files, at)
        except Uncertain as reason:
            stray = StrayMail(
                id=new_id(), mail_id=mail_id, sender=sender[:300], subject=header(message, "Subject")[:300],
                text=text, files=files, reason=reason.reason, at=at.now,
            )  # fmt: skip
            await self._put_aside(stray, address, at)
            return "stray"
        return "landed"

    async def _person(self, sender: str) -> UUID | None:
        """The one active person with this mail address."""
        mine = func.lower(known_people.c.email) == sender.lower(), known_people.c.status == "active"
        async with self._database.transaction() as tx:
            found = (await tx.execute(select(known_people.c.id).where(*mine).limit(2))).scalars().all()
        return found[0] if sender and len(found) == 1 else None

    async def _kept(self, message: EmailMessage, sender: UUID) -> tuple[str, list[dict[str, str]]]:
        """The words and the attachments; of one that is not taken the words say so."""
        text, files = said_in(message), list[dict[str, str]]()
        for name, content in attached_to(message):
            upload = UploadFile(io.BytesIO(content), filename=name, size=len(content))
            try:
                file = await self._service.files.keep(upload, sender)
            except DomainError as reason:
                log.info("an attachment is not taken", reason=reason.slug)
                text += f"\n\n[{name[:120]}: {refusal(reason.slug, reason.params)}]"
            else:
                files.append({"id": file.id, "name": file.name})
        return text or "–", files

    async def _land(
        self,
        address: ReplyAddress | None,
        person: UUID | None,
        mail_id: str,
        text: str,
        files: list[dict[str, str]],
        at: Moment,
    ) -> None:
        """Into the conversation; Uncertain when anything is in doubt."""
        if address is None:
            raise Uncertain("no_address")
        if person is None or not address.is_of(person, self._secret):
            raise Uncertain("not_theirs")
        if address.last_day < datetime.now(UTC).date():
            raise Uncertain("expired")
        roles = await roles_of(self._database, person, _NOBODY, at.today())
        actor = Actor(person=person, roles=roles or frozenset(), via="mail")
        async with self._database.transaction() as tx:
            case = await tx.get(Application, address.case)
            if case is None or case.submitted_at is None:
                raise Uncertain("no_case")
            row = await conversation_of(tx, case)
            parties = conversations.parties(actor, row)
            if not parties.intersection(AUTHORS) - {"OPERATOR"}:
                raise Uncertain("no_party")
            if case.removed_on is not None:
                raise Uncertain("removed")
            entry = add(tx, row, actor.person, parties, "mail", text, at, files=files, mail_id=mail_id)
            body = conversation.Posted(entry=entry, via="mail")
            await conversations.record(tx, row, "receive", body, at, Cause(str(person), via="mail"))

    async def _put_aside(self, stray: StrayMail, address: ReplyAddress | None, at: Moment) -> None:
        """Into the tray of the partnership whose case it names, or of the operators."""
        async with self._database.transaction() as tx:
            case = await tx.get(Application, address.case) if address else None
            if case is not None:
                stray.partnership, stray.application = case.visitor_partnership, case.id
            body = stray_mail.Arrived(reason=stray.reason)  # pyright: ignore[reportArgumentType]
            await stray_mails.record(tx, stray, "arrive", body, at, Cause(str(SYSTEM.person), via="mail"))


async def _came_before(tx: Tx, mail_id: str) -> bool:
    for model in (Message, StrayMail):
        table = table_of(model)
        if (await tx.execute(select(table.c.id).where(table.c.mail_id == mail_id).limit(1))).first():
            return True
    return False
