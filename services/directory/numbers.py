"""Registration and VAT numbers, checked offline by the rules of the country that issues them.

A number that passes is well formed; whether the register knows it only the register can say. Where a country's
numbers carry nothing to check (court registers, numbers without a check digit), any number is taken.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from stdnum import get_cc_module

from contracts.errors import DomainError

REGISTERS: Mapping[str, tuple[str, ...]] = {
    "AT": ("at.businessid",),
    "BE": ("be.vat",),
    "DK": ("dk.cvr",),
    "EE": ("ee.registrikood",),
    "ES": ("es.nif",),
    "FI": ("fi.ytunnus",),
    "FR": ("fr.siren", "fr.siret"),
    "HR": ("hr.oib",),
    "IT": ("it.codicefiscale", "it.iva"),
    "MD": ("md.idno",),
    "NO": ("no.orgnr",),
    "PL": ("pl.regon", "pl.nip"),
    "RO": ("ro.cui", "ro.onrc"),
    "SE": ("se.orgnr",),
    "SI": ("si.maticna",),
    "UA": ("ua.edrpou",),
}
"""Country → the registers whose numbers can be checked; one that fits is enough."""

WITHOUT_CHECK: Mapping[str, str] = {"PL": "KRS"}
"""Country → how numbers of a register begin that has no check digit."""


def plain(number: str) -> str:
    """A number without what people put between its characters: "HRB 12.345" is "HRB12345"."""
    return "".join(character for character in number.upper() if character.isalnum())


def registration_number(country: str, typed: str) -> str:
    """The number as it is kept; DomainError("registration-number-wrong") if none of the registers has such."""
    number = plain(typed)
    prefix = WITHOUT_CHECK.get(country)
    rules = REGISTERS.get(country, ())
    if not number or not rules or (prefix and number.startswith(prefix)):
        return number
    if not any(_fits(import_module(f"stdnum.{name}"), number) for name in rules):
        raise DomainError("registration-number-wrong", "registration_number", number=typed)
    return number


def vat_number(country: str, typed: str) -> str:
    """The number as it is kept, with its country in front; DomainError("vat-number-wrong") if it is none there."""
    number = plain(typed)
    if not number:
        return ""
    prefix = "EL" if country == "GR" else country
    number = number if number.startswith(prefix) else prefix + number
    rules: Any = get_cc_module(country.lower(), "vat")
    if rules is not None and not (_fits(rules, number) or _fits(rules, number.removeprefix(prefix))):
        raise DomainError("vat-number-wrong", "vat_number", number=typed)
    return number


def can_be_checked(country: str) -> bool:
    """Whether registration numbers of this country carry something to check."""
    return country in REGISTERS


def _fits(rules: Any, number: str) -> bool:
    return bool(rules.is_valid(number))
