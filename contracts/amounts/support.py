"""What a scheme pays and how: one of four modes, with intensity, ceiling and currency rule, as data of the call.

Intensity is the recipient's share of its costs, set by the scheme. It has nothing to do with the funding rate, which
is the funder's share of a member's costs, set by the programme: no calculation here knows the latter."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from contracts.amounts.calculation import Category
from contracts.money import Money

Kind = Literal["lump_sum", "unit_cost", "actual_cost", "voucher"]
RateDay = Literal["submission", "invoice", "day"]
"""Which exchange rate counts: InforEuro of the month of submission (Interreg's rule) or of the invoice, or the
European Central Bank's of the day, which only some schemes ask for."""


@dataclass(frozen=True, kw_only=True)
class Support:
    """Defaults are ClusterXchange's: the lump sum stands.

    claimable_cents  the most that costs claimed with receipts may bring: the ceiling of actual costs, the value of a
                     voucher, or what a scheme of units pays beside them (0: nothing)
    categories       the closed list of what may be claimed; empty where nothing is claimed with receipts
    attendance_percent  the least share of an event's days on which the recipient was recorded present (0: no event)
    """

    kind: Kind = "lump_sum"
    intensity_percent: int = 100
    claimable_cents: int = 0
    categories: tuple[Category, ...] = ()
    rate_day: RateDay = "submission"
    travel_table: str = "erasmus-2024"
    daily_table: str = "per-diem-2024-11"
    edge_percent: int = 50
    attendance_percent: int = 0
    event: str = ""


class Settled(NamedTuple):
    """A sum to pay, and each line's share of it: the shares add up to the sum."""

    total_cents: int
    shares: tuple[int, ...]


def settle(costs: Sequence[int], intensity_percent: int, ceiling_cents: int | None = None) -> Settled:
    """Intensity and ceiling on the sum of lines that are rounded already, split back by largest remainder.

    No share is greater than its line, whatever the order of the lines."""
    whole = sum(costs)
    if whole == 0:
        return Settled(0, (0,) * len(costs))
    total = Money(whole).times(Fraction(intensity_percent, 100))
    if ceiling_cents is not None:
        total = min(total, Money(max(ceiling_cents, 0)))
    return Settled(total.cents, tuple(share.cents for share in total.split(costs)))
