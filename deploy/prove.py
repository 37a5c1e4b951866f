"""Proves an audit pack, with nothing but the pack and the published key: its signature, each file, and each text that
was signed, where the ZIP of these texts is given beside it."""

import base64
import hashlib
import io
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

BESIDE = frozenset({"index.json", "index.sig", "public.pem", "README.txt"})
"""What the index does not list."""
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError, RuntimeError, EOFError,
    UnsupportedAlgorithm,
)  # fmt: skip
"""What reading a ZIP, an index, a signature or a key ends with that is none."""


@dataclass(frozen=True)
class Finding:
    """One file or text. fault: what is wrong with it; empty when it is what was signed."""

    name: str
    fault: str = ""


def proved(pack: bytes, texts: bytes | None = None, key: bytes | None = None) -> list[Finding]:
    """texts: the ZIP of signed texts; key: the published key, PEM, without which the pack's own is taken. What is no
    pack at all, or cannot be read to its end, is a fault as well."""
    try:
        with zipfile.ZipFile(io.BytesIO(pack)) as archive:
            index: dict[str, Any] = json.loads(archive.read("index.json"))
            return [
                _signature(archive, key),
                *_files(archive, index),
                *(_texts(texts, index) if texts is not None else ()),
            ]
    except _UNREADABLE as reason:
        return [Finding("pack", f"this is no audit pack, or it is damaged ({reason})")]


def _signature(archive: zipfile.ZipFile, key: bytes | None) -> Finding:
    name, own = "index.json", archive.read("public.pem")
    if key is not None and key.strip() != own.strip():
        return Finding("public.pem", "this is not the key that the installation publishes")
    public = load_pem_public_key(own)
    if not isinstance(public, Ed25519PublicKey):
        return Finding("public.pem", "this is no key of an installation")
    try:
        public.verify(base64.b64decode(archive.read("index.sig")), archive.read(name))
    except InvalidSignature:
        return Finding(name, "the signature is not of this index")
    return Finding(name)


def _files(archive: zipfile.ZipFile, index: dict[str, Any]) -> Iterator[Finding]:
    there, listed = (
        set(archive.namelist()) - BESIDE,
        {file["name"]: file["sha256"] for file in index["files"]},
    )
    for name, sha256 in listed.items():
        if name not in there:
            yield Finding(name, "the index lists it, and it is missing")
        else:
            yield _compared(name, archive.read(name), sha256)
    for name in sorted(there - listed.keys()):
        yield Finding(name, "the index does not list it")
    for name, count in Counter(archive.namelist()).items():
        if count > 1:
            yield Finding(name, "it stands in the ZIP more than once")


def _texts(texts: bytes, index: dict[str, Any]) -> Iterator[Finding]:
    with zipfile.ZipFile(io.BytesIO(texts)) as archive:
        there = set(archive.namelist())
        for sha256 in sorted({one["sha256"] for one in index["documents"]}):
            name = f"texts/{sha256}.txt"
            if name not in there:
                yield Finding(name, "it was signed, and its text is missing")
            else:
                yield _compared(name, archive.read(name), sha256)


def _compared(name: str, content: bytes, sha256: str) -> Finding:
    return Finding(
        name, "" if hashlib.sha256(content).hexdigest() == sha256 else "its bytes are not those of the index"
    )
