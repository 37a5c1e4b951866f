"""Instalments of the funder: announced, matched to an entry of the bank by one treasurer and confirmed by another, as
an entry that nobody had explained. What a member passes on is announced at the other member as well, from its own bank.

The funder's last payment begins the time for which all records of the action are kept."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import instalment as facts
from contracts import suspense as suspense_facts
from contracts.errors import DomainError
from contracts.ids import named_id, new_id
from contracts.instalment import INSTALMENT
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.web.look.forms import Cents
from services.reimbursements.bank.models import SuspenseLine
from services.reimbursements.funder.models import Instalment
from services.reimbursements.kinds import suspense
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from services.reimbursements.models import KnownAction
from services.reimbursements.retention.keeping import begin
from services.reimbursements.retention.times import until

POSTED_AS = {
    "prefinancing": "receive_advance",
    "interim": "receive_advance",
    "final": "receive_advance",
    "passed_on": "pass_on_advance",
    "repayment": "repay_funder",
}
"""Kind → the row of the posting table."""
GIVEN = ("passed_on", "repayment")
"""Kinds that leave the account."""


class Announce(Input):
    partnership: UUID = Field(title="Partnership")
    member: UUID = Field(title="Member on whose account it is")
    kind: facts.Kind = Field(title="What is it?")
    amount: Annotated[int, Cents] = Field(title="Amount in euro", gt=0, le=100_000_000_00)
    note: str = Field("", title="Note", description="The funder's letter, for example.", max_length=500)


class Match(Input):
    line: UUID = Field(title="Entry of the bank that nobody has explained")


@rule(INSTALMENT, "announce")
async def announce(work: Work[Instalment], given: Announce, at: Moment) -> facts.Announced:
    action = await work.tx.found(KnownAction, given.partnership)
    if given.member not in action.members:
        raise DomainError("not-a-member", "member")
    work.row = Instalment(
        id=new_id(), partnership=given.partnership, member=given.member, kind=given.kind,
        amount_cents=given.amount, note=given.note, announced_by=work.actor.person,
    )  # fmt: skip
    return facts.Announced(
        partnership=given.partnership, member=given.member, kind=given.kind, amount_cents=given.amount
    )


@rule(INSTALMENT, "match")
async def match(work: Work[Instalment], given: Match, at: Moment) -> facts.Matched:
    line = await _open_line(work.tx, work.row, given.line)
    work.row.line, work.row.matched_by = line.id, work.actor.person
    return facts.Matched()


@rule(INSTALMENT, "unmatch")
async def unmatch(work: Work[Instalment], given: Nothing, at: Moment) -> facts.Unmatched:
    work.row.line = work.row.matched_by = None
    return facts.Unmatched()


@rule(INSTALMENT, "confirm")
async def confirm(work: Work[Instalment], given: Nothing, at: Moment) -> facts.Settled:
    """The entry leaves SUSPENSE, to the cent."""
    row, tx = work.row, work.tx
    if work.actor.person == row.matched_by:
        raise DomainError("instalment-by-another", status=403)
    assert row.line is not None
    line = await _open_line(tx, row, row.line)
    occasion = Occasion(named_id("posting", "instalment", row.id), line.value_on)
    await ledger.of_account(
        tx.session, occasion, POSTED_AS[row.kind], row.member, line.account, row.amount_cents,
        explains=line.posting,
    )  # fmt: skip
    line.how, line.reason = "funder", row.note or row.kind
    line.explained_by, line.settled_by = row.matched_by, work.actor.person
    work.beside(suspense, line, "settle", suspense_facts.Settled(how="funder"))
    row.settled_by, row.value_on = work.actor.person, line.value_on
    if row.kind == "final":
        received, _none = await received_of(tx, row.partnership, row.member)
        kept = await until(tx, row.partnership, row.member, line.value_on, received + row.amount_cents)
        begin(work, row.partnership, row.member, line.value_on, kept)
    return facts.Settled(
        partnership=row.partnership, member=row.member, kind=kind_of(row), amount_cents=row.amount_cents,
        value_on=line.value_on,
    )  # fmt: skip


@rule(INSTALMENT, "drop")
async def drop(work: Work[Instalment], given: Nothing, at: Moment) -> facts.Dropped:
    return facts.Dropped()


async def fitting(tx: Tx, row: Instalment) -> Sequence[SuspenseLine]:
    """Entries on the member's accounts that nobody has explained and that are this sum, newest first."""
    statement = select(SuspenseLine).where(*_fits(row)).order_by(col(SuspenseLine.id).desc()).limit(100)
    return (await tx.session.exec(statement)).all()


def kind_of(row: Instalment) -> Any:
    """As the contracts list it."""
    return row.kind


async def received_of(tx: Tx, partnership: UUID, member: UUID) -> tuple[int, date | None]:
    """What the funder paid the member so far, in cents, and until when records are kept once it has paid the last."""
    statement = select(Instalment).where(
        Instalment.partnership == partnership, Instalment.member == member, Instalment.state == "settled"
    )
    rows = (await tx.session.exec(statement)).all()
    total = sum(row.amount_cents for row in rows if row.kind not in GIVEN)
    final_on = next((row.value_on for row in rows if row.kind == "final"), None)
    if final_on is None:
        return total, None
    return total, await until(tx, partnership, member, final_on, total)


async def _open_line(tx: Tx, row: Instalment, id: UUID) -> SuspenseLine:
    """The entry, locked; whoever explains it otherwise meets the same lock."""
    statement = select(SuspenseLine).where(SuspenseLine.id == id, *_fits(row)).with_for_update()
    found = (await tx.session.exec(statement.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise DomainError("no-such-entry", "line")
    return found


def _fits(row: Instalment) -> tuple[Any, ...]:
    cents = -row.amount_cents if row.kind in GIVEN else row.amount_cents
    return (
        SuspenseLine.member == row.member,
        SuspenseLine.state == "open",
        SuspenseLine.cents == cents,
    )
