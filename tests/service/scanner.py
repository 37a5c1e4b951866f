"""A scanner to play with: it speaks as clamd does over its socket, and knows one virus, which harms nobody."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test file of all virus scanners; in two halves, so that none of them takes this file for it."""


class FakeScanner:
    """broken: it closes the connection instead of answering."""

    def __init__(self) -> None:
        self.broken = False

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.readuntil(b"\0") != b"zINSTREAM\0" or self.broken:
            writer.close()
            return
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
        said = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
        writer.write(b"stream: " + said + b"\0")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def fake_scanner() -> AsyncGenerator[tuple[FakeScanner, str]]:
    """The scanner, and its address."""
    fake = FakeScanner()
    server = await asyncio.start_server(fake.answer, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield fake, f"{host}:{port}"
