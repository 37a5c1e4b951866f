"""Reports to the funder: prepared by the member's finance, sent by the coordinator, sent back and sent again, accepted.
Periods follow one another without gap, and each entry of the ledger is told once."""

import hashlib
from datetime import date, timedelta
from uuid import UUID

import orjson
from pydantic import Field
from sqlmodel import col, select

from contracts import funder_report as facts
from contracts.errors import DomainError
from contracts.funder_report import FUNDER_REPORT
from contracts.ids import new_id
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.reimbursements.funder.content import complete_content_of, costs_of
from services.reimbursements.funder.models import FunderReport, ReportedEntry, ReportVersion
from services.reimbursements.funder.sentences import bare, seal, whole
from services.reimbursements.funder.told import Content
from services.reimbursements.models import KnownAction
from services.reimbursements.vault import Vault


class Open(Input):
    partnership: UUID = Field(title="Partnership")
    member: UUID = Field(title="Member")
    until: date = Field(
        title="Last day of the period",
        description="It begins where the one before ended, or with the action.",
    )


class ChangePeriod(Input):
    until: date = Field(title="Last day of the period")


class SendBack(Input):
    remarks: str = Field(title="What does the funder want?", min_length=3, max_length=4000)


@rule(FUNDER_REPORT, "open")
async def open_(work: Work[FunderReport], given: Open, at: Moment) -> facts.Opened:
    action = await work.tx.found(KnownAction, given.partnership)
    if given.member not in action.members:
        raise DomainError("not-a-member", "member")
    before = await _newest(work.tx, given.partnership, given.member)
    since = before.until + timedelta(days=1) if before else action.first_day
    _within(action, since, given.until)
    work.row = FunderReport(
        id=new_id(), partnership=given.partnership, member=given.member, since=since, until=given.until
    )
    return facts.Opened(partnership=given.partnership, member=given.member, since=since, until=given.until)


@rule(FUNDER_REPORT, "change_period")
async def change_period(work: Work[FunderReport], given: ChangePeriod, at: Moment) -> facts.PeriodChanged:
    """Of the newest report only, so that no gap comes between periods, and before the funder was told any."""
    report, tx = work.row, work.tx
    newest = await _newest(tx, report.partnership, report.member)
    if report.versions or newest is None or newest.id != report.id:
        raise DomainError("period-stands", status=409)
    _within(await tx.found(KnownAction, report.partnership), report.since, given.until)
    if any(cost.spent_on > given.until for cost in await costs_of(tx, report)):
        raise DomainError("period-without-costs", "until")
    report.until = given.until
    return facts.PeriodChanged(since=report.since, until=report.until)


@rule(FUNDER_REPORT, "prepare")
async def prepare(work: Work[FunderReport], given: Nothing, at: Moment) -> facts.Prepared:
    report = work.row
    if at.today() <= report.until:
        raise DomainError("period-not-over", status=409)
    unsent = select(FunderReport.id).where(
        FunderReport.partnership == report.partnership,
        FunderReport.member == report.member,
        col(FunderReport.since) < report.since,
        col(FunderReport.versions) == 0,
    )
    if (await work.tx.session.exec(unsent)).first() is not None:
        raise DomainError("report-before", status=409)
    report.total_cents = (await complete_content_of(work.tx, report)).total_cents
    report.prepared_by, report.submitted_by = work.actor.person, None
    return facts.Prepared(total_cents=report.total_cents)


@rule(FUNDER_REPORT, "take_back")
async def take_back(work: Work[FunderReport], given: Nothing, at: Moment) -> facts.TakenBack:
    work.row.prepared_by = None
    return facts.TakenBack()


@rule(FUNDER_REPORT, "submit")
async def submit(work: Work[FunderReport], given: Nothing, at: Moment) -> facts.Submitted:
    """Keeps the version as it is sent, and marks the entries that it tells for the first time."""
    report, tx = work.row, work.tx
    if work.actor.person == report.prepared_by:
        raise DomainError("funder-report-by-another", status=403)
    assert report.prepared_by is not None
    content = await complete_content_of(tx, report)
    number = report.versions + 1
    for entry in await _untold(tx, report, content):
        tx.add(ReportedEntry(posting=entry[0], position=entry[1], report=report.id, version=number))
    said = content.model_dump(mode="json")
    digest = hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
    tx.add(
        ReportVersion(
            report=report.id, number=number, content=bare(content).model_dump(mode="json"),
            sentences=seal(tx.tool(Vault), report, number, content), sha256=digest, prepared_by=report.prepared_by,
            submitted_by=work.actor.person, submitted_at=at.now,
        )
    )  # fmt: skip
    report.versions, report.total_cents = number, content.total_cents
    report.submitted_by = work.actor.person
    return facts.Submitted(
        number=number, total_cents=content.total_cents, funder_cents=content.funder_cents, file_hash=digest
    )


@rule(FUNDER_REPORT, "send_back")
async def send_back(work: Work[FunderReport], given: SendBack, at: Moment) -> facts.SentBack:
    work.row.remarks, work.row.row_cuts = given.remarks, {}
    work.row.prepared_by = work.row.submitted_by = None
    return facts.SentBack(number=work.row.versions)


@rule(FUNDER_REPORT, "accept")
async def accept(work: Work[FunderReport], given: Nothing, at: Moment) -> facts.Accepted:
    """All of it: one person is enough, as nothing is posted."""
    report = work.row
    if report.row_cuts:
        raise DomainError("cuts-to-be-noted", status=409)
    report.remarks = ""
    return facts.Accepted(number=report.versions, accepted_cents=report.total_cents, cut_cents=0)


async def version_of(tx: Tx, report: FunderReport, number: int) -> tuple[ReportVersion, Content]:
    """A version as it was sent; DomainError("not-found") if there is none of this number."""
    row = await tx.session.get(ReportVersion, (report.id, number))
    if row is None:
        raise DomainError("not-found", status=404)
    return row, whole(tx.tool(Vault), report, row)


def _within(action: KnownAction, since: date, until: date) -> None:
    if not since <= until <= action.last_day:
        raise DomainError("period-outside-action", "until", since=since, last=action.last_day)


async def _newest(tx: Tx, partnership: UUID, member: UUID) -> FunderReport | None:
    statement = select(FunderReport).where(
        FunderReport.partnership == partnership, FunderReport.member == member
    )
    return (await tx.session.exec(statement.order_by(col(FunderReport.since).desc()).limit(1))).first()


async def _untold(tx: Tx, report: FunderReport, content: Content) -> list[tuple[UUID, int]]:
    told = select(ReportedEntry.posting, ReportedEntry.position).where(ReportedEntry.report == report.id)
    before = set((await tx.session.exec(told)).all())
    entries = [(row.posting, row.position) for row in (*content.support, *content.adjustments)]
    return [entry for entry in entries if entry not in before]
