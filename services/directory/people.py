"""Rules of Person: everybody who gets a mail, with or without sign-in. Two people never share an address."""

from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import func
from sqlmodel import col, select

from contracts.ids import new_id
from contracts.person import PERSON, Described
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.identity.addresses import Address, Name
from services.directory.models import Person

Language = Literal["en", "de", "fr", "pl"]


class Register(Input):
    """Somebody else, whom the registering person will name in an act."""

    name: Name = Field(title="Full name")
    email: Address = Field(title="Mail address")
    language: Language = Field("en", title="In which language do they get mail?")


class Describe(Input):
    name: Name = Field(title="Full name")
    language: Language = Field(title="In which language do you read Relais and its mail?")


@rule(PERSON, "register")
async def register(work: Work[Person], given: Register, at: Moment) -> Described:
    work.row = new_person(given.name, given.email, given.language)
    return described(work.row)


@rule(PERSON, "describe")
def describe(person: Person, given: Describe, at: Moment) -> Described:
    """The address stays: it is what the person signs in with."""
    person.name = given.name
    person.language = given.language
    return described(person)


def new_person(name: str, email: str, language: str, id: UUID | None = None) -> Person:
    return Person(id=id or new_id(), name=name, email=email, language=language)


def described(person: Person) -> Described:
    """The whole state, as the fact carries it."""
    return Described(status="active", name=person.name, email=person.email, language=person.language)


async def person_at(tx: Tx, address: str) -> Person | None:
    """The person of a mail address, however its letters are written."""
    statement = select(Person).where(
        func.lower(col(Person.email)) == address.lower(), Person.state == "active"
    )
    return (await tx.session.exec(statement)).one_or_none()
