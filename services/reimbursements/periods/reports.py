"""A member's finance report as a paper: of a month, for its closing, or of a day."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from contracts.money import Money
from services.chassis.database import Tx
from services.chassis.web.look.parts import Column
from services.chassis.web.look.values import days, month
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.papers import Grid, Paper
from services.chassis.web.papers.values import Value
from services.reimbursements.banking.iban import masked
from services.reimbursements.ledger.tables import CHART, Account
from services.reimbursements.periods.figures import AGES, OPEN_OF_CASH, OPEN_OF_LINES, Figures, Reconciliation
from services.reimbursements.periods.models import Period
from services.reimbursements.vault import Vault

CASH = [account for account, nature in CHART.items() if nature.block == "cash"]
LINE = [account for account, nature in CHART.items() if nature.block == "budget"]


def month_report(
    tx: Tx, period: Period, figures: Figures, member: str, head: str, made_at: datetime
) -> Paper:
    """head: of the ledger when the month was closed, or now. A closed month's report is the same at any time."""
    closed = period.closed_at is not None
    facts: list[tuple[str, Value]] = [
        (_("Month"), days(period.first_day, period.last_day)),
        (
            _("Closed"),
            period.closed_at.date() if period.closed_at else _("not yet: these figures may change"),
        ),
        (_("Head of the ledger's chain"), head),
    ]
    return Paper(
        f"finance-{period.first_day:%Y-%m}", _("Finance report, %(month)s") % {"month": month(period.first_day)},
        member, period.closed_at if closed and period.closed_at else made_at, facts,
        list(_grids(tx, figures)),
    )  # fmt: skip


def day_report(tx: Tx, figures: Figures, member: str, head: str, made_at: datetime) -> Paper:
    """What has a value date on this day, as it is known now."""
    day = figures.span.last_day
    return Paper(
        f"finance-{day}", _("Finance report, %(day)s") % {"day": days(day, day)}, member, made_at,
        [(_("Head of the ledger's chain"), head)], list(_grids(tx, figures)),
    )  # fmt: skip


def _grids(tx: Tx, figures: Figures) -> Iterable[Grid]:
    yield Grid(
        _("Budget lines"),
        [Column(_("Line")), *_movement_columns()],
        [
            row
            for line in figures.lines
            for row in _movements(figures, line.id, LINE, (line.name,))
        ],
        _("This member has no budget lines."),
        _("Amounts in EUR."),
    )  # fmt: skip
    yield Grid(
        _("Cash"), _movement_columns(), _movements(figures, figures.span.member, CASH),
        _("Nothing was posted on the member's cash."), _("Amounts in EUR."),
    )  # fmt: skip
    yield Grid(
        _("Age of what is open"),
        [Column(_("Of")), Column(_("Account")), *_age_columns(), Column(_("Together"), number=True)],
        [
            *(row for line in figures.lines for row in _ages(figures, line.id, OPEN_OF_LINES, line.name)),
            *_ages(figures, figures.span.member, OPEN_OF_CASH, _("Cash")),
        ],
        _("Nothing is open."),
    )
    yield Grid(
        _("Bank accounts"),
        [
            Column(_("Account")), Column(_("Last statement")), Column(_("Booked to")),
            Column(_("By the statement"), number=True), Column(_("In later statements"), number=True),
            Column(_("In other months"), number=True), Column(_("By the ledger"), number=True),
            Column(_("Difference"), number=True),
        ],
        [_reconciled(tx.tool(Vault), one) for one in figures.accounts],
        _("This member has no bank account here."),
        _(
            "By the statement, plus entries of these figures that stand in later statements, less entries of the "
            "statement that stand in other months, is what the ledger says."
        ),
    )  # fmt: skip
    yield Grid(
        _("Open items"),
        [
            Column(_("Account")), Column(_("Of")), Column(_("Since")), Column(_("Days"), number=True),
            Column(_("Amount in EUR"), number=True),
        ],
        [
            (
                coded("account", item.account.value), item.label, item.since,
                (figures.span.last_day - item.since).days, Money(item.cents),
            )
            for item in figures.open_items
            if item.book == figures.span.member
        ],
        _("Nothing is open."),
        _("What was approved and not ordered, ordered and not booked, demanded back, or not explained yet."),
    )  # fmt: skip


def _movement_columns() -> list[Column]:
    return [
        Column(_("Account")), Column(_("Opening"), number=True), Column(_("Up"), number=True),
        Column(_("Down"), number=True), Column(_("Closing"), number=True),
    ]  # fmt: skip


def _movements(
    figures: Figures, book: UUID, accounts: Sequence[Account], first: tuple[str, ...] = ()
) -> list[tuple[Value, ...]]:
    """Accounts that were never used are left out."""
    rows: list[tuple[Value, ...]] = []
    for account in accounts:
        of = figures.of(book, account)
        if of.opening or of.up or of.down:
            sums = (of.opening, of.up, of.down, of.closing)
            rows.append((*first, coded("account", account.value), *(Money(cents) for cents in sums)))
    return rows


def _age_columns() -> list[Column]:
    bounds = (0, *AGES)
    spans = [
        _("%(from)s to %(to)s days") % {"from": low + bool(low), "to": high}
        for low, high in zip(bounds, AGES, strict=False)
    ]
    return [
        Column(label, number=True) for label in (*spans, _("more than %(days)s days") % {"days": AGES[-1]})
    ]


def _ages(
    figures: Figures, book: UUID, accounts: Sequence[Account], name: str
) -> Iterable[tuple[Value, ...]]:
    for account in accounts:
        sums = figures.ageing(book, account)
        if any(sums):
            yield (
                name, coded("account", account.value), *(Money(cents) for cents in sums), Money(sum(sums)),
            )  # fmt: skip


def _reconciled(vault: Vault, one: Reconciliation) -> tuple[Value, ...]:
    account = one.account
    iban = vault.open(account.iban_cipher, account.id, under=account.member).decode()
    sums = (one.statement_cents, one.later, -one.earlier, one.ledger_cents, one.difference)
    return (
        f"{account.holder}, {masked(iban)}", one.statement or "–", one.booked_to or "–",
        *(Money(cents) for cents in sums),
    )  # fmt: skip
