"""What people wrote in a report to the funder: what a cost was, and why one was cut. It is sealed beside the version,
under the key of the records, and can no longer be read once they are removed; sums, days and references stay.
"""

from collections.abc import Iterator
from uuid import UUID

import orjson

from contracts.ids import named_id
from services.reimbursements.funder.models import FunderReport, ReportVersion
from services.reimbursements.funder.told import Content, Cost, EarlierCut
from services.reimbursements.vault import Vault


def key_of(report: FunderReport) -> UUID:
    """The key of the member's records in this partnership: its retention's own id."""
    return named_id("retention", report.partnership, report.member)


def seal(vault: Vault, report: FunderReport, number: int, content: Content) -> bytes:
    said = orjson.dumps([*_said(content)])
    return vault.seal(said, _place(report, number), under=key_of(report))


def bare(content: Content) -> Content:
    """The same without its sentences."""
    return _saying(content, iter(()))


def whole(vault: Vault, report: FunderReport, version: ReportVersion) -> Content:
    """As it was sent; without its sentences once the records are removed."""
    content = Content.model_validate(version.content)
    if not vault.has(key_of(report)):
        return content
    said = vault.open(version.sentences, _place(report, version.number), under=key_of(report))
    return _saying(content, iter(orjson.loads(said)))


def _place(report: FunderReport, number: int) -> UUID:
    return named_id("funder report version", report.id, number)


def _said(content: Content) -> Iterator[str]:
    for cost in content.costs:
        yield cost.description
    for cut in content.earlier_cuts:
        yield cut.row
        yield cut.reason


def _saying(content: Content, said: Iterator[str]) -> Content:
    """Takes the sentences in the order in which they were said; what there is none for is empty."""

    def costs() -> Iterator[Cost]:
        for cost in content.costs:
            yield cost.model_copy(update={"description": next(said, "")})

    def cuts() -> Iterator[EarlierCut]:
        for cut in content.earlier_cuts:
            yield cut.model_copy(update={"row": next(said, ""), "reason": next(said, "")})

    return content.model_copy(update={"costs": tuple(costs()), "earlier_cuts": tuple(cuts())})
