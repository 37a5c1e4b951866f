"""Sends what is queued, one mail at a time: holds it, writes it, hands it over, marks it. A sender that is
killed in between sends that one mail twice at most; an outage of the mail server loses none.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import aiosmtplib
import structlog
from sqlmodel import col, select

from contracts import delivery as facts
from contracts.errors import NotKnownYet, TransientError
from services.chassis.clock import Clock
from services.chassis.database import Database, Tx
from services.chassis.facts.outbox import Cause
from services.chassis.mail import hand_over
from services.chassis.settings import Settings
from services.notifications.kinds import deliveries
from services.notifications.letters import Letters
from services.notifications.models import Delivery
from services.notifications.notices import notice_of
from services.notifications.scene import Scene, scene_of
from services.notifications.telling import asked

log = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
PATIENCE = 30.0
"""Seconds that the mail server may take for one mail."""
HOLD = timedelta(seconds=2 * PATIENCE)
"""How long a mail is one sender's; after that another one may send it."""
TRIES = 48
"""How often a mail is offered to a server that answers but does not take it: for about four hours."""
LONGEST_PAUSE = timedelta(minutes=5)
LONGEST_REST = 30.0
"""Seconds between two looks at a mail server that does not answer; no mail is given up for that."""

UNREACHABLE = "no_answer"
OUTAGE = (
    OSError,
    aiosmtplib.SMTPConnectResponseError,
    aiosmtplib.SMTPHeloError,
    aiosmtplib.SMTPAuthenticationError,
    aiosmtplib.SMTPSenderRefused,
)
"""What says nothing about the mail: no server, no answer, or a server that refuses us."""

STALE = timedelta(minutes=10)
"""A mail that has waited longer, in an outage, is not sent if its move was made meanwhile."""

BY_ITSELF = Cause("system", via="system")


class Sender:
    """`run` it beside the service."""

    def __init__(self, database: Database, clock: Clock, letters: Letters, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._letters = letters
        self._settings = settings
        self._rest = 0.0

    async def run(self) -> None:
        """Sends until it is cancelled."""
        while True:
            try:
                more = await self.send_next()
            except TransientError as reason:
                log.warning("mails wait", reason=str(reason))
                more = False
            await asyncio.sleep(self._rest or (0 if more else LOOK_EVERY))

    async def send_next(self) -> bool:
        """Deals with the mail whose turn it is; False when there is none."""
        async with self._database.transaction() as tx:
            delivery = await self._held(tx)
            if delivery is None:
                return False
            mail = await self._written(tx, delivery)
        if mail is not None:
            code = await self._handed_over(mail, delivery.id)
            self._rest = min(2 * self._rest + 1, LONGEST_REST) if code == UNREACHABLE else 0.0
            async with self._database.transaction() as tx:
                await self._conclude(tx, delivery.id, code)
        return True

    async def _held(self, tx: Tx) -> Delivery | None:
        now = datetime.now(UTC)
        due = select(Delivery).where(Delivery.state == "queued", col(Delivery.try_at) <= now)
        statement = due.order_by(col(Delivery.try_at)).limit(1).with_for_update(skip_locked=True)
        delivery = (await tx.session.exec(statement)).one_or_none()
        if delivery is not None:
            delivery.tries += 1
            delivery.try_at = now + HOLD
            tx.add(delivery)
            await tx.session.flush()
        return delivery

    async def _written(self, tx: Tx, delivery: Delivery) -> EmailMessage | None:
        """The mail; None when there is none to send now, which is recorded in the same transaction."""
        try:
            scene = await scene_of(tx, delivery)
            if why := await _needless(tx, delivery, scene):
                delivery.code = why
                body = facts.Dropped(person=delivery.person, code=why)
                await deliveries.record(tx, delivery, "drop", body, self._clock.moment(), BY_ITSELF)
                return None
            if not scene.person.email:
                await self._fail(tx, delivery, "no_address")
                return None
            return self._letters.written(delivery, scene, self._clock.now())
        except NotKnownYet as reason:
            log.info("a mail waits for what it names", delivery=str(delivery.id), reason=str(reason))
            await self._later(tx, delivery, "not_known")
        except (LookupError, ValueError, TypeError, AttributeError):
            log.exception("a mail cannot be written", delivery=str(delivery.id), template=delivery.template)
            await self._later(tx, delivery, "unwritable")
        return None

    async def _handed_over(self, mail: EmailMessage, id: UUID) -> str:
        """Why the mail server did not take it; "" when it did."""
        try:
            async with asyncio.timeout(PATIENCE):
                await hand_over(mail, self._settings, PATIENCE)
        except (aiosmtplib.SMTPException, OSError) as reason:
            code = _code(reason)
            log.warning("a mail was not taken", delivery=str(id), code=code, reason=type(reason).__name__)
            return code
        return ""

    async def _conclude(self, tx: Tx, id: UUID, code: str) -> None:
        """Marks what became of it, unless that was done meanwhile by somebody whose hold came after."""
        delivery = await tx.locked(Delivery, id)
        if delivery.state != "queued":
            return
        if not code:
            delivery.code = ""
            body = facts.Sent(person=delivery.person, template=delivery.template)
            await deliveries.record(tx, delivery, "send", body, self._clock.moment(), BY_ITSELF)
        elif code.startswith("5"):
            await self._fail(tx, delivery, code)
        else:
            await self._later(tx, delivery, code)

    async def _later(self, tx: Tx, delivery: Delivery, code: str) -> None:
        if delivery.tries >= TRIES and code != UNREACHABLE:
            await self._fail(tx, delivery, code)
            return
        pause = min(timedelta(seconds=5 * 2 ** min(delivery.tries - 1, 10)), LONGEST_PAUSE)
        delivery.code, delivery.try_at = code, datetime.now(UTC) + pause
        tx.add(delivery)

    async def _fail(self, tx: Tx, delivery: Delivery, code: str) -> None:
        """The row keeps the server's own reply, the fact says in a word why."""
        delivery.code = code
        word = ("refused" if code.startswith("5") else "not_taken") if code.isdigit() else code
        body = facts.Failed.model_validate({"person": delivery.person, "code": word})
        await deliveries.record(tx, delivery, "fail", body, self._clock.moment(), BY_ITSELF)


async def _needless(tx: Tx, delivery: Delivery, scene: Scene) -> facts.Needless | None:
    """Why nobody needs this mail any more: its move was made by Relais in the same moment (a claim that files
    itself), or during an outage. What an operator sends again is sent in any case.
    """
    if scene.person.status == "erased":
        return "erased"
    notice = notice_of(delivery.template)
    if notice.move is None or delivery.resent:
        return None
    waited = datetime.now(UTC) - delivery.queued_at > STALE
    if (waited or scene.about.moved_by == "system") and not await asked(tx, scene.told, notice):
        return "overtaken"
    return None


def _code(reason: Exception) -> str:
    """The server's reply to this mail, or that there was none that is about it."""
    if isinstance(reason, aiosmtplib.SMTPRecipientsRefused):
        return str(reason.recipients[0].code)
    if isinstance(reason, OUTAGE) or not isinstance(reason, aiosmtplib.SMTPResponseException):
        return UNREACHABLE
    return UNREACHABLE if reason.code == 421 else str(reason.code)
