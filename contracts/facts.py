"""The envelope of a fact: CloudEvents 1.0 attributes in Kafka headers (binary mode), the body apart.

Whoever reads only the headers (the bridge, the monitor) needs no knowledge of types.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

_REQUIRED = ("ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_recordedtime", "ce_version")


class MalformedFact(Exception):
    """A record whose headers are not those of a fact."""


def source_of(service: str) -> str:
    """The attribute `source` of what a service says."""
    return f"relais/{service}"


@dataclass(frozen=True)
class Fact:
    """What happened.

    subject      the aggregate's id, also the record's key; version counts its facts from 1 without a gap
    state        the aggregate's state after the fact
    case         what a person follows: the application's or the registration's id
    wakes        ids of the workflows that must look again
    audience     "PARTY:scope" pairs (contracts/tables.py PARTIES) whose members may read it
    time         business time; recordedtime is real time
    actor, behalfof, via   who did it, for whom, and by which road (self, link, mandate, support, break_glass, system)
    correlation, causation one click; the fact that this one stands beside or follows
    feed         number of the re-feed it was published in
    """

    id: UUID
    type: str
    source: str
    subject: UUID
    version: int
    state: str
    time: datetime
    recordedtime: datetime
    body: Mapping[str, Any]
    case: UUID | None = None
    wakes: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    actor: str = "system"
    behalfof: str | None = None
    via: str = "self"
    correlation: UUID | None = None
    causation: UUID | None = None
    feed: int = 0
    topic: str = field(default="", compare=False)

    @property
    def aggregate(self) -> str:
        return self.type.split(".")[1]

    @property
    def participle(self) -> str:
        return self.type.split(".")[2]

    def headers(self) -> list[tuple[str, bytes]]:
        """Kafka headers; absent attributes are left out."""
        values: dict[str, object] = {
            "ce_specversion": "1.0",
            "ce_id": self.id,
            "ce_type": self.type,
            "ce_source": self.source,
            "ce_subject": self.subject,
            "ce_time": self.time.isoformat(),
            "ce_recordedtime": self.recordedtime.isoformat(),
            "ce_version": self.version,
            "ce_state": self.state,
            "ce_case": self.case,
            "ce_wakes": " ".join(self.wakes),
            "ce_audience": " ".join(self.audience),
            "ce_actor": self.actor,
            "ce_behalfof": self.behalfof,
            "ce_via": self.via,
            "ce_correlation": self.correlation,
            "ce_causation": self.causation,
            "ce_feed": self.feed,
            "content-type": "application/json",
        }
        return [(name, str(value).encode()) for name, value in values.items() if value not in (None, "")]

    @classmethod
    def from_headers(cls, headers: Mapping[str, str], body: Mapping[str, Any], topic: str = "") -> "Fact":
        """The fact behind a record; MalformedFact says which header is missing or unreadable."""
        if missing := [name for name in _REQUIRED if not headers.get(name)]:
            raise MalformedFact(f"header {missing[0]} is missing")
        try:
            return cls(
                id=UUID(headers["ce_id"]),
                type=headers["ce_type"],
                source=headers["ce_source"],
                subject=UUID(headers["ce_subject"]),
                version=int(headers["ce_version"]),
                state=headers.get("ce_state", ""),
                time=datetime.fromisoformat(headers["ce_time"]),
                recordedtime=datetime.fromisoformat(headers["ce_recordedtime"]),
                body=body,
                case=_uuid(headers.get("ce_case")),
                wakes=tuple(headers.get("ce_wakes", "").split()),
                audience=tuple(headers.get("ce_audience", "").split()),
                actor=headers.get("ce_actor", "system"),
                behalfof=headers.get("ce_behalfof"),
                via=headers.get("ce_via", "self"),
                correlation=_uuid(headers.get("ce_correlation")),
                causation=_uuid(headers.get("ce_causation")),
                feed=int(headers.get("ce_feed", "0")),
                topic=topic,
            )
        except ValueError as reason:
            raise MalformedFact(str(reason)) from reason


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
