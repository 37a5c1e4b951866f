"""Files of a service: sniffed, size-limited, kept under their own hash before the row that names them commits.

Address = first two digits of the hash / hash. The row says who sent it and what it was called, and what the
scanner made of it (services/chassis/scanning.py):

    received      waits for the scanner; only who sent it opens it, and nothing is decided on it
    clean         the scanner found nothing
    infected      it is served to nobody
    not_scanned   this installation has no scanner, and its pages say so
    removed       its time was over, or nothing referred to it (services/chassis/dropped_files.py): its bytes and its
                  name are gone

kept_at is when it was sent, or last given to something: an answer, a message, a claim.
"""

import asyncio
import hashlib
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import puremagic
from pydantic import BaseModel, ConfigDict
from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    Update,
    Uuid,
    case,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel
from starlette.datastructures import UploadFile

from contracts.errors import DomainError
from services.chassis.database import Database, Tx

kept_files = Table(
    "kept_files",
    SQLModel.metadata,
    Column("id", Text, primary_key=True),
    Column("sender", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("state", Text, nullable=False),
    CheckConstraint(
        "state IN ('received', 'clean', 'infected', 'not_scanned', 'removed')", name="file_state"
    ),
    Index("kept_files_to_scan", "kept_at", postgresql_where=text("state = 'received'")),
)

LIMIT = 10 * 1024 * 1024
"""Bytes of one file."""
DATA_LIMIT = 24 * 1024 * 1024
"""Bytes of one that programs have written: a bank's statement, the EU's list of sanctions."""
DATA = (".xml", ".csv")
KINDS = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".txt": "text/plain",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".json": "application/json",
    ".csv": "text/csv",
}
_ENDINGS = {".jpeg": ".jpg"}
UNFIT = ("infected", "received")
"""What nobody decides on, and nobody but its sender opens."""


class StoredFile(BaseModel):
    """A file that is kept: id is the hash of its bytes; name is what its owner called it."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    type: str
    size: int


async def kept(tx: Tx, ids: Sequence[str], sender: UUID, field: str | None = None) -> list[StoredFile]:
    """The files that this person sent, by their ids; DomainError("no-such-file") at the field that names another,
    ("file-infected") at the one that names what the scanner has refused. Nothing waits for the scanner here."""
    mine = kept_files.c.sender == sender, kept_files.c.state != "removed"
    rows = (await tx.execute(_given(ids).where(*mine).returning(kept_files))).all()
    for row in rows:
        if row.state == "infected":
            raise DomainError("file-infected", field, name=row.name)
    found = {row.id: StoredFile(id=row.id, name=row.name, type=row.type, size=row.size) for row in rows}
    if missing := [id for id in ids if id not in found]:
        raise DomainError("no-such-file", field, id=missing[0])
    return [found[id] for id in dict.fromkeys(ids)]


async def named(tx: Tx, ids: Iterable[str]) -> None:
    """Says that something names these files now, whoever sent them: no sweep removes them meanwhile."""
    await tx.execute(_given(list(ids)))


def _given(ids: Sequence[str]) -> Update:
    return update(kept_files).where(kept_files.c.id.in_(ids)).values(kept_at=func.clock_timestamp())


async def alone(tx: Tx, id: str) -> None:
    """Until the transaction ends nobody else keeps these bytes, or removes them."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(id, 0))))


async def opened(tx: Tx, id: str, reader: UUID) -> StoredFile:
    """A file, whoever sent it, for a reader who may open the thing that names it.

    DomainError("file-infected"), ("file-removed"), or ("file-not-checked") for all but its sender while it waits for
    the scanner.
    """
    rows = (await tx.execute(select(kept_files).where(kept_files.c.id == id))).all()
    if not rows:
        raise DomainError("not-found", status=404)
    row = next((row for row in rows if row.sender == reader), rows[0])
    if any(row.state == "infected" for row in rows):
        raise DomainError("file-infected", status=410, name=row.name)
    if row.state == "removed":
        raise DomainError("file-removed", status=410)
    if row.state == "received" and row.sender != reader:
        raise DomainError("file-not-checked", status=409, name=row.name)
    return StoredFile(id=row.id, name=row.name, type=row.type, size=row.size)


async def none_refused(tx: Tx, ids: Iterable[str]) -> None:
    """DomainError("file-infected") for the first of these that the scanner has refused, ("file-removed") for one that
    is no longer kept."""
    await _none_in(tx, ids, ("infected", "removed"))


async def relied_on(tx: Tx, ids: Iterable[str]) -> None:
    """Before somebody decides or signs on the strength of files: DomainError("file-not-checked") for the first that
    the scanner has still to look at, ("file-infected") for one that it has refused."""
    await _none_in(tx, ids, UNFIT)


