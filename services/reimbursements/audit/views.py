"""The audit pack of a case, for those who answer for its money, and the key that proves it."""

import hashlib
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from contracts.errors import DomainError
from contracts.ids import new_id
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.who import Who
from services.reimbursements.audit.models import PackDownload
from services.reimbursements.audit.pack import pack_of
from services.reimbursements.models import Case
from services.reimbursements.vault import Vault

FINANCE = ("verifier", "approver", "treasurer", "payer")


def audit_views(service: Service) -> APIRouter:
    """Routes that give audit packs."""
    router, database, clock = APIRouter(), service.database, service.clock

    @router.get("/api/v1/audit-packs/key", tags=["audit_pack"])
    async def key(actor: Who) -> Response:
        """The installation's public key (Ed25519, PEM)."""
        async with database.transaction() as tx:
            return Response(tx.tool(Vault).public_key(), media_type="application/x-pem-file")

    @router.get("/audit-packs/{case}", tags=["audit_pack"])
    async def pack(actor: Who, case: UUID) -> Response:
        """A ZIP with all that is recorded of the money of a case; who fetched it is recorded."""
        async with database.transaction() as tx:
            row = await tx.found(Case, case)
            if not may_audit(actor, row):
                raise DomainError("not-found", status=404)
            content = await pack_of(tx, row, clock.now())
            digest = hashlib.sha256(content).hexdigest()
            tx.add(
                PackDownload(id=new_id(), case_id=row.id, person=actor.person, sha256=digest, at=clock.now())
            )
        headers = {
            "Content-Disposition": f'attachment; filename="{row.frozen["number"]}.zip"',
            "Cache-Control": "no-store",
            "Digest": f"sha-256={digest}",
        }
        return Response(content, media_type="application/zip", headers=headers)

    return router


def may_audit(actor: Actor, case: Case) -> bool:
    """The payer's finance, and the coordinator."""
    return actor.may("coordinator", case.partnership) or any(actor.may(role, case.payer) for role in FINANCE)
