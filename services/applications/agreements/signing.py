"""Agreements: what is signed, by whom, in which order; the last signature grants the case in one transaction.

Until the paying member's signature nothing is owed; the application's row lock decides every race.
"""

import hashlib
from datetime import date
from typing import TypeAlias

from pydantic import Field, TypeAdapter

from contracts import agreement as facts
from contracts import application as application_facts
from contracts import visit as visit_facts
from contracts.agreement import AGREEMENT
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input, side_of
from contracts.workdays import Moment
from services.applications.agreements.documents import (
    amended_text,
    financial_agreement,
    grant_agreement,
    quality_commitment,
)
from services.applications.agreements.papers import agreements_of
from services.applications.amendments.acts import put_in_force, refused_by_party
from services.applications.amendments.models import Amendment
from services.applications.application import document_scopes, in_time, rules_of
from services.applications.commands import void_agreements
from services.applications.groups.sharing import refuse_if_cancelled
from services.applications.kinds import applications, visits
from services.applications.models import Agreement, Application, Visit
from services.applications.reporting import schedule_reports
from services.applications.sent_files import named_files
from services.applications.voucher import issue
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.files import relied_on

SigningSet: TypeAlias = tuple[facts.Kind, str, tuple[facts.Party, ...]]
"""Which document, its text, who signs it."""


class Sign(Input):
    """A signature with function and power to sign, over the hash of the text that was read."""

    document: str = Field(title="Document", min_length=64, max_length=64)
    function: str = Field(title="Your function in the organisation", min_length=2, max_length=120)
    power: bool = Field(title="I may sign for my organisation and have read the document")


class RefuseSigning(Input):
    remark: str = Field(
        title="Why do you not sign?",
        description="The other parties read this.",
        min_length=3,
        max_length=2000,
    )


@rule(AGREEMENT, "sign")
async def sign(work: Work[Agreement], given: Sign, at: Moment) -> facts.Signed | facts.Completed:
    agreement = work.row
    application = await work.tx.found(Application, agreement.application)
    amendment = await awaited(work, application, at)
    read_text(agreement, given)
    party = await _party(work, application)
    signature = {"party": party, "person": str(work.actor.person), "function": given.function}
    if work.actor.behalf_of is not None:
        signature["principal"] = str(work.actor.behalf_of)
    return await signed_by(work, application, amendment, signature, at)


def read_text(agreement: Agreement, given: Sign) -> None:
    """DomainError unless the text that was read is the one to be signed, by somebody who says that they may."""
    if given.document != agreement.document:
        raise DomainError("document-changed", "document", status=409)
    if not given.power:
        raise DomainError("power-missing", "power")


async def signed_by(
    work: Work[Agreement],
    application: Application,
    amendment: Amendment | None,
    signature: dict[str, str],
    at: Moment,
) -> facts.Signed | facts.Completed:
    """Adds a signature; the last of the set grants the case, or puts its amendment in force. Nobody signs while a
    file of the application waits for the scanner."""
    agreement = work.row
    await relied_on(work.tx, named_files(application.answers))
    agreement.signatures = [
        *agreement.signatures, {**signature, "at": at.now.isoformat(), "document": agreement.document}
    ]  # fmt: skip
    party = as_party(signature["party"])
    if missing(agreement):
        return facts.Signed(party=party, document=agreement.document)
    if all(not missing(row) for row in await _set_of(work)):
        if amendment is None:
            _grant(work, application, at)
        else:
            await put_in_force(work, application, amendment, at)
    return facts.Completed(party=party, document=agreement.document)


async def _set_of(work: Work[Agreement]) -> list[Agreement]:
    """All documents that are signed together with this one."""
    agreement = work.row
    return [
        row
        for row in await agreements_of(work.tx, agreement.application)
        if (row.round, row.amendment) == (agreement.round, agreement.amendment) and row.state != "voided"
    ]


async def awaited(work: Work[Agreement], application: Application, at: Moment) -> Amendment | None:
    """The amendment whose new version this is, if it is one; DomainError when nobody signs it now."""
    agreement = work.row
    if agreement.amendment is not None:
        amendment = await work.tx.locked(Amendment, agreement.amendment)
        if amendment.state != "agreed":
            raise DomainError("sign-not-now", status=409)
        in_time(amendment.due_at, at)
        return amendment
    if application.state != "awarded" or agreement.round != application.round:
        raise DomainError("sign-not-now", status=409)
    await refuse_if_cancelled(work.tx, application)
    in_time(application.due_at, at)
    return None


@rule(AGREEMENT, "refuse")
async def refuse(work: Work[Agreement], given: RefuseSigning, at: Moment) -> facts.Refused:
    mine = {side_of(party) for party in work.parties}
    party = as_party(next(party for party in work.row.parties if party in mine))
    said = {"person": str(work.actor.person), "name": work.actor.name, "remark": given.remark}
    if work.actor.behalf_of is not None:
        said |= {"principal": str(work.actor.behalf_of), "for": work.actor.principal}
    return await refused_by(work, party, said, at)


