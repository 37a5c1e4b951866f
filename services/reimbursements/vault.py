"""Account numbers and files of the bank at rest: encrypted under a key of whoever they belong to, found again by a
keyed hash.

Each ciphertext belongs to one row: moved to another it opens no more, so nobody swaps accounts in the database. Each
owner (a payee, a paying member) has a key of their own, which stands wrapped under the installation's; without it
all that is theirs is gone.
"""

import hmac
import os
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.chassis.keeping import write_once

_NONCE = 12


class Vault:
    """One master key per installation and one key per owner, kept beside the service's data, readable by its user
    alone."""

    def __init__(self, folder: Path) -> None:
        self._master = folder / "vault.key"
        self._owners = folder / "keys"
        self._known: dict[UUID | None, bytes] = {}

    def seal(self, plain: bytes, of: UUID, *, under: UUID) -> bytes:
        """Ciphertext of what belongs to this row, under its owner's key."""
        return _encrypted(self._key_of(under), plain, of.bytes)

    def open(self, sealed: bytes, of: UUID, *, under: UUID) -> bytes:
        """What was sealed for this row; cryptography's InvalidTag if it was for another, or for another owner."""
        return _decrypted(self._key_of(under), sealed, of.bytes)

    def has(self, owner: UUID) -> bool:
        """Whether there is a key of theirs: whatever was sealed under one that is gone opens no more."""
        return (self._owners / f"{owner}.key").exists()

    def forget(self, owner: UUID) -> None:
        """Ends an owner's key: nothing that was sealed under it opens any more. Its id is never used again."""
        (self._owners / f"{owner}.key").unlink(missing_ok=True)
        self._known.pop(owner, None)

    def fingerprint(self, text: str) -> str:
        """The same for the same text, and useless without the key."""
        return hmac.new(self._master_key(), text.encode(), sha256).hexdigest()

    def sign(self, said: bytes) -> bytes:
        """The installation's Ed25519 signature of these bytes."""
        return self._signer().sign(said)

    def public_key(self) -> bytes:
        """What proves a signature, as PEM."""
        key = self._signer().public_key()
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def _signer(self) -> Ed25519PrivateKey:
        """Made from the master key, so that there is no second secret to keep."""
        return Ed25519PrivateKey.from_private_bytes(
            hmac.new(self._master_key(), b"audit packs", sha256).digest()
        )

    def _key_of(self, owner: UUID) -> bytes:
        if owner not in self._known:
            file = self._owners / f"{owner}.key"
            if not file.exists():
                key = AESGCM.generate_key(256)
                write_once(file, _encrypted(self._master_key(), key, owner.bytes))
            self._known[owner] = _decrypted(self._master_key(), file.read_bytes(), owner.bytes)
        return self._known[owner]

    def _master_key(self) -> bytes:
        if None not in self._known:
            if not self._master.exists():
                write_once(self._master, AESGCM.generate_key(256))
            self._known[None] = self._master.read_bytes()
        return self._known[None]


def _encrypted(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def _decrypted(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
