"""All checks in turn, over a system that has come to rest or has had time for it.

What is on its way is no violation: it is looked at again until it has arrived or the patience is over.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from deploy.verify import (
    journal,
    ledger,
    once,
    order,
    overspend,
    parked,
    personal,
    published,
    reservations,
    workflows,
)
from deploy.verify.evidence import Evidence, Finding, Places, opened

Check: TypeAlias = Callable[[Evidence], Awaitable[Finding]]

CHECKS: Mapping[str, Check] = {
    "journal": journal.check,
    "once": once.check,
    "ledger": ledger.check,
    "overspend": overspend.check,
    "published": published.check,
    "order": order.check,
    "workflows": workflows.check,
    "reservations": reservations.check,
    "parked": parked.check,
    "personal": personal.check,
}
SETTLING = frozenset({"published", "workflows", "reservations"})
"""What these compare is written by different processes, one after the other."""
PATIENCE = 30.0
_AGAIN = 0.5


async def verified(places: Places, patience: float = PATIENCE) -> dict[str, Finding]:
    """What each check found, in the order of the list above."""
    deadline = time.monotonic() + patience
    async with opened(places) as evidence:
        await _settled("published", evidence, deadline)
        return {name: await _settled(name, evidence, deadline) for name in CHECKS}


async def _settled(name: str, evidence: Evidence, deadline: float) -> Finding:
    """What a check finds; for one that settles, once it finds nothing or the deadline has passed."""
    while True:
        finding = await _found(name, evidence)
        if not finding.violations or name not in SETTLING or time.monotonic() > deadline:
            return finding
        await asyncio.sleep(_AGAIN)


async def _found(name: str, evidence: Evidence) -> Finding:
    """A check that cannot look finds just that, and the others go on."""
    try:
        return await CHECKS[name](evidence)
    except Exception as reason:
        return Finding(violations=[f"this could not be examined: {type(reason).__name__}: {reason}"])


def in_json(findings: Mapping[str, Finding]) -> dict[str, Any]:
    """As `relais verify --json` prints it."""
    checks = [
        {"name": name, "ok": not found.violations, "examined": found.examined, "violations": found.violations}
        for name, found in findings.items()
    ]
    return {"ok": all(check["ok"] for check in checks), "checks": checks}
