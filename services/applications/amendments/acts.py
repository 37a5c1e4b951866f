"""What was granted is changed: asked for, decided on, and in force with the last signature on the new version.

Every rule of a submission is asked anew for the changed case. Until it is in force the old terms stand.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import func
from sqlmodel import col, select

from contracts import agreement as agreement_facts
from contracts import amendment as facts
from contracts import application as application_facts
from contracts import visit as visit_facts
from contracts import voucher as voucher_facts
from contracts.amendment import AMENDMENT
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.applications.agreements.papers import agreements_of, open_amendment, papers_of
from services.applications.amendments.models import Amendment
from services.applications.amendments.terms import (
    Asked,
    amended,
    changed_of,
    in_time_for,
    take,
    under,
)
from services.applications.application import document_scopes, terms_of
from services.applications.applying.choosing import chosen_of
from services.applications.conversations.talking import conversation_of
from services.applications.kinds import agreements, amendments, applications, visits, vouchers
from services.applications.models import Agreement, Application, Visit
from services.applications.review.conflicts import without_own
from services.applications.voucher import voucher_of
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.web.look.forms import Cents


class Request(Input):
    application: UUID = Field(title="Case")
    first_day: date | None = Field(None, title="New first day", description="Left empty, it stays.")
    last_day: date | None = Field(None, title="New last day", description="Left empty, it stays.")
    amount_cents: Annotated[int | None, Cents] = Field(
        None,
        title="New sum, in euro",
        description="Only where the sum is asked for. Where it follows from the days, it is worked out anew.",
        gt=0,
    )
    agenda: str | None = Field(
        None,
        title="New agenda of an exchange",
        description="Left empty, it stays. A member of a group takes over the group's agenda as it stands now.",
        min_length=10,
        max_length=6000,
    )
    host: UUID | None = Field(
        None,
        title="New host of an exchange",
        description="Left empty, it stays. The new host and its partnership sign the new version.",
    )
    provider: UUID | None = Field(
        None,
        title="New knowledge provider of a grant",
        description="Left empty, it stays. Only one that is registered with the partnership of the call.",
    )
    explanation: str = Field(title="What changes, and why?", min_length=10, max_length=4000)


class Refuse(Input):
    reason: facts.RefuseReason = Field(title="Why is it refused?")
    remark: str = Field(title="Explain it to the recipient", min_length=3, max_length=2000)


@rule(AMENDMENT, "request")
async def request(work: Work[Amendment], given: Request, at: Moment) -> facts.Requested:
    """By the recipient or its officer; one at a time, and only before the activity has begun."""
    tx = work.tx
    case = await tx.locked(Application, given.application)
    if case.state != "granted":
        raise DomainError("amend-not-now", status=409)
    await _still_ahead(tx, case)
    if await open_amendment(tx, case.id) is not None:
        raise DomainError("amendment-open", status=409)
    asked = Asked(**given.model_dump(include=set(Asked._fields)))
    copy = await amended(tx, case, asked, at)
    changed = changed_of(case, copy)
    new_agenda = copy.agenda != case.agenda
    if not changed and not new_agenda:
        raise DomainError("amendment-changes-nothing", status=422)
    counted = select(func.count()).select_from(Amendment).where(col(Amendment.application) == case.id)
    work.row = Amendment(
        id=new_id(),
        application=case.id,
        scopes=document_scopes(copy),
        number=int((await tx.execute(counted)).scalar_one()) + 1,
        requested_by=work.actor.person,
        explanation=given.explanation,
        frozen=copy.frozen,
        changed=changed,
        before={name: case.frozen.get(name) for name in changed},
        agenda=copy.agenda if new_agenda else "",
        agenda_before=case.agenda if new_agenda else "",
        agenda_version=copy.agenda_version,
        **await _providers(tx, case, copy),
        amount_cents=copy.amount_cents,
        before_cents=case.amount_cents,
        due_at=in_time_for(case, at.plus_working_days(terms_of(case).decision_days)),
    )
    return facts.Requested(
        sequence=work.row.number,
        first_day=date.fromisoformat(copy.frozen["first_day"]),
        last_day=date.fromisoformat(copy.frozen["last_day"]),
        amount_cents=copy.amount_cents,
        before_cents=case.amount_cents,
        due_at=work.row.due_at,
        other_host=copy.host != case.host,
    )


async def _providers(tx: Tx, case: Application, copy: Application) -> dict[str, Any]:
    """The provider that a grant is to be used with, where it is another one."""
    if copy.answers == case.answers:
        return {}
    before, after = await chosen_of(tx, case), await chosen_of(tx, copy)
    return {
        "provider": next(iter(after - before)),
        "provider_before": next(iter(before - after), None),
        "answers": copy.answers,
    }


@rule(AMENDMENT, "agree")
async def agree(work: Work[Amendment], given: Nothing, at: Moment) -> facts.Agreed:
    """By another person than asked for it."""
    amendment = work.row
    case = await work.tx.found(Application, amendment.application)
    await _by_another(work, case)
    amendment.due_at = in_time_for(case, at.plus_days(terms_of(case).signing_days))
    amendment.reminders = 0
    return facts.Agreed(
        amount_cents=amendment.amount_cents, before_cents=amendment.before_cents, due_at=amendment.due_at
    )


@rule(AMENDMENT, "refuse")
async def refuse(work: Work[Amendment], given: Refuse, at: Moment) -> facts.Refused:
    await _by_another(work, await work.tx.found(Application, work.row.application))
    work.row.remark = given.remark
    return facts.Refused(reason=given.reason)


@rule(AMENDMENT, "withdraw")
async def withdraw(work: Work[Amendment], given: Nothing, at: Moment) -> facts.Withdrawn:
    for row in await papers_of(work.tx, work.row):
        work.beside(agreements, row, "void", agreement_facts.Voided(reason="text_changed"))
    return facts.Withdrawn()


async def _by_another(work: Work[Amendment], case: Application) -> None:
    """Neither who asked for it decides, nor anybody of a side of the case as it is or would be."""
    amendment = work.row
    if work.actor.person == amendment.requested_by:
        raise DomainError("amendment-by-another", status=403)
    if UUID(amendment.scopes["VO"]) in work.actor.partial_to:
        raise DomainError("own-case", status=403)
    for one in (case, under(case, amendment)):
        await without_own(work.tx, one, work.actor)


async def _still_ahead(tx: Tx, case: Application) -> None:
    """A visit that has begun is not changed any more; a voucher as long as it is open."""
    visit = await _visit_of(tx, case.id)
    if visit is not None and visit.state != "planned":
        raise DomainError("amend-not-now", status=409)


async def put_in_force(work: Work[Agreement], case: Application, amendment: Amendment, at: Moment) -> None:
    """The last signature on the new version: it holds, the old one is superseded, all in one transaction."""
    tx, host = work.tx, case.host
    take(case, amendment)
    first, last = (date.fromisoformat(case.frozen[day]) for day in ("first_day", "last_day"))
    for row in await agreements_of(tx, case.id):
        if row.state == "completed" and row.amendment != amendment.id:
            left = case.host != host and row.kind == "quality"
            body = agreement_facts.Superseded(by=amendment.id, other_host=left)
            work.beside(agreements, row, "supersede", body)
    terms = application_facts.Amended.model_validate({**case.frozen, "amendment": amendment.id})
    work.beside(applications, case, "amend", terms)
    in_force = facts.InForce(
        amount_cents=amendment.amount_cents,
        before_cents=amendment.before_cents,
        first_day=first,
        last_day=last,
        changed=amendment.changed,
    )
    work.beside(amendments, amendment, "enter", in_force)
    if (voucher := await voucher_of(tx, case.id, lock=True)) is not None:
        window = voucher.claim_until - voucher.valid_until
        voucher.amount_cents = amendment.amount_cents
        voucher.valid_until = max(voucher.valid_until, last)
        voucher.claim_until = voucher.valid_until + window
        changed = voucher_facts.Changed.model_validate(
            voucher.model_dump(include=set(voucher_facts.Changed.model_fields))
        )
        work.beside(vouchers, voucher, "change", changed)
    elif (visit := await _visit_of(tx, case.id)) is not None:
        if visit.state != "planned":
            raise DomainError("amend-not-now", status=409)
        visit.first_day, visit.last_day, visit.scopes = first, last, document_scopes(case)
        work.beside(visits, visit, "reschedule", visit_facts.Rescheduled(first_day=first, last_day=last))
    if case.host != host:
        await conversation_of(tx, case)


async def refused_by_party(work: Work[Agreement], amendment: Amendment) -> None:
    """One who should sign the new version refuses: the old terms stand."""
    work.beside(amendments, amendment, "party_refuses", facts.Refused(reason="party_refused"))
    for row in await papers_of(work.tx, amendment):
        if row.id != work.row.id:
            work.beside(agreements, row, "void", agreement_facts.Voided(reason="party_refused"))


async def _visit_of(tx: Tx, case: UUID) -> Visit | None:
    statement = select(Visit).where(Visit.application == case).with_for_update()
    return (await tx.session.exec(statement)).one_or_none()
