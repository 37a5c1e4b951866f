"""Every fact has reached everybody who reads its topic, once: nothing is unpublished, and each reader is as
far as the outbox. What stands behind a parked record is explained by it.
"""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from deploy.verify.evidence import Evidence, Finding


async def check(evidence: Evidence) -> Finding:
    """Side tables of the outboxes, and every reader's inbox beside what was said."""
    finding = Finding()
    said: dict[str, dict[UUID, int]] = defaultdict(dict)
    for service in evidence.services:
        waiting = await evidence.rows(service, "SELECT topic, subject, version FROM unpublished")
        finding.violations += [
            f"{service} has not published version {row.version} of {row.subject} on {row.topic}"
            for row in waiting
        ]
        for row in await evidence.rows(
            service, "SELECT topic, subject, max(version) AS version FROM outbox GROUP BY topic, subject"
        ):
            said[row.topic][row.subject] = row.version
    for reader, topics in evidence.places.reads.items():
        await _compare(evidence, reader, {topic: said[topic] for topic in sorted(topics)}, finding)
    return finding


async def _compare(
    evidence: Evidence, reader: str, said: Mapping[str, Mapping[UUID, int]], finding: Finding
) -> None:
    inbox = await evidence.rows(reader, "SELECT subject, version FROM inbox WHERE reader = %s", reader)
    heard = {row.subject: row.version for row in inbox}
    parked = await evidence.rows(
        reader, "SELECT DISTINCT subject FROM parked WHERE reader = %s AND discarded_at IS NULL", reader
    )
    explained = {row.subject for row in parked}
    for topic, subjects in said.items():
        finding.examined += len(subjects)
        for subject, version in subjects.items():
            reached = heard.pop(subject, 0)
            if reached != version and not (reached < version and subject in explained):
                finding.violations.append(
                    f"{reader} has heard version {reached} of {subject} on {topic}, and {version} was said"
                )
    finding.violations += [f"{reader} has heard of {subject}, of which nobody spoke" for subject in heard]
