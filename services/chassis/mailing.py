"""Sends mails with one-time links. A link's secret is made when its mail is written and kept by nobody but the
mail, so a mail that failed is written anew, with another secret.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from typing import Generic, TypeVar
from uuid import UUID

import aiosmtplib
import structlog
from sqlalchemy import update
from sqlmodel import Field, SQLModel, col, select

from contracts.errors import TransientError
from services.chassis.database import Database, Tx, instant
from services.chassis.identity.secrets import hashed, new_secret
from services.chassis.mail import hand_over
from services.chassis.settings import Settings
from services.chassis.web.look import render
from services.chassis.web.look.context import PageContext, reading
from services.chassis.web.look.parts import Link
from services.chassis.web.pages import Pages

log = structlog.get_logger(__name__)

LOOK_EVERY = 2.0
PATIENCE = 20.0
"""Seconds that a mail server may take for one mail."""
LONGEST_PAUSE = 60


class MailedLink(SQLModel):
    """A link, from the moment it was asked for; the hash is of a token that only the mail has. All times are real."""

    id: UUID = Field(primary_key=True)
    asked_at: datetime = instant()
    try_at: datetime = instant()
    tries: int = 0
    token_hash: str | None = Field(default=None, unique=True)
    sent_at: datetime | None = instant(default=None, nullable=True)
    used_at: datetime | None = instant(default=None, nullable=True)


L = TypeVar("L", bound=MailedLink)


@dataclass(frozen=True)
class Worded:
    """What a mail says, in its reader's language; page is where the button leads, the secret comes after it."""

    subject: str
    paragraphs: Sequence[str]
    button: str
    page: str


@dataclass(frozen=True)
class Letter(ABC):
    """To whom a mail goes. `worded` is asked in the reader's language, when the mail is written."""

    address: str
    name: str
    language: str

    @abstractmethod
    def worded(self) -> Worded: ...


class Mailer(ABC, Generic[L]):
    """Sends the mails of one kind of links. `wake` after one was asked for; without it the next look finds it.

    give_up_after   a link whose mail could not be sent for so long is not mailed any more
    """

    model: type[L]
    give_up_after: timedelta

    def __init__(self, database: Database, settings: Settings, pages: Pages) -> None:
        self._database = database
        self._settings = settings
        self._environment = pages.environment
        self._awake = asyncio.Event()

    @abstractmethod
    async def letter(self, tx: Tx, link: L) -> Letter | None:
        """The letter that carries a link; None when there is nobody to send it to, and the link is deleted."""

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        """Sends what is to be sent until it is cancelled."""
        while True:
            self._awake.clear()
            try:
                while await self.send_next():
                    pass
            except TransientError as reason:
                log.warning("mails wait", reason=str(reason))
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._awake.wait()
            except TimeoutError:
                pass

    async def send_next(self) -> bool:
        """Deals with one link whose turn it is; False when there is none."""
        async with self._database.transaction() as tx:
            link = await self._next(tx)
            if link is None:
                return False
            letter = await self.letter(tx, link)
            if letter is None:
                await tx.session.delete(link)
                return True
            id, tries, secret = link.id, link.tries + 1, new_secret()
            link.token_hash, link.tries = hashed(secret), tries
            link.try_at = datetime.now(UTC) + 2 * timedelta(seconds=PATIENCE)
            tx.add(link)
        try:
            await hand_over(self._message(letter, secret), self._settings, PATIENCE)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as reason:
            log.warning("a mail waits for the mail server", link=str(id), reason=type(reason).__name__)
            pause = timedelta(seconds=min(2**tries, LONGEST_PAUSE))
            await self._note(id, try_at=datetime.now(UTC) + pause)
        else:
            await self._note(id, sent_at=datetime.now(UTC))
        return True

    async def _note(self, link: UUID, **what: datetime) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(update(self.model).where(col(self.model.id) == link).values(what))

    async def _next(self, tx: Tx) -> L | None:
        now = datetime.now(UTC)
        statement = (
            select(self.model)
            .where(
                col(self.model.sent_at).is_(None),
                col(self.model.used_at).is_(None),
                col(self.model.try_at) <= now,
                col(self.model.asked_at) > now - self.give_up_after,
            )
            .order_by(col(self.model.try_at))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        return (await tx.session.exec(statement)).one_or_none()

    def _message(self, letter: Letter, secret: str) -> EmailMessage:
        page = PageContext(language=letter.language, web_url=self._settings.web_url)
        with reading(page):
            worded = letter.worded()
            given = {
                "subject": worded.subject,
                "name": letter.name,
                "paragraphs": worded.paragraphs,
                "move": "",
                "button": Link(worded.button, f"{self._settings.web_url}{worded.page}?token={secret}"),
                "road": (),
                "funding": "",
                "payer": "",
            }
        message = EmailMessage()
        message["From"] = self._settings.mail_from
        message["To"] = letter.address
        message["Subject"] = worded.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = make_msgid(domain=parseaddr(self._settings.mail_from)[1].rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(render(self._environment, "mail.txt", page, **given))
        message.add_alternative(render(self._environment, "mail.html", page, **given), subtype="html")
        return message
