"""Foreign currencies: a rate with its day and source, kept with every line; units of the currency for one euro."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from contracts.money import half_up

RateSource = Literal["inforeuro", "ecb"]


@dataclass(frozen=True)
class ExchangeRate:
    """units of `currency` for one euro, of a month (its first day) for InforEuro, of a day for the central bank."""

    currency: str
    units: Decimal
    on: date
    source: RateSource

    def __post_init__(self) -> None:
        if self.units <= 0:
            raise ValueError(f"{self.units} {self.currency} for one euro is no rate")

    def to_cents(self, minor: int) -> int:
        """Euro cents of an amount in hundredths of the currency, half up."""
        return half_up(Fraction(minor) / Fraction(self.units))


def month_of(day: date) -> date:
    """The month whose InforEuro rate counts for a day, as its first day."""
    return day.replace(day=1)
