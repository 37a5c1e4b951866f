"""What directory hears: in which cases an organisation visits or hosts, so that a merge they rest on stays."""

from sqlalchemy.dialects.postgresql import insert

from contracts import application
from contracts.facts import Fact
from services.chassis.database import Tx
from services.chassis.facts.reader import Reader
from services.chassis.migrate import table_of
from services.directory.models import OrganisationCase


def hear(reader: Reader) -> None:
    """Registers the handler."""

    @reader.hears(application.Submitted, application.Revised, application.Amended)
    async def submitted(tx: Tx, fact: Fact, body: application.Frozen) -> None:
        values = [
            {"organisation": id, "case_id": fact.subject, "submitted_at": fact.time}
            for id in {body.visitor, body.host} - {None}
        ]
        await tx.execute(insert(table_of(OrganisationCase)).values(values).on_conflict_do_nothing())
