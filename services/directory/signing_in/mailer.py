"""Sends the mails with links. A link's secret is made when its mail is written and kept by nobody but the
mail, so a mail that failed is written anew, with another secret.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from typing import Literal
from uuid import UUID

import aiosmtplib
import structlog
from sqlalchemy import update
from sqlmodel import col, select

from contracts.errors import TransientError
from services.chassis.database import Database, Tx
from services.chassis.mail import hand_over
from services.chassis.settings import Settings
from services.chassis.web.look import render
from services.chassis.web.look.context import PageContext, reading
from services.chassis.web.look.parts import Link
from services.chassis.web.look.words import gettext as _
from services.chassis.web.pages import Pages
from services.chassis.web.sentences import code
from services.directory.models import Membership, Organisation, Person, SignInLink
from services.directory.people import person_at
from services.directory.signing_in.links import INVITED_FOR, VALID
from services.directory.signing_in.secret import hashed, new_secret

log = structlog.get_logger(__name__)

LOOK_EVERY = 2.0
PATIENCE = 20.0
"""Seconds that a mail server may take for one mail."""
GIVE_UP_AFTER = timedelta(hours=1)
LONGEST_PAUSE = 60


@dataclass(frozen=True)
class Letter:
    """A mail that is about to be sent; `link` is the row it belongs to."""

    link: UUID
    tries: int
    secret: str
    about: Literal["sign_in", "joining", "invitation"]
    address: str
    name: str
    language: str
    organisation: str = ""
    inviter: str = ""
    role: str = ""


class Mailer:
    """`wake` after a link was asked for; without it the next look finds it."""

    def __init__(self, database: Database, settings: Settings, pages: Pages) -> None:
        self._database = database
        self._settings = settings
        self._environment = pages.environment
        self._awake = asyncio.Event()

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
            letter = await self._written(tx, link)
        if letter is None:
            return True
        try:
            await hand_over(self._message(letter), self._settings, PATIENCE)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as reason:
            log.warning(
                "a mail waits for the mail server", link=str(letter.link), reason=type(reason).__name__
            )
            pause = timedelta(seconds=min(2**letter.tries, LONGEST_PAUSE))
            await self._note(letter, try_at=datetime.now(UTC) + pause)
        else:
            await self._note(letter, sent_at=datetime.now(UTC))
        return True

    async def _note(self, letter: Letter, **what: datetime) -> None:
        async with self._database.transaction() as tx:
            statement = update(SignInLink).where(col(SignInLink.id) == letter.link).values(what)
            await tx.execute(statement)

    async def _next(self, tx: Tx) -> SignInLink | None:
        now = datetime.now(UTC)
        statement = (
            select(SignInLink)
            .where(
                col(SignInLink.sent_at).is_(None),
                col(SignInLink.used_at).is_(None),
                col(SignInLink.try_at) <= now,
                col(SignInLink.asked_at) > now - GIVE_UP_AFTER,
            )
            .order_by(col(SignInLink.try_at))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        return (await tx.session.exec(statement)).one_or_none()

    async def _written(self, tx: Tx, link: SignInLink) -> Letter | None:
        """Gives the link a secret and the letter that carries it; None when nobody has the address."""
        person = await person_at(tx, link.address)
        if person is None and not link.name:
            await tx.session.delete(link)
            return None
        now, secret = datetime.now(UTC), new_secret()
        link.token_hash = hashed(secret)
        link.expires_at = now + (INVITED_FOR if link.membership else VALID)
        link.tries += 1
        link.try_at = now + 2 * timedelta(seconds=PATIENCE)
        tx.add(link)
        if person is None:
            return Letter(link.id, link.tries, secret, "joining", link.address, link.name, link.language)
        reader = (person.email, person.name, person.language)
        if link.membership is None:
            return Letter(link.id, link.tries, secret, "sign_in", *reader)
        invitation = await tx.found(Membership, link.membership)
        organisation = await tx.found(Organisation, invitation.organisation)
        inviter = await tx.get(Person, invitation.invited_by) if invitation.invited_by else None
        return Letter(
            link.id, link.tries, secret, "invitation", *reader,
            organisation.name, inviter.name if inviter else "", invitation.role,
        )  # fmt: skip

    def _message(self, letter: Letter) -> EmailMessage:
        page = PageContext(language=letter.language, web_url=self._settings.web_url)
        with reading(page):
            subject, paragraphs, button = _worded(letter)
            given = {
                "subject": subject,
                "name": letter.name,
                "paragraphs": paragraphs,
                "move": "",
                "button": Link(button, f"{self._settings.web_url}/sign-in/confirm?token={letter.secret}"),
                "road": (),
                "funding": "",
                "payer": "",
            }
        message = EmailMessage()
        message["From"] = self._settings.mail_from
        message["To"] = letter.address
        message["Subject"] = subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = make_msgid(domain=parseaddr(self._settings.mail_from)[1].rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(render(self._environment, "mail.txt", page, **given))
        message.add_alternative(render(self._environment, "mail.html", page, **given), subtype="html")
        return message


def _worded(letter: Letter) -> tuple[str, list[str], str]:
    """Subject, paragraphs and button of a letter, in its reader's language."""
    if letter.about == "invitation":
        given = {
            "who": letter.inviter or letter.organisation,
            "organisation": letter.organisation,
            "role": code(f"membership.{letter.role}"),
        }
        return (
            _("%(organisation)s invites you to act for it") % given,
            [
                _("%(who)s invites you to act for %(organisation)s as: %(role)s.") % given,
                _("This link signs you in and shows the invitation. It works once, within 7 days."),
                _("If you do not know this organisation, do nothing."),
            ],
            _("Look at the invitation"),
        )
    subject = (
        _("Confirm your mail address") if letter.about == "joining" else _("Your link to sign in to Relais")
    )
    return (
        subject,
        [
            _("Use this link to sign in. It works once, within 30 minutes."),
            _("If you did not ask for it, do nothing: without the link nobody is signed in."),
        ],
        _("Sign in"),
    )
