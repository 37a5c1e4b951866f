"""Account numbers: checked offline, kept compact, shown with most digits hidden."""

from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from contracts.errors import DomainError


def parse_iban(text: str) -> str:
    """The IBAN without spaces, or the refusal iban-invalid (length, country and check digits are judged)."""
    try:
        return IBAN(text.strip()).compact
    except SchwiftyException as reason:
        raise DomainError("iban-invalid", "iban") from reason


def is_iban(text: str) -> bool:
    """Whether this is a valid IBAN in the compact form that files use."""
    return IBAN(text, allow_invalid=True).is_valid and text == IBAN(text, allow_invalid=True).compact


def is_bic(text: str) -> bool:
    """Whether this is a valid BIC in the form that files use."""
    found = BIC(text, allow_invalid=True)
    return found.is_valid and text == found.compact


def parse_bic(text: str) -> str:
    """The BIC in capitals, or the refusal bic-invalid."""
    try:
        return BIC(text.strip().upper()).compact
    except SchwiftyException as reason:
        raise DomainError("bic-invalid", "bic") from reason


def bic_of(iban: str) -> str | None:
    """The BIC of the account's bank where the offline registry knows it; SEPA does not need it."""
    found = IBAN(iban).bic
    return found.compact if found else None


def country_of(iban: str) -> str:
    """The country in which the account is held."""
    return iban[:2]


def masked(iban: str) -> str:
    """For pages and logs: country and the last four digits."""
    return f"{iban[:2]}** **** {iban[-4:]}"


def grouped(iban: str) -> str:
    """For the eyes of those who check it: in groups of four."""
    return IBAN(iban).formatted
