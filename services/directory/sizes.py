"""How large an enterprise is, by Commission Recommendation 2003/361/EC, Annex, Article 2: staff, and turnover or
balance sheet total, with those of partner and linked enterprises added in (Article 6).
"""

from typing import NamedTuple

from contracts.organisation import Size

MILLION = 100_000_000
"""Cents in a million euros."""


class Threshold(NamedTuple):
    """Fewer staff than this, and at most this turnover or this balance sheet total (cents)."""

    size: Size
    headcount: int
    turnover_cents: int
    balance_cents: int


THRESHOLDS: tuple[Threshold, ...] = (
    Threshold("micro", 10, 2 * MILLION, 2 * MILLION),
    Threshold("small", 50, 10 * MILLION, 10 * MILLION),
    Threshold("medium", 250, 50 * MILLION, 43 * MILLION),
)


def size_of(headcount: int, turnover_cents: int, balance_cents: int) -> Size:
    """The smallest class whose limits are kept; "large" beyond all of them."""
    for limit in THRESHOLDS:
        money = turnover_cents <= limit.turnover_cents or balance_cents <= limit.balance_cents
        if headcount < limit.headcount and money:
            return limit.size
    return "large"
