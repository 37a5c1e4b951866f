"""The scanner's word on files: ClamAV's daemon, asked over its socket (INSTREAM), one file after the other.

Taking a file in does not wait for it. A scanner that is away is asked again until it answers: its files stay
received. Installations without one say so on every page.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import func, select, update

from contracts.errors import DomainError, TransientError
from services.chassis import metrics
from services.chassis.database import Database, Tx
from services.chassis.files import Files, StoredFile, kept_files

PATIENCE = 30.0
"""Seconds that the scanner may take for one file."""
LOOK_AGAIN = 2.0
"""Seconds after which the scanner is asked again, or new files are looked for."""
_PIECE = 64 * 1024

log = structlog.get_logger(__name__)


class ScannerAway(Exception):
    """It cannot be reached, or does not say what it found."""


@dataclass(frozen=True)
class Scanner:
    """A clamd; address is host:port, or the path of its socket."""

    address: str

    async def finds(self, content: bytes) -> str:
        """The name of what is wrong with these bytes; empty when they are clean. ScannerAway."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._asked(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as reason:
            raise ScannerAway(str(reason) or "it does not answer") from reason

    async def _asked(self, content: bytes) -> str:
        host, _, port = self.address.rpartition(":")
        reader, writer = await (
            asyncio.open_unix_connection(self.address)
            if self.address.startswith("/")
            else asyncio.open_connection(host, int(port))
        )
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), _PIECE):
                piece = content[start : start + _PIECE]
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            said = (await reader.readuntil(b"\0"))[:-1].decode("ascii", "replace").strip()
        finally:
            writer.close()
        if said.endswith(" FOUND"):
            return said.removeprefix("stream: ").removesuffix(" FOUND")
        if said.endswith(" OK"):
            return ""
        raise ScannerAway(said)


@dataclass(frozen=True)
class Found:
    """What was found in a file, and who sent it."""

    file: StoredFile
    sender: UUID
    name: str


Told = Callable[[Tx, Found], Awaitable[None]]


class Scanning:
    """Looks at every file that a service has received. told(tx, found) is called once per infected file and sender,
    in the transaction that marks it."""

    def __init__(self, database: Database, files: Files, scanner: Scanner | None) -> None:
        self._database = database
        self._files = files
        self._scanner = scanner
        self._lost: set[str] = set()
        self.told: Told | None = None

    async def prepare(self) -> None:
        """At start: files stand as the installation is set up now. What was kept without a scanner is scanned
        once there is one; what waits for one that is no more waits no longer."""
        before, now = ("not_scanned", "received") if self._scanner else ("received", "not_scanned")
        async with self._database.transaction() as tx:
            await tx.execute(update(kept_files).where(kept_files.c.state == before).values(state=now))

    async def run(self) -> None:
        """Scans until cancelled."""
        while self._scanner:
            try:
                more = await self.scan_next(self._scanner)
            except (ScannerAway, TransientError) as reason:
                log.warning("files wait for the scanner", reason=str(reason))
                more = False
            if not more:
                await asyncio.sleep(LOOK_AGAIN)

    async def scan_next(self, scanner: Scanner) -> bool:
        """Looks at the file that has waited longest; False when none waits. ScannerAway leaves it waiting."""
        waits = kept_files.c.state == "received"
        async with self._database.transaction() as tx:
            metrics.files_waiting.set((await tx.execute(select(func.count()).where(waits))).scalar_one())
            there = waits, kept_files.c.id.not_in(self._lost)
            oldest = select(kept_files.c.id).where(*there).order_by(kept_files.c.kept_at).limit(1)
            id = (await tx.execute(oldest)).scalar()
        if id is None:
            return False
        try:
            content = await asyncio.to_thread(self._files.read, id)
        except DomainError:
            log.error("a file that was received is not in the store", file=id)
            self._lost.add(id)
            return True
        name = await scanner.finds(content)
        await self._marked(id, name)
        return True

    async def _marked(self, id: str, name: str) -> None:
        state = "infected" if name else "clean"
        metrics.files_scanned.labels(state).inc()
        marked = (
            update(kept_files)
            .where(kept_files.c.id == id, kept_files.c.state == "received")
            .values(state=state)
            .returning(*kept_files.c)
        )
        async with self._database.transaction() as tx:
            for row in (await tx.execute(marked)).all():
                if name:
                    log.warning("an infected file", file=id, found=name)
                if name and self.told is not None:
                    file = StoredFile(id=row.id, name=row.name, type=row.type, size=row.size)
                    await self.told(tx, Found(file, row.sender, name))
