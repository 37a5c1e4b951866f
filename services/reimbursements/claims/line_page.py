"""The lines of a claim as a page shows them: four amounts, receipts, and what to look at before accepting one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from contracts.amounts import COMPUTED
from services.chassis.database import Tx
from services.chassis.downloads import may_show
from services.chassis.web.look.parts import Tag
from services.chassis.web.look.values import amount, file_size, money, month, short_day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.reimbursements.claims.models import ClaimLine, Receipt
from services.reimbursements.models import Claim, KnownParty


@dataclass(frozen=True)
class Alike:
    """A line of another claim with the same supplier, date and amount: whose, when, how much; nothing else."""

    member: str
    on: date
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class Paper:
    """A receipt to look at."""

    title: str
    note: str
    href: str
    is_image: bool
    state: str
    shown: bool


@dataclass(frozen=True)
class Row:
    """A line as it stands in the table."""

    id: UUID
    title: str
    notes: Sequence[str]
    computed: bool
    cost: int
    accepted: int | None
    paid: int
    reason: str
    note: str
    tag: Tag
    warning: str
    receipts: Sequence[Paper]
    chosen: bool


async def alike_lines(tx: Tx, lines: Sequence[ClaimLine]) -> dict[UUID, Alike]:
    """Line → the first other line that looks the same, over everything this service knows. It only warns."""
    found: dict[UUID, Alike] = {}
    for line in lines:
        if not line.supplier_key:
            continue
        same = (
            select(ClaimLine, KnownParty.name)
            .join(Claim, col(Claim.id) == col(ClaimLine.claim))
            .outerjoin(KnownParty, col(KnownParty.id) == col(Claim.payer))
            .where(
                ClaimLine.supplier_key == line.supplier_key,
                ClaimLine.spent_on == line.spent_on,
                ClaimLine.amount_minor == line.amount_minor,
                ClaimLine.currency == line.currency,
                ClaimLine.id != line.id,
                ~col(ClaimLine.removed),
            )
            .limit(1)
        )
        if (hit := (await tx.session.exec(same)).first()) is not None:
            other, member = hit
            assert other.spent_on is not None
            found[line.id] = Alike(member or "–", other.spent_on, other.amount_minor, other.currency)
    return found


async def receipts_of(tx: Tx, lines: Sequence[ClaimLine]) -> dict[UUID, Receipt]:
    """The receipts of these lines by id."""
    wanted = {receipt for line in lines for receipt in line.receipts}
    rows = (await tx.session.exec(select(Receipt).where(col(Receipt.id).in_(wanted)))).all()
    return {row.id: row for row in rows}


def rows_of(
    claim: Claim,
    lines: Sequence[ClaimLine],
    receipts: dict[UUID, Receipt],
    states: dict[str, str],
    alike: dict[UUID, Alike],
    wanted: UUID | None,
) -> list[Row]:
    """The table; the line that is looked at is the one asked for, else the first that nobody has checked."""
    open_lines = [line for line in lines if line.category not in COMPUTED and not line.reason]
    ids: Collection[UUID] = [line.id for line in lines]
    chosen = wanted if wanted in ids else open_lines[0].id if open_lines else lines[0].id if lines else None
    return [_row(claim, line, receipts, states, alike.get(line.id), line.id == chosen) for line in lines]


def _row(
    claim: Claim,
    line: ClaimLine,
    receipts: dict[UUID, Receipt],
    states: dict[str, str],
    alike: Alike | None,
    chosen: bool,
) -> Row:
    papers = [
        Paper(
            _("Receipt %(number)s") % {"number": line.number},
            f"{short_day(one.kept_at)}, {file_size(one.size)}",
            f"/claims/{claim.id}/receipts/{one.id}",
            one.type.startswith("image/"),
            states[one.file],
            may_show(one.type, states[one.file]),
        )
        for one in (receipts[id] for id in line.receipts if id in receipts)
    ]
    warning = ""
    if alike is not None:
        warning = _("Same supplier, date and amount: %(member)s, %(day)s, %(amount)s") % {
            "member": alike.member,
            "day": short_day(alike.on),
            "amount": money(alike.amount_minor, alike.currency),
        }
    return Row(
        id=line.id,
        title=f"{line.number} {line.description or coded('category', line.category)}",
        notes=_notes(line),
        computed=line.category in COMPUTED,
        cost=line.cost_cents,
        accepted=line.accepted_cost_cents,
        paid=line.paid_cents or line.accepted_cents,
        reason=line.reason,
        note=line.note,
        tag=_tag(line, warning),
        warning=warning,
        receipts=papers,
        chosen=chosen,
    )


def _notes(line: ClaimLine) -> list[str]:
    """What a reader compares with the receipt."""
    notes = [coded("cost", line.category)] if line.description else []
    if line.supplier and line.spent_on:
        notes.append(f"{line.supplier}, {short_day(line.spent_on)}")
    if line.currency != "EUR" or line.vat_minor:
        notes.append(money(line.amount_minor, line.currency))
    if line.vat_minor:
        notes.append(_("less VAT of %(amount)s") % {"amount": money(line.vat_minor, line.currency)})
    if line.currency != "EUR" and line.rate_units is None:
        notes.append(_("in euro once it is filed"))
    if line.rate_units is not None and line.rate_on is not None:
        time = month(line.rate_on) if line.rate_source == "inforeuro" else short_day(line.rate_on)
        source = "InforEuro" if line.rate_source == "inforeuro" else _("European Central Bank")
        notes.append(
            _("at %(units)s for one euro (%(source)s, %(time)s)")
            % {"units": f"{line.rate_units.normalize():f}", "source": source, "time": time}
        )
    if line.travellers:
        notes.append(_("in it: %(names)s") % {"names": line.travellers})
    if line.proof in ("bank_statement", "declaration"):
        notes.append(coded("proof", line.proof))
    if line.declaration:
        notes.append(f"“{line.declaration}”")
    if line.note:
        notes.append(line.note)
    return notes


def _tag(line: ClaimLine, warning: str) -> Tag:
    if line.category in COMPUTED:
        return Tag(_("by the rate table"), "good")
    if not line.reason:
        return Tag(_("look twice"), "bad") if warning else Tag(_("to check"), "wait")
    if line.reason == "in_order":
        return Tag(_("in order"), "good")
    cut = line.cost_cents - (line.accepted_cost_cents or 0)
    return Tag(f"{amount(cut)} {coded('reason', line.reason)}", "wait" if line.accepted_cost_cents else "bad")
