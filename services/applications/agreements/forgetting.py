"""What is forgotten of signatories who are no users: who was named, or was to have signed a paper, as soon as nobody
waits for them; where a signature or refusal came from, once the case is over. Who signed, in which function and when
stays with the signature.
"""

from collections.abc import Mapping

from sqlmodel import select

from services.applications.agreements.models import SignatoryLink
from services.applications.intake.counter import ENDED
from services.applications.models import Agreement, Application
from services.chassis.database import Tx

ADDRESSES = frozenset({"email", "address"})
"""Of the evidence: the mail address that the link went to, the network address that it was used from."""


async def forget_unneeded(tx: Tx, agreement: Agreement) -> None:
    """A link that lets nobody sign any more keeps that it was there and how it ended; a paper that nobody compares any
    more is not named. What a signature by link rests on was written beside it when the link was used."""
    done = {one["party"] for one in agreement.signatures}
    awaited = [one for one in agreement.parties if one not in done] if agreement.state == "open" else []
    for link in (
        await tx.session.exec(select(SignatoryLink).where(SignatoryLink.agreement == agreement.id))
    ).all():
        if link.used_at is not None or link.superseded or link.party not in awaited:
            link.name = link.email = link.function = ""
    agreement.papers = [one for one in agreement.papers if one["party"] in awaited]


async def forget_addresses(tx: Tx, case: Application) -> None:
    """Once a case is closed or has ended otherwise."""
    if not (case.state in ENDED or case.state == "closed" or case.final):
        return
    for agreement in (await tx.session.exec(select(Agreement).where(Agreement.application == case.id))).all():
        agreement.signatures = [_without_addresses(one) for one in agreement.signatures]
        agreement.refusal = _without_addresses(agreement.refusal)


def _without_addresses(said: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in said.items() if name not in ADDRESSES}
