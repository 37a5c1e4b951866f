"""Records that may be of one legal person: by number for certain, by name perhaps. Over all partnerships."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlmodel import col

from services.chassis.database import Tx
from services.chassis.finding import plain
from services.directory.models import Organisation

ALIKE = 88
"""Likeness of two names (0 to 100, by their words in any order) from which somebody should look."""
AT_MOST = 5
_COMPARED: tuple[Any, ...] = (
    Organisation.id, Organisation.name, Organisation.town, Organisation.registration_number, Organisation.vat_number,
)  # fmt: skip
_FORMS = re.compile(
    r"\b(gmbh|ggmbh|mbh|ag|kg|ug|ev|sa|sas|sarl|sas|sl|slu|srl|spa|bv|nv|vzw|asbl|oy|oyj|ab|as|aps|ou|kft|zrt|"
    r"doo|sro|ltd|limited|llc|plc|inc|sp z oo|spolka z oo|spolka akcyjna|ev|eingetragener verein)\b"
)


@dataclass(frozen=True)
class Record:
    """What is compared of an organisation. id: of its record; where it is a row above in the same table, its number."""

    id: UUID | int
    name: str
    town: str
    country: str
    numbers: frozenset[str]


@dataclass(frozen=True)
class Likeness:
    """A record that somebody should look at. certain: they share a number."""

    record: Record
    certain: bool
    score: int


def plainly(name: str) -> str:
    """A name without accents, signs and legal form: "Médolab Sp. z o.o." is "medolab"."""
    words = re.sub(r"[^\w\s]", "", plain(name))
    return " ".join(_FORMS.sub(" ", words).split()) or words


class Records:
    """The standing records, read once for each country however many names are compared with them."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._known: dict[str, dict[UUID | int, Record]] = {}
        self._names: dict[str, dict[UUID | int, str]] = {}

    async def add(self, record: Record) -> None:
        """One more, that is not recorded yet."""
        known = await self._of(record.country)
        known[record.id], self._names[record.country][record.id] = record, plainly(record.name)

    async def like(
        self, name: str, country: str, numbers: Iterable[str], *, but: UUID | None = None
    ) -> list[Likeness]:
        """The likest, certain ones first; `but` is the record itself."""
        known, given = await self._of(country), {number for number in numbers if number}
        certain = [one for one in known.values() if one.numbers & given and one.id != but]
        left_out = {but, *(one.id for one in certain)}
        matches = process.extract(
            plainly(name), self._names[country], scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE,
            limit=AT_MOST + len(left_out),
        )  # fmt: skip
        alike = [
            Likeness(known[id], False, round(score)) for _name, score, id in matches if id not in left_out
        ]
        return [*(Likeness(one, True, 100) for one in certain), *alike[:AT_MOST]]

    async def _of(self, country: str) -> dict[UUID | int, Record]:
        if country not in self._known:
            statement = select(*map(col, _COMPARED)).where(
                col(Organisation.state) != "merged", col(Organisation.country) == country
            )
            found: dict[UUID | int, Record] = {}
            for row in (await self._tx.execute(statement)).all():
                numbers = frozenset(one for one in (row.registration_number, row.vat_number) if one)
                found[row.id] = Record(row.id, row.name, row.town, country, numbers)
            self._known[country] = found
            self._names[country] = {id: plainly(one.name) for id, one in found.items()}
        return self._known[country]
