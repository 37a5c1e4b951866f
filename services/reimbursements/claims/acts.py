"""What the pages of a claim's acts need beside their fields: the lines to choose from, the kinds of costs, the sum."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import col, select

from contracts.amounts import COMPUTED, COVERED, support_of
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.files import states_of
from services.chassis.identity.actor import Actor
from services.chassis.web.faces import Prepared
from services.chassis.web.look.values import amount, short_day
from services.chassis.web.look.words import coded
from services.reimbursements.claims.line_page import alike_lines, receipts_of, rows_of
from services.reimbursements.claims.lines import lines_of
from services.reimbursements.claims.page import granted_and_done, sum_of
from services.reimbursements.claims.recovery import open_credits
from services.reimbursements.models import Case, Claim


async def prepare_check(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The sum and what it rests on, beside the decision of the verifier and the approver."""
    assert isinstance(row, Claim)
    case = await tx.found(Case, row.case_id)
    lines = await lines_of(tx, row.id)
    receipts = await receipts_of(tx, lines)
    states = await states_of(tx, [one.file for one in receipts.values()])
    beside = {
        "claim": row,
        "sum": sum_of(row, case, lines),
        "granted_and_done": granted_and_done(case),
        "totals": (sum(line.cost_cents for line in lines), row.accepted_cents),
        "lines": rows_of(row, lines, receipts, states, await alike_lines(tx, lines), None)
        if row.takes_receipts
        else [],
    }
    return Prepared(values={} if row.takes_receipts else {"accepted_cents": row.amount_cents}, beside=beside)


async def prepare_line(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The line that is asked for with its values, or an empty one; only what the call pays for, and no unit of the
    trip covers, can be chosen."""
    assert isinstance(row, Claim)
    case = await tx.found(Case, row.case_id)
    lines = await lines_of(tx, row.id)
    own = [line for line in lines if line.category not in COMPUTED]
    covered = {category for line in lines for category in COVERED.get(line.category, ())}
    named = query.get("line", "")
    chosen = next((line for line in lines if str(line.id) == named), None)
    values: dict[str, object] = dict(query)
    if chosen is not None:
        values |= chosen.model_dump(exclude={"receipts"})
        values["line"] = str(chosen.id)
        if chosen.accepted_cost_cents is None:
            values["accepted_cost_cents"] = chosen.cost_cents
    return Prepared(
        values=values,
        choices={
            "category": [
                (name, coded("cost", name))
                for name in support_of(case.frozen).categories
                if name not in covered
            ],
            "line": [
                (str(line.id), f"{line.number} {line.description or coded('cost', line.category)}")
                for line in (own if row.takes_receipts else lines)
            ],
        },
    )


async def prepare_part(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The vouchers of the reader's organisations."""
    statement = select(Case).where(
        col(Case.organisation).in_(actor.scopes("member")), Case.granted, ~col(Case.ended)
    )
    cases = [
        case for case in (await tx.session.exec(statement)).all() if support_of(case.frozen).kind == "voucher"
    ]
    return Prepared(
        values=dict(query),
        choices={
            "voucher": [
                (str(case.id), f"{case.frozen['number']}, {amount(case.amount_cents)} EUR") for case in cases
            ]
        },
    )


async def prepare_match(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Credits that nobody has explained."""
    assert isinstance(row, Claim)
    credits = await open_credits(tx, row.payer)
    return Prepared(
        choices={
            "entry": [
                (str(one.id), f"{amount(one.cents)} EUR, {short_day(one.booked_on)}") for one in credits
            ]
        }
    )


def wanted_line(query: Mapping[str, str]) -> UUID | None:
    """The line that an address asks for."""
    try:
        return UUID(query.get("line", ""))
    except ValueError:
        return None
