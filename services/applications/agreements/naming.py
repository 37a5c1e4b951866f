"""Somebody who is no user of Relais is named to sign for an organisation, and gets a mail with a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import agreement as facts
from contracts.agreement import AGREEMENT
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input
from contracts.workdays import Moment
from services.applications.agreements.models import SignatoryLink
from services.applications.agreements.signing import awaited, missing
from services.applications.amendments.models import Amendment
from services.applications.models import Agreement, Application
from services.applications.projections import KnownOrganisation
from services.chassis import mailing
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.identity.addresses import Address, Name
from services.chassis.identity.people import people_of
from services.chassis.mailing import Worded
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import code

PAGE = "/agreements/link"
NAMED_BY: Mapping[str, frozenset[str]] = {"VO": frozenset({"VO", "VOP"}), "HO": frozenset({"HO", "HOP"})}
"""For whom somebody is named → who names them: the organisation's own people, or its partnership's officer."""


class NameSignatory(Input):
    party: facts.Organisation = Field(title="For which organisation do they sign?")
    name: Name = Field(title="Name of the legal signatory")
    function: str = Field(title="Their function in the organisation", min_length=2, max_length=120)
    email: Address = Field(
        title="Their own mail address",
        description="The link goes there and nowhere else. Whoever opens it can sign.",
    )


@rule(AGREEMENT, "name_signatory")
async def name_signatory(work: Work[Agreement], given: NameSignatory, at: Moment) -> facts.SignatoryNamed:
    """The one who was named before, for the same party, cannot sign any more."""
    agreement = work.row
    await awaited(work, await work.tx.found(Application, agreement.application), at)
    if not NAMED_BY[given.party] & work.parties:
        raise DomainError("not-your-role", status=403)
    if given.party not in missing(agreement):
        raise DomainError("signed-already", status=409)
    oneself = (await people_of(work.tx, [work.actor.person])).get(work.actor.person)
    if oneself is not None and oneself.email.casefold() == given.email.casefold():
        raise DomainError("signatory-oneself", "email")
    for link in await links_of(work.tx, agreement.id):
        if link.party == given.party and link.used_at is None:
            link.superseded = True
    await work.tx.session.flush()
    now = datetime.now(UTC)
    work.tx.add(
        SignatoryLink(
            id=new_id(),
            asked_at=now,
            try_at=now,
            agreement=agreement.id,
            document=agreement.document,
            named_by=work.actor.person,
            named_at=at.now,
            **given.model_dump(),
        )
    )
    return facts.SignatoryNamed(of=given.party)


async def links_of(tx: Tx, agreement: UUID) -> list[SignatoryLink]:
    """The links of an agreement, the oldest first."""
    statement = select(SignatoryLink).where(SignatoryLink.agreement == agreement)
    return list((await tx.session.exec(statement.order_by(col(SignatoryLink.named_at)))).all())


async def signed_until(tx: Tx, agreement: Agreement, case: Application) -> datetime | None:
    """Until when the agreement can be signed."""
    if agreement.amendment is None:
        return case.due_at
    return (await tx.found(Amendment, agreement.amendment)).due_at


@dataclass(frozen=True)
class Letter(mailing.Letter):
    kind: str
    number: str
    organisation: str
    named_by: str
    until: datetime | None

    def worded(self) -> Worded:
        given = {
            "document": code(f"{self.kind}_agreement"),
            "number": self.number,
            "organisation": self.organisation,
            "who": self.named_by or self.organisation,
            "until": moment(self.until) if self.until else "",
        }
        return Worded(
            _("Your signature is asked for: %(document)s %(number)s") % given,
            [
                _(
                    "%(who)s names you as the person who signs the document “%(document)s” of %(number)s for "
                    "%(organisation)s. You need no account."
                )
                % given,
                _(
                    "Your link opens exactly the text that is to be signed. You can sign it or refuse, once, until "
                    "%(until)s. Keep this mail to yourself: whoever has the link can sign."
                )
                % given,
                _("If you may not sign for this organisation, open the link and refuse, or do nothing."),
            ],
            _("Read the document"),
            PAGE,
        )


class SignatoryMailer(mailing.Mailer[SignatoryLink]):
    """Mails the links, until they are forgotten because nobody signs by them any more."""

    model = SignatoryLink
    give_up_after = timedelta(days=7)

    async def letter(self, tx: Tx, link: SignatoryLink) -> Letter | None:
        agreement = await tx.found(Agreement, link.agreement)
        if not link.email:
            return None
        case = await tx.found(Application, agreement.application)
        organisation = await tx.get(KnownOrganisation, UUID(agreement.scopes[link.party]))
        namer = (await people_of(tx, [link.named_by])).get(link.named_by)
        return Letter(
            address=link.email,
            name=link.name,
            language="en",
            kind=agreement.kind,
            number=case.number,
            organisation=organisation.name if organisation else "",
            named_by=namer.name if namer else "",
            until=await signed_until(tx, agreement, case),
        )
