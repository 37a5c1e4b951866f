"""Regions of countries by ISO 3166-2: those right below the country, such as Wallonia or Lesser Poland."""

from functools import lru_cache

import pycountry

from contracts.errors import DomainError


@lru_cache
def regions(country: str) -> dict[str, str]:
    """Name by code, in the order of the names; empty for a country without regions."""
    found = pycountry.subdivisions.get(country_code=country) or ()
    named = {one.code: _in_order(one.name) for one in found if one.parent_code is None}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def region(country: str, code: str) -> str:
    """The code, if it is a region of this country; DomainError("region-unknown")."""
    if code and code not in regions(country):
        raise DomainError("region-unknown", "region")
    return code


def region_name(code: str) -> str:
    """The region's name; empty where none is known."""
    return regions(code[:2]).get(code, "")


def _in_order(name: str) -> str:
    """The list writes "Bruxelles-Capitale, Région de" as a register does."""
    return " ".join(reversed(name.split(", ")))
