"""A record as it came from the broker, and the fact in it. Reading never trusts the sender.

Whatever bytes a record holds, it can be parked and read back as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson
from aiokafka import ConsumerRecord
from pydantic import ValidationError

from contracts.catalogue import FACTS
from contracts.facts import Fact, MalformedFact
from contracts.tables import Body
from services.chassis.facts.outbox import BODY_LIMIT

_HIGHEST = 2**31 - 1


@dataclass(frozen=True)
class Record:
    """Topic, partition and offset say where it was read; the rest is what its sender wrote."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    @classmethod
    def of(cls, message: "ConsumerRecord[Any, Any]") -> "Record":
        headers = tuple((name, value) for name, value in message.headers)
        return cls(message.topic, message.partition, message.offset, message.key, message.value, headers)


@dataclass(frozen=True)
class Hints:
    """What can be read of a record's place among the others: enough to let them wait behind it."""

    subject: UUID | None = None
    version: int | None = None
    type: str | None = None


def envelope(record: Record) -> Fact:
    """The fact of a record, without its body; MalformedFact when a header is missing, null or not text."""
    headers: dict[str, str] = {}
    for name, value in record.headers:
        if value is None:
            raise MalformedFact(f"header {name} is null")
        try:
            headers[name] = value.decode()
        except UnicodeDecodeError as reason:
            raise MalformedFact(f"header {name} is not UTF-8") from reason
    fact = Fact.from_headers(headers, {}, record.topic)
    if not 1 <= fact.version <= _HIGHEST or not 0 <= fact.feed <= _HIGHEST:
        raise MalformedFact("version or feed is out of range")
    if fact.time.tzinfo is None or fact.recordedtime.tzinfo is None:
        raise MalformedFact("a time without a time zone")
    return fact


def hints(record: Record) -> Hints:
    """Never raises."""
    headers = {name: value.decode(errors="replace") for name, value in record.headers if value is not None}
    version = headers.get("ce_version", "")
    try:
        subject = UUID(headers.get("ce_subject", ""))
    except ValueError:
        subject = None
    known = version.isascii() and version.isdigit() and len(version) <= 9
    return Hints(subject, int(version) if known else None, headers.get("ce_type"))


def opened(record: Record, fact: Fact) -> tuple[Fact, Body]:
    """The fact with its body, raw and as its model; MalformedFact when contracts know no such fact.

    Fields that the model does not have are left alone, so that a newer sender can say more.
    """
    known = FACTS.get(fact.type)
    if known is None or known.topic != record.topic:
        raise MalformedFact(f"no fact of type {fact.type} belongs to {record.topic}")
    if record.value is None:
        raise MalformedFact("the record has no body")
    if len(record.value) > BODY_LIMIT:
        raise MalformedFact(f"the body has more than {BODY_LIMIT} bytes")
    try:
        raw: Any = orjson.loads(record.value)
    except orjson.JSONDecodeError as reason:
        raise MalformedFact(f"the body is not JSON: {reason.msg}") from reason
    if not isinstance(raw, Mapping):
        raise MalformedFact("the body is not a JSON object")
    try:
        body = known.body.model_validate(raw, extra="ignore")
    except ValidationError as reason:
        raise MalformedFact(in_words(reason)) from reason
    return replace(fact, body=raw), body


def in_words(reason: BaseException) -> str:
    """Why a record failed, for the people who look at what is parked: without the values that it holds."""
    if isinstance(reason, ValidationError):
        errors = reason.errors(include_url=False, include_input=False, include_context=False)
        return "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in errors)[:1000]
    name = "" if isinstance(reason, MalformedFact) else f"{type(reason).__name__}: "
    return f"{name}{reason}"[:1000]
