"""A draft whose call was corrected since: what has changed is shown, and going on takes the draft to the new version.
No answer is lost; those that nobody asks for any more are shown with the question that they answered.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.applications.applying import drafts
from services.applications.applying.drafts import Draft
from services.applications.calls.models import CallRevision, Form
from services.applications.forms.definition import Definition, Question, worded
from services.applications.forms.printing import Printing, Told
from services.chassis.database import Tx
from services.chassis.service import Service
from services.chassis.web.look.context import reader
from services.chassis.web.look.words import gettext as _
from services.chassis.web.who import Who


def add_pages(service: Service) -> None:
    """Routes of the page that shows what has changed."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/applications/{id}/changed", include_in_schema=False)
    async def changed(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            draft = await drafts.own(tx, id, actor)
            form = await tx.get(Form, draft.call.form) if draft.call.form else None
        now = Definition.model_validate(form.definition) if form else draft.definition
        return pages.page(
            request, "applying/changed.html", title=_("The call has changed"), case=draft.case, call=draft.call,
            new_form=draft.call.form != draft.case.form, differences=list(differences(draft.definition, now)),
        )  # fmt: skip

    @app.post("/applications/{id}/changed", include_in_schema=False)
    async def move(actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            await drafts.move(tx, id, actor, clock.moment())
        return RedirectResponse(f"/applications/{id}/form/check", 303)


def differences(before: Definition, now: Definition) -> Iterator[str]:
    """Question by question what a new version of a form asks otherwise, in the reader's language."""
    earlier = {one.key: one for _page, one in before.questions}
    later = {one.key: one for _page, one in now.questions}
    for key, question in later.items():
        if key not in earlier:
            yield _("New: %(question)s") % {"question": _label(question, now)}
        elif earlier[key] != question:
            yield _("Asked in another way: %(question)s") % {"question": _label(question, now)}
    for key, question in earlier.items():
        if key not in later:
            yield _("No longer asked: %(question)s") % {"question": _label(question, before)}


async def left_over(tx: Tx, draft: Draft, printing: Printing) -> Told:
    """Answers without a place, each with its question as the call last asked it."""
    if not draft.case.left_over:
        return []
    statement = (
        select(Form)
        .join(CallRevision, col(CallRevision.form) == col(Form.id))
        .where(CallRevision.call == draft.call.id)
        .order_by(col(CallRevision.revision))
    )
    asked: dict[str, tuple[Question, Definition]] = {}
    for form in (await tx.session.exec(statement)).all():
        definition = Definition.model_validate(form.definition)
        asked |= {one.key: (one, definition) for _page, one in definition.questions}
    return [
        (_label(*asked[key]), printing.text(asked[key][0], answer))
        for key, answer in draft.case.left_over.items()
        if key in asked
    ]


def _label(question: Question, of: Definition) -> str:
    return worded(question.label, reader().language, of.languages)
