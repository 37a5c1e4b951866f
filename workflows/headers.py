"""The few headers of a fact that wakes need, read from any record without ever failing.

What is missing or unreadable reads as empty: such a record wakes nobody here and is parked by overview.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import ConsumerRecord


@dataclass(frozen=True)
class Headers:
    """The part of a fact's envelope that says who must look again, and where its subject stands."""

    type: str
    subject: str
    version: int
    state: str
    case: str
    wakes: tuple[str, ...]
    feed: int

    @property
    def participle(self) -> str:
        return self.type.split(".")[2]


def headers_of(record: "ConsumerRecord[Any, Any]") -> Headers:
    """The headers of a record as it came from the broker."""
    texts = {name: value.decode(errors="replace") for name, value in record.headers if value is not None}
    return Headers(
        type=texts.get("ce_type", ""),
        subject=texts.get("ce_subject", ""),
        version=_number(texts, "ce_version"),
        state=texts.get("ce_state", ""),
        case=texts.get("ce_case", ""),
        wakes=tuple(texts.get("ce_wakes", "").split()),
        feed=_number(texts, "ce_feed"),
    )


def _number(texts: Mapping[str, str], name: str) -> int:
    try:
        return int(texts.get(name, ""))
    except ValueError:
        return 0
