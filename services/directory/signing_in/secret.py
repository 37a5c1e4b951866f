"""The key that tokens are signed with, and what forms repeat.

The key stands in the service's data folder, readable by the service alone, and never leaves it.
"""

import json
import os
from pathlib import Path

from joserfc.jwk import OKPKey

from services.chassis.identity.secrets import hashed
from services.chassis.identity.tokens import new_key

KEY_FILE = "signing-key.json"


def form_token(session: str) -> str:
    """What the forms of a sign-in repeat: one for all tokens of its session, and useless without it."""
    return hashed(f"form/{session}")[:32]


def signing_key(folder: Path) -> OKPKey:
    """The key of this folder, made at the first start; of two processes that start at once, one makes it."""
    file = folder / KEY_FILE
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f"{KEY_FILE}.{os.getpid()}"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as target:
            json.dump(new_key().as_dict(private=True), target)
            target.flush()
            os.fsync(target.fileno())
        try:
            os.link(partial, file)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return OKPKey.import_key(json.loads(file.read_text()))
