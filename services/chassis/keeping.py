"""Secrets that a service makes up once and keeps beside its data, readable by its user alone."""

import os
from contextlib import suppress
from pathlib import Path


def write_once(path: Path, content: bytes) -> None:
    """Written whole before it has its name; whoever comes second takes the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.{os.urandom(4).hex()}")
    with open(partial, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(partial, path)
    partial.unlink()


def kept_key(path: Path) -> bytes:
    """The 32 random bytes of this file, made up when they are first asked for."""
    if not path.exists():
        write_once(path, os.urandom(32))
    return path.read_bytes()
