"""A report to the funder as a paper, and what changed between two of its versions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from contracts.money import Money
from services.chassis.web.look.parts import Change, Column
from services.chassis.web.look.values import amount, country, days
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.papers import Grid, Paper
from services.chassis.web.papers.values import Value
from services.reimbursements.funder.content import rows_cut
from services.reimbursements.funder.models import FunderReport
from services.reimbursements.funder.told import Content, Cost, Support


def report_paper(
    report: FunderReport,
    content: Content,
    names: tuple[str, str],
    number: int,
    made_at: datetime,
    digest: str = "",
) -> Paper:
    """names: of the partnership and the member. number, digest: of the version that was sent; 0 and empty for one that
    was not."""
    partnership, member = names
    facts: list[tuple[str, Value]] = [
        (_("Programme"), f"{content.programme} · {partnership}"),
        (_("Period"), days(report.since, report.until)),
        (_("Version"), number or _("not sent yet")),
        (_("Costs together, in EUR"), Money(content.total_cents)),
        (_("The funder's part, in EUR"), Money(content.funder_cents)),
    ]
    if report.state == "cuts_noted":
        facts.append((_("Cut by the funder, to be confirmed, in EUR"), Money(report.cut_cents)))
    if report.state == "accepted":
        facts.append((_("Accepted by the funder, in EUR"), Money(report.total_cents - report.cut_cents)))
        if report.cut_cents:
            facts.append((_("Cut by the funder and borne by the member, in EUR"), Money(report.cut_cents)))
        if report.asked_back_cents:
            facts.append((_("Asked back by the funder, in EUR"), Money(report.asked_back_cents)))
    if digest:
        facts.append((_("SHA-256 of what was sent"), digest))
    return Paper(
        f"report-{report.since:%Y-%m}-{report.until:%Y-%m}-{number}", _("Report to the funder"), member, made_at,
        facts, list(_grids(report, content)),
    )  # fmt: skip


def differences(before: Content, after: Content) -> list[Change]:
    """Every sum by category, and each cost and payment that is not the same."""
    rows = [
        Change(category(name), amount(before.sums[name]), amount(after.sums[name])) for name in before.sums
    ]
    rows.append(Change(_("The funder's part"), amount(before.funder_cents), amount(after.funder_cents)))
    rows += _changed(
        {cost.reference: (cost.description, cost.cents) for cost in before.costs},
        {cost.reference: (cost.description, cost.cents) for cost in after.costs},
    )
    rows += _changed(_by_entry(before), _by_entry(after))
    return rows


def category(name: str) -> str:
    """A category of costs in words."""
    return coded("category", name)


def _grids(report: FunderReport, content: Content) -> Iterable[Grid]:
    cut = report.cuts
    yield Grid(
        _("Costs by category"),
        [
            Column(_("Category")), Column(_("Claimed in EUR"), number=True),
            *([Column(_("Cut by the funder"), number=True), Column(_("Accepted"), number=True)] if cut else []),
        ],
        [
            (
                category(name), Money(cents),
                *((Money(cut.get(name, 0)), Money(cents - cut.get(name, 0))) if cut else ()),
            )
            for name, cents in content.sums.items()
        ],
        note=_(
            "Indirect costs are %(flat)s %% of the member's own costs. The funder pays %(own)s %% of own costs and "
            "%(support)s %% of support to third parties."
        )
        % {
            "flat": content.indirect_percent, "own": content.own_percent, "support": content.support_percent,
        },
    )  # fmt: skip
    yield Grid(
        _("The member's own costs"),
        [
            Column(_("No."), number=True), Column(_("Category")), Column(_("What")), Column(_("In the books")),
            Column(_("Day")), Column(_("As paid")), Column(_("Mean rate of the period")),
            Column(_("Amount in EUR"), number=True),
        ],
        [_cost(cost) for cost in content.costs],
        _("No own costs are reported."),
    )  # fmt: skip
    yield _support(_("Support to third parties"), content.support, _("Nothing was paid in this period."))
    if content.adjustments:
        yield _support(
            _("Later entries of earlier periods"), content.adjustments, "",
            _("Recorded after the earlier report was sent, with the value date that they have."),
        )  # fmt: skip
    if cut_rows := rows_cut(content, report):
        yield Grid(
            _("Rows that the funder cut"),
            [
                Column(_("Cost, or claim")), Column(_("Category")), Column(_("The funder's reasons")),
                Column(_("Amount in EUR"), number=True),
            ],
            [(row.label, category(row.category), reason, Money(cents)) for row, cents, reason in cut_rows],
        )  # fmt: skip
    if content.earlier_cuts:
        yield Grid(
            _("Cut by the funder from earlier reports"),
            [
                Column(_("Period")), Column(_("Category")), Column(_("Cost, or claim")),
                Column(_("The funder's reasons")), Column(_("Amount in EUR"), number=True),
            ],
            [
                (days(cut.since, cut.until), category(cut.category), cut.row or "–", cut.reason, Money(cut.cents))
                for cut in content.earlier_cuts
            ],
            note=_("Borne by the member. They are part of no sum of this report."),
        )  # fmt: skip


def _cost(cost: Cost) -> Sequence[Value]:
    rate = f"{cost.rate} ({cost.rates})" if cost.rate else _("none in force") if cost.unpriced else "–"
    return (
        cost.number, category(cost.category), cost.description, cost.reference, cost.spent_on,
        f"{amount(cost.amount_minor)} {cost.currency}", rate, Money(cost.cents),
    )  # fmt: skip


def _support(title: str, rows: Sequence[Support], empty: str, note: str = "") -> Grid:
    columns = [
        Column(_("Recipient")), Column(_("Country")), Column(_("Claim")), Column(_("What")),
        Column(_("Value date")), Column(_("Evidence")), Column(_("Amount in EUR"), number=True),
    ]  # fmt: skip
    return Grid(
        title,
        columns,
        [
            (
                row.recipient, country(row.country), row.claim, _told(row), row.value_on,
                _("payment %(id)s, %(receipts)s receipts") % {"id": row.payments, "receipts": row.receipts},
                Money(row.cents),
            )
            for row in rows
        ],
        empty,
        note,
    )  # fmt: skip


def _told(row: Support) -> str:
    told = coded("told", row.kind)
    if not row.regained_cents:
        return told
    words = {"told": told, "cut": amount(row.regained_cents)}
    return _("%(told)s; not deducted: %(cut)s, which the funder had cut") % words


def _by_entry(content: Content) -> dict[str, tuple[str, int]]:
    return {
        f"{row.posting} {row.position}": (
            f"{row.recipient}, {row.claim}, {coded('told', row.kind)}",
            row.cents,
        )
        for row in (*content.support, *content.adjustments)
    }


def _changed(before: Mapping[str, tuple[str, int]], after: Mapping[str, tuple[str, int]]) -> list[Change]:
    """By key: a label and cents."""
    rows: list[Change] = []
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was != now:
            label, _cents = now or was or ("", 0)
            rows.append(Change(label, amount(was[1]) if was else "–", amount(now[1]) if now else "–"))
    return rows
