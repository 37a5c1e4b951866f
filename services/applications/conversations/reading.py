"""What is read of conversations: one's own, newest first; one with its messages, what is new marked."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import File, UploadFile
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, or_, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.acting import lets
from contracts.conversation import CONVERSATION
from contracts.errors import DomainError
from services.applications.conversations.models import Conversation, Message, ReadUpTo
from services.applications.conversations.talking import ATTACHED, Say, conversation_of
from services.applications.kinds import applications, conversations
from services.applications.models import Application
from services.applications.sent_files import names_to_show
from services.applications.views import visible
from services.chassis.database import Tx
from services.chassis.files import opened
from services.chassis.identity.actor import Actor
from services.chassis.identity.people import KnownPerson, people_of
from services.chassis.migrate import table_of
from services.chassis.service import Service
from services.chassis.web.look import forms
from services.chassis.web.look.parts import Cell, Column, Tag
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, state_word
from services.chassis.web.sentences import party as party_word
from services.chassis.web.who import Who

PAGE = 50


def add_conversations(service: Service) -> None:
    """Routes that read."""
    app, database, pages = service.app, service.database, service.pages

    @app.get("/conversations/of/{case}", include_in_schema=False)
    async def of_case(actor: Who, case: UUID) -> Response:
        """Leads to the conversation of a case that the reader takes part in."""
        async with database.transaction() as tx:
            row = await conversation_of(tx, await visible(tx, applications, actor, case))
        return RedirectResponse(f"/conversations/{row.id}", 303)

    @app.get("/api/v1/applications/{id}/conversation")
    async def of_case_json(actor: Who, id: UUID) -> dict[str, Any]:
        """The conversation of a case, with all its messages."""
        async with database.transaction() as tx:
            row = await conversation_of(tx, await visible(tx, applications, actor, id))
            messages = await messages_of(tx, row.id)
        said = [one.model_dump(mode="json", exclude={"mail_id", "conversation"}) for one in messages]
        return {**row.model_dump(mode="json", exclude={"scopes"}), "messages": said}

    @app.get("/conversations", include_in_schema=False)
    async def mine(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            rows = await _mine(tx, actor)
        columns = [
            Column(_("Case")),
            Column(_("Last message")),
            Column(_("Unread"), number=True),
            Column(_("Standing")),
        ]
        return pages.page(
            request,
            "conversations.html",
            title=_("Messages"),
            has_tray=bool(actor.scopes("officer") | actor.scopes("coordinator") | actor.scopes("operator")),
            columns=columns,
            rows=[
                [
                    Cell(f"{case.number}, {case.frozen['visitor_name']}", href=f"/conversations/{row.id}"),
                    Cell(moment(row.last_at) if row.last_at else "–"),
                    Cell(str(unread) if unread else "–"),
                    Cell(
                        tag=Tag(
                            state_word("conversation", row.state), "wait" if row.state != "open" else "plain"
                        )
                    ),
                ]
                for row, case, unread in rows
            ],
        )

    @app.get("/conversations/{id}", include_in_schema=False)
    async def page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, conversations, actor, id)
            case = await tx.found(Application, row.application)
            messages = await messages_of(tx, id)
            people = await people_of(tx, {id for one in messages for id in (one.author, one.behalf_of) if id})
            names = await names_to_show(tx, [file["id"] for one in messages for file in one.files])
            seen = await _seen(tx, row, actor)
        parties = conversations.parties(actor, row)
        may = [
            act.name
            for act in CONVERSATION.acts
            if case.removed_on is None
            and row.state in act.sources
            and parties & {*act.parties}
            and (actor.mandate is None or lets(actor.mandate, "conversation", act.name))
        ]
        return pages.page(
            request,
            "conversation.html",
            title=_("Conversation"),
            conversation=row,
            case=case,
            may=may,
            words={name: act_words("conversation", name) for name in may},
            messages=[
                {
                    "who": _author(one, people),
                    "party": party_word(one.party),
                    "via": coded("message_via", one.via) % {"caller": one.caller},
                    "at": one.at,
                    "text": one.text,
                    "id": one.id,
                    "letter": coded("letter", one.letter["kind"]) if one.letter else "",
                    "new": one.number > seen and one.author != actor.person,
                    "files": [(file["id"], names.get(file["id"], file["name"])) for file in one.files],
                }
                for one in messages
            ],
            fields=forms.fields(Say, {}, {}, {}),
            key=str(uuid4()),
        )

    @app.get("/conversations/{id}/files/{file}", include_in_schema=False)
    async def attached(actor: Who, id: UUID, file: str) -> Response:
        """A file of a message, for everybody who takes part in the case."""
        async with database.transaction() as tx:
            await visible(tx, conversations, actor, id)
            if file not in {one["id"] for message in await messages_of(tx, id) for one in message.files}:
                raise DomainError("not-found", status=404)
            return service.downloads.give(await opened(tx, file, actor.person))

    @app.post("/api/v1/conversations/files", status_code=201)
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Takes a file in; its id can then be named in a message."""
        return (await service.files.keep(file, actor.person, takes=ATTACHED)).model_dump()


def _author(message: Message, people: Mapping[UUID, KnownPerson]) -> str:
    """Who wrote it, and for whom."""
    if message.author not in people:
        return party_word(message.party)
    name = people[message.author].name
    if message.behalf_of is None:
        return name
    principal = people.get(message.behalf_of)
    return _("%(agent)s for %(principal)s") % {
        "agent": name,
        "principal": principal.name if principal else "–",
    }


async def messages_of(tx: Tx, conversation: UUID) -> Sequence[Message]:
    """In order."""
    statement = select(Message).where(Message.conversation == conversation).order_by(col(Message.number))
    return (await tx.session.exec(statement)).all()


async def _seen(tx: Tx, row: Conversation, actor: Actor) -> int:
    """The last message that the reader had seen before; from now on it is the last one."""
    table = table_of(ReadUpTo)
    key = {"conversation": row.id, "person": actor.person}
    before = await tx.session.get(ReadUpTo, (row.id, actor.person))
    seen = before.number if before else 0
    if seen != row.messages:
        statement = insert(table).values(**key, number=row.messages)
        again = statement.on_conflict_do_update(index_elements=list(key), set_={"number": row.messages})
        await tx.execute(again)
    return seen


async def _mine(tx: Tx, actor: Actor) -> Sequence[tuple[Conversation, Application, int]]:
    """Conversations of the reader's cases in which something was said, newest first, with what is unread of each."""
    members = actor.scopes("member") | actor.scopes("reader")
    officers = actor.scopes("officer") | actor.scopes("coordinator")
    theirs = or_(
        col(Application.visitor).in_(members),
        col(Application.host).in_(members),
        col(Application.visitor_partnership).in_(officers),
        col(Application.host_partnership).in_(officers),
        col(Application.payer).in_(actor.scopes("payer")),
    )
    unread = func.greatest(Conversation.messages - func.coalesce(ReadUpTo.number, 0), 0)
    statement = (
        select(Conversation, Application, unread)
        .join(Application, col(Application.id) == Conversation.application)
        .outerjoin(
            ReadUpTo, (col(ReadUpTo.conversation) == Conversation.id) & (col(ReadUpTo.person) == actor.person)
        )
        .where(theirs, col(Conversation.messages) > 0)
        .order_by(col(Conversation.last_at).desc())
        .limit(PAGE)
    )
    return (await tx.session.exec(statement)).all()
