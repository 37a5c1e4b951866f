"""What events hears: the names of partnerships and, for the lists of organisers, of people."""

from contracts import partnership
from contracts.facts import Fact
from services.chassis.database import Tx
from services.chassis.facts.reader import Reader
from services.chassis.identity.people import hear_people
from services.events.models import KnownPartnership


def hear(reader: Reader) -> None:
    """Registers what is heard."""
    hear_people(reader)

    @reader.hears(partnership.Formed, partnership.Revised)
    async def formed(tx: Tx, fact: Fact, body: partnership.Public) -> None:
        await tx.session.merge(KnownPartnership(id=fact.subject, name=body.name, title=body.title))