async def _none_in(tx: Tx, ids: Iterable[str], states: tuple[str, ...]) -> None:
    unfit = kept_files.c.id.in_(list(ids)), kept_files.c.state.in_(states)
    row = (await tx.execute(select(kept_files).where(*unfit).order_by(kept_files.c.state).limit(1))).first()
    if row is not None and row.state == "infected":
        raise DomainError("file-infected", status=409, name=row.name)
    if row is not None and row.state == "removed":
        raise DomainError("file-removed", status=409)
    if row is not None:
        raise DomainError("file-not-checked", status=409, name=row.name)


async def states_of(tx: Tx, ids: Iterable[str]) -> dict[str, str]:
    """Id → what the scanner made of it."""
    columns = select(kept_files.c.id, kept_files.c.state).where(kept_files.c.id.in_(list(ids)))
    return {row.id: row.state for row in await tx.execute(columns)}


async def forget(tx: Tx, ids: Iterable[str]) -> None:
    """That they were here stays. Their bytes are the store's to remove, as the last thing of the transaction."""
    gone = update(kept_files).where(kept_files.c.id.in_(list(ids)))
    await tx.execute(gone.values(name="", state="removed"))


async def read_once(tx: Tx, ids: Sequence[str], sender: UUID, field: str) -> list[bytes]:
    """The bytes of files that this person sent for what they say, not to be kept as they came: once that is recorded,
    they are gone."""
    store, stored = tx.tool(Files), await kept(tx, ids, sender, field)
    contents = [store.read(one.id) for one in stored]
    await forget(tx, [one.id for one in stored])
    tx.afterwards += [partial(store.remove, one.id) for one in stored]
    return contents


class Files:
    """The store of one service, under its own data folder.

    scans   whether there is a scanner that will look at what is taken in
    """

    def __init__(self, folder: Path, database: Database, *, scans: bool) -> None:
        self._folder = folder / "files"
        self._database = database
        self.scans = scans

    async def keep(
        self, upload: UploadFile, sender: UUID, field: str | None = None, takes: str = ""
    ) -> StoredFile:
        """Takes an upload in; DomainError says why not (too-large, file-empty, file-kind). Who sends the same bytes
        again gives them another name; what the scanner made of them stands.

        takes   endings of the kinds that are wanted there, as forms name them (".pdf,.jpg"); empty means every kind
        """
        content = await upload.read(DATA_LIMIT + 1)
        stored = await asyncio.to_thread(self.seen, content, upload.filename or "file", field, takes)
        values = {
            **stored.model_dump(),
            "sender": sender,
            "state": "received" if self.scans else "not_scanned",
            "kept_at": func.clock_timestamp(),
        }
        statement = insert(kept_files).values(values)
        known = case((kept_files.c.state == "removed", values["state"]), else_=kept_files.c.state)
        again = statement.on_conflict_do_update(
            index_elements=["id", "sender"], set_={**values, "state": known}
        )
        async with self._database.transaction() as tx:
            await alone(tx, stored.id)
            await tx.execute(again)
            await asyncio.to_thread(self._write, stored.id, content)
        return stored

    def seen(self, content: bytes, name: str, field: str | None = None, takes: str = "") -> StoredFile:
        """What these bytes are, by what is in them; DomainError where they are not what is taken there."""
        limit = DATA_LIMIT if Path(name).suffix.lower() in DATA else LIMIT
        if len(content) > limit:
            raise DomainError("too-large", field, limit=limit // 1024 // 1024)
        if not content:
            raise DomainError("file-empty", field)
        wanted = [ending for ending in KINDS if not takes or ending in takes.split(",")]
        ending = _ending(content, name)
        if ending not in wanted:
            raise DomainError("file-kind", field, kinds=", ".join(one[1:].upper() for one in wanted))
        id = hashlib.sha256(content).hexdigest()
        return StoredFile(id=id, name=Path(name).name[:120], type=KINDS[ending], size=len(content))

    def _write(self, id: str, content: bytes) -> None:
        """The same bytes are the same file."""
        path = self.path(id)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f"{id}.{os.getpid()}.partial")
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)

    def older(self, before: datetime) -> list[str]:
        """The ids of all bytes that were written before."""
        written = (path for path in self._folder.glob("??/*") if path.stat().st_mtime < before.timestamp())
        return sorted({path.name.partition(".")[0] for path in written})

    def remove(self, id: str) -> None:
        """The bytes are gone, with what a killed process had written of them."""
        path = self.path(id)
        for one in (path, *path.parent.glob(f"{id}.*.partial")):
            one.unlink(missing_ok=True)

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
        matches: list[Any] = puremagic.magic_string(content)  # pyright: ignore[reportUnknownMemberType]
    except puremagic.PureError:
        matches = []
    found = {_ENDINGS.get(str(match.extension), str(match.extension)) for match in matches}
    if named in (".txt", ".xml", ".json", ".csv"):
        whole = named != ".xml" or content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
        return named if whole and _is_text(content) and not found & {".html", ".svg", ".exe"} else None
    if named in (".docx", ".xlsx"):
        return named if content.startswith(b"PK") and b"[Content_Types].xml" in content else None
    return named if named in found else None


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in content
