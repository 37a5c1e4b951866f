"""One mail, written when it is sent: a notice in the reader's language over what is known now, as text and as
HTML of equal worth, with a calendar file where a date belongs into a calendar.
"""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from uuid import UUID

from babel.lists import format_list
from jinja2 import Environment

from contracts.catalogue import TABLES
from contracts.invitations import FILE_NAME, Invitation
from contracts.reply_address import reply_address
from contracts.tables import side_of
from contracts.words.moves import MOVES, REMINDED
from services.chassis.settings import Settings
from services.chassis.web.look import render
from services.chassis.web.look.context import PageContext, reading
from services.chassis.web.look.parts import Link
from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import locale
from services.chassis.web.sentences import party as party_word
from services.notifications.models import Delivery, Known
from services.notifications.notices import Notice, notice_of
from services.notifications.road import road
from services.notifications.scene import Scene


class Letters:
    """Writes mails. `environment` holds the look's templates."""

    def __init__(self, environment: Environment, settings: Settings) -> None:
        self._environment = environment
        self._web_url = settings.web_url
        self._sender = settings.mail_from
        self._reply_domain = settings.reply_domain
        self._reply_secret = settings.reply_secret.get_secret_value()
        self._domain = parseaddr(settings.mail_from)[1].rpartition("@")[2]

    def written(self, delivery: Delivery, scene: Scene, now: datetime) -> EmailMessage:
        """The whole mail; `now` is business time. NotKnownYet while something that it names is not known."""
        notice = notice_of(delivery.template)
        page = PageContext(
            language=scene.person.language, web_url=self._web_url, now=now, grant=scene.without_host
        )
        with reading(page):
            given = {**self._content(notice, scene), "answered": bool(self._reply_to(scene))}
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = scene.person.email
        message["Subject"] = given["subject"]
        message["Date"] = format_datetime(datetime.now(UTC))
        if answer := self._reply_to(scene):
            message["Reply-To"] = answer
        message["Message-ID"] = self._message_id(delivery)
        message["Auto-Submitted"] = "auto-generated"
        plain, html = (render(self._environment, name, page, **given) for name in ("mail.txt", "mail.html"))
        message.set_content(plain, cte="quoted-printable")
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        if notice.calendar:
            _attach(message, self._invitation(notice, scene))
        return message

    def _content(self, notice: Notice, scene: Scene) -> dict[str, Any]:
        money = notice.money if scene.amount else ()
        subject, text = notice.subject, notice.text
        if scene.without_host:
            subject, text = notice.subject_without_host or subject, notice.without_host or text
        return {
            "subject": _(subject) % scene,
            "name": scene.person.name,
            "paragraphs": [_(one) % scene for one in (*text, *money)],
            "move": _move(notice, scene),
            "button": Link(_(notice.button), self._web_url + _address(notice, scene)),
            "road": road(scene),
            "payer": _payer(scene) if notice.payer else "",
            "funding": _funding(scene),
        }

    def _reply_to(self, scene: Scene) -> str:
        """Where an answer lands in the conversation of the case; empty where there is none."""
        case = scene.things.get(scene.told.case_id) if scene.told.case_id else None
        submitted = case is not None and case.aggregate == "application" and case.state != "draft"
        if case is None or not submitted or not self._reply_domain:
            return ""
        today = datetime.now(UTC).date()
        return reply_address(case.id, scene.person.id, today, self._reply_secret, self._reply_domain)

    def _message_id(self, delivery: Delivery) -> str:
        """The delivery's own, so that a mail which went out twice is known as one; another if sent again."""
        again = f".{delivery.resent}" if delivery.resent else ""
        return f"<{delivery.id}{again}@{self._domain}>"

    def _invitation(self, notice: Notice, scene: Scene) -> Invitation:
        said, registration = scene.event.said, scene.page
        return Invitation(
            registration=registration.id,
            sequence=registration.version + scene.event.version,
            title=said["title"],
            venue=said["venue"],
            town=said["town"],
            country=said["country"],
            timezone=said["timezone"],
            starts_at=datetime.fromisoformat(said["starts_at"]),
            ends_at=datetime.fromisoformat(said["ends_at"]),
            url=f"{self._web_url}/registrations/{registration.id}",
            cancelled=notice.calendar == "cancelled",
        )


def _attach(message: EmailMessage, invitation: Invitation) -> None:
    method = "CANCEL" if invitation.cancelled else "PUBLISH"
    message.add_attachment(
        invitation.calendar(datetime.now(UTC)),
        maintype="text",
        subtype="calendar",
        params={"charset": "utf-8", "method": method},
        filename=FILE_NAME,
    )


def _address(notice: Notice, scene: Scene) -> str:
    event = scene.event.id if "{event}" in notice.page else None
    return notice.page.format(
        subject=scene.told.subject, case=scene.told.case_id, page=scene.page.id, event=event
    )


def _move(notice: Notice, scene: Scene) -> str:
    """Whose move it is: the reader's, with the date; or for whom it waits."""
    if move := notice.move:
        if move is REMINDED:
            move = MOVES.get(f"{scene.about.aggregate}.{scene.told.state}", move)
        words = {"what": _(move.what), "due": scene["due"]}
        return (_("Your move: %(what)s, until %(due)s") if scene.due else _("Your move: %(what)s")) % words
    return _waiting(scene)


def _waiting(scene: Scene) -> str:
    """Whom the thing waits for after the fact, by the name of their organisation or partnership."""
    turn = _movers(scene.about, scene.told.state)
    entries = [entry.split(":", 1) for entry in scene.told.audience]
    told = [_called(scene, party, UUID(scope)) for party, scope in entries if party in turn]
    if not told:
        return ""
    return _("Waiting for %(who)s") % {"who": format_list(list(dict.fromkeys(told)), locale=locale())}


def _movers(known: Known, state: str) -> set[str]:
    if known.aggregate == "registration" or known.state != state:
        return set()
    return {one for one in TABLES[known.aggregate].movers_in(state) if side_of(one) not in known.done}


def _called(scene: Scene, party: str, scope: UUID) -> str:
    return scene.name_of(scope) if scope in scene.things else party_word(party)


def _payer(scene: Scene) -> str:
    partnership, payer = scene.partnership(), scene.payer()
    if partnership is None or not payer:
        return ""
    text = _("The money is paid by %(payer)s, a member of %(partnership)s, and not by the European Union.")
    return text % {"payer": payer, "partnership": partnership.said["name"]}


def _funding(scene: Scene) -> str:
    partnership = scene.partnership()
    if partnership is None or not partnership.said.get("programme"):
        return ""
    words = {"partnership": partnership.said["name"], "programme": partnership.said["programme"]}
    return _("%(partnership)s is funded by the programme %(programme)s.") % words
