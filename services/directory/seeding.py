"""What an empty directory begins with, as its settings say: the clusters with the labels that they report, the
partnerships with a current period, the people, roles and plans of the demonstration, the first operator. Recorded as
acts are, so that every service hears of it. Runs once; ids follow from names.
"""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func
from sqlmodel import select

from contracts.ids import named_id, new_id
from contracts.membership import RIGHTS, Activated
from contracts.organisation import Registered
from contracts.recognition import Reported
from contracts.role_grant import Granted
from contracts.workdays import Moment
from services.chassis.clock import Clock
from services.chassis.database import Database, Tx
from services.chassis.facts.outbox import Cause
from services.chassis.identity.actor import PLATFORM
from services.chassis.settings import Settings
from services.directory.consortium.seeding import seed_plans
from services.directory.excellence.indicator_set import seed_indicators
from services.directory.kinds import (
    memberships,
    organisations,
    partnerships,
    people,
    recognitions,
    role_grants,
)
from services.directory.label_models import Recognition
from services.directory.models import Membership, Organisation, Partnership, RoleGrant
from services.directory.organisation import public
from services.directory.partnership import formed
from services.directory.people import described, new_person, person_at
from services.directory.roles import OF_PARTNERSHIP, managing
from services.directory.towns import Town, town

SEEDS = Path(__file__).parent / "seeds"
CAUSE = Cause("system", via="system")
log = structlog.get_logger(__name__)


async def begin(database: Database, clock: Clock, settings: Settings) -> None:
    """All that the settings ask for and that is not there yet."""
    if settings.seeds != "none":
        await _seed_indicators(database, clock)
        await seed(database, clock, with_people=settings.seeds == "demo")
    if settings.first_operator:
        await appoint(database, clock, settings.first_operator)


async def seed(database: Database, clock: Clock, *, with_people: bool = True) -> None:
    """Fills an empty directory in one transaction; does nothing when there is something in it already."""
    at = clock.moment()
    async with database.transaction() as tx:
        await _alone(tx)
        if (await tx.session.exec(select(Organisation.id).limit(1))).first() is not None:
            return
        formed_now = list(_partnerships(at.today()))
        for organisation in _organisations():
            organisation.partnerships = [one.id for one in formed_now if organisation.id in one.members]
            body = Registered(**public(organisation))
            await organisations.record(tx, organisation, "register", body, at, CAUSE)
        for partnership in formed_now:
            await partnerships.record(tx, partnership, "form", formed(partnership), at, CAUSE)
        for label in _labels(formed_now):
            said = Reported(organisation=label.organisation, scheme=label.scheme, level=label.level)
            await recognitions.record(tx, label, "report", said, at, CAUSE)
        if with_people:
            for row in _rows("people.csv"):
                await _person(tx, row, at)
            await seed_plans(tx, at, CAUSE)
    log.info("seeded")


async def _seed_indicators(database: Database, clock: Clock) -> None:
    """The indicators that clusters assess themselves by, where there are none."""
    async with database.transaction() as tx:
        await _alone(tx)
        await seed_indicators(tx, clock.moment(), CAUSE)


async def appoint(database: Database, clock: Clock, address: str) -> None:
    """Makes the person of a mail address operator, unless somebody is. They sign in by a link, as everybody does."""
    at = clock.moment()
    async with database.transaction() as tx:
        await _alone(tx)
        held = select(RoleGrant.id).where(RoleGrant.role == "operator", RoleGrant.state == "granted")
        if (await tx.session.exec(held.limit(1))).first() is not None:
            return
        person = await person_at(tx, address)
        if person is None:
            person = new_person(address.partition("@")[0], address, "en")
            await people.record(tx, person, "register", described(person), at, CAUSE)
        await _grant(tx, new_id(), person.id, "operator", PLATFORM, at)
    log.info("the first operator is appointed")


async def _alone(tx: Tx) -> None:
    """Another process of this service waits until the transaction ends."""
    await tx.session.exec(select(func.pg_advisory_xact_lock(func.hashtext("seeds"))))


def _organisations() -> Iterator[Organisation]:
    for row in _rows("clusters.csv"):
        place = Town(row["town"], row["country"], float(row["latitude"]), float(row["longitude"]))
        yield _organisation(row["name"], "cluster", place)
    for row in _rows("organisations.csv"):
        yield _organisation(row["name"], row["kind"], town(f"{row['town']}, {row['country']}", "town"))


def _labels(formed_now: list[Partnership]) -> Iterator[Recognition]:
    """Labels that clusters say they have, of a certificate that nobody has shown."""
    for row in _rows("clusters.csv"):
        if row["label"]:
            id = named_id("organisation", row["name"])
            yield Recognition(
                id=named_id("recognition", row["name"]),
                organisation=id,
                scheme="ECEI",
                level=row["label"],
                partnerships=[one.id for one in formed_now if id in one.members],
            )


def _organisation(name: str, kind: str, place: Town) -> Organisation:
    id = named_id("organisation", name)
    return Organisation(
        id=id,
        name=name,
        kind=kind,
        town=place.name,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        identity=id,
    )


def _partnerships(today: date) -> Iterator[Partnership]:
    """The action runs from the start of last year to the end of the next, whatever the source says."""
    known: list[dict[str, Any]] = json.loads((SEEDS / "partnerships.json").read_text())["partnerships"]
    for one in known:
        yield Partnership(
            id=named_id("partnership", one["name"]),
            name=one["name"],
            title=one["title"],
            programme=one["programme"],
            coordinator=named_id("organisation", one["coordinator"]),
            members=[named_id("organisation", member) for member in one["members"]],
            themes=one.get("themes", []),
            first_day=date(today.year - 1, 1, 1),
            last_day=date(today.year + 1, 12, 31),
        )


async def _person(tx: Tx, row: dict[str, str], at: Moment) -> None:
    person = new_person(row["name"], row["mail"], row["language"], named_id("person", row["key"]))
    await people.record(tx, person, "register", described(person), at, CAUSE)
    for role in row["role"].split():
        scope = _scope(role, row["scope"])
        if role in RIGHTS:
            await _found(tx, named_id("membership", row["key"], role), person.id, role, scope, at)
        else:
            await _grant(tx, named_id("role_grant", row["key"], role), person.id, role, scope, at)


async def _found(tx: Tx, id: UUID, person: UUID, role: str, scope: UUID, at: Moment) -> None:
    belongs = Membership(id=id, person=person, organisation=scope, role=role, since=at.now)
    body = Activated.model_validate({"person": person, "organisation": scope, "role": role})
    await memberships.record(tx, belongs, "found", body, at, CAUSE)


async def _grant(tx: Tx, id: UUID, person: UUID, role: str, scope: UUID, at: Moment) -> None:
    partnerships = await managing(tx, role, scope)
    grant = RoleGrant(id=id, person=person, role=role, scope=scope, partnerships=partnerships)
    body = Granted.model_validate({"person": person, "role": role, "scope": scope})
    await role_grants.record(tx, grant, "grant", body, at, CAUSE)


def _scope(role: str, name: str) -> UUID:
    if role == "operator":
        return PLATFORM
    return named_id("partnership" if role in OF_PARTNERSHIP else "organisation", name)


def seeded_people() -> dict[str, str]:
    """Key and name of everybody that a new installation knows."""
    return {row["key"]: row["name"] for row in _rows("people.csv")}


def seeded_mails() -> dict[str, str]:
    """Key and mail address of everybody that a new installation knows."""
    return {row["key"]: row["mail"] for row in _rows("people.csv")}


def _rows(file: str) -> list[dict[str, str]]:
    with (SEEDS / file).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
