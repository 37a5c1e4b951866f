"""Files of directory: taken in for an act that names them, given out as downloads only."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, UploadFile
from starlette.responses import Response

from services.chassis.service import Service
from services.chassis.web.who import Who


def pages(service: Service) -> APIRouter:
    """The one route that takes files in from machines; pages send them with the act itself."""
    router = APIRouter()

    @router.post("/api/v1/organisations/files", status_code=201, tags=["organisation"], summary="Send a file")
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Its id is then given to an act: a certificate, a curriculum vitae, a deliverable."""
        return (await service.files.keep(file, actor.person, "file")).model_dump()

    return router


def download(content: bytes, name: str) -> Response:
    """A file as it was sent, never shown in the browser as a page of ours."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)
