"""A statement of 10,000 lines, each a payment that was ordered: read, matched and posted in one act.

The floor is the same file read and proved to add up, with nothing posted.
"""

import tempfile
import time
from pathlib import Path

from rich.progress import Progress

from contracts.tables import Nothing
from deploy.bank.books import Account, Bank
from deploy.bench.figures import Outcome
from deploy.bench.money import MEMBER_IBAN, NOW, approve_claims, ground
from services.reimbursements import kinds
from services.reimbursements.bank.statements import Read
from services.reimbursements.banking.statements import read_statements
from services.reimbursements.payments.batches import MOST, Propose
from services.reimbursements.payments.files import file_of
from services.reimbursements.payments.models import Batch

LINES = 10_000


async def run(progress: Progress) -> Outcome:
    task = progress.add_task("statement", total=4)
    with tempfile.TemporaryDirectory(prefix="relais-bench-") as name:
        async with ground(Path(name)) as on:
            await approve_claims(on, LINES)
            progress.advance(task)
            bank = Bank([Account(MEMBER_IBAN, 10_000_000_00)])
            for _ in range(0, LINES, MOST):
                batch = await on.do(
                    kinds.batches, "propose", None, Propose.model_validate({"member": on.member}), on.first
                )
                await on.do(kinds.batches, "second", batch, Nothing(), on.first)
                await on.do(kinds.batches, "authorise", batch, Nothing(), on.second)
                async with on.service.database.transaction() as tx:
                    ordered, _ = await file_of(tx, await tx.found(Batch, batch))
                bank.take(ordered)
            progress.advance(task)
            (statement,) = bank.close_day(NOW.date())
            began = time.perf_counter()
            read_statements(statement.content)
            alone = time.perf_counter() - began
            file = await on.keep(statement.content, "statement.xml", on.first)
            progress.advance(task)
            began = time.perf_counter()
            await on.do(kinds.statements, "import", None, Read(file=file), on.first)
            took = time.perf_counter() - began
            progress.advance(task)
    figures = {
        "lines": LINES,
        "import_seconds": round(took, 2),
        "read_alone_seconds": round(alone, 2),
        "megabytes": round(len(statement.content) / 1e6, 1),
    }
    return Outcome("statement", figures, round(LINES / alone, 1), round(alone / took, 3))
