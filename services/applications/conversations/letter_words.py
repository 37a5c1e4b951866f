"""What the letters of a case say: welcome pack, invitation for a visa, confirmation of stay. Pure.

Each is worded for somebody who has never heard of the programme: who invites whom, where, when, what for, who pays.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from pydantic import TypeAdapter

from contracts.conversation import LetterKind
from contracts.words.kinds import mark
from services.applications.models import Application, Visit
from services.chassis.web.look.values import country, days, money, working_days
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.papers.document import Document, Part

Costs = Literal["visitor", "host", "shared"]
JOURNEY = (
    mark("Ask for an invitation letter in time if you need a visa."),
    mark("Take proof of your insurance with you."),
    mark("Keep tickets, boarding passes and invoices: they are the evidence of your report."),
)
"""What somebody who travels is told."""
_KEPT = TypeAdapter(Document)


@dataclass(frozen=True)
class Ground:
    """What a letter is written from: the case, and who sends it, for whom, on which day."""

    case: Application
    visit: Visit
    day: date
    sender: str
    email: str
    behalf: str
    payer: str
    partnership: str
    programme: str


@dataclass(frozen=True)
class Typed:
    """What the sender fills in."""

    name: str
    address: str
    costs: Costs | None
    contact: str
    note: str


def letter(kind: LetterKind, ground: Ground, typed: Typed, language: str) -> Document:
    """The letter, in the language of its reader; the same on the same day."""
    said = _said(ground, typed)
    match kind:
        case "welcome_pack":
            title, parts = _("Welcome to %(host)s") % said, _welcome(ground, typed, said)
        case "visa_invitation":
            title, parts = _("Invitation of %(name)s") % said, _invitation(ground, typed, said)
        case "confirmation_of_stay":
            title, parts = (
                _("Confirmation of the stay of %(name)s") % said,
                _confirmation(ground, typed, said),
            )
    told = [
        (_("From"), ground.behalf),
        (_("Date"), _day(ground.day)),
        (_("Our reference"), ground.case.number),
    ]
    made_at = datetime.combine(ground.day, time(12), UTC)
    return Document(title, made_at, [Part(pairs=told), *parts, _signed(said)], ground.case.number, language)


def as_data(document: Document) -> dict[str, Any]:
    """A letter as it is kept with its message."""
    return _KEPT.dump_python(document, mode="json")


def from_data(data: dict[str, Any]) -> Document:
    """A letter as it was kept."""
    return _KEPT.validate_python(data)


def _said(ground: Ground, typed: Typed) -> dict[str, str]:
    case, visit = ground.case, ground.visit
    frozen = case.frozen
    return {
        "name": typed.name,
        "visitor": frozen["visitor_name"],
        "visitor_place": f"{frozen['visitor_town']}, {country(frozen['visitor_country'])}",
        "host": frozen["host_name"],
        "host_place": f"{frozen['host_town']}, {country(frozen['host_country'])}",
        "first": _day(visit.first_day),
        "last": _day(visit.last_day),
        "days": days(visit.first_day, visit.last_day),
        "count": working_days(visit.days_done or visit.host_days or int(frozen["working_days"])),
        "report_days": str(frozen["terms"]["report_days"]),
        "amount": money(case.amount_cents),
        "payer": ground.payer,
        "partnership": ground.partnership,
        "programme": ground.programme,
        "sender": ground.sender,
        "behalf": ground.behalf,
        "email": ground.email,
        "number": case.number,
    }


def _invitation(ground: Ground, typed: Typed, said: dict[str, str]) -> list[Part]:
    return [
        Part(
            paragraphs=[
                _("To the visa section of the competent embassy or consulate"),
                _(
                    "%(host)s of %(host_place)s, invites %(name)s, who works for %(visitor)s of %(visitor_place)s, to "
                    "a working visit. We ask you to grant the visa that is needed for it."
                )
                % said,
            ]
        ),
        Part(
            _("The visit"),
            pairs=[
                (_("Person invited, as in the passport"), typed.name),
                (_("Works for"), _("%(visitor)s, %(visitor_place)s") % said),
                (_("Invited by"), _("%(host)s, %(host_place)s") % said),
                (_("Address of the visit"), typed.address),
                (_("First day"), said["first"]),
                (_("Last day"), said["last"]),
                (_("Working days at the host"), said["count"]),
            ],
        ),
        _purpose(ground),
        Part(_("Who pays"), paragraphs=[_costs(typed.costs) % said, *_grant(ground, said)]),
    ]


def _welcome(ground: Ground, typed: Typed, said: dict[str, str]) -> list[Part]:
    online = ground.case.mode == "virtual"
    when = (
        _("The exchange takes place online, %(days)s.")
        if online
        else _("You are expected at %(host)s, %(days)s.")
    )
    agenda = [line for line in ground.case.agenda.splitlines() if line.strip()]
    return [
        Part(
            paragraphs=[when % said],
            pairs=[(_("Where"), typed.address), (_("Who meets you"), typed.contact)],
        ),
        *([Part(_("Good to know"), paragraphs=[typed.note])] if typed.note else []),
        Part(_("Agenda"), paragraphs=["\n".join(agenda)]),
        Part(
            _("Before and after"),
            points=[
                *([] if online else [_(evidence) for evidence in JOURNEY]),
                _("Report within %(report_days)s days after the last day, on the page of the exchange.") % said,
                _("Write in the conversation of %(number)s when anything changes.") % said,
            ],
        ),
    ]  # fmt: skip


def _confirmation(ground: Ground, typed: Typed, said: dict[str, str]) -> list[Part]:
    return [
        Part(
            paragraphs=[
                _("To whom it may concern"),
                _(
                    "We confirm that %(name)s of %(visitor)s, %(visitor_place)s, visited %(host)s, %(host_place)s, "
                    "in the time given below, and took part in the programme that had been agreed."
                )
                % said,
            ]
        ),
        Part(
            _("The stay"),
            pairs=[
                (_("Person, as in the passport"), typed.name),
                (_("Address of the visit"), typed.address),
                (_("Between"), said["days"]),
                (_("Working days at the host"), said["count"]),
            ],
        ),
        _purpose(ground),
    ]


def _purpose(ground: Ground) -> Part:
    return Part(
        _("What it is for"),
        paragraphs=[ground.case.objectives],
        points=[coded("activity", one) for one in ground.case.activities],
    )


def _costs(costs: Costs | None) -> str:
    match costs:
        case "host":
            return _("%(host)s pays for the journey, the stay and the insurance of %(name)s.")
        case "shared":
            return _(
                "%(visitor)s pays for the journey and the insurance of %(name)s, %(host)s for accommodation and meals."
            )
        case _:
            return _("%(visitor)s pays for the journey, the stay and the insurance of %(name)s.")


def _grant(ground: Ground, said: dict[str, str]) -> list[str]:
    told = [
        _("%(visitor)s receives a grant of up to %(amount)s for this visit, paid after it by %(payer)s.")
        % said
    ]
    told = told if ground.case.amount_cents and ground.payer else []
    if ground.programme:
        part = _("The exchange is part of %(partnership)s, which is funded by the programme %(programme)s.")
        told.append(part % said)
    return [*told, _("The visit is no employment with the host.")]


def _signed(said: dict[str, str]) -> Part:
    signature = "\n".join(filter(None, (said["sender"], _("for %(behalf)s") % said)))
    asked = _("Questions about this letter: %(email)s, naming %(number)s.") if said["email"] else ""
    return Part(paragraphs=[signature, *([asked % said] if asked else [])])


def _day(day: date) -> str:
    return days(day, day)
