"""Account numbers at rest: encrypted under the service's key, found again by a keyed hash, shown masked."""

import hmac
import os
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Vault:
    """One key per installation, kept beside the service's data and readable by its user alone."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "vault.key"
        self._known: bytes | None = None

    def seal(self, text: str) -> bytes:
        """Ciphertext with its nonce in front."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._key()).encrypt(nonce, text.encode(), None)

    def open(self, sealed: bytes) -> str:
        return AESGCM(self._key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()

    def fingerprint(self, text: str) -> str:
        """The same for the same text, and useless without the key."""
        return hmac.new(self._key(), text.encode(), sha256).hexdigest()

    def _key(self) -> bytes:
        if self._known is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            try:
                handle = os.open(self._file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            except FileExistsError:
                self._known = self._file.read_bytes()
            else:
                self._known = AESGCM.generate_key(256)
                with os.fdopen(handle, "wb") as file:
                    file.write(self._known)
        return self._known
