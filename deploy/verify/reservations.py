"""Money follows facts: a case that has ended holds nothing, and a granted one has all its money committed."""

from collections import defaultdict
from uuid import UUID

from contracts.catalogue import FACTS
from deploy.verify.evidence import Evidence, Finding

_ENDED = frozenset({"withdrawn", "lapsed", "cancelled", "not_completed", "closed"})
_HELD: tuple[str, ...] = ("RESERVED", "COMMITTED")
_COMMITTED: tuple[str, ...] = ("COMMITTED", "DRAWN", "PAID", "PAID_OUTSIDE")


async def check(evidence: Evidence) -> Finding:
    """The applications' last facts beside the ledger's balances per reservation."""
    finding = Finding()
    balances = await _balances(evidence)
    granted = await evidence.rows(
        "applications",
        "SELECT DISTINCT ON (subject) subject, (body ->> 'amount_cents')::bigint AS cents FROM outbox"
        " WHERE type LIKE 'relais.application.granted.%%' ORDER BY subject, version DESC",
    )
    amounts = {row.subject: row.cents for row in granted}
    for row in await evidence.last_facts("applications"):
        fact = FACTS.get(row.type)
        if fact is None or fact.table.name != "application":
            continue
        finding.examined += 1
        of_case = balances[row.subject]
        held = sum(of_case[account] for account in _HELD)
        if _has_ended(row.state, row.type) and held:
            finding.violations.append(
                f"application {row.subject} is {row.state}, and {held} cents are still held"
            )
        if row.state == "granted" and amounts.get(row.subject, 0):
            committed = sum(of_case[account] for account in _COMMITTED)
            if committed != amounts[row.subject]:
                finding.violations.append(
                    f"application {row.subject} is granted {amounts[row.subject]} cents,"
                    f" and {committed} are committed"
                )
    return finding


async def _balances(evidence: Evidence) -> dict[UUID, dict[str, int]]:
    """Cents per case and account of its own reservations; money for a replacing claim outlives the case."""
    balances: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in await evidence.rows(
        "reimbursements",
        "SELECT case_id, account, sum(balance_cents)::bigint AS cents FROM reservations"
        " JOIN ledger_account_balance ON owner = id WHERE purpose = 'grant' GROUP BY case_id, account",
    ):
        balances[row.case_id][row.account] = row.cents
    return balances


def _has_ended(state: str, type: str) -> bool:
    return state in _ENDED or (state == "rejected" and type.split(".")[2] == "finalised")
