"""Files of a service: sniffed, size-limited, kept under their own hash before the row that names them commits.

Address = first two digits of the hash / hash. A file that no committed row names is swept after a day.
"""

import hashlib
import os
from pathlib import Path

import puremagic
from pydantic import BaseModel, ConfigDict
from starlette.datastructures import UploadFile

from contracts.errors import DomainError

LIMIT = 10 * 1024 * 1024
KINDS = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".txt": "text/plain",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}
_ENDINGS = {".jpeg": ".jpg"}


class StoredFile(BaseModel):
    """A file that is kept: id is the hash of its bytes; name is what its owner called it."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    type: str
    size: int


class Files:
    """The store of one service, under its own data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "files"

    async def keep(self, upload: UploadFile, field: str | None = None) -> StoredFile:
        """Takes an upload in; DomainError says why not (too-large, file-empty, file-kind)."""
        content = await upload.read(LIMIT + 1)
        return self.put(content, upload.filename or "file", field)

    def put(self, content: bytes, name: str, field: str | None = None) -> StoredFile:
        """Keeps bytes under their hash; the same bytes are the same file."""
        if len(content) > LIMIT:
            raise DomainError("too-large", field, limit=LIMIT // 1024 // 1024)
        if not content:
            raise DomainError("file-empty", field)
        ending = _ending(content, name)
        if ending is None:
            raise DomainError("file-kind", field)
        id = hashlib.sha256(content).hexdigest()
        path = self.path(id)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f"{id}.{os.getpid()}.partial")
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        stored = StoredFile(id=id, name=Path(name).name[:120], type=KINDS[ending], size=len(content))
        path.with_suffix(".json").write_text(stored.model_dump_json())
        return stored

    def describe(self, id: str, field: str | None = None) -> StoredFile:
        """What is kept under an id; DomainError("no-such-file") at the field that names it."""
        try:
            return StoredFile.model_validate_json(self.path(id).with_suffix(".json").read_text())
        except (FileNotFoundError, ValueError) as reason:
            raise DomainError("no-such-file", field) from reason

    def path(self, id: str) -> Path:
        return self._folder / id[:2] / id

    def read(self, id: str) -> bytes:
        """The bytes; DomainError("not-found") when the store has no such file."""
        if len(id) != 64 or not all(digit in "0123456789abcdef" for digit in id):
            raise DomainError("not-found", status=404)
        try:
            return self.path(id).read_bytes()
        except FileNotFoundError as reason:
            raise DomainError("not-found", status=404) from reason


def _ending(content: bytes, name: str) -> str | None:
    """The kind that both the bytes and the name agree on, or None."""
    named = Path(name).suffix.lower()
    named = _ENDINGS.get(named, named)
    if named not in KINDS:
        return None
    try:
        found = {_ENDINGS.get(match.extension, match.extension) for match in puremagic.magic_string(content)}
    except puremagic.PureError:
        found = set[str]()
    if named in (".txt", ".xml"):
        return named if _is_text(content) and not found & {".html", ".svg", ".exe"} else None
    if named in (".docx", ".xlsx"):
        return named if content.startswith(b"PK") and b"[Content_Types].xml" in content else None
    return named if named in found else None


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in content
