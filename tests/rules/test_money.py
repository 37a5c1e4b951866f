"""Money: nothing is lost to rounding, and currencies never mix."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.money import Money, half_up

amounts = st.integers(-(10**12), 10**12)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any)


@given(amounts, weights)
def test_a_split_adds_up_to_the_cent(cents: int, given_weights: list[int]) -> None:
    parts = Money(cents).split(given_weights)
    assert sum(part.cents for part in parts) == cents
    exact = [Fraction(cents * weight, sum(given_weights)) for weight in given_weights]
    assert all(abs(part.cents - share) < 1 for part, share in zip(parts, exact, strict=True))


def test_the_largest_remainder_gets_the_odd_cent() -> None:
    assert [part.cents for part in Money(100).split([1, 1, 1])] == [34, 33, 33]
    assert [part.cents for part in Money(10).split([1, 0, 2])] == [3, 0, 7]


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(1, 2), 1),
        (Fraction(5, 2), 3),
        (Fraction(-1, 2), -1),
        (Fraction(-5, 2), -3),
        (Fraction(7, 5), 1),
        (Fraction(8, 5), 2),
        (Fraction(0), 0),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: Fraction, rounded: int) -> None:
    assert half_up(value) == rounded


def test_half_of_an_odd_amount_is_rounded_up() -> None:
    assert Money(61_001).times(Fraction(1, 2)) == Money(30_501)


def test_currencies_do_not_mix() -> None:
    for mix in (Money.__add__, Money.__sub__, Money.__lt__, Money.__le__, Money.__gt__, Money.__ge__):
        with pytest.raises(ValueError, match="without a rate"):
            mix(Money(100, "EUR"), Money(100, "PLN"))


def test_sums_differences_and_order() -> None:
    assert Money(300) + Money(-100) - Money(50) == Money(150)
    assert -Money(5) < Money(0) <= Money(0) < Money(1)
    assert Money(2) > Money(1) >= Money(1)
    assert bool(Money(0)) is False


def test_fractions_of_cents_and_floats_are_refused() -> None:
    with pytest.raises(TypeError):
        Money(7.5)  # pyright: ignore[reportArgumentType]


def test_files_show_plain_digits() -> None:
    assert str(Money(78_000)) == "780.00 EUR"
    assert str(Money(-5, "SEK")) == "-0.05 SEK"
