"""Account numbers and payment files at rest: encrypted under the service's key, found again by a keyed hash.

Each ciphertext belongs to one row: moved to another it opens no more, so nobody swaps accounts in the database.
"""

import hmac
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Vault:
    """One key per installation, kept beside the service's data and readable by its user alone."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "vault.key"
        self._known: bytes | None = None

    def seal(self, plain: bytes, of: UUID) -> bytes:
        """Ciphertext of what belongs to this row, its nonce in front."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._key()).encrypt(nonce, plain, of.bytes)

    def open(self, sealed: bytes, of: UUID) -> bytes:
        """What was sealed for this row; cryptography's InvalidTag if it was for another."""
        return AESGCM(self._key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], of.bytes)

    def fingerprint(self, text: str) -> str:
        """The same for the same text, and useless without the key."""
        return hmac.new(self._key(), text.encode(), sha256).hexdigest()

    def _key(self) -> bytes:
        if self._known is None:
            if not self._file.exists():
                self._make_key()
            self._known = self._file.read_bytes()
        return self._known

    def _make_key(self) -> None:
        """Written whole before it has its name; whoever comes second takes the first one's."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(f".{os.getpid()}")
        with open(partial, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(AESGCM.generate_key(256))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(partial, self._file)
        partial.unlink()
