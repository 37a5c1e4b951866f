"""Where an organisation is, in words."""

from services.chassis.web.look.values import country
from services.directory.duplicates import Record
from services.directory.models import Organisation


def place_of(row: Organisation | Record) -> str:
    """Town and country."""
    return f"{row.town}, {country(row.country)}"
