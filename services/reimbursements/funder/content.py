"""What a report to the funder says: the member's own costs by category with the programme's flat rate, and the support
to third parties as the ledger has it. A report that was sent keeps its content as it was."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import text
from sqlmodel import col, select

from contracts.amounts import month_of
from contracts.errors import DomainError
from contracts.money import half_up
from contracts.programmes import plan, programme_of
from services.chassis.database import Tx
from services.reimbursements.claims.models import ExchangeTable
from services.reimbursements.funder.models import FunderReport, OwnCost, ReportVersion
from services.reimbursements.funder.sentences import whole
from services.reimbursements.funder.told import SUPPORT, Content, Cost, EarlierCut, Row, Support
from services.reimbursements.models import KnownAction
from services.reimbursements.vault import Vault


async def content_of(tx: Tx, report: FunderReport) -> Content:
    """As it would be sent now."""
    action = await tx.found(KnownAction, report.partnership)
    programme = programme_of(action.programme)
    costs = tuple([await _in_euro(tx, report, cost) for cost in await costs_of(tx, report)])
    entries = await _entries(tx, report)
    own = sum(cost.cents for cost in costs)
    planned = plan(programme, own, sum(row.cents for row in entries))
    return Content(
        programme=action.programme,
        own_percent=programme.own_percent,
        support_percent=programme.support_percent,
        indirect_percent=programme.indirect_percent,
        costs=costs,
        support=tuple(row for row in entries if row.value_on >= report.since),
        adjustments=tuple(row for row in entries if row.value_on < report.since),
        earlier_cuts=await _earlier_cuts(tx, report),
        indirect_cents=planned.indirect,
        funder_cents=planned.funded,
    )


async def complete_content_of(tx: Tx, report: FunderReport) -> Content:
    """The same for whoever sends it; DomainError("average-missing") where a cost has no rate."""
    content = await content_of(tx, report)
    if missing := next((cost.currency for cost in content.costs if cost.unpriced), None):
        raise DomainError("average-missing", status=409, currency=missing)
    return content


def rows_of(content: Content) -> list[Row]:
    """All that a report tells, as the funder cuts it."""
    claims: dict[str, Row] = {}
    for one in (*content.support, *content.adjustments):
        before = claims[one.claim].cents if one.claim in claims else 0
        label = f"{one.claim}, {one.recipient}"
        claims[one.claim] = Row(f"claim/{one.claim}", SUPPORT, label, before + one.cents)
    costs = (
        Row(f"cost/{cost.number}", cost.category, f"{cost.reference}, {cost.description}", cost.cents)
        for cost in content.costs
    )
    return [*costs, *(row for row in claims.values() if row.cents > 0)]


def rows_cut(content: Content, report: FunderReport) -> list[tuple[Row, int, str]]:
    """The rows that the funder cut, with cents and reason."""
    cuts = report.row_cuts
    return [
        (row, cuts[row.key]["cents"], cuts[row.key]["reason"]) for row in rows_of(content) if row.key in cuts
    ]


async def costs_of(tx: Tx, report: FunderReport) -> list[OwnCost]:
    """The member's own costs that stand, in the order in which they were entered."""
    statement = select(OwnCost).where(OwnCost.report == report.id, col(OwnCost.removed).is_(False))
    return list((await tx.session.exec(statement.order_by(col(OwnCost.number)))).all())


async def _earlier_cuts(tx: Tx, report: FunderReport) -> tuple[EarlierCut, ...]:
    """What the funder cut from accepted reports of earlier periods, the oldest first."""
    statement = (
        select(FunderReport, ReportVersion)
        .join(
            ReportVersion,
            (col(ReportVersion.report) == FunderReport.id)
            & (col(ReportVersion.number) == FunderReport.versions),
        )
        .where(
            FunderReport.partnership == report.partnership,
            FunderReport.member == report.member,
            FunderReport.state == "accepted",
            col(FunderReport.since) < report.since,
        )
    )
    earlier = (await tx.session.exec(statement.order_by(col(FunderReport.since)))).all()
    vault = tx.tool(Vault)
    return tuple(cut for one, sent in earlier for cut in _cuts_of(one, whole(vault, one, sent)))


