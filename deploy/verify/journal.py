"""Nothing that was accepted is lost: what the demo's people were told is done stands in an outbox."""

import json

from deploy.verify.evidence import Evidence, Finding


async def check(evidence: Evidence) -> Finding:
    """Each line of each journal has the outbox row of its actor and key."""
    finding = Finding()
    accepted = [
        json.loads(line)
        for file in sorted(evidence.places.journals.glob("*.jsonl"))
        for line in file.read_text().splitlines()
    ]
    keys = list({line["key"] for line in accepted})
    written = {
        (row.actor, row.key)
        for service in evidence.services
        for row in await evidence.rows(service, "SELECT actor, key FROM outbox WHERE key = ANY(%s)", keys)
    }
    for line in accepted:
        finding.examined += 1
        if (line["actor"], line["key"]) not in written:
            finding.violations.append(
                f"{line['url']} was answered {line['status']} to {line['actor']} under the key {line['key']},"
                " and no outbox has it"
            )
    return finding
