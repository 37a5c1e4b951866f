"""What a report to the funder says, as it is computed, kept by version, and shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.funder_report import Category

CATEGORIES: tuple[str, ...] = get_args(Category)
SUPPORT = "support"
INDIRECT = "indirect"


class Cost(BaseModel):
    """One of the member's own costs in euro. rate: units of its currency for one euro, the mean of as many published
    rates of the period as rates says; empty for costs in euro."""

    model_config = ConfigDict(frozen=True)

    number: int
    category: str
    description: str
    reference: str
    spent_on: date
    currency: str
    amount_minor: int
    rate: str = ""
    rates: int = 0
    cents: int

    @property
    def unpriced(self) -> bool:
        """No rate of its currency is in force for the period; nothing is sent as long as that is so."""
        return self.currency != "EUR" and not self.rates


class Support(BaseModel):
    """One entry of the ledger about a recipient: paid, or come back and therefore below zero.

    payments, receipts  ids of the payment orders, and how many receipts prove the claim
    regained_cents      what of it came back had been cut before and borne by the member, and so lowers no sum here"""

    model_config = ConfigDict(frozen=True)

    posting: UUID
    position: int
    kind: Literal["paid", "returned", "recovered"]
    recipient: str
    country: str
    claim: str
    case: str
    cents: int
    value_on: date
    payments: str
    receipts: int
    regained_cents: int = 0


class EarlierCut(BaseModel):
    """What the funder did not accept of an earlier period, and why; row: the cost or the claim, if it named one."""

    model_config = ConfigDict(frozen=True)

    since: date
    until: date
    category: str
    cents: int
    reason: str
    row: str = ""


@dataclass(frozen=True)
class Row:
    """What the funder may cut by itself: a cost of the member's own, or what was paid on a claim."""

    key: str
    category: str
    label: str
    cents: int


class Content(BaseModel):
    """adjustments: entries with a value date before the period, that no earlier report could say. earlier_cuts: for
    the reader; they change no sum of this period."""

    model_config = ConfigDict(frozen=True)

    programme: str
    own_percent: int
    support_percent: int
    indirect_percent: int
    costs: tuple[Cost, ...]
    support: tuple[Support, ...]
    adjustments: tuple[Support, ...]
    earlier_cuts: tuple[EarlierCut, ...] = ()
    indirect_cents: int
    funder_cents: int

    @property
    def sums(self) -> Mapping[str, int]:
        """Cents by category, with support to third parties and the flat rate."""
        sums = dict.fromkeys((*CATEGORIES, SUPPORT, INDIRECT), 0)
        for cost in self.costs:
            sums[cost.category] += cost.cents
        sums[SUPPORT] = sum(row.cents for row in (*self.support, *self.adjustments))
        sums[INDIRECT] = self.indirect_cents
        return sums

    @property
    def total_cents(self) -> int:
        return sum(self.sums.values())
