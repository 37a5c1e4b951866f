"""Each subject's facts are numbered from 1 without a gap, were written in that order, and lead from state to
state as its table says.
"""

from collections.abc import Mapping

from contracts.catalogue import FACTS
from deploy.verify.evidence import Evidence, Finding

_BEGINNINGS = frozenset({"", "draft"})
"""Where a first fact may lead from: nothing, or a draft, which is saved without a fact."""
_THERE: Mapping[str, str] = {"conversation": "open"}
"""What is there as soon as somebody opens it, without a fact, and the state that it has then."""


async def check(evidence: Evidence) -> Finding:
    """Versions, positions and transitions in every outbox."""
    finding = Finding()
    for service in evidence.services:
        await _numbered(evidence, service, finding)
        await _led(evidence, service, finding)
    return finding


async def _numbered(evidence: Evidence, service: str, finding: Finding) -> None:
    subjects = await evidence.rows(
        service,
        "SELECT subject, count(*) AS number, min(version) AS first, max(version) AS last,"
        " bool_or(back) AS back"
        " FROM (SELECT subject, version, position < lag(position)"
        " OVER (PARTITION BY subject ORDER BY version) AS back FROM outbox) AS said GROUP BY subject",
    )
    finding.examined += len(subjects)
    for row in subjects:
        if (row.first, row.last) != (1, row.number):
            finding.violations.append(
                f"{service} has {row.number} facts of {row.subject}, numbered {row.first} to {row.last}"
            )
        if row.back:
            finding.violations.append(f"{service} wrote a fact of {row.subject} before an earlier one")


async def _led(evidence: Evidence, service: str, finding: Finding) -> None:
    steps = await evidence.rows(
        service,
        "SELECT type, before, state, min(subject::text) AS subject FROM"
        " (SELECT *, lag(state) OVER (PARTITION BY subject ORDER BY version) AS before FROM outbox) AS said"
        " GROUP BY type, before, state",
    )
    for row in steps:
        if not _listed(row.type, row.before, row.state):
            finding.violations.append(
                f"no table lets {row.type} lead from {row.before or 'nothing'} to {row.state}"
                f" ({service}, {row.subject})"
            )


def _listed(type: str, before: str | None, state: str) -> bool:
    fact = FACTS.get(type)
    if fact is None:
        return False
    first = _BEGINNINGS | {_THERE.get(fact.table.name, "")}
    sources = first if before is None else frozenset({before})
    return any(
        end.fact is fact.body and (end.to or source) == state
        for act in fact.table.acts
        for end in act.ends
        for source in (act.sources or {""}) & sources
    )