def _cuts_of(report: FunderReport, content: Content) -> Iterable[EarlierCut]:
    """Row by row, and of each category what names no row."""
    rest = dict(report.cuts)
    cuts = [(row.category, cents, reason, row.label) for row, cents, reason in rows_cut(content, report)]
    for name, cents, _reason, _label in cuts:
        rest[name] -= cents
    for name, cents, reason, label in (
        *cuts,
        *((name, cents, report.remarks, "") for name, cents in rest.items()),
    ):
        if cents:
            yield EarlierCut(
                since=report.since, until=report.until, category=name, cents=cents, reason=reason, row=label
            )


async def _in_euro(tx: Tx, report: FunderReport, cost: OwnCost) -> Cost:
    rate, rates, cents = "", 0, cost.amount_minor
    if cost.currency != "EUR":
        cents = 0
        if found := await _published(tx, report, cost.currency):
            mean = sum(map(Fraction, found), Fraction()) / len(found)
            rate, rates = f"{float(mean):.6f}", len(found)
            cents = half_up(Fraction(cost.amount_minor) / mean)
    return Cost(
        number=cost.number, category=cost.category, description=cost.description, reference=cost.reference,
        spent_on=cost.spent_on, currency=cost.currency, amount_minor=cost.amount_minor, rate=rate, rates=rates,
        cents=cents,
    )  # fmt: skip


async def _published(tx: Tx, report: FunderReport, currency: str) -> list[Decimal]:
    """The central bank's rates of the period's days, or where there are none InforEuro's of its months (FS-62); none if
    neither is in force."""
    in_force = select(ExchangeTable).where(
        ExchangeTable.member == report.member, ExchangeTable.state == "in_force"
    )
    for source, since in (("ecb", report.since), ("inforeuro", month_of(report.since))):
        tables = in_force.where(
            ExchangeTable.source == source,
            col(ExchangeTable.on) >= since,
            col(ExchangeTable.on) <= report.until,
        )
        rows = (await tx.session.exec(tables.order_by(col(ExchangeTable.on)))).all()
        if found := [Decimal(row.rates[currency]) for row in rows if currency in row.rates]:
            return found
    return []


async def _entries(tx: Tx, report: FunderReport) -> list[Support]:
    """What was paid and came back with a value date up to the end of the period, and stands in no other report."""
    values = {
        "report": report.id, "partnership": report.partnership, "member": report.member, "until": report.until,
    }  # fmt: skip
    return list(_rows(await tx.execute(_SUPPORT, values)))


def _rows(found: Iterable[object]) -> Iterable[Support]:
    for row in found:
        yield Support.model_validate(row, from_attributes=True)


_SUPPORT = text("""
    SELECT entry.transaction AS posting, entry.position, posting.business_date AS value_on,
        entry.debit_cents - entry.credit_cents + coalesce(regained.cents, 0) AS cents,
        coalesce(regained.cents, 0) AS regained_cents,
        CASE WHEN entry.account = 'RECOVERED' THEN 'recovered' WHEN entry.credit_cents > 0 THEN 'returned'
            ELSE 'paid' END AS kind,
        coalesce(party.name, '') AS recipient, coalesce(party.country, '') AS country,
        coalesce(claims.number, '') AS claim, coalesce(cases.frozen ->> 'number', '') AS "case",
        coalesce((SELECT string_agg(end_to_end_id, ', ' ORDER BY attempt) FROM payments
            WHERE payments.claim = posting.claim AND payments.state IN ('booked', 'returned')), '') AS payments,
        (SELECT count(*) FROM receipts WHERE receipts.claim = posting.claim AND live) AS receipts
    FROM budgets JOIN ledger_entry AS entry ON entry.book = budgets.id AND entry.account IN ('PAID', 'RECOVERED')
    JOIN ledger_transaction AS posting ON posting.id = entry.transaction
    LEFT JOIN claims ON claims.id = posting.claim
    LEFT JOIN reimbursements_known_organisations AS party ON party.id = claims.organisation
    LEFT JOIN reimbursements_known_cases AS cases ON cases.id = posting."case"
    LEFT JOIN funder_cuts_regained AS regained
        ON regained.posting = entry.transaction AND entry.credit_cents > 0
    LEFT JOIN funder_reported_entries AS told
        ON told.posting = entry.transaction AND told.position = entry.position
    WHERE budgets.partnership = :partnership AND budgets.member = :member AND posting.business_date <= :until
        AND (told.report IS NULL OR told.report = :report)
    ORDER BY posting.business_date, posting.posted_in, posting.id, entry.position""")
"""PAID_OUTSIDE is never told."""
