"""Sanctions lists and who is on them: files are imported, the holders of accounts compared with every name, and a
second person decides on what resembles.

A check is worth nothing once a newer list has come or thirty days have gone by: then nothing is authorised.
"""

import csv
import hashlib
import io
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import insert
from sqlmodel import col, select

from contracts import payee as payee_facts
from contracts import sanctions_list as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.payee import PAYEE
from contracts.sanctions_list import SANCTIONS_LIST
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.files import Files, kept
from services.chassis.web.look.forms import Upload
from services.reimbursements.banking.latin import latin
from services.reimbursements.kinds import payees
from services.reimbursements.payees.models import Payee, SanctionedName, SanctionsList

HOLDS = timedelta(days=30)
"""How long a check holds while no newer list has come."""
AGAIN_AFTER = timedelta(days=25)
"""When the daily sweep repeats it."""
_COLUMNS = ("NameAlias_WholeName", "Naal_wholename", "name")
"""Where a list has its names: both forms of the EU's consolidated list, and the simplest one."""
_LEGAL_FORMS = frozenset(
    "ab ag aps as bv co corp company doo eood gmbh inc jsc kft lda limited ltd llc nv oao ojsc ooo oy pjsc plc pte sa "
    "sarl sas sl spa sro srl zao zoo sp z o oo the of and und et".split()
)
_ALIKE = 0.88
_TELLING = 5
"""Letters from which on a name of one word tells who it is."""


class Import(Input):
    member: UUID = Field(title="Your organisation")
    source: str = Field(
        title="Whose list is it?", description="For instance: EU consolidated list", max_length=120
    )
    dated: date = Field(title="Date of the list")
    file: Annotated[str, Upload(".csv,.txt")] = Field(
        title="The list",
        description="As CSV, one name a row under NameAlias_WholeName (as the EU publishes it) or name.",
    )


class Clear(Input):
    remark: str = Field(title="Why is it somebody else?", min_length=3, max_length=2000)


@rule(SANCTIONS_LIST, "import")
async def import_list(work: Work[SanctionsList], given: Import, at: Moment) -> facts.Imported:
    """Takes a list in and compares every account with it in the same transaction."""
    tx = work.tx
    (stored,) = await kept(tx, [given.file], work.actor.person, "file")
    content = tx.tool(Files).read(stored.id)
    names = names_in(content)
    if given.dated > at.today():
        raise DomainError("list-of-tomorrow", "dated")
    work.row = row = SanctionsList(
        id=new_id(),
        member=given.member,
        source=given.source,
        dated=given.dated,
        sha256=hashlib.sha256(content).hexdigest(),
        names=len(names),
        imported_by=work.actor.person,
        imported_at=at.now,
    )
    rows = [{"id": new_id(), "of": row.id, "name": name, "tokens": sorted(tokens_of(name))} for name in names]
    await (await tx.session.connection()).execute(insert(SanctionedName), rows)
    lists = await _current(tx)
    if given.source not in lists or lists[given.source].dated <= given.dated:
        lists[given.source] = row
    hits = 0
    known = select(Payee).where(Payee.state != "removed").order_by(col(Payee.id))
    held = await tx.session.exec(known.with_for_update())
    for payee in held.all():
        hits += (await screened(tx, payee, at, None, lists)).outcome == "hit"
        body = payee_facts.Screened(organisation=payee.organisation, outcome=_outcome(payee))
        await payees.record(tx, payee, "rescreen", body, at, work.cause.of_a_step())
    return facts.Imported(
        member=given.member,
        source=given.source,
        dated=given.dated,
        sha256=row.sha256,
        entries=len(names),
        hits=hits,
    )


@rule(PAYEE, "screen")
async def screen(work: Work[Payee], given: Nothing, at: Moment) -> payee_facts.Screened:
    """Repeats the check by hand."""
    if await newest_list(work.tx) is None:
        raise DomainError("sanctions-list-missing", status=409)
    return await screened(work.tx, work.row, at, work.actor.person)


@rule(PAYEE, "clear")
async def clear(work: Work[Payee], given: Clear, at: Moment) -> payee_facts.Cleared:
    """Another person than the one who gave the account, or who had it compared, looks at the names."""
    row = work.row
    if row.screening != "hit":
        raise DomainError("no-hit", status=409)
    own = work.actor.partial_to
    if work.actor.person in (row.entered_by, row.screened_by) or row.organisation in own:
        raise DomainError("own-screening", status=403)
    row.screening, row.cleared_by, row.cleared_because = "cleared", work.actor.person, given.remark
    return payee_facts.Cleared(organisation=row.organisation)


