"""Notifications in process, with a mail server whose replies are scripted, and the facts of one exchange."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import text
from sqlmodel import col, select

from contracts import event, organisation, partnership, person
from contracts.facts import Fact
from contracts.ids import named_id, new_id
from contracts.tables import Body
from services.chassis.database import Database
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.notifications.app import make_service
from services.notifications.letters import Letters
from services.notifications.models import Delivery
from services.notifications.sending import Sender
from tests.facts import a_fact
from tests.people import MONDAY, Stage, held, stage

LOST = "lost"
"""A script's word: the mail is taken, and the connection breaks before the sender hears of it."""

CASE, PROPOSAL = named_id("test", "case"), named_id("test", "proposal")
VISITOR, HOST, PAYER = (named_id("organisation", name) for name in ("visitor", "host", "payer"))
VOP, HOP = named_id("partnership", "visitors"), named_id("partnership", "hosts")
EVENT = named_id("test", "event")
NAMES = {VISITOR: "Biotech Kraków", HOST: "Tartu Labs", PAYER: "Klaster LifeScience"}
PARTNERSHIPS = {VOP: "CELIS", HOP: "CE4BIG"}
AUDIENCE = (
    f"VO:{VISITOR}", f"HO:{HOST}", f"VOS:{VISITOR}", f"HOS:{HOST}", f"VOP:{VOP}", f"HOP:{HOP}", f"PAY:{PAYER}",
    f"COORD:{VOP}",
)  # fmt: skip
OF_CLAIM = (
    f"CLAIMANT:{VISITOR}", f"VERIFIER:{PAYER}", f"APPROVER:{PAYER}", f"TREASURER:{PAYER}", f"COORD:{VOP}"
)  # fmt: skip
SAID: dict[str, Any] = {
    "visitor": VISITOR,
    "host": HOST,
    "applicant": named_id("person", "applicant"),
    "organisation": VISITOR,
    "payer": PAYER,
    "member": PAYER,
    "partnership": VOP,
    "scope": VOP,
    "visitor_partnership": VOP,
    "host_partnership": HOP,
    "event": EVENT,
    "proposal": PROPOSAL,
    "number": "CXC-2026-0012",
    "visitor_name": NAMES[VISITOR],
    "host_name": NAMES[HOST],
    "title": "Companion diagnostics",
    "timezone": "Europe/Brussels",
    "parties": ("VO", "HO", "VOP", "HOP"),
    "amount_cents": 110_000,
    "starts_at": MONDAY + timedelta(days=17),
    "ends_at": MONDAY + timedelta(days=18, hours=7),
    "due_at": MONDAY + timedelta(days=10),
}
"""What the facts of these tests say; the rest of a body is made up."""


def sample(kind: type[Body], /, **said: Any) -> Body:
    """A body of this kind with something in every field."""
    usual = {name: SAID[name] for name in kind.model_fields if name in SAID}
    if "number" in usual and kind.model_fields["number"].annotation is int:
        usual.pop("number")  # of a reminder or a version, not of the case
    if kind.__module__ == "contracts.stage" and "parties" in usual:
        usual["parties"] = ("VOP",)  # those who hold a task, not those who sign
    made = {name: _some(info.annotation) for name, info in kind.model_fields.items()}
    return kind(**{**made, **usual, **said})


def _some(annotation: Any) -> Any:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return inner[0]
    if origin in (Union, UnionType):
        return _some(inner[0])
    made: dict[Any, Any] = {
        UUID: new_id(), str: "something", int: 3, float: 50.5, bool: True, datetime: MONDAY, tuple: ()
    }  # fmt: skip
    made[dict] = {}
    return made.get(origin or annotation, MONDAY.date())


