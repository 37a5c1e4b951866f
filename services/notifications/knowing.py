"""What notifications knows of the things that mails name, and whose move it is on them, by their facts.

It hears of things that it never mails about, because a mail about another thing may name them.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from contracts.catalogue import TABLES
from contracts.facts import Fact
from contracts.tables import Body
from services.chassis.database import Tx
from services.chassis.facts.reader import Reader
from services.notifications.models import Known

NAMED = (
    "organisation",
    "partnership",
    "participation",
    "proposal",
    "application",
    "agreement",
    "visit",
    "payee",
    "claim",
    "batch",
    "event",
    "registration",
)
"""Aggregates that mails are about, or name."""


def hear_things(reader: Reader) -> None:
    """Lets a reader keep the projection; what is registered later finds the thing as the fact leaves it."""

    @reader.hears(*(body for name in NAMED for body in TABLES[name].facts))
    async def know(tx: Tx, fact: Fact, body: Body) -> None:
        known = await tx.get(Known, fact.subject)
        if known is None:
            known = Known(id=fact.subject, aggregate=fact.aggregate, state="", version=0)
        known.case_id = fact.case
        known.state, known.version = fact.state, fact.version
        known.said = {**known.said, **fact.body}
        if party := fact.body.get("party"):
            known.signed = sorted({*known.signed, str(party)})
        tx.add(known)
        await tx.session.flush()

    _ = know


async def registrations_of(tx: Tx, event: UUID) -> Sequence[Known]:
    """Everybody with a confirmed place."""
    statement = select(Known).where(
        Known.aggregate == "registration",
        Known.state == "confirmed",
        col(Known.said)["event"].astext == str(event),
    )
    return (await tx.session.exec(statement)).all()


async def missing_signatures(tx: Tx, case: UUID | None) -> set[str]:
    """Parties that have not signed all open documents of a case yet."""
    statement = select(Known).where(
        Known.aggregate == "agreement", Known.case_id == case, Known.state == "open"
    )
    rows = (await tx.session.exec(statement)).all()
    return {party for row in rows for party in row.said["parties"] if party not in row.signed}


async def movers(tx: Tx, known: Known) -> set[str]:
    """The parties whose move it is on a thing."""
    if known.aggregate == "application" and known.state == "awarded":
        missing = await missing_signatures(tx, known.case_id)
        return missing - {"PAY"} or missing
    return set(TABLES[known.aggregate].movers_in(known.state))
