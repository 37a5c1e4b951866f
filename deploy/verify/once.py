"""Nothing happened twice: no act under one key, and nothing that the rules of the house allow once."""

from typing import LiteralString, NamedTuple

from deploy.verify.evidence import Evidence, Finding


class Key(NamedTuple):
    """What may stand once: columns of a table, for the rows that `where` chooses."""

    service: str
    what: str
    table: LiteralString
    columns: LiteralString
    where: LiteralString = "true"


KEYS = (
    Key(
        "applications",
        "visit of one legal identity in an edition",
        "applications",
        "edition, identity_at_award",
        "state IN ('awarded', 'granted', 'closed', 'not_completed') AND uses_visit",
    ),
    Key("applications", "application on one proposal", "applications", "proposal", "proposal IS NOT NULL"),
    Key("applications", "visit of one application", "visits", "application"),
    Key(
        "applications",
        "agreement of one kind and round that counts",
        "agreements",
        "application, round, kind",
        "amendment IS NULL AND state <> 'voided'",
    ),
    Key(
        "reimbursements",
        "live reservation of one case and purpose",
        "reservations",
        "case_id, purpose",
        "state IN ('queued', 'made', 'committed')",
    ),
    Key("reimbursements", "claim of one case and part", "claims", "case_id, part", "replaces IS NULL"),
    Key("reimbursements", "payment of one claim and attempt", "payments", "claim, attempt"),
    Key("reimbursements", "payment under one end-to-end id", "payments", "end_to_end_id"),
    Key(
        "reimbursements",
        "payment of one claim that is on its way or made",
        "payments",
        "claim",
        "state IN ('proposed', 'batched', 'sent', 'accepted', 'booked')",
    ),
    Key(
        "events",
        "registration of one person for an event",
        "registrations",
        "event, person",
        "state IN ('pending', 'waiting', 'offered', 'confirmed')",
    ),
    Key("events", "check-in of one registration on a day", "attendances", "registration, day"),
)


async def check(evidence: Evidence) -> Finding:
    """(actor, key) in every outbox, and every business key."""
    finding = Finding()
    for service in evidence.services:
        key = Key(service, "act under one key", "outbox", "actor, key", "key IS NOT NULL")
        await _look(evidence, key, finding)
    for key in KEYS:
        await _look(evidence, key, finding)
    return finding


async def _look(evidence: Evidence, key: Key, finding: Finding) -> None:
    counted = await evidence.rows(
        key.service,
        f"SELECT concat_ws(' / ', {key.columns}) AS key, count(*) AS number"  # noqa: S608 all are literals
        f" FROM {key.table} WHERE {key.where} GROUP BY {key.columns}",
    )
    finding.examined += len(counted)
    finding.violations += [
        f"{key.service} has {row.number} times a {key.what}: {row.key}" for row in counted if row.number > 1
    ]
