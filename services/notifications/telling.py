"""From a fact to deliveries: who must hear of it, once each, in the transaction that hears the fact.

Roles come from another topic than the facts they matter for. So what there is to tell is kept, and somebody
whose role is heard of late, but was given before, is told then.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Text, cast, literal, tuple_
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, select

from contracts import delivery as facts
from contracts import membership, role_grant
from contracts.catalogue import FACTS, TABLES
from contracts.facts import Fact
from contracts.ids import named_id
from contracts.membership import RIGHTS
from contracts.tables import PARTIES, Body
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.facts.reader import Reader
from services.chassis.identity.grants import grants, on
from services.notifications.kinds import deliveries
from services.notifications.knowing import missing_signatures, movers, registrations_of
from services.notifications.models import Delivery, Known, Told
from services.notifications.notices import (
    BY_NAME,
    DRAFTS,
    MOVERS,
    NOTICES,
    PAYER,
    REGISTRANTS,
    Notice,
    template_of,
)

BREATH = timedelta(seconds=1)
"""How long a mail that asks for a move waits, real time: Relais may make the move itself in the same moment."""
LATE_ROLES = timedelta(days=1)


def tell(reader: Reader) -> None:
    """Lets a reader queue mails. Facts from before its birth are history and send nothing."""
    bodies = [FACTS[type].body for type in FACTS if _key(type) in NOTICES]

    @reader.hears(*bodies)
    async def heard(tx: Tx, fact: Fact, body: Body) -> None:
        if await reader.historical(tx, fact):
            return
        told = Told(
            id=fact.id,
            key=_key(fact.type),
            subject=fact.subject,
            case_id=fact.case,
            state=fact.state,
            at=fact.time,
            recorded_at=fact.recordedtime,
            actor=fact.actor,
            audience=list(fact.audience),
            body=dict(fact.body),
        )
        tx.add(told)
        await tx.session.flush()
        await queue(tx, told, fact.correlation)

    @reader.hears(role_grant.Granted)
    async def granted(tx: Tx, fact: Fact, body: role_grant.Granted) -> None:
        await _catch_up(tx, fact, body.person, (body.role,), body.scope)

    @reader.hears(membership.Activated)
    async def activated(tx: Tx, fact: Fact, body: membership.Activated) -> None:
        await _catch_up(tx, fact, body.person, RIGHTS[body.role], body.organisation)


async def _catch_up(tx: Tx, fact: Fact, person: UUID, roles: tuple[str, ...], scope: UUID) -> None:
    """Tells somebody whose role is heard of now what their role has been told since it was given."""
    since = max(fact.recordedtime, datetime.now(UTC) - LATE_ROLES)
    entries = [f"{party}:{scope}" for party, role in PARTIES.items() if role in roles]
    missed = select(Told).where(
        col(Told.recorded_at) >= since,
        col(Told.audience).bool_op("&&")(cast(entries, ARRAY(Text))),
    )
    for told in (await tx.session.exec(missed.order_by(col(Told.recorded_at)))).all():
        await queue(tx, told, fact.correlation, only=person)


def _key(type: str) -> str:
    """`relais.application.awarded.v1` → "application.awarded"."""
    return type.removeprefix("relais.").rpartition(".")[0]


async def queue(tx: Tx, told: Told, correlation: UUID | None, *, only: UUID | None = None) -> None:
    """Queues a mail for everybody who must hear of it and has none yet; or for one of them."""
    found: dict[UUID, tuple[Notice, UUID]] = {}
    for notice in NOTICES[told.key]:
        if notice.when and told.body.get(notice.when[0]) != notice.when[1]:
            continue
        for person, page in await _recipients(tx, told, notice):
            wanted = only in (None, person) and (notice.actor_too or str(person) != told.actor)
            if wanted:
                found.setdefault(person, (notice, page))
    cause = Cause("system", via="system", correlation=correlation, causation=told.id)
    for person, (notice, page) in sorted(found.items()):
        await _queue_one(tx, told, notice, person, page, cause)


async def _queue_one(tx: Tx, told: Told, notice: Notice, person: UUID, page: UUID, cause: Cause) -> None:
    template = template_of(told.key, notice)
    id = named_id("delivery", told.id, person, template)
    if await tx.get(Delivery, id) is not None:
        return
    now = datetime.now(UTC)
    row = Delivery(
        id=id,
        about=told.id,
        person=person,
        template=template,
        page=page,
        queued_at=now,
        try_at=now + BREATH if notice.move else now,
    )
    body = facts.Queued(person=person, template=template, about=told.id)
    await deliveries.record(tx, row, "queue", body, Moment(told.at), cause)


async def _recipients(tx: Tx, told: Told, notice: Notice) -> list[tuple[UUID, UUID]]:
    """People, each with the thing that their mail's button leads to."""
    if states := [state for word in notice.to for state in REGISTRANTS.get(word, ())]:
        rows = await registrations_of(tx, told.subject, states)
        return [(UUID(row.said["person"]), row.id) for row in rows]
    if DRAFTS in notice.to:
        return [(UUID(person), told.subject) for person in told.body["drafts"]]
    if fields := [BY_NAME[word] for word in notice.to if word in BY_NAME]:
        return [(UUID(told.body[field]), told.subject) for field in fields]
    parties = await asked(tx, told, notice)
    entries = [entry.split(":", 1) for entry in told.audience]
    scopes = [(party, UUID(scope)) for party, scope in entries if party in parties]
    themselves = [scope for party, scope in scopes if PARTIES[party] == "self"]
    return [(person, told.subject) for person in [*themselves, *await _holders(tx, scopes, told.at)]]


async def asked(tx: Tx, told: Told, notice: Notice) -> set[str]:
    """The parties that a notice is for now. Of a move, those whose move it still is."""
    if PAYER in notice.to:
        missing = await missing_signatures(tx, told.case_id)
        return missing if missing == {"PAY"} else set()
    known = await tx.get(Known, told.subject)
    assert known is not None, "what is told is known"
    if notice.move is None:
        return set(notice.to)
    if known.state != told.state:
        return set()
    turn = await movers(tx, known)
    if MOVERS in notice.to:
        return turn
    movable = set(TABLES[known.aggregate].movers_in(known.state))
    if turn and (known.aggregate, known.state) == ("application", "awarded"):
        movable |= set(notice.to)  # its documents are there and say who signs
    return {party for party in notice.to if party in turn or party not in movable}


async def _holders(tx: Tx, scopes: list[tuple[str, UUID]], at: datetime) -> list[UUID]:
    """Who holds these roles on that day."""
    roles = [(PARTIES[party], scope) for party, scope in scopes]
    statement = (
        select_columns(grants.c.person)
        .distinct()
        .where(tuple_(grants.c.role, grants.c.scope).in_(roles), on(literal(Moment(at).today())))
    )
    return list((await tx.execute(statement.order_by(grants.c.person))).scalars())
