"""Pages of letters: which can be sent, each filled in, looked at, then sent; and its PDF, as often as one likes."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args
from uuid import UUID, uuid4

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.conversation import CONVERSATION, LetterKind
from contracts.errors import DomainError
from services.applications.conversations.letter_words import as_data, from_data
from services.applications.conversations.letters import (
    ASKED,
    SendLetter,
    fingerprint,
    visit_of,
    why_not,
    written_letter,
)
from services.applications.conversations.models import Conversation, Message
from services.applications.conversations.talking import conversation_of
from services.applications.kinds import applications, conversations
from services.applications.models import Application
from services.applications.views import visible
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look import forms
from services.chassis.web.look.values import country
from services.chassis.web.look.words import coded
from services.chassis.web.papers import PDF, saved
from services.chassis.web.papers.document import Document, typeset
from services.chassis.web.sentences import act_words, refusal
from services.chassis.web.who import Who

ACT = CONVERSATION.act("send_letter")
KINDS: tuple[LetterKind, ...] = get_args(LetterKind)


def add_letters(service: Service) -> None:
    """Routes that read and preview; sending is the act's own face."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    async def written(actor: Actor, id: UUID, given: SendLetter) -> Document:
        async with database.transaction() as tx:
            row = await tx.found(Conversation, id)
            parties = conversations.permit(actor, ACT, row)
            return await written_letter(tx, row, given, actor.person, parties, clock.moment().today())

    @app.get("/conversations/of/{case}/letters", include_in_schema=False)
    async def of_case(actor: Who, case: UUID) -> Response:
        """Leads to the letters of a case."""
        async with database.transaction() as tx:
            row = await conversation_of(tx, await visible(tx, applications, actor, case))
        return RedirectResponse(f"/conversations/{row.id}/send-letter", 303)

    @app.post("/conversations/{id}/send-letter/preview", include_in_schema=False)
    async def preview(request: Request, actor: Who, id: UUID) -> Response:
        """The letter as it would be sent, above the form with all that was typed."""
        posted = await request.form()
        errors, problem, seen = dict[str, str](), "", None
        try:
            seen = await written(actor, id, SendLetter.model_validate(forms.parse(SendLetter, posted)))
        except ValidationError as reason:
            errors = forms.errors(reason, SendLetter)
        except DomainError as reason:
            if reason.status in (401, 403, 404):
                raise
            words = refusal(reason.slug, reason.params)
            errors, problem = ({reason.field: words}, "") if reason.field else ({}, words)
        async with database.transaction() as tx:
            row = await tx.found(Conversation, id)
            prepared = await prepare_letter(tx, row, actor, {"letter": str(posted.get("letter", ""))})
        words = act_words("conversation", "send_letter")
        return pages.page(
            request, "conversation/send_letter.html", status=422 if errors or problem else 200, act=ACT, row=row,
            title=words.title, button=words.button, explanation="", errors=errors, problem=problem,
            fields=forms.fields(SendLetter, posted, errors), key=str(posted.get("idempotency_key", "")) or str(uuid4()),
            action=f"/conversations/{id}/send-letter", back=f"/conversations/{id}/send-letter",
            **{**prepared.beside, "shown": seen, "seen": fingerprint(seen) if seen else ""},
        )  # fmt: skip

    @app.post("/api/v1/conversations/{id}/send-letter/preview")
    async def preview_json(actor: Who, id: UUID, given: SendLetter) -> dict[str, Any]:
        """The letter as it would be sent, and its fingerprint, which the act asks for."""
        document = await written(actor, id, given)
        return {**as_data(document), "seen": fingerprint(document)}

    @app.get("/conversations/{id}/letters/{message}", include_in_schema=False)
    async def pdf(actor: Who, id: UUID, message: UUID) -> Response:
        """A letter that was sent, for everybody who takes part in the case."""
        async with database.transaction() as tx:
            row = await visible(tx, conversations, actor, id)
            sent = await tx.get(Message, message)
            if sent is None or sent.conversation != id or not sent.letter:
                raise DomainError("not-found", status=404)
            case = await tx.found(Application, row.application)
        content = await asyncio.to_thread(typeset, from_data(sent.letter["content"]))
        kind = str(sent.letter["kind"]).replace("_", "-")
        return saved(content, f"{case.number}-{kind}-{sent.number}.pdf", PDF)


async def prepare_letter(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Which letters there are, and why one cannot be sent now; of the one that was chosen what is asked for it."""
    assert isinstance(row, Conversation)
    case = await tx.found(Application, row.application)
    visit = await visit_of(tx, case.id)
    refused = {kind: why_not(kind, case, visit) for kind in KINDS}
    chosen: LetterKind | None = next(
        (kind for kind in KINDS if str(kind) == query.get("letter") and not refused[kind]), None
    )
    town = f"{case.frozen['host_town']}, {country(case.frozen['host_country'])}" if case.host else ""
    return Prepared(
        values={"letter": chosen, "address": f"{case.frozen['host_name']}\n{town}" if case.host else ""},
        beside={
            "case": case,
            "letters": [
                (kind, coded("letter", kind), refusal(reason.slug, {}) if reason else "")
                for kind, reason in refused.items()
            ],
            "chosen": chosen,
            "chosen_words": coded("letter", chosen) if chosen else "",
            "asked": ASKED[chosen] if chosen else (),
            "needed": _needed,
            "shown": None,
            "seen": "",
        },
    )


def _needed(field: forms.Field) -> forms.Field:
    """A field of the chosen letter as its form asks for it: all but the note is needed."""
    return replace(field, required=field.name != "note")
