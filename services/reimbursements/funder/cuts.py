"""What the funder cuts from a report: rows named one by one, the whole by category noted by the coordinator, and
confirmed by the member's finance, who then bears it."""

from fractions import Fraction
from typing import Annotated

from pydantic import Field, TypeAdapter

from contracts import funder_report as facts
from contracts.errors import DomainError
from contracts.funder_report import FUNDER_REPORT
from contracts.money import half_up
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.web.look.forms import Cents
from services.reimbursements.funder.bearing import bear
from services.reimbursements.funder.content import rows_cut, rows_of
from services.reimbursements.funder.models import FunderReport
from services.reimbursements.funder.reports import version_of
from services.reimbursements.funder.told import CATEGORIES, INDIRECT, Content

Cut = Annotated[int, Cents]


class CutRow(Input):
    row: str = Field(title="Cost, or claim")
    amount: Cut = Field(
        title="Not accepted, in euro", description="0 takes a cut off again that was entered before.", ge=0
    )
    reason: str = Field("", title="Why does the funder not accept it?", max_length=1000)


class NoteCuts(Input):
    """What the funder does not accept, in euro, by category, the rows included."""

    staff: Cut = Field(0, title="Cut from staff, in euro", ge=0)
    travel: Cut = Field(0, title="Cut from travel, in euro", ge=0)
    equipment: Cut = Field(0, title="Cut from equipment, in euro", ge=0)
    services: Cut = Field(0, title="Cut from services, in euro", ge=0)
    other_costs: Cut = Field(0, title="Cut from other costs, in euro", ge=0)
    support: Cut = Field(
        0,
        title="Cut from support to third parties, in euro",
        description="What names no claim is shared by all claims of the report, in proportion.",
        ge=0,
    )
    indirect: Cut = Field(0, title="Cut from indirect costs, in euro", ge=0)
    asked_back: Cut = Field(
        0,
        title="Asked back of what the funder has paid, in euro",
        description="Only if it wants the money back now, and does not pay so much less with a later instalment.",
        ge=0,
    )
    remarks: str = Field("", title="The funder's reasons", max_length=4000)


@rule(FUNDER_REPORT, "cut_row")
async def cut_row(work: Work[FunderReport], given: CutRow, at: Moment) -> facts.RowCut:
    """Entered again, it takes the place of what was entered before."""
    report = work.row
    content = (await version_of(work.tx, report, report.versions))[1]
    row = next((one for one in rows_of(content) if one.key == given.row), None)
    if row is None:
        raise DomainError("no-such-row", "row")
    if given.amount > row.cents:
        raise DomainError("cut-beyond-row", "amount")
    if given.amount and not given.reason:
        raise DomainError("cut-without-reason", "reason")
    others = {key: cut for key, cut in report.row_cuts.items() if key != row.key}
    cut = {row.key: {"cents": given.amount, "reason": given.reason}} if given.amount else {}
    report.row_cuts = others | cut
    told = {"category": row.category, "amount_cents": given.amount}
    return TypeAdapter(facts.RowCut).validate_python(told)


@rule(FUNDER_REPORT, "note_cuts")
async def note_cuts(work: Work[FunderReport], given: NoteCuts, at: Moment) -> facts.CutsNoted:
    report = work.row
    content = (await version_of(work.tx, report, report.versions))[1]
    cuts = {name: cents for name, cents in given.model_dump(include=set(content.sums)).items() if cents}
    if not cuts:
        raise DomainError("no-cuts", status=409)
    by_rows = cut_by_rows(content, report)
    for name, cents in content.sums.items():
        if cuts.get(name, 0) > cents:
            raise DomainError("cut-beyond-costs", name)
        if cuts.get(name, 0) < by_rows.get(name, 0):
            raise DomainError("cut-below-rows", name)
    if not given.remarks:
        raise DomainError("cut-without-reason", "remarks")
    report.cuts, report.cut_cents, report.remarks = cuts, sum(cuts.values()), given.remarks
    if given.asked_back > report.cut_cents:
        raise DomainError("asked-back-beyond-cuts", "asked_back")
    report.asked_back_cents = given.asked_back
    report.cuts_noted_by, report.cuts_confirmed_by = work.actor.person, None
    return facts.CutsNoted(cut_cents=report.cut_cents, asked_back_cents=report.asked_back_cents)


@rule(FUNDER_REPORT, "send_cuts_back")
async def send_cuts_back(work: Work[FunderReport], given: Nothing, at: Moment) -> facts.CutsSentBack:
    """Rows stay as they were entered; the sums are noted anew."""
    report = work.row
    report.cuts, report.cut_cents, report.asked_back_cents = {}, 0, 0
    report.cuts_noted_by = None
    return facts.CutsSentBack()


@rule(FUNDER_REPORT, "confirm_cuts")
async def confirm_cuts(work: Work[FunderReport], given: Nothing, at: Moment) -> facts.Accepted:
    """From now on the member bears what was cut."""
    report = work.row
    if work.actor.person == report.cuts_noted_by:
        raise DomainError("funder-cuts-by-another", status=403)
    report.cuts_confirmed_by = work.actor.person
    await bear(work.tx, report, at)
    return facts.Accepted(
        number=report.versions,
        accepted_cents=report.total_cents - report.cut_cents,
        cut_cents=report.cut_cents,
        asked_back_cents=report.asked_back_cents,
    )


def proposed(content: Content, report: FunderReport) -> dict[str, int]:
    """What the rows come to by category, with the flat rate of the own costs among them."""
    sums = cut_by_rows(content, report)
    own = sum(sums.get(name, 0) for name in CATEGORIES)
    flat = half_up(Fraction(own * content.indirect_percent, 100))
    return sums | {INDIRECT: min(flat, content.indirect_cents)} if flat else sums


def cut_by_rows(content: Content, report: FunderReport) -> dict[str, int]:
    """Cents by category of the rows that were cut."""
    sums: dict[str, int] = {}
    for row, cents, _reason in rows_cut(content, report):
        sums[row.category] = sums.get(row.category, 0) + cents
    return sums
