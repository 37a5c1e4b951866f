"""Rate tables of a partnership: it may only lower what is published; one coordinator proposes, another confirms."""

import re
from datetime import date
from uuid import UUID

from pydantic import Field

from contracts import rate_table as facts
from contracts.amounts import lowered
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.rate_table import RATE_TABLE
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.reimbursements.models import PublishedRates

ENTRY = re.compile(r"\s*([A-Z]{2}|\d{1,5})\s*[=:]\s*(\d+)(?:[.,](\d{1,2}))?\s*")


class Lower(Input):
    partnership: UUID = Field(title="Partnership")
    table: UUID = Field(title="Table that is lowered")
    valid_from: date = Field(title="Valid from")
    rates: list[str] = Field(
        title="Lowered rates",
        description="One a line: a country or the first kilometre of a band, and the amount, as “EE = 150.00”.",
        min_length=1,
        max_length=60,
    )


@rule(RATE_TABLE, "lower")
async def lower(work: Work[PublishedRates], given: Lower, at: Moment) -> facts.Lowered:
    base = await work.tx.get(PublishedRates, given.table)
    if base is None or base.state != "published" or base.partnership is not None:
        raise DomainError("no-such-table", "table")
    if given.valid_from < max(at.today(), base.valid_from):
        raise DomainError("rates-not-backdated", "valid_from")
    id = new_id()
    version = f"{base.rate_version}/{str(id)[-8:]}"
    work.row = PublishedRates(
        id=id,
        scheme=base.scheme,
        rate_version=version,
        source=base.source,
        valid_from=given.valid_from,
        rates=lowered(base.rates, dict(_entry(line) for line in given.rates)),
        partnership=given.partnership,
        lowered_from=base.id,
        proposed_by=work.actor.person,
    )
    return facts.Lowered(scheme=base.scheme, version=version, partnership=given.partnership)


@rule(RATE_TABLE, "confirm")
async def confirm(work: Work[PublishedRates], given: Nothing, at: Moment) -> facts.Published:
    row = work.row
    if work.actor.person == row.proposed_by:
        raise DomainError("rates-confirmed-by-another", status=403)
    row.confirmed_by = work.actor.person
    row.valid_from = max(row.valid_from, at.today())
    return facts.Published(
        scheme=row.scheme,
        version=row.rate_version,
        source=row.source,
        valid_from=row.valid_from,
        rates=row.rates,
        partnership=row.partnership,
    )


@rule(RATE_TABLE, "drop")
async def drop(work: Work[PublishedRates], given: Nothing, at: Moment) -> facts.Dropped:
    return facts.Dropped()


def _entry(line: str) -> tuple[str, int]:
    match = ENTRY.fullmatch(line)
    if match is None:
        raise DomainError("rate-line", "rates", line=line[:40])
    key = match[1] if match[1].isalpha() else f"{int(match[1]):05}"
    return key, int(match[2]) * 100 + int((match[3] or "0").ljust(2, "0"))