async def refused_by(
    work: Work[Agreement], party: facts.Party, said: dict[str, str], at: Moment
) -> facts.Refused:
    """A visitor who refuses has withdrawn; anybody else's refusal lets the case lapse. Whoever refuses the new version
    of an amendment leaves the old one in force."""
    work.row.refusal = {**said, "party": party, "at": at.now.isoformat()}
    if work.row.amendment is not None:
        await refused_by_party(work, await work.tx.locked(Amendment, work.row.amendment))
        return facts.Refused(party=party)
    application = await work.tx.found(Application, work.row.application)
    application.due_at = None
    if party == "VO":
        work.beside(
            applications, application, "step_back", application_facts.Withdrawn(round=application.round)
        )
    else:
        body = application_facts.Lapsed(reason="party_refused", round=application.round)
        work.beside(applications, application, "fall", body)
    await void_agreements(work, "void")
    return facts.Refused(party=party)


def documents_of(
    application: Application, payer: str, at: Moment, amendment: Amendment | None = None
) -> list[tuple[Agreement, facts.Opened]]:
    """The signing sets that an award or an amendment opens. An exchange has its Commitment to Quality, and where money
    is owed the Financial Agreement; a call with a form says itself what is signed by whom."""
    sets = _by_call(application, payer) if application.form is not None else _of_exchange(application, payer)
    opened: list[tuple[Agreement, facts.Opened]] = []
    for kind, text, parties in sets:
        content = amended_text(text, amendment) if amendment else text
        document = hashlib.sha256(content.encode()).hexdigest()
        row = Agreement(
            id=new_id(),
            application=application.id,
            round=application.round,
            amendment=amendment.id if amendment else None,
            kind=kind,
            document=document,
            content=content,
            parties=list(parties),
            scopes=document_scopes(application),
            opened_at=at.now,
        )
        body = facts.Opened(kind=kind, document=document, parties=parties)
        opened.append((row, body))
    return opened


def _of_exchange(application: Application, payer: str) -> list[SigningSet]:
    quality: tuple[facts.Party, ...] = ("VO", "HO", "VOP", "HOP")
    if application.visitor_partnership == application.host_partnership:
        quality = ("VO", "HO", "VOP")
    sets: list[SigningSet] = [("quality", quality_commitment(application), quality)]
    if application.amount_cents:
        sets.append(("financial", financial_agreement(application, payer), ("VO", "PAY")))
    return sets


def _by_call(application: Application, payer: str) -> list[SigningSet]:
    """A partnership that is the visitor's and the host's signs once."""
    once = {"HOP"} if application.visitor_partnership == application.host_partnership else set[str]()
    return [
        (
            one.document,
            grant_agreement(application, one.document, payer),
            tuple(party for party in one.parties if party not in once),
        )
        for one in rules_of(application).signing
        if one.document != "financial" or application.amount_cents
    ]


def as_party(name: str) -> facts.Party:
    """A party by its name, as facts say it."""
    return TypeAdapter[facts.Party](facts.Party).validate_python(name)


def missing(agreement: Agreement) -> list[str]:
    """Parties that have not signed yet."""
    done = {signature["party"] for signature in agreement.signatures}
    return [party for party in agreement.parties if party not in done]


def _is_ordered(application: Application, agreement: Agreement) -> bool:
    if application.form is None:
        return False
    return any(one.ordered for one in rules_of(application).signing if one.document == agreement.kind)


async def _party(work: Work[Agreement], application: Application) -> facts.Party:
    """As whom this person signs next."""
    mine = {side_of(party) for party in work.parties}
    party = next((party for party in missing(work.row) if party in mine), None)
    if party is None:
        raise DomainError("signed-already", status=409)
    await turn_of(work, application, party)
    return as_party(party)


async def turn_of(work: Work[Agreement], application: Application, party: str) -> None:
    """In the order of the call, where it has one; the payer only when every other signature of the set stands."""
    agreement = work.row
    if party not in missing(agreement):
        raise DomainError("signed-already", status=409)
    if party != missing(agreement)[0] and _is_ordered(application, agreement):
        raise DomainError("sign-in-order", status=409)
    if party == "PAY" and any(one != "PAY" for row in await _set_of(work) for one in missing(row)):
        raise DomainError("payer-signs-last", status=409)


def _grant(work: Work[Agreement], application: Application, at: Moment) -> None:
    first, last = (date.fromisoformat(application.frozen[day]) for day in ("first_day", "last_day"))
    application.due_at = None
    granted = application_facts.Granted(
        round=application.round,
        amount_cents=application.amount_cents,
        currency="EUR",
        payer=application.payer,
        first_day=first,
        last_day=last,
    )
    work.beside(applications, application, "grant", granted)
    if application.form is not None and rules_of(application).fulfilment.kind == "voucher":
        issue(work, application, first, last, at)
        return
    visit = Visit(
        id=new_id(),
        application=application.id,
        scopes=document_scopes(application),
        first_day=first,
        last_day=last,
    )
    work.beside(visits, visit, "plan", visit_facts.Planned(first_day=first, last_day=last))
    if application.form is not None:
        schedule_reports(work, application, last)
