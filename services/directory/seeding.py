"""What an empty directory begins with: the clusters, the partnerships with a current period, and the people
and roles of the demonstration. Recorded as acts are, so that every service hears of it. Runs once; ids
follow from names.
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

from contracts.ids import named_id
from contracts.role_grant import Granted
from contracts.workdays import Moment
from services.chassis.clock import Clock
from services.chassis.database import Database, Tx
from services.chassis.facts.outbox import Cause
from services.chassis.identity.actor import PLATFORM
from services.directory.kinds import organisations, partnerships, people, role_grants
from services.directory.models import Organisation, Partnership, RoleGrant
from services.directory.organisation import registered
from services.directory.partnership import formed
from services.directory.people import described, new_person
from services.directory.roles import OF_PARTNERSHIP, managing
from services.directory.towns import Town, town

SEEDS = Path(__file__).parent / "seeds"
CAUSE = Cause("system", via="system")
log = structlog.get_logger(__name__)


async def seed(database: Database, clock: Clock) -> None:
    """Fills an empty directory in one transaction; does nothing when there is something in it already."""
    at = clock.moment()
    async with database.transaction() as tx:
        await tx.session.exec(select(func.pg_advisory_xact_lock(func.hashtext("seeds"))))
        if (await tx.session.exec(select(Organisation.id).limit(1))).first() is not None:
            return
        for organisation in _organisations():
            await organisations.record(tx, organisation, "register", registered(organisation), at, CAUSE)
        for partnership in _partnerships(at.today()):
            await partnerships.record(tx, partnership, "form", formed(partnership), at, CAUSE)
        for row in _rows("people.csv"):
            await _person(tx, row, at)
    log.info("seeded")


def _organisations() -> Iterator[Organisation]:
    for row in _rows("clusters.csv"):
        place = Town(row["town"], row["country"], float(row["latitude"]), float(row["longitude"]))
        yield _organisation(row["name"], "cluster", place)
    for row in _rows("organisations.csv"):
        yield _organisation(row["name"], row["kind"], town(f"{row['town']}, {row['country']}", "town"))


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
        grant = RoleGrant(
            id=named_id("role_grant", row["key"], role),
            person=person.id,
            role=role,
            scope=scope,
            partnerships=await managing(tx, role, scope),
        )
        body = Granted.model_validate({"person": person.id, "role": role, "scope": scope})
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
