"""The texts of a case that were signed, for whoever takes part in it and for the finance that pays it: each under its
own fingerprint, so that an auditor joins them with the audit pack, whose signed index names the same."""

import asyncio
import io
import zipfile
from collections.abc import Sequence
from uuid import UUID

import orjson
from sqlmodel import col, select
from starlette.responses import Response

from contracts.errors import DomainError
from services.applications.agreements.printing import file_name, printed
from services.applications.kinds import applications
from services.applications.models import Agreement, Application
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.papers import saved
from services.chassis.web.papers.document import typeset
from services.chassis.web.who import Who

FINANCE = ("verifier", "approver", "treasurer")


def add_signed_texts(service: Service) -> None:
    """Their address."""
    app, database = service.app, service.database

    @app.get("/applications/{id}/signed", include_in_schema=False)
    async def signed(actor: Who, id: UUID) -> Response:
        """A ZIP: each text as the bytes that the fingerprint is of, and typeset with its signatures."""
        async with database.transaction() as tx:
            case = await tx.found(Application, id)
            if not _may_read(actor, case):
                raise DomainError("not-found", status=404)
            statement = select(Agreement).where(Agreement.application == id, col(Agreement.content) != "")
            rows = (await tx.session.exec(statement.order_by(col(Agreement.id)))).all()
            papers = [(row, await printed(tx, row)) for row in rows]
        if case.removed_on is not None:
            raise DomainError("file-removed", status=410)

        def packed() -> bytes:
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("index.json", orjson.dumps(_index(case, rows), option=orjson.OPT_INDENT_2))
                for row, paper in papers:
                    archive.writestr(f"texts/{row.document}.txt", row.content)
                    archive.writestr(f"papers/{file_name(row, case)}.pdf", typeset(paper))
            return content.getvalue()

        return saved(await asyncio.to_thread(packed), f"{case.number}-signed.zip", "application/zip")


def _may_read(actor: Actor, case: Application) -> bool:
    """Who takes part, and who answers for the money."""
    return bool(applications.parties(actor, case)) or any(actor.may(role, case.payer) for role in FINANCE)


def _index(case: Application, rows: Sequence[Agreement]) -> dict[str, object]:
    return {
        "case": str(case.id),
        "number": case.number,
        "texts": [
            {
                "sha256": row.document,
                "kind": row.kind,
                "round": row.round,
                "amendment": row.amendment,
                "state": row.state,
                "signed": [{"party": one["party"], "at": one["at"]} for one in row.signatures],
            }
            for row in rows
        ],
    }
