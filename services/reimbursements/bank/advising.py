"""Advices (camt.054) name the payments of entries that a statement gives as one sum, whichever of the two comes
first.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import and_, or_
from sqlmodel import col, select

from contracts import advice as facts
from contracts.advice import ADVICE
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.web.look.forms import Upload
from services.reimbursements.bank.models import Advice, AdviceEntry, SuspenseLine
from services.reimbursements.bank.receiving import account_of, contents_of, sealed_file
from services.reimbursements.bank.reconciling import Reconciler
from services.reimbursements.bank.suspense import explained_by_advice
from services.reimbursements.banking import advices
from services.reimbursements.banking.entries import Entry, Item


class Read(Input):
    file: Annotated[str, Upload(".xml")] = Field(title="Advice of the bank", description="camt.054 as XML.")


@rule(ADVICE, "import")
async def read(work: Work[Advice], given: Read, at: Moment) -> facts.Imported:
    """Keeps what the bank names, and explains what waits in suspense for it."""
    tx = work.tx
    (content,) = await contents_of(work, [given.file])
    found = await asyncio.to_thread(advices.read_advices, content)
    if len(found) != 1:
        raise DomainError("one-advice", "file", found=len(found))
    (advice,) = found
    account = await account_of(work, advice.account)
    same = select(Advice).where(Advice.account == account.id, Advice.advice_id == advice.id)
    if (await tx.session.exec(same)).first() is not None:
        raise DomainError("advice-once", "file", status=409)
    named = [entry for entry in advice.entries if entry.booked and entry.named]
    work.row = row = Advice(
        id=new_id(),
        member=account.member,
        account=account.id,
        advice_id=advice.id,
        entries=len(named),
        imported_at=at.now,
    )
    tx.add(sealed_file(tx, row.id, account.member, content))
    reconciler = await Reconciler.over(tx, account, named)
    explained = 0
    for entry in named:
        tx.add(_kept(row, entry))
        line = await _waiting(tx, account.id, entry)
        if line is not None:
            meaning = reconciler.meaning(entry)
            explained += await explained_by_advice(tx, account, line, meaning, at, work.cause.of_a_step())
    return facts.Imported(member=account.member, advice_id=advice.id, entries=len(named), explained=explained)


async def advised(tx: Tx, account: UUID, entries: Sequence[Entry]) -> list[Entry]:
    """The entries, those that name no payments with the payments that an advice has named before."""
    bare = [entry for entry in entries if not entry.items]
    references = {entry.reference for entry in bare if entry.reference}
    orders = {entry.order_id for entry in bare if entry.order_id}
    if not references and not orders:
        return list(entries)
    statement = select(AdviceEntry).where(
        AdviceEntry.account == account,
        or_(col(AdviceEntry.reference).in_(references), col(AdviceEntry.order_id).in_(orders)),
    )
    known = (await tx.session.exec(statement)).all()
    return [_with_items(entry, known) for entry in entries]


def _with_items(entry: Entry, known: Sequence[AdviceEntry]) -> Entry:
    if entry.items:
        return entry
    for one in known:
        same = one.reference == entry.reference or (one.order_id and one.order_id == entry.order_id)
        if same and one.cents == entry.signed_cents:
            return replace(entry, items=tuple(Item(**item) for item in one.items))
    return entry


def _kept(advice: Advice, entry: Entry) -> AdviceEntry:
    return AdviceEntry(
        id=new_id(),
        account=advice.account,
        advice=advice.id,
        position=entry.position,
        reference=entry.reference or "",
        order_id=entry.order_id or "",
        cents=entry.signed_cents,
        items=[asdict(item) for item in entry.items],
    )


async def _waiting(tx: Tx, account: UUID, entry: Entry) -> SuspenseLine | None:
    """The line in suspense that this entry is about, locked."""
    same = or_(
        col(SuspenseLine.identity) == entry.reference,
        and_(col(SuspenseLine.order_id) == entry.order_id, col(SuspenseLine.order_id) != ""),
    )
    statement = (
        select(SuspenseLine)
        .where(SuspenseLine.account == account, SuspenseLine.cents == entry.signed_cents, same)
        .where(col(SuspenseLine.state).in_(("open", "explained")))
        .order_by(col(SuspenseLine.id))
        .limit(1)
        .with_for_update()
    )
    return (await tx.session.exec(statement)).first()
