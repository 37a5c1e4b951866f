"""Records that no reader can bear, of every kind that we could think of."""

from collections.abc import Mapping
from dataclasses import replace

from contracts.ids import new_id
from services.chassis.facts.record import Record
from tests.facts import record_of
from tests.service.ear import confirmed


def poisons() -> Mapping[str, Record]:
    """By what is wrong with them; each is otherwise the good first fact of a subject of its own."""
    return {
        "not JSON": _body(b"{"),
        "not UTF-8": _body(b'{"days": "\xff"}'),
        "JSON but no object": _body(b"[1]"),
        "nested too deeply": _body(b"[" * 100_000),
        "no body": _body(None),
        "one megabyte": _body(b'{"days": 3, "text": "' + b"x" * 1_000_000 + b'"}'),
        "refused by the model": _body(b'{"days": "many"}'),
        "NUL in the body": _body(b'{"days": "\\u0000"}'),
        "no headers": replace(_good(), headers=()),
        "unknown type": _header("ce_type", b"relais.visit.forgotten.v1"),
        "type of another topic": _header("ce_type", b"relais.person.described.v1"),
        "NUL in the type": _header("ce_type", b"relais.visit\x00.v1"),
        "null header": _header("ce_state", None),
        "foreign null header": _header("trace", None),
        "header that is not UTF-8": _header("ce_actor", b"\xff\xfe"),
        "no id": _header("ce_id", b""),
        "subject that is none": _header("ce_subject", b"somebody"),
        "version that is no number": _header("ce_version", b"one"),
        "version far too high": _header("ce_version", b"9" * 30),
        "version zero": _header("ce_version", b"0"),
        "feed far too high": _header("ce_feed", b"9" * 30),
        "time without zone": _header("ce_time", b"2026-03-01T10:00:00"),
    }


def _good() -> Record:
    return record_of(confirmed(new_id(), 1)[0])


def _body(value: bytes | None) -> Record:
    return replace(_good(), value=value)


def _header(name: str, value: bytes | None) -> Record:
    good = _good()
    return replace(good, headers=(*(pair for pair in good.headers if pair[0] != name), (name, value)))
