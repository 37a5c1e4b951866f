"""Money as whole cents with its currency: what is added, halved or split adds up again to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction | Decimal) -> int:
    """The nearest whole number; a half goes away from zero, as accountants round."""
    exact = Fraction(value)
    doubled = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return doubled if exact >= 0 else -doubled


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole cents of one currency (ISO 4217); never a float."""

    cents: int
    currency: str = "EUR"

    def __post_init__(self) -> None:
        if type(self.cents) is not int:
            raise TypeError(f"money counts whole cents, not {self.cents!r}")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + self._same(other).cents, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.cents - self._same(other).cents, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.cents, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.cents < self._same(other).cents

    def __le__(self, other: "Money") -> bool:
        return self.cents <= self._same(other).cents

    def __gt__(self, other: "Money") -> bool:
        return self.cents > self._same(other).cents

    def __ge__(self, other: "Money") -> bool:
        return self.cents >= self._same(other).cents

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        """Plain digits for files and logs, e.g. "780.00 EUR"; pages format by language."""
        return f"{self.decimal:.2f} {self.currency}"

    @property
    def decimal(self) -> Decimal:
        """The amount in units of the currency, with two decimals."""
        return Decimal(self.cents).scaleb(-2)

    def times(self, factor: int | Fraction | Decimal) -> "Money":
        """This amount times a factor, rounded half up to the cent."""
        return Money(half_up(self.cents * Fraction(factor)), self.currency)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Shares in proportion to the weights that add up to exactly this amount (largest remainder)."""
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("weights must be zero or more, and not all zero")
        sign = 1 if self.cents >= 0 else -1
        parts = [divmod(abs(self.cents) * weight, whole) for weight in weights]
        missing = abs(self.cents) - sum(cents for cents, _ in parts)
        largest = sorted(range(len(parts)), key=lambda i: -parts[i][1])[:missing]
        return [Money(sign * (cents + (i in largest)), self.currency) for i, (cents, _) in enumerate(parts)]

    def _same(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be mixed without a rate")
        return other
