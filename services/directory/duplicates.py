"""Records that may be of one legal person: by number for certain, by name perhaps. Over all partnerships."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz, process
from sqlalchemy import or_
from sqlmodel import col, select

from services.chassis.database import Tx
from services.directory.models import Organisation

ALIKE = 88
"""Likeness of two names (0 to 100, by their words in any order) from which somebody should look."""
AT_MOST = 5
_FORMS = re.compile(
    r"\b(gmbh|ggmbh|mbh|ag|kg|ug|ev|sa|sas|sarl|sas|sl|slu|srl|spa|bv|nv|vzw|asbl|oy|oyj|ab|as|aps|ou|kft|zrt|"
    r"doo|sro|ltd|limited|llc|plc|inc|sp z oo|spolka z oo|spolka akcyjna|ev|eingetragener verein)\b"
)


@dataclass(frozen=True)
class Likeness:
    """A record that somebody should look at. certain: they share a number."""

    organisation: Organisation
    certain: bool
    score: int


def plainly(name: str) -> str:
    """A name without accents, signs and legal form: "Médolab Sp. z o.o." is "medolab"."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l").replace("ø", "o"))
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    words = re.sub(r"[^\w\s]", "", letters)
    return " ".join(_FORMS.sub(" ", words).split()) or words


async def like(
    tx: Tx, name: str, country: str, numbers: Iterable[str], *, but: UUID | None = None
) -> list[Likeness]:
    """The likest standing records, certain ones first; `but` is the record itself."""
    given = [number for number in numbers if number]
    same = or_(col(Organisation.registration_number).in_(given), col(Organisation.vat_number).in_(given))
    statement = select(Organisation).where(Organisation.state != "merged", Organisation.country == country)
    if but:
        statement = statement.where(Organisation.id != but)
    certain: Sequence[Organisation] = ()
    if given:
        certain = (await tx.session.exec(statement.where(same))).all()
    found = [Likeness(one, True, 100) for one in certain]
    known = {one.id for one in certain}
    others = {row.id: row for row in (await tx.session.exec(statement)).all() if row.id not in known}
    names = {id: plainly(row.name) for id, row in others.items()}
    matches = process.extract(
        plainly(name), names, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=AT_MOST
    )
    return [*found, *(Likeness(others[id], False, round(score)) for _name, score, id in matches)]
