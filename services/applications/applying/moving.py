"""A draft whose call was corrected since: what has changed is shown, and going on takes the draft to the new version.
No answer is lost; those that nobody asks for any more are shown with the question that they answered.
"""

from uuid import UUID

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.applications.applying import drafts
from services.applications.applying.drafts import Draft
from services.applications.calls import told
from services.applications.calls.models import CallRevision, Form
from services.applications.forms.definition import Definition, Question
from services.applications.forms.differing import differences, label
from services.applications.forms.printing import Printing, Told
from services.chassis.database import Tx
from services.chassis.service import Service
from services.chassis.web.look.words import gettext as _
from services.chassis.web.who import Who


def add_pages(service: Service) -> None:
    """Routes of the page that shows what has changed."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/applications/{id}/changed", include_in_schema=False)
    async def changed(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            draft = await drafts.own(tx, id, actor)
            begun = await drafts.as_of(tx, draft.call, draft.case.call_revision)
            before, now = await told.read(tx, begun), await told.read(tx, draft.call)
        return pages.page(
            request, "applying/changed.html", title=_("The call has changed"), case=draft.case, call=draft.call,
            new_form=draft.call.form != draft.case.form, differences=list(differences(before.form, now.form)),
            rules=told.changes(before, now),
        )  # fmt: skip

    @app.post("/applications/{id}/changed", include_in_schema=False)
    async def move(actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            await drafts.move(tx, id, actor, clock.moment())
        return RedirectResponse(f"/applications/{id}/form/check", 303)


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
        (label(*asked[key]), printing.text(asked[key][0], answer))
        for key, answer in draft.case.left_over.items()
        if key in asked
    ]
