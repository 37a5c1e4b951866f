"""Letters from templates: who may send which when, and the act itself. What is sent is what was looked at before.

A letter stands in the conversation with what it says; its PDF is typeset from that whenever somebody opens it.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

import orjson
from pydantic import Field
from sqlmodel import select

from contracts import conversation as facts
from contracts.conversation import CONVERSATION, LetterKind
from contracts.errors import DomainError
from contracts.tables import Input
from contracts.workdays import Moment
from services.applications.conversations.letter_words import Costs, Ground, Typed, as_data, letter
from services.applications.conversations.models import Conversation
from services.applications.conversations.talking import add, takes_words
from services.applications.models import Application, Visit
from services.applications.projections import KnownOrganisation, KnownPartnership
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.identity.people import people_of
from services.chassis.web.look.context import PageContext, reading
from services.chassis.web.look.words import worded
from services.chassis.web.papers.document import Document

ASKED: Mapping[LetterKind, tuple[str, ...]] = {
    "welcome_pack": ("address", "contact", "note"),
    "visa_invitation": ("name", "address", "costs"),
    "confirmation_of_stay": ("name", "address"),
}
"""Letter → what its sender fills in; all of it but the note."""
BEFORE = ("planned",)
AFTER = ("report_due", "report_submitted", "report_changes", "validated", "closed")
"""States of a visit that has taken place."""
SENDERS = ("HO", "HOP", "VOP", "COORD")


class SendLetter(Input):
    letter: LetterKind = Field(title="Which letter?")
    name: str = Field("", title="Name of the visitor, as in the passport", max_length=120)
    address: str = Field(
        "",
        title="Address of the visit",
        description="Street, number, postcode, town and country. Where it takes place online: where to meet.",
        max_length=300,
    )
    costs: Costs | None = Field(None, title="Who pays for the journey and the stay?")
    contact: str = Field(
        "",
        title="Who meets the visitor, and how to reach them?",
        description="Name and telephone.",
        max_length=300,
    )
    note: str = Field(
        "",
        title="Good to know",
        description="How to get there, where to sleep, what to bring.",
        max_length=4000,
    )
    seen: str = Field("", title="Fingerprint of the letter as you have seen it", max_length=64)


@rule(CONVERSATION, "send_letter")
async def send_letter(work: Work[Conversation], given: SendLetter, at: Moment) -> facts.LetterSent:
    """Once it was looked at as it is; the case stays as it was."""
    written = await written_letter(work.tx, work.row, given, work.actor.person, work.parties, at.today())
    if given.seen != fingerprint(written):
        raise DomainError("letter-not-seen", status=409)
    kept = {"kind": given.letter, "content": as_data(written)}
    entry = add(work.tx, work.row, work.actor.person, work.parties, "letter", written.title, at, letter=kept)
    return facts.LetterSent(entry=entry, letter=given.letter)


async def written_letter(
    tx: Tx, row: Conversation, given: SendLetter, person: UUID, parties: frozenset[str], day: date
) -> Document:
    """The letter in the language of the applicant; DomainError says why it cannot be sent, or what it lacks."""
    case = await takes_words(tx, row.application)
    visit = await visit_of(tx, case.id)
    if refused := why_not(given.letter, case, visit):
        raise refused
    assert visit is not None
    for name in ASKED[given.letter]:
        if name != "note" and not getattr(given, name):
            raise DomainError("letter-incomplete", name)
    people = await people_of(tx, [person, case.applicant])
    reader, sender = people.get(case.applicant), people.get(person)
    partnership = await tx.get(KnownPartnership, case.visitor_partnership)
    payer = await tx.get(KnownOrganisation, case.payer)
    ground = Ground(
        case,
        visit,
        day,
        sender.name if sender else "",
        sender.email if sender else "",
        await _behalf(tx, case, parties),
        payer.name if payer else "",
        partnership.name if partnership else "",
        partnership.programme if partnership else "",
    )
    typed = Typed(given.name, given.address, given.costs, given.contact, given.note)
    language = worded(reader.language if reader else "en")
    with reading(PageContext(language=language, now=datetime.now(UTC))):
        return letter(given.letter, ground, typed, language)


async def visit_of(tx: Tx, case: UUID) -> Visit | None:
    """The case's visit, if it is granted."""
    return (await tx.session.exec(select(Visit).where(Visit.application == case))).one_or_none()


def why_not(kind: LetterKind, case: Application, visit: Visit | None) -> DomainError | None:
    """Why a letter cannot be sent as the case stands; None when it can."""
    if case.host is None:
        return DomainError("letter-no-host", status=409)
    if kind != "welcome_pack" and case.mode == "virtual":
        return DomainError("letter-online", status=409)
    if visit is None:
        return DomainError("letter-not-yet", status=409)
    if kind != "confirmation_of_stay":
        return None if visit.state in BEFORE else DomainError("letter-too-late", status=409)
    if visit.state not in AFTER:
        return DomainError("letter-too-early", status=409)
    return None if visit.days_done or visit.host_days else DomainError("stay-not-confirmed", status=409)


def fingerprint(document: Document) -> str:
    """What tells one letter from another: SHA-256 over all that it says."""
    return hashlib.sha256(orjson.dumps(as_data(document), option=orjson.OPT_SORT_KEYS)).hexdigest()


async def _behalf(tx: Tx, case: Application, parties: frozenset[str]) -> str:
    """For whom the sender writes, by name."""
    party = next(one for one in SENDERS if one in parties)
    if party == "HO":
        return str(case.frozen["host_name"])
    of = case.host_partnership if party == "HOP" else case.visitor_partnership
    partnership = await tx.get(KnownPartnership, of) if of else None
    return partnership.name if partnership else ""