async def screened(
    tx: Tx, payee: Payee, at: Moment, by: UUID | None, lists: Mapping[str, SanctionsList] | None = None
) -> payee_facts.Screened:
    """Compares the holder with the newest list of each source. What another person has cleared stays so, unless a name
    has come that they have not seen."""
    current = [one.id for one in (lists or await _current(tx)).values()]
    tokens = tokens_of(payee.holder)
    statement = (
        select(SanctionedName.name)
        .where(col(SanctionedName.of).in_(current), col(SanctionedName.tokens).op("&&")(list(tokens)))
        .order_by(SanctionedName.name)
    )
    found = sorted(
        {name for name in (await tx.session.exec(statement)).all() if alike(tokens, tokens_of(name))}
    )
    if not (payee.screening == "cleared" and set(found) <= set(payee.hits)):
        payee.screening, payee.cleared_by, payee.cleared_because = ("hit" if found else "clear"), None, ""
        payee.screened_by = by
    payee.hits, payee.screened_at = found, at.now
    return payee_facts.Screened(organisation=payee.organisation, outcome=_outcome(payee))


async def must_be_clear(tx: Tx, held: Collection[Payee], at: Moment) -> None:
    """Refuses to pay whom nobody has compared with the newest list within thirty days, or who resembles a name."""
    newest = await newest_list(tx)
    if newest is None:
        raise DomainError("sanctions-list-missing", status=409)
    for payee in held:
        if payee.screened_at is None or payee.screened_at < max(newest, at.now - HOLDS):
            raise DomainError("sanctions-check-old", status=409, holder=payee.holder)
        if payee.screening == "hit":
            raise DomainError("sanctions-hit", status=409, holder=payee.holder)


async def repeat(tx: Tx, at: Moment, cause: Cause) -> None:
    """The daily sweep: checks that would soon be too old are made anew."""
    if await newest_list(tx) is None:
        return
    old = (
        select(Payee)
        .where(Payee.state != "removed", col(Payee.screened_at) < at.now - AGAIN_AFTER)
        .order_by(col(Payee.id))
    )
    for payee in (await tx.session.exec(old.limit(500).with_for_update())).all():
        body = await screened(tx, payee, at, None)
        await payees.record(tx, payee, "rescreen", body, at, cause)


async def newest_list(tx: Tx) -> datetime | None:
    """When the newest list was imported."""
    newest = select(SanctionsList.imported_at).order_by(col(SanctionsList.imported_at).desc()).limit(1)
    return (await tx.session.exec(newest)).first()


def names_in(content: bytes) -> list[str]:
    """The names of a list; DomainError("list-unreadable") if it has none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        raise DomainError("list-unreadable", "file") from reason
    first = text.partition("\n")[0]
    try:
        head, *rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",")
        header = [name.strip() for name in head]
        column = next(header.index(name) for name in _COLUMNS if name in header)
    except (ValueError, StopIteration, csv.Error) as reason:
        raise DomainError("list-unreadable", "file") from reason
    names = {" ".join(row[column].split())[:300] for row in rows if len(row) > column}
    found = sorted(name for name in names if tokens_of(name))
    if not found:
        raise DomainError("list-unreadable", "file")
    return found


def tokens_of(name: str) -> frozenset[str]:
    """The words by which a name is told, without accents, case, signs and legal forms."""
    words = re.findall(r"[a-z0-9]+", latin(name, 300).text.lower().replace(".", ""))
    return frozenset(words) - _LEGAL_FORMS or frozenset(words)


def alike(holder: Collection[str], listed: Collection[str]) -> bool:
    """Whether a person should look: all words of one name are in the other, or they differ by letters. A holder of one
    word that is not short is looked at wherever it stands in a listed name; a listed alias of one word, as first names
    are, tells nothing of a longer holder."""
    mine, theirs = set(holder), set(listed)
    telling = len(mine) > 1 or any(len(word) >= _TELLING for word in mine)
    if mine == theirs or (mine < theirs and telling) or (theirs < mine and len(theirs) > 1):
        return True
    return SequenceMatcher(None, " ".join(sorted(mine)), " ".join(sorted(theirs))).ratio() >= _ALIKE


def _outcome(payee: Payee) -> Any:
    return "hit" if payee.screening == "hit" else "clear"


async def _current(tx: Tx) -> dict[str, SanctionsList]:
    """The newest list of each source."""
    order = col(SanctionsList.dated), col(SanctionsList.imported_at)
    return {one.source: one for one in (await tx.session.exec(select(SanctionsList).order_by(*order))).all()}
