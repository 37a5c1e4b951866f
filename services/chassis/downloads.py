"""How files leave: from an origin of their own that knows no cookies, by an address that is signed for one minute.

The page that names a file says who may open it and leads there. What somebody sent in never runs, and nothing
that it could do reaches whoever is signed in at the main address.
"""

import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from services.chassis.database import Database
from services.chassis.files import Files, StoredFile, states_of
from services.chassis.keeping import kept_key

LIFETIME = 60
"""Seconds, real time, that an address opens its file."""
PREFIX = "kept"
"""First segment of these addresses; the service's name is the second."""
_ALGORITHM = "HS256"
_PICTURES = ("image/jpeg", "image/png")


class Downloads:
    """The way out of one service's store. web_url: whose pages may show a file in place."""

    def __init__(self, service: str, folder: Path, files: Files, web_url: str, files_url: str) -> None:
        self._service = service
        self._key = folder / "downloads.key"
        self._files = files
        self._web_url = web_url
        self._files_url = files_url

    def give(self, file: StoredFile, *, in_place: bool = False) -> Response:
        """Leads to a file, for whoever may have it (`opened` has said so). It is saved under its own name;
        in_place lets a page show it beside its words."""
        claims = {"file": file.id, "name": file.name, "type": file.type, "in_place": in_place}
        token = jwt.encode(
            {"alg": _ALGORITHM}, {**claims, "exp": int(time.time()) + LIFETIME}, self._secret()
        )
        address = f"{self._files_url}/{PREFIX}/{self._service}/{token}"
        return RedirectResponse(address, 303, {"Cache-Control": "no-store"})

    async def fetched(self, database: Database, token: str) -> Response:
        """The file of a signed address; DomainError("download-over") for one that is forged or too old."""
        claims = self._read(token)
        async with database.transaction() as tx:
            if (await states_of(tx, [claims["file"]])).get(claims["file"]) in (None, "infected", "removed"):
                raise DomainError("not-found", status=404)
        frame = "frame-ancestors 'none'"
        disposition = f"attachment; filename*=UTF-8''{quote(claims['name'], safe='')}"
        if claims["in_place"]:
            frame, disposition = f"frame-ancestors {self._web_url}", "inline"
        headers = {
            "Content-Disposition": disposition,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": f"sandbox; default-src 'none'; style-src 'unsafe-inline'; {frame}",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "private, no-store",
        }
        return Response(self._files.read(claims["file"]), media_type=claims["type"], headers=headers)

    def _read(self, token: str) -> dict[str, Any]:
        try:
            claims = jwt.decode(token, self._secret(), algorithms=[_ALGORITHM]).claims
            jwt.JWTClaimsRegistry(exp={"essential": True}, leeway=0).validate(claims)
        except (JoseError, ValueError) as reason:
            raise DomainError("download-over", status=410) from reason
        return claims

    def _secret(self) -> OctKey:
        return OctKey.import_key(kept_key(self._key))


def may_show(type: str, state: str) -> bool:
    """Whether a page shows a file of this type in place: what the scanner has found clean, and pictures where there
    is no scanner. All else is saved."""
    return state == "clean" or (state == "not_scanned" and type in _PICTURES)


def install(app: FastAPI, downloads: Downloads, database: Database) -> None:
    """The address where files are fetched: it asks for no cookie and sets none."""

    @app.get(f"/{PREFIX}/{{service}}/{{token}}", include_in_schema=False)
    async def fetch(service: str, token: str) -> Response:
        return await downloads.fetched(database, token)
