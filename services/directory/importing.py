"""Imports: a table of organisations, people or registrations is read, each row judged and shown; then the good rows
are recorded one by one, each in a transaction of its own, so that a broken-off import goes on where it stopped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select

from contracts import participation as participation_facts
from contracts.errors import DomainError
from contracts.ids import named_id
from contracts.organisation import Registered
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.finding import folded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import refusal
from services.directory import organisation as organisation_rules
from services.directory import participation as participation_rules
from services.directory import people as people_rules
from services.directory.cells import Unreadable, meaning, read
from services.directory.duplicates import Record, Records
from services.directory.kinds import organisations, participations, people
from services.directory.models import Organisation, Participation, Person

Kind: TypeAlias = Literal["organisations", "people", "registrations"]

COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    "organisations": ("name", "kind", "town", "registration_number", "vat_number", "cluster"),
    "people": ("name", "email", "language"),
    "registrations": (
        "organisation", "contact", "side", "activities", "sectors", "languages", "countries", "first_day", "last_day",
        "motivation", "objectives", "services", "function", "phone",
    ),
}  # fmt: skip
REQUIRED: Mapping[Kind, tuple[str, ...]] = {
    "organisations": ("name", "kind", "town"),
    "people": ("name", "email"),
    "registrations": ("organisation", "contact", "side", "activities", "motivation"),
}
MODELS: Mapping[Kind, type[BaseModel]] = {
    "organisations": organisation_rules.Register,
    "people": people_rules.Register,
    "registrations": participation_rules.Profile,
}


def columns_of(kind: Kind) -> list[tuple[str, bool, str]]:
    """Each column, whether it must be there, and what may stand in it."""
    told = {
        "town": _("the town with its country, such as Kraków, PL"),
        "cluster": _("the name of the cluster organisation that it is a member of"),
        "organisation": _("name or registration number of an organisation that is recorded already"),
        "contact": _("mail address of a person who is recorded already"),
        "languages": _("codes such as en; several with semicolons between"),
        "countries": _("codes such as EE; several with semicolons between"),
    }
    return [
        (name, name in REQUIRED[kind], told.get(name) or meaning(MODELS[kind], name))
        for name in COLUMNS[kind]
    ]


@dataclass(frozen=True)
class Finding:
    """What is thought of a row: `good`, `known` (it is there already), `alike` (look first) or `wrong`. row: its number
    in the file."""

    verdict: Literal["good", "known", "alike", "wrong"]
    note: str = ""
    other: str = ""
    row: int = 0


def check_columns(kind: Kind, columns: tuple[str, ...]) -> None:
    """DomainError("import-columns") unless every needed column is there and none is unknown."""
    unknown = [name for name in columns if name and name not in COLUMNS[kind]]
    missing = [name for name in REQUIRED[kind] if name not in columns]
    if unknown or missing:
        raise DomainError(
            "import-columns", "file", columns=", ".join(COLUMNS[kind]), wrong=", ".join([*missing, *unknown])
        )


async def judge(
    tx: Tx, kind: Kind, partnership: UUID, row: Mapping[str, str], number: int, records: Records
) -> Finding:
    """What recording this row would do; writes nothing. records: the standing ones, and the rows above it."""
    try:
        match kind:
            case "organisations":
                legal = organisation_rules.legal(
                    read(organisation_rules.Register, await _named_cluster(tx, row))
                )
                return await _compared(records, legal, number)
            case "people":
                given = read(people_rules.Register, row)
                known = await people_rules.person_at(tx, given.email)
                if known is not None:
                    return Finding("known", known.name)
            case "registrations":
                _profile, organisation, _contact = await _registration(tx, row)
                if await _takes_part(tx, organisation.id, partnership):
                    return Finding("known", organisation.name, str(organisation.id))
    except Unreadable as reason:
        return Finding("wrong", str(reason))
    except DomainError as reason:
        return Finding("wrong", refusal(reason.slug, reason.params))
    return Finding("good")


async def record(
    tx: Tx, kind: Kind, partnership: UUID, row: Mapping[str, str], id: UUID, at: Moment, cause: Cause
) -> None:
    """Records a row that was judged good or alike, with the id that it always gets."""
    match kind:
        case "organisations":
            given = read(organisation_rules.Register, await _named_cluster(tx, row))
            made = await organisation_rules.new(tx, given, id)
            made.partnerships = [partnership]
            body = Registered(**organisation_rules.public(made))
            await organisations.record(tx, made, "register", body, at, cause)
        case "people":
            one = read(people_rules.Register, row)
            person = people_rules.new_person(one.name, one.email, one.language, id)
            await people.record(tx, person, "register", people_rules.described(person), at, cause)
        case "registrations":
            profile, organisation, contact = await _registration(tx, row)
            participation = Participation(
                id=id,
                organisation=organisation.id,
                partnership=partnership,
                contact=contact.id,
                **participation_rules.kept(profile),
                submitted_at=at.now,
            )
            said = participation_facts.Submitted(**participation_rules.public(participation))
            await participations.record(tx, participation, "submit", said, at, cause)


def row_id(run: UUID, number: int) -> UUID:
    """The id of what a row becomes: repeating an import makes nothing twice."""
    return named_id("import", run, number)


async def _compared(records: Records, legal: Mapping[str, Any], number: int) -> Finding:
    """The likest of the records and of the rows above; this row stands among them from now on."""
    numbers = frozenset(one for one in (legal["registration_number"], legal["vat_number"]) if one)
    found = await records.like(legal["name"], legal["country"], numbers)
    row = Record(number, legal["name"], legal["town"], legal["country"], numbers)
    if not any(one.certain for one in found):
        await records.add(row)
    for one in found:
        verdict = "known" if one.certain else "alike"
        if isinstance(one.record.id, int):
            return Finding(verdict, _("row %(n)s: %(name)s") % {"n": one.record.id, "name": one.record.name})
        return Finding(verdict, one.record.name, str(one.record.id))
    return Finding("good")


async def _named_cluster(tx: Tx, row: Mapping[str, str]) -> dict[str, str]:
    """A cluster stands by its name in a table."""
    if not row.get("cluster"):
        return dict(row)
    statement = select(Organisation.id).where(
        folded(col(Organisation.name)) == folded(row["cluster"]),
        Organisation.kind == "cluster",
        Organisation.state != "merged",
    )
    found = (await tx.session.exec(statement.limit(1))).first()
    if found is None:
        raise DomainError("cluster-unknown", "cluster")
    return {**row, "cluster": str(found)}


async def _registration(tx: Tx, row: Mapping[str, str]) -> tuple[Any, Organisation, Person]:
    profile = read(participation_rules.Profile, row)
    statement = select(Organisation).where(
        (folded(col(Organisation.name)) == folded(row.get("organisation", "")))
        | (col(Organisation.registration_number) == row.get("organisation", "-")),
        Organisation.state != "merged",
    )
    found = (await tx.session.exec(statement.limit(2))).all()
    if len(found) != 1:
        raise DomainError("import-organisation", organisation=row.get("organisation", ""))
    participation_rules.check(found[0], profile.side)
    contact = await people_rules.person_at(tx, row.get("contact", ""))
    if contact is None:
        raise DomainError("person-unknown")
    return profile, found[0], contact


async def _takes_part(tx: Tx, organisation: UUID, partnership: UUID) -> bool:
    statement = select(Participation.id).where(
        Participation.organisation == organisation,
        Participation.partnership == partnership,
        col(Participation.state).not_in(("rejected", "withdrawn")),
    )
    return (await tx.session.exec(statement.limit(1))).first() is not None
