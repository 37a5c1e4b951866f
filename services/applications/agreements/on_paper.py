"""Signed on paper, by somebody who is no user: the signed PDF is handed in, and an officer confirms that it is the
version whose fingerprint stands on it. Only then it counts as that party's signature.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts import agreement as facts
from contracts.agreement import AGREEMENT
from contracts.errors import DomainError
from contracts.tables import Input
from contracts.workdays import Moment
from services.applications.agreements.signing import as_party, awaited, missing, signed_by, turn_of
from services.applications.models import Agreement, Application
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.files import kept, relied_on
from services.chassis.web.look.forms import Upload


class HandIn(Input):
    name: str = Field(title="Who has signed it", min_length=3, max_length=120)
    function: str = Field(title="Their function in the organisation", min_length=2, max_length=120)
    paper: Annotated[str, Upload(".pdf")] = Field(
        title="The signed document as PDF",
        description="Print the document from its page, have it signed, and scan every page of it.",
    )


class Confirm(Input):
    party: facts.Organisation = Field(title="Whose paper?")
    same: bool = Field(
        title="I have compared it: its fingerprint and text are those of the document, and it is signed"
    )


class SendBack(Input):
    party: facts.Organisation = Field(title="Whose paper?")
    reason: facts.PaperReason = Field(title="What is wrong with it?")


@rule(AGREEMENT, "hand_in")
async def hand_in(work: Work[Agreement], given: HandIn, at: Moment) -> facts.HandedIn:
    """A later paper of the same party replaces the one before."""
    agreement = work.row
    application = await work.tx.found(Application, agreement.application)
    await awaited(work, application, at)
    party = next((one for one in missing(agreement) if one in ("VO", "HO") and one in work.parties), None)
    if party is None:
        raise DomainError("signed-already", status=409)
    (file,) = await kept(work.tx, [given.paper], work.actor.person, "paper")
    paper = {
        "party": party, "name": given.name, "function": given.function, "file": file.id, "by": str(work.actor.person),
        "for": str(work.actor.behalf_of or ""),
    }  # fmt: skip
    agreement.papers = [*(one for one in agreement.papers if one["party"] != party), paper]
    return facts.HandedIn(of=as_party(party))


@rule(AGREEMENT, "confirm_paper")
async def confirm_paper(work: Work[Agreement], given: Confirm, at: Moment) -> facts.Signed | facts.Completed:
    """By an officer who neither handed it in nor belongs to the organisation."""
    agreement = work.row
    application = await work.tx.found(Application, agreement.application)
    amendment = await awaited(work, application, at)
    paper = _paper_of(work, given.party)
    if not given.same:
        raise DomainError("paper-not-compared", "same")
    await relied_on(work.tx, [paper["file"]])
    await turn_of(work, application, given.party)
    agreement.papers = [one for one in agreement.papers if one is not paper]
    signature = {
        "party": paper["party"],
        "name": paper["name"],
        "function": paper["function"],
        "paper": paper["file"],
        "confirmed_by": str(work.actor.person),
    }
    return await signed_by(work, application, amendment, signature, at)


@rule(AGREEMENT, "send_back_paper")
async def send_back_paper(work: Work[Agreement], given: SendBack, at: Moment) -> facts.PaperSentBack:
    paper = _paper_of(work, given.party)
    work.row.papers = [one for one in work.row.papers if one is not paper]
    return facts.PaperSentBack(of=given.party, reason=given.reason)


def _paper_of(work: Work[Agreement], party: str) -> dict[str, str]:
    agreement = work.row
    paper = next((one for one in agreement.papers if one["party"] == party), None)
    if paper is None:
        raise DomainError("no-paper", "party", status=409)
    if str(work.actor.person) in (paper["by"], paper.get("for")):
        raise DomainError("paper-by-another", status=403)
    if UUID(agreement.scopes[party]) in work.actor.partial_to:
        raise DomainError("own-case", status=403)
    return paper
