"""The acts of a conversation. Each adds a message in its order; none touches the case."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlmodel import select

from contracts import conversation as facts
from contracts.conversation import CONVERSATION
from contracts.errors import DomainError
from contracts.ids import named_id, new_id
from contracts.tables import Input
from contracts.workdays import Moment
from services.applications.application import document_scopes
from services.applications.conversations.models import Conversation, Message
from services.applications.models import Application
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.files import kept
from services.chassis.web.look.forms import Upload

ATTACHED = ".pdf,.jpg,.png,.docx,.xlsx,.txt"
SUPPORT_DAYS = 5
"""Working days that the support office has to answer."""
AUTHORS = ("VO", "HO", "VOP", "HOP", "PAY", "COORD", "OPERATOR")
OFFICERS = frozenset({"VOP", "HOP", "COORD", "OPERATOR"})


class Say(Input):
    text: str = Field(title="Your message", min_length=1, max_length=8000)
    files: list[Annotated[str, Upload(ATTACHED)]] = Field(
        default_factory=list[str],
        title="Files",
        description="PDF, photos, documents or tables, up to 10 MB each.",
        max_length=10,
    )


class Call(Input):
    caller: str = Field(title="With whom did you speak?", min_length=2, max_length=120)
    text: str = Field(
        title="What was said",
        description="Everybody who takes part in the case reads this.",
        min_length=1,
        max_length=8000,
    )


class HandOver(Input):
    text: str = Field(title="What should the support office look at?", min_length=3, max_length=8000)


class GiveBack(Input):
    text: str = Field(title="Your answer", min_length=3, max_length=8000)


async def conversation_of(tx: Tx, case: Application) -> Conversation:
    """The case's conversation, made when it is first opened. DomainError("conversation-not-yet") of a draft, which is
    its applicants' alone."""
    if case.submitted_at is None:
        raise DomainError("conversation-not-yet", status=409)
    await tx.locked(Application, case.id)
    found = (await tx.session.exec(select(Conversation).where(Conversation.application == case.id))).first()
    scopes = document_scopes(case)
    if found is None:
        id = named_id("conversation", case.id)
        found = Conversation(id=id, state="open", application=case.id, scopes=scopes)
    elif found.scopes != scopes:
        found.scopes = scopes
    tx.add(found)
    return found


async def takes_words(tx: Tx, application: UUID) -> Application:
    """The case of a conversation; DomainError("records-removed") once what was written in it was removed."""
    case = await tx.found(Application, application)
    if case.removed_on is not None:
        raise DomainError("records-removed", status=409, day=case.removed_on)
    return case


@rule(CONVERSATION, "post")
async def post(work: Work[Conversation], given: Say, at: Moment) -> facts.Posted:
    await takes_words(work.tx, work.row.application)
    files = await kept(work.tx, given.files, work.actor.person, "files")
    attached = [{"id": file.id, "name": file.name} for file in files]
    return facts.Posted(entry=_said(work, "page", given.text, at, files=attached), via="page")


@rule(CONVERSATION, "note_call")
async def note_call(work: Work[Conversation], given: Call, at: Moment) -> facts.Posted:
    await takes_words(work.tx, work.row.application)
    return facts.Posted(entry=_said(work, "call", given.text, at, caller=given.caller), via="call")


@rule(CONVERSATION, "hand_over")
async def hand_over(work: Work[Conversation], given: HandOver, at: Moment) -> facts.HandedOver:
    """To the coordinator's office, which helps where a partnership cannot."""
    await takes_words(work.tx, work.row.application)
    due_at = at.plus_working_days(SUPPORT_DAYS)
    work.row.due_at = due_at
    return facts.HandedOver(entry=_said(work, "hand_over", given.text, at), due_at=due_at)


@rule(CONVERSATION, "give_back")
async def give_back(work: Work[Conversation], given: GiveBack, at: Moment) -> facts.GivenBack:
    await takes_words(work.tx, work.row.application)
    work.row.due_at = None
    return facts.GivenBack(entry=_said(work, "give_back", given.text, at))


def _said(work: Work[Conversation], via: str, text: str, at: Moment, **more: Any) -> UUID:
    actor = work.actor
    return add(
        work.tx, work.row, actor.person, work.parties, via, text, at, behalf_of=actor.behalf_of, **more
    )


def add(
    tx: Tx,
    row: Conversation,
    author: UUID,
    parties: Collection[str],
    via: str,
    text: str,
    at: Moment,
    *,
    behalf_of: UUID | None = None,
    files: Sequence[dict[str, str]] = (),
    caller: str = "",
    mail_id: str = "",
    letter: Mapping[str, Any] = MappingProxyType({}),
) -> UUID:
    """The next message of a conversation, whose case is locked; its id."""
    row.messages, row.last_at = row.messages + 1, at.now
    party = next(one for one in AUTHORS if one in parties)
    message = Message(
        id=new_id(), conversation=row.id, number=row.messages, author=author, party=party, behalf_of=behalf_of, via=via,
        text=text, caller=caller, mail_id=mail_id, files=list(files), letter=dict(letter), at=at.now,
    )  # fmt: skip
    tx.add(message)
    return message.id
