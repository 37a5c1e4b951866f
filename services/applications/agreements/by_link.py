"""Signed or refused by a mailed link: what the link still lets its holder do, and the acts that use it up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from pydantic import Field
from sqlmodel import select

from contracts import agreement as facts
from contracts.agreement import AGREEMENT
from contracts.errors import DomainError
from contracts.workdays import Moment
from services.applications.agreements.models import SignatoryLink
from services.applications.agreements.naming import signed_until
from services.applications.agreements.signing import (
    RefuseSigning,
    Sign,
    as_party,
    awaited,
    missing,
    read_text,
    refused_by,
    signed_by,
    turn_of,
)
from services.applications.models import Agreement, Application
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.identity.addresses import Name
from services.chassis.identity.secrets import hashed

Standing: TypeAlias = Literal["open", "used", "superseded", "changed", "signed", "expired"]


class Signature(Sign):
    """What the signatory fills in."""

    name: Name = Field(title="Your full name, as your signature")


class SignByLink(Signature):
    """address: the network address that the signature came from."""

    address: str


class RefuseByLink(RefuseSigning):
    address: str


@dataclass(frozen=True)
class Opened:
    """A link, what it opens, and how it stands."""

    link: SignatoryLink
    agreement: Agreement
    case: Application
    until: datetime | None
    standing: Standing


async def opened(tx: Tx, token: str, at: Moment) -> Opened:
    """What a token opens; DomainError("link-unknown") when it opens nothing."""
    statement = select(SignatoryLink).where(SignatoryLink.token_hash == hashed(token))
    link = (await tx.session.exec(statement)).one_or_none()
    if link is None:
        raise DomainError("link-unknown", status=404)
    agreement = await tx.found(Agreement, link.agreement)
    case = await tx.found(Application, agreement.application)
    until = await signed_until(tx, agreement, case)
    return Opened(link, agreement, case, until, standing_of(link, agreement, until, at))


def standing_of(link: SignatoryLink, agreement: Agreement, until: datetime | None, at: Moment) -> Standing:
    """How a link stands: only an open one lets its holder sign or refuse."""
    if link.used_at is not None:
        return "used"
    if link.superseded:
        return "superseded"
    if agreement.state in ("voided", "superseded", "refused") or link.document != agreement.document:
        return "changed"
    if agreement.state == "completed" or link.party not in missing(agreement):
        return "signed"
    if agreement.state == "expired" or (until is not None and at.now > until):
        return "expired"
    return "open"


@rule(AGREEMENT, "sign_by_link")
async def sign_by_link(
    work: Work[Agreement], given: SignByLink, at: Moment
) -> facts.Signed | facts.Completed:
    """As a signature of a user, with the evidence of the link beside it."""
    link, application = await _spent(work, "signed", at)
    amendment = await awaited(work, application, at)
    read_text(work.row, given)
    await turn_of(work, application, link.party)
    signature = {
        "party": link.party,
        "name": given.name,
        "function": given.function,
        **_evidence(link, given.address),
    }
    return await signed_by(work, application, amendment, signature, at)


@rule(AGREEMENT, "refuse_by_link")
async def refuse_by_link(work: Work[Agreement], given: RefuseByLink, at: Moment) -> facts.Refused:
    link, application = await _spent(work, "refused", at)
    await awaited(work, application, at)
    said = {"name": link.name, **_evidence(link, given.address)}
    return await refused_by(work, as_party(link.party), {**said, "remark": given.remark}, at)


async def _spent(work: Work[Agreement], outcome: str, at: Moment) -> tuple[SignatoryLink, Application]:
    """The link of whoever acts, used up by this."""
    link = await work.tx.locked(SignatoryLink, work.actor.person)
    if link.agreement != work.row.id:
        raise DomainError("link-unknown", status=404)
    case = await work.tx.found(Application, work.row.application)
    standing = standing_of(link, work.row, await signed_until(work.tx, work.row, case), at)
    if standing != "open":
        raise DomainError(f"link-{standing}", status=410)
    link.used_at, link.outcome = datetime.now(UTC), outcome
    return link, case


def _evidence(link: SignatoryLink, address: str) -> dict[str, str]:
    return {
        "link": str(link.id),
        "named": link.name,
        "email": link.email,
        "address": address,
        "named_by": str(link.named_by),
    }
