"""One application to keep: as a PDF made from the form that asked, and as a ZIP with all that belongs to it."""

import asyncio
import io
import json
import zipfile
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from starlette.responses import Response

from contracts.errors import DomainError
from contracts.workdays import Moment
from services.applications.agreements.printing import file_name, printed
from services.applications.applying import drafts
from services.applications.applying.looking import files_in, look_at
from services.applications.applying.reading import told_of
from services.applications.forms.printing import Told
from services.applications.kinds import applications
from services.applications.models import Agreement, Application, Visit
from services.applications.projections import KnownOrganisation
from services.applications.sent_files import files_to_give
from services.applications.views import declarations, how, meeting_days
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.values import days, moment
from services.chassis.web.look.words import gettext as _
from services.chassis.web.papers import PDF, saved
from services.chassis.web.papers.document import Document, Part, typeset
from services.chassis.web.sentences import code
from services.chassis.web.who import Who

ZIP = "application/zip"
BEING_WRITTEN = ("draft", "changes_requested")
"""States in which those who apply get what they are writing; everybody else gets what was submitted."""


def add_downloads(service: Service) -> None:
    """Their addresses; for everybody who takes part in the case."""
    app, database, clock = service.app, service.database, service.clock

    @app.get("/applications/{id}/pdf", include_in_schema=False)
    async def application_pdf(actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            case, mine = await _readable(tx, actor, id)
            document = await _document(tx, case, mine, clock.moment())
        return saved(await asyncio.to_thread(typeset, document), f"{case.number}.pdf", PDF)

    @app.get("/applications/{id}/download", include_in_schema=False)
    async def application_zip(actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            case, mine = await _readable(tx, actor, id)
            document = await _document(tx, case, mine, clock.moment())
            answers, ids = await _given(tx, case, mine)
            signed = await _agreements(tx, case.id)
            papers = [(row, await printed(tx, row)) for row in signed if row.content]
            ids += [one["paper"] for row in signed for one in row.signatures if "paper" in one]
            files, withheld = await files_to_give(tx, ids, actor.person)

        def packed() -> bytes:
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("application.pdf", typeset(document))
                archive.writestr(
                    "answers.json", json.dumps(answers, ensure_ascii=False, indent=2, default=str)
                )
                for row, paper in papers:
                    archive.writestr(f"agreements/{file_name(row, case)}.pdf", typeset(paper))
                    archive.writestr(f"agreements/{file_name(row, case)}.txt", row.content)
                for file in files:
                    archive.writestr(f"files/{file.id[:8]}-{file.name}", service.files.read(file.id))
                if withheld:
                    archive.writestr("files/not-given.txt", "\n".join(withheld))
            return content.getvalue()

        return saved(await asyncio.to_thread(packed), f"{case.number}.zip", ZIP)


async def _readable(tx: Tx, actor: Actor, id: UUID) -> tuple[Application, bool]:
    """The case, and whether the reader is shown what is being written; a draft is its applicants' alone."""
    case = await tx.found(Application, id)
    parties = applications.parties(actor, case)
    mine = case.state in BEING_WRITTEN and "VO" in parties
    if not parties or (case.state == "draft" and not mine):
        raise DomainError("not-found", status=404)
    return case, mine


async def _document(tx: Tx, case: Application, mine: bool, at: Moment) -> Document:
    title = case.number
    if case.form is None:
        pages = await _exchange(tx, case)
    elif mine:
        pages = (await look_at(tx, await drafts.loaded(tx, case), at)).printing.pages()
    else:
        pages = await told_of(tx, case, at)
    sent = case.submitted_at
    submitted = _("Submitted %(at)s, round %(round)s") % {
        "at": moment(sent, named=True) if sent else "", "round": case.round,
    }  # fmt: skip
    standing = Part(paragraphs=[_("Draft, not submitted") if mine or not sent else submitted])
    return Document(
        title, case.saved_at, [standing, *(Part(name, pairs=rows) for name, rows in pages)], title
    )


async def _exchange(tx: Tx, case: Application) -> list[tuple[str, Told]]:
    """The exchange's own form."""
    sides = [one for one in (case.visitor, case.host) if one is not None]
    known = await tx.session.exec(select(KnownOrganisation).where(col(KnownOrganisation.id).in_(sides)))
    names = {one.id: one.name for one in known.all()}
    period = days(case.first_day, case.last_day) if case.first_day and case.last_day else "–"
    declared = [text for name, text in declarations() if name in case.declarations]
    return [
        (
            _("The exchange"),
            [
                (_("Visitor"), names.get(case.visitor, "–")),
                (_("Host"), names.get(case.host, "–") if case.host else "–"),
                (_("Days"), meeting_days(case) or period),
                (_("How"), how(case)),
                (_("Activities"), "\n".join(code(one) for one in case.activities) or "–"),
            ],
        ),
        (_("Plan"), [(_("Objectives"), case.objectives or "–"), (_("Agenda"), case.agenda or "–")]),
        (_("Declarations"), [(text, _("Yes")) for text in declared]),
    ]


async def _given(tx: Tx, case: Application, mine: bool) -> tuple[dict[str, Any], list[str]]:
    """The answers for a machine, and the files that they and the case's report name."""
    if case.form is None:
        told = {"mode", "first_day", "last_day", "days", "activities", "objectives", "agenda", "declarations"}
        visit = (await tx.session.exec(select(Visit).where(Visit.application == case.id))).one_or_none()
        return case.model_dump(mode="json", include=told), [
            one["id"] for one in visit.evidence
        ] if visit else []
    draft = await drafts.loaded(tx, case)
    answers = draft.answers if mine else case.answers
    return dict(answers), files_in(draft.definition, answers)


async def _agreements(tx: Tx, case: UUID) -> list[Agreement]:
    statement = select(Agreement).where(Agreement.application == case).order_by(col(Agreement.id))
    return list((await tx.session.exec(statement)).all())
