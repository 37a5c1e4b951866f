"""The address to which a person answers mails about a case: signed, so that only whom it was given to can use it.

Local part: base32 of the case's id (16 bytes), the last day it is good for (days since 1970, 2 bytes) and the first 16
bytes of an HMAC-SHA256 over both and the person's id. Who the person is says the sender; the signature tells whether
the address is theirs. Days are real ones, not those of the business clock.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

GOOD_FOR = timedelta(days=180)
_FIRST = date(1970, 1, 1)
_SIGNATURE = 16


@dataclass(frozen=True)
class ReplyAddress:
    """What an address says; nothing of it is proved before `is_of` has been asked."""

    case: UUID
    last_day: date
    signature: bytes

    def is_of(self, person: UUID, secret: str) -> bool:
        """Whether it was given to this person."""
        return hmac.compare_digest(self.signature, _signed(self.case, self.last_day, person, secret))


def reply_address(case: UUID, person: UUID, today: date, secret: str, domain: str) -> str:
    """The address for one person's answers about one case."""
    last_day = today + GOOD_FOR
    content = case.bytes + _day(last_day) + _signed(case, last_day, person, secret)
    return f"{base64.b32encode(content).decode().rstrip('=').lower()}@{domain}"


def read_address(address: str) -> ReplyAddress | None:
    """What an address says; None when it is not one of these. Upper and lower case are the same."""
    local = address.partition("@")[0].upper()
    try:
        content = base64.b32decode(local + "=" * (-len(local) % 8))
    except binascii.Error:
        return None
    if len(content) != 16 + 2 + _SIGNATURE:
        return None
    last_day = _FIRST + timedelta(days=int.from_bytes(content[16:18], "big"))
    return ReplyAddress(UUID(bytes=content[:16]), last_day, content[18:])


def _signed(case: UUID, last_day: date, person: UUID, secret: str) -> bytes:
    said = case.bytes + _day(last_day) + person.bytes
    return hmac.new(secret.encode(), said, sha256).digest()[:_SIGNATURE]


def _day(day: date) -> bytes:
    return (day - _FIRST).days.to_bytes(2, "big")
