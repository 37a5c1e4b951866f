"""What a mail names, in its reader's words: read from what is known when it is written, never from free text.

A name that is not known yet raises NotKnownYet, and the mail is tried again later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.errors import NotKnownYet
from services.chassis.database import Tx
from services.chassis.identity.people import KnownPerson, known_person
from services.chassis.web.look import values
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.notifications.knowing import known_things
from services.notifications.models import Delivery, Known, Told

NAMES = (
    "organisation",
    "payer",
    "visitor",
    "host",
    "partnership",
    "visitor_partnership",
    "host_partnership",
    "event",
)
"""Fields of facts with the id of something that has a name."""


@dataclass(frozen=True)
class Scene:
    """All that one mail is written from.

    about   the thing that the fact is about, as it stands now; page: the thing that its button leads to
    things  whatever else is known and may be named: the case, organisations, partnerships, the event
    """

    person: KnownPerson
    told: Told
    about: Known
    page: Known
    things: Mapping[UUID, Known]

    def __getitem__(self, name: str) -> str:
        """A value of a notice's text by its name: `_("%(visitor)s has withdrawn") % scene`."""
        match name:
            case "title" if self.without_host:
                return _("%(visitor)s: %(call)s") % self
            case "title":
                return _("%(visitor)s to %(host)s") % self
            case "organisation" if self.about.aggregate == "organisation":
                return self._said("name")
            case "call" if self.about.aggregate == "call":
                return str(self.about.said["title"])
            case "call":
                return str(self.case.said["title"])
            case "visitor" | "host" | "organisation" | "partnership":
                return self.name_of(UUID(self._said(self._role(name))))
            case "scope":
                return self.name_of(UUID(self.told.body["scope"]))
            case "from" | "until":
                end = "first_day" if name == "from" else "last_day"
                return values.day(date.fromisoformat(self.told.body[end]))
            case "number":
                return self._said("number")
            case "days":
                first, last = (date.fromisoformat(self.case.said[key]) for key in ("first_day", "last_day"))
                return values.days(first, last)
            case "waiting":
                return values.number(int(self.told.body["waiting"]))
            case "done":
                return values.number(int(self.about.said["days"]))
            case "amount":
                return values.money(self.amount)
            case "paid" | "sum" | "left" | "total" | "accepted" | "cut":
                return values.money(int(self._said(f"{name}_cents")))
            case "valid_until" | "renewable_until":
                return values.day(date.fromisoformat(self.told.body[name]))
            case "pay_by" | "due_on":
                return values.day(date.fromisoformat(self._said(name)))
            case "due":
                return values.moment(self.due, named=True) if self.due else ""
            case "why":
                return coded(self.told.key, self.told.body["why"])
            case "reason":
                return coded(self.told.key, self.told.body["reason"])
            case "by":
                return coded("ended_by", self.told.body["by"])
            case "state":
                return state_word(self.about.aggregate, self.about.state)
            case "event":
                return str(self.event.said["title"])
            case "venue" | "town":
                return str(self.event.said[name])
            case "starts" | "ends":
                when = datetime.fromisoformat(self.event.said[f"{name}_at"])
                return values.moment(when, self.event.said["timezone"], named=name == "ends")
            case _:
                raise KeyError(name)

    @property
    def case(self) -> Known:
        """The application of the fact's case."""
        return self.thing("application", self.told.case_id)

    @property
    def event(self) -> Known:
        """The event that the fact, or the registration, is about."""
        if self.about.aggregate == "event":
            return self.about
        return self.thing("event", UUID(self.page.said["event"]))

    @property
    def amount(self) -> int:
        """Cents: accepted, else by the days actually done, else as frozen; 0 where no money is involved."""
        said = self.about.said
        frozen = self.case.said.get("amount_cents", 0) if self.is_exchange else 0
        return int(said.get("accepted_cents", said.get("amount_cents", frozen)))

    @property
    def due(self) -> datetime | None:
        """Until when it waits; signatures wait as long as their case."""
        if said := self.told.body.get("due_at"):
            return datetime.fromisoformat(said)
        return self.case.due_at if self.about.aggregate == "agreement" else self.about.due_at

    @property
    def without_host(self) -> bool:
        """Whether it belongs to a case of a call that has no host."""
        known = self.things.get(self.told.case_id) if self.told.case_id else None
        return known is not None and "title" in known.said and known.said.get("host") is None

    @property
    def is_exchange(self) -> bool:
        """Whether it belongs to an exchange that was submitted."""
        return self.told.case_id is not None and self.about.aggregate not in ("event", "registration", "call")

    def thing(self, aggregate: str, id: UUID | None) -> Known:
        found = self.things.get(id) if id else None
        if found is None:
            raise NotKnownYet(aggregate, id)
        return found

    def name_of(self, id: UUID) -> str:
        """What an organisation or partnership is called."""
        return str(self.thing("organisation", id).said["name"])

    def partnership(self) -> Known | None:
        """The partnership whose programme this belongs to."""
        id = self._maybe(self._role("partnership"))
        return self.thing("partnership", UUID(id)) if id else None

    def payer(self) -> str:
        """The name of the paying member, where money is owed."""
        id = self._maybe("payer")
        return self.name_of(UUID(id)) if id and self.amount else ""

    def _role(self, name: str) -> str:
        return "visitor_partnership" if name == "partnership" and self._maybe("visitor_partnership") else name

    def _said(self, name: str) -> str:
        found = self._maybe(name)
        if found is None:
            raise NotKnownYet(name, self.told.subject)
        return found

    def _maybe(self, name: str) -> str | None:
        """What the thing's facts have said, else its case's, else its event's."""
        others = (self.things.get(id) for id in _belongs_to(self.about, self.told, self.page))
        for one in (self.about, *others):
            if one is not None and one.said.get(name) is not None:
                return str(one.said[name])
        return None


async def scene_of(tx: Tx, delivery: Delivery) -> Scene:
    """What the mail is written from now; a constant number of statements."""
    told = await tx.found(Told, delivery.about)
    person = await known_person(tx, delivery.person)
    first = await known_things(tx, {told.subject, delivery.page, *_ids(told)})
    if told.subject not in first or delivery.page not in first:
        raise NotKnownYet("subject", told.subject)
    named = {id for one in first.values() for id in _named(one)}
    things = {**first, **await known_things(tx, named - set(first))}
    return Scene(person, told, first[told.subject], first[delivery.page], things)


def _ids(told: Told) -> set[UUID]:
    scopes = {UUID(entry.partition(":")[2]) for entry in told.audience}
    return scopes | ({told.case_id} if told.case_id else set[UUID]())


def _named(known: Known) -> set[UUID]:
    """The organisations, partnerships and events that a thing's facts name."""
    return {UUID(known.said[key]) for key in NAMES if known.said.get(key)}


def _belongs_to(about: Known, told: Told, page: Known) -> tuple[UUID, ...]:
    event = page.said.get("event")
    ids = (told.case_id, UUID(event) if event else None)
    return tuple(id for id in ids if id and id != about.id)