class Facts:
    """Facts in their order: each subject's versions count up."""

    def __init__(self) -> None:
        self._versions: dict[UUID, int] = {}

    def say(self, kind: type[Body], subject: UUID | None = None, state: str = "", /, **given: Any) -> Fact:
        """The subject's next fact. `given` that the body has no field for goes into the envelope."""
        subject = subject or new_id()
        version = self.next(subject)
        said = {name: given.pop(name) for name in list(given) if name in kind.model_fields}
        return a_fact(sample(kind, **said), subject, version, state=state, **given)

    def next(self, subject: UUID) -> int:
        """The version of the subject's next fact."""
        self._versions[subject] = self._versions.get(subject, 0) + 1
        return self._versions[subject]

    def of_case(self, kind: type[Body], subject: UUID, state: str, /, **given: Any) -> Fact:
        return self.say(kind, subject, state, case=CASE, **{"audience": AUDIENCE, **given})

    def of_claim(self, kind: type[Body], subject: UUID, state: str, /, **given: Any) -> Fact:
        return self.say(kind, subject, state, case=CASE, audience=OF_CLAIM, **given)

    def of_registration(
        self, kind: type[Body], subject: UUID, who: UUID, state: str, /, **given: Any
    ) -> Fact:
        audience = (f"REGISTRANT:{who}", f"ORGANISER:{VOP}")
        if "person" in kind.model_fields:
            given["person"] = who
        return self.say(kind, subject, state, case=subject, audience=audience, **given)

    def names(self) -> list[Fact]:
        """Organisations, partnerships and the event."""
        return [
            *(self.say(organisation.Registered, id, "registered", name=name) for id, name in NAMES.items()),
            *(
                self.say(partnership.Formed, id, "active", name=name, programme="COSME ESCP-4x")
                for id, name in PARTNERSHIPS.items()
            ),
            self.say(event.Published, EVENT, "published", audience=(f"ORGANISER:{VOP}",)),
        ]


class MailServer:
    """Takes mails; `script` holds its next replies to a whole mail, "" for a good one."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.script: list[str] = []
        self.address = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        reply = self.script.pop(0) if self.script else ""
        if reply and reply != LOST:
            return reply
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # pyright: ignore[reportArgumentType]
        if reply == LOST:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 taken"

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """(to, subject) of what was taken, sorted."""
        return sorted((str(mail["To"]), str(mail["Subject"])) for mail in self.taken)


class Post:
    """The service, its sender and the mail server."""

    def __init__(self, stage: Stage, sender: Sender, server: MailServer) -> None:
        self.stage = stage
        self.sender = sender
        self.server = server
        self.facts = Facts()

    async def person(self, name: str, *roles: tuple[str, UUID], language: str = "en") -> UUID:
        """Somebody with an address, and with roles that were given before everything else."""
        id = named_id("person", name)
        described = person.Described(
            status="active", name=name.capitalize(), email=f"{name}@example.org", language=language
        )
        await self.stage.hear(a_fact(described, id, version=self.facts.next(id), state="active"))
        for role, scope in roles:
            await self.grant(id, role, scope)
        return id

    async def grant(self, who: UUID, role: str, scope: UUID, at: datetime | None = None) -> None:
        await self.stage.hear(
            a_fact(held(who, role, scope), recordedtime=at or datetime.now(UTC) - timedelta(hours=1))
        )

    async def hear(self, *facts: Fact) -> None:
        await self.stage.hear(*facts)

    async def deliveries(self) -> list[Delivery]:
        async with self.stage.database.transaction() as tx:
            return list((await tx.session.exec(select(Delivery).order_by(col(Delivery.queued_at)))).all())

    async def queued(self) -> list[tuple[str, UUID]]:
        """(template, person) of what waits to be sent, sorted."""
        return sorted((one.template, one.person) for one in await self.deliveries() if one.state == "queued")

    async def become_due(self) -> None:
        """As if all pauses and holds were over."""
        async with self.stage.database.transaction() as tx:
            await tx.execute(text("update deliveries set try_at = clock_timestamp() - interval '1 second'"))

    async def send(self) -> None:
        """Sends what is queued, each mail once."""
        await self.become_due()
        while await self.sender.send_next():
            pass


@asynccontextmanager
async def post_office(database: Database, folder: Path) -> AsyncGenerator[Post]:
    """Notifications over a fresh database, born a moment ago; it knows what things are called."""
    server = MailServer()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(server, enable_SMTPUTF8=True), "127.0.0.1", 0)
    server.address = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"

    def make(settings: Settings, **given: Any) -> Service:
        return make_service(settings.model_copy(update={"smtp": server.address}), **given)

    try:
        async with stage(make, database, folder) as over:
            post = Post(over, sender_of(over.service), server)
            async with over.database.transaction() as tx:
                await over.service.reader.born(tx, datetime.now(UTC) - timedelta(hours=2))
            await post.hear(*post.facts.names())
            yield post
    finally:
        listening.close()


def sender_of(service: Service, **changed: Any) -> Sender:
    """A sender as the service runs it, or with other settings."""
    settings = service.settings.model_copy(update=changed)
    return Sender(service.database, service.clock, Letters(service.pages.environment, settings), settings)
