"""What reimbursements remembers of a case for its audit pack."""

from contracts.agreement import AGREEMENT
from contracts.application import APPLICATION
from contracts.assessment import ASSESSMENT
from contracts.decision import DECISION
from contracts.facts import Fact
from contracts.report import REPORT
from contracts.stage import STAGE
from contracts.tables import Body
from contracts.visit import VISIT
from contracts.voucher import VOUCHER
from services.chassis.database import Tx
from services.chassis.facts.reader import Reader
from services.reimbursements.audit.models import CaseFact

_HEARD = tuple(
    body
    for table in (APPLICATION, STAGE, ASSESSMENT, DECISION, AGREEMENT, VISIT, VOUCHER, REPORT)
    for body in table.facts
)


def hear_cases(reader: Reader) -> None:
    """Registers the handler."""

    @reader.hears(*_HEARD)
    async def remember(tx: Tx, fact: Fact, body: Body) -> None:
        if fact.case is None:
            return
        row = CaseFact(
            id=fact.id, case_id=fact.case, type=fact.type, subject=fact.subject, version=fact.version,
            state=fact.state, actor=fact.actor, at=fact.time, body=body.model_dump(mode="json"),
        )  # fmt: skip
        await tx.session.merge(row)
