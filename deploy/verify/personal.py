"""Names and mail addresses of people travel on relais.persons and nowhere else: not in another fact, not in a
line of the overview, not in what a reader has parked.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, LiteralString, cast

from contracts.topics import PERSONS
from deploy.verify.evidence import Evidence, Finding

_PEOPLE: LiteralString = """
    SELECT DISTINCT lower(value) AS word
    FROM outbox, LATERAL (VALUES (body ->> 'name'), (body ->> 'email')) AS said (value)
    WHERE topic = %s AND value <> ''"""
_WORDS = re.compile(r"[\w@.+'-]+")


async def check(evidence: Evidence) -> Finding:
    """Everything that was said or set aside elsewhere, beside what is known of people."""
    finding = Finding()
    people = People(row.word for row in await evidence.rows("directory", _PEOPLE, PERSONS.name))
    for service in evidence.services:
        said = await evidence.rows(
            service, "SELECT type, subject, version, body FROM outbox WHERE topic <> %s", PERSONS.name
        )
        for row in said:
            _look(people, row.body, f"{service}: {row.type}, version {row.version} of {row.subject}", finding)
        for row in await evidence.rows(
            service, "SELECT id, topic, value FROM parked WHERE topic <> %s", PERSONS.name
        ):
            text = (row.value or b"").decode(errors="replace")
            _look(people, text, f"{service}: what is parked from {row.topic} under number {row.id}", finding)
    for row in await evidence.rows(
        "overview",
        "SELECT subject, version, type, body FROM overview_lines WHERE type NOT LIKE 'relais.person.%%'",
    ):
        _look(people, row.body, f"overview: line {row.type}, version {row.version} of {row.subject}", finding)
    return finding


def _look(people: "People", content: Any, where: str, finding: Finding) -> None:
    """The finding names the place and not the person: it is printed and kept."""
    finding.examined += 1
    if any(people.are_named_in(text) for text in _texts(content)):
        finding.violations.append(f"{where} names a person")


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for part in cast("dict[str, Any]", content).values():
            yield from _texts(part)
    elif isinstance(content, list):
        for part in cast("list[Any]", content):
            yield from _texts(part)


class People:
    """Known names and addresses, found in a text word by word."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = {tuple(_WORDS.findall(words)) for words in known}
        self._lengths = sorted({len(words) for words in self._known})

    def are_named_in(self, text: str) -> bool:
        words = _WORDS.findall(text.lower())
        return any(
            tuple(words[start : start + length]) in self._known
            for length in self._lengths
            for start in range(len(words) - length + 1)
        )
