"""Who registered for an event, as a file for its organisers."""

from uuid import UUID

from services.chassis.database import Tx
from services.chassis.web.look.parts import Column
from services.chassis.web.look.values import short_day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.sheet import PIECE, Listing, Rows
from services.events.models import Event
from services.events.reads import participants


def registrations_listing(event: Event) -> Listing:
    """In the order in which they came."""

    async def read(tx: Tx, after: UUID | None) -> tuple[Rows, UUID | None]:
        people = await participants(tx, event.id, after, PIECE)
        told: Rows = [
            (
                one.registration.number, one.name, state_word("registration", one.registration.state), one.position,
                one.registration.registered_at, ", ".join(short_day(day) for day in one.seen),
                one.registration.helpful,
            )
            for one in people
        ]  # fmt: skip
        return told, people[-1].registration.id if people else None

    columns = [
        Column(_("No."), number=True),
        Column(_("Name")),
        Column(_("Standing")),
        Column(_("Number in line"), number=True),
        Column(_("Registered")),
        Column(_("Seen")),
        Column(_("Helpful, 1 to 5"), number=True),
    ]
    title = _("%(event)s: registrations") % {"event": event.title}
    return Listing("registrations", title, columns, read)
