"""Rules of Person: everybody who gets a mail, with or without sign-in. Two people never share an address."""

import re
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import func
from sqlmodel import col, select

from contracts.ids import new_id
from contracts.person import PERSON, Described
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.directory.models import Person

Language = Literal["en", "de", "fr", "pl"]
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def _mail_address(text: str) -> str:
    if len(text) > 254 or not _ADDRESS.fullmatch(text):
        raise PydanticCustomError("mail-address", "Enter a mail address like name@example.org")
    return text


def _human_name(text: str) -> str:
    """A name is printed in mails to addresses that nobody has proved yet: it must not name a site."""
    if re.search(r"[<>/\\:@\x00-\x1f]|www\.", text):
        raise PydanticCustomError("name-malformed", "Enter a name without signs such as / : @")
    return text


Address = Annotated[str, AfterValidator(_mail_address)]
Name = Annotated[str, Field(min_length=2, max_length=120), AfterValidator(_human_name)]


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
