"""What every calculation of an amount consists of: lines that a person can follow, and the items it pays for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from contracts.words.kinds import mark as _

Category = Literal[
    "lump_sum",
    "travel_unit",
    "daily_unit",
    "travel",
    "accommodation",
    "meals",
    "local_transport",
    "taxi",
    "fee",
    "service",
    "material",
    "other",
]
COMPUTED = ("lump_sum", "travel_unit", "daily_unit")
"""Categories whose amount a rate table gives; all others are costs that somebody claims with a receipt."""
COVERED: Mapping[str, tuple[Category, ...]] = {
    "daily_unit": ("accommodation", "meals", "local_transport"),
    "travel_unit": ("travel",),
}
"""What a unit pays already, and no receipt pays again (FS-32): no cost is funded twice, and one travel unit pays a trip
whatever its means of transport."""


@dataclass(frozen=True)
class Line:
    """One step of a calculation: LINE_TEXTS[code] with these params.

    A step either multiplies (factor) or, where cents is given, adds a sum."""

    code: str
    params: dict[str, int | str]
    factor: Literal["1", "1/2", "0"] = "1"
    cents: int | None = None


@dataclass(frozen=True)
class Item:
    """What an amount is paid for, in cents: the seed of a claim's line."""

    category: Category
    cents: int


class Calculation(Protocol):
    """An amount with how it came about."""

    @property
    def amount_cents(self) -> int: ...
    @property
    def lines(self) -> tuple[Line, ...]: ...
    @property
    def items(self) -> tuple[Item, ...]: ...


def line_of(stored: dict[str, Any]) -> Line:
    """A line as it was frozen."""
    return Line(stored["code"], stored["params"], stored.get("factor", "1"), stored.get("cents"))


LINE_TEXTS = {
    "rate-confirmed": _("Full lump sum for %(country)s, as published (%(table)s)"),
    "rate-inferred": _("Full lump sum for %(country)s, inferred from the %(table)s"),
    "rate-lowered": _("Full lump sum for %(country)s, lowered by the partnership (%(table)s)"),
    "fixed": _("The same sum for everybody under this call"),
    "requested": _("Asked for in the form"),
    "share": _("Of this %(percent)s%% is paid"),
    "capped": _("At most what one applicant can get"),
    "virtual": _("Virtual exchange: no travel, no lump sum"),
    "days-too-few": _("Working days at the host: %(days)s (fewer than %(min_days)s: no lump sum)"),
    "days-short": _("Working days at the host: %(days)s (fewer than %(full_days)s: halved)"),
    "days-full": _("Working days at the host: %(days)s (%(full_days)s or more: not halved)"),
    "distance-near": _("Distance: %(km)s km (less than %(full_km)s km: halved)"),
    "distance-near-too": _("Distance: %(km)s km (less than %(full_km)s km, but halved only once)"),
    "distance-full": _("Distance: %(km)s km (%(full_km)s km or more: not halved)"),
    "travel-band": _(
        "Travel there and back, %(km)s km one way: band of %(from_km)s to %(to_km)s km (table %(table)s)"
    ),
    "travel-band-green": _(
        "Low-emission travel there and back, %(km)s km one way: band of %(from_km)s to %(to_km)s km (table "
        "%(table)s)"
    ),
    "travel-far": _("Travel there and back, %(km)s km one way: from %(from_km)s km on (table %(table)s)"),
    "travel-far-green": _(
        "Low-emission travel there and back, %(km)s km one way: from %(from_km)s km on (table %(table)s)"
    ),
    "travel-too-near": _("Travel, %(km)s km one way: nearer than the first band, nothing (table %(table)s)"),
    "daily-whole": _("Daily rate of %(country)s, %(rate)s EUR, for %(days)s whole days (table %(table)s)"),
    "daily-edge": _(
        "Daily rate of %(country)s, %(rate)s EUR, for %(days)s days of arrival and departure, %(percent)s per cent "
        "each (table %(table)s)"
    ),
    "claimable": _("Costs that can be claimed with receipts, up to"),
    "voucher": _("Value of the voucher"),
    "days-none": _("No day at the host: nothing"),
    "units-virtual": _("Virtual exchange: no travel, no daily rate"),
    "intensity": _("Intensity of the call: %(percent)s per cent"),
}
