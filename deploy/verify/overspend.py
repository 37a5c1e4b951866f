"""No budget line promises more than it was given, by its balances and by a new sum of its entries."""

from typing import LiteralString

from deploy.verify.evidence import Evidence, Finding

_LINES: LiteralString = """
    WITH entered AS (
        SELECT 'balances' AS source, book, account, balance_cents AS cents FROM ledger_account_balance
        UNION ALL
        SELECT 'entries', book, account, CASE WHEN account IN ('ALLOTTED', 'RECOVERED')
            THEN credit_cents - debit_cents ELSE debit_cents - credit_cents END
        FROM ledger_entry
    )
    SELECT source, book,
        coalesce(sum(cents) FILTER (WHERE account = 'ALLOTTED'), 0) AS allotted,
        coalesce(sum(cents) FILTER (WHERE account NOT IN ('ALLOTTED', 'RECOVERED')), 0)
            - coalesce(sum(cents) FILTER (WHERE account = 'RECOVERED'), 0) AS promised
    FROM entered
    WHERE account IN
        ('ALLOTTED', 'RECOVERED', 'RESERVED', 'COMMITTED', 'DRAWN', 'PAID', 'PAID_OUTSIDE')
    GROUP BY source, book ORDER BY source, book"""


async def check(evidence: Evidence) -> Finding:
    """reserved + committed + drawn + paid - recovered is at most what was allotted."""
    lines = await evidence.rows("reimbursements", _LINES)
    return Finding(
        len(lines),
        [
            f"budget line {line.book} was allotted {line.allotted} cents and has promised {line.promised},"
            f" by its {line.source}"
            for line in lines
            if line.promised > line.allotted
        ],
    )
