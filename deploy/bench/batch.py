"""A batch of 5,000 payments: from the second person's click to the checked file, sealed and kept, the money ordered.

The floor is the file alone, written and checked from orders that lie in memory.
"""

import tempfile
import time
from pathlib import Path

from rich.progress import Progress

from contracts.tables import Nothing
from deploy.bench.figures import Outcome
from deploy.bench.money import NOW, approve_claims, ground
from services.reimbursements import kinds
from services.reimbursements.banking.sepa import Address, Order, Party, Transfer, write
from services.reimbursements.banking.sepa_check import check
from services.reimbursements.payments.batches import Propose

PAYMENTS = 5_000


async def run(progress: Progress) -> Outcome:
    task = progress.add_task("batch", total=4)
    with tempfile.TemporaryDirectory(prefix="relais-bench-") as name:
        async with ground(Path(name)) as on:
            progress.advance(task)
            await approve_claims(on, PAYMENTS)
            progress.advance(task)
            began = time.perf_counter()
            batch = await on.do(
                kinds.batches, "propose", None, Propose.model_validate({"member": on.member}), on.first
            )
            proposed = time.perf_counter()
            await on.do(kinds.batches, "second", batch, Nothing(), on.first)
            clicked = time.perf_counter()
            await on.do(kinds.batches, "authorise", batch, Nothing(), on.second)
            authorised = time.perf_counter()
            progress.advance(task)
            alone = _alone()
            progress.advance(task)
    took = authorised - clicked
    figures = {
        "payments": PAYMENTS,
        "propose_seconds": round(proposed - began, 2),
        "authorise_seconds": round(took, 2),
        "file_alone_seconds": round(alone, 2),
    }
    return Outcome("batch", figures, round(PAYMENTS / alone, 1), round(alone / took, 3))


def _alone() -> float:
    payer = Party("Klaster", Address("Kraków", "PL"), "PL61109010140000071219812874")
    payee = Party("Company", Address("Köln", "DE"), "DE89370400440532013000")
    transfers = tuple(
        Transfer(f"RC-2026-{n:06}-1", 67_000, payee, f"RC-2026-{n:06} Klaster") for n in range(PAYMENTS)
    )
    order = Order("BENCH", payer, NOW.date().replace(day=24), transfers)
    began = time.perf_counter()
    faults = check(write("BENCH", NOW, "Klaster", [order]).content, {"BENCH": order.cents}, ())
    assert faults == []
    return time.perf_counter() - began
