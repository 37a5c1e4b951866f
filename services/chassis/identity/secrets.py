"""Secrets that stand in links and cookies: made here, shown once, kept as hashes."""

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits, as they stand in a link or a cookie."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is kept of a secret. It needs no salt: nobody guesses 256 bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
