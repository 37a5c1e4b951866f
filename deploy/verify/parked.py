"""Whatever a reader has set aside says why, and somebody looks after it in time. What an operator has given up with
a reason is explained.
"""

from datetime import timedelta

from deploy.verify.evidence import Evidence, Finding

GAP = timedelta(minutes=10)
"""A gap closes by itself when the missing record arrives; after this time something is wrong."""
ERROR = timedelta(days=1)
"""An error waits for a person, who has a day for it."""


async def check(evidence: Evidence) -> Finding:
    """Reason, place and age of all parked records."""
    finding = Finding()
    for service in evidence.services:
        for row in await evidence.rows(
            service,
            "SELECT *, clock_timestamp() - parked_at AS age FROM parked ORDER BY id",
        ):
            finding.examined += 1
            place = f"{row.topic}/{row.partition}/{row.offset}"
            where = f"{row.reader} has parked version {row.version} of {row.subject} ({place})"
            if row.discarded_because:
                continue
            if row.reason not in ("gap", "error"):
                finding.violations.append(f"{where} for no known reason")
            elif row.reason == "error" and not row.error:
                finding.violations.append(f"{where} and does not say which error it met")
            elif row.reason == "gap" and row.age > GAP:
                finding.violations.append(
                    f"{where}: what comes before it has been missing since {row.parked_at:%F %T} UTC"
                )
            elif row.reason == "error" and row.age > ERROR:
                finding.violations.append(
                    f"{where}, unexplained since {row.parked_at:%F %T} UTC: {row.error}"
                )
    return finding
