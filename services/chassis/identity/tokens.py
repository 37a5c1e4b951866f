"""Identity tokens: signed by directory for five minutes, verified by every service with the published keys.

A token says who and by which sign-in; never which roles. Tokens use real time, not the business clock.
"""

import time
from dataclasses import dataclass
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from contracts.errors import TransientError

ALGORITHMS = ["Ed25519"]
LIFETIME = 300
TOKEN_COOKIE = "relais_token"
SESSION_COOKIE = "relais_session"


class BadToken(Exception):
    """Not ours, broken, or too old."""


class ExpiredToken(BadToken):
    """Ours, but its five minutes are over: to be renewed by the sign-in's session."""


@dataclass(frozen=True)
class Identity:
    """What a token says. csrf ties a form to the sign-in that it was shown to."""

    person: UUID
    sign_in: UUID
    assurance: int
    name: str
    language: str
    csrf: str


def new_key() -> OKPKey:
    """A fresh signing key; its id is its thumbprint."""
    key = OKPKey.generate_key("Ed25519", private=True)
    return OKPKey.import_key({**key.as_dict(private=True), "kid": key.thumbprint()})


def sign(identity: Identity, key: OKPKey, lifetime: int = LIFETIME) -> str:
    """The token of an identity."""
    now = int(time.time())
    claims = {
        "sub": str(identity.person),
        "sid": str(identity.sign_in),
        "acr": identity.assurance,
        "name": identity.name,
        "locale": identity.language,
        "csrf": identity.csrf,
        "iat": now,
        "exp": now + lifetime,
    }
    return jwt.encode({"alg": "Ed25519", "kid": key.kid}, claims, key, algorithms=ALGORITHMS)


def read(token: str, keys: KeySet) -> Identity:
    """The identity behind a token; BadToken or ExpiredToken."""
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        identity = Identity(
            person=UUID(claims["sub"]),
            sign_in=UUID(claims["sid"]),
            assurance=int(claims["acr"]),
            name=str(claims["name"]),
            language=str(claims["locale"]),
            csrf=str(claims["csrf"]),
        )
        expires = int(claims["exp"])
    except (JoseError, KeyError, ValueError) as reason:
        raise BadToken(str(reason)) from reason
    if expires < time.time():
        raise ExpiredToken
    return identity


class Keys:
    """The published keys of directory, fetched when first needed and again when a token names another key."""

    def __init__(self, directory_url: str, known: KeySet | None = None) -> None:
        self._url = f"{directory_url}/.well-known/jwks.json"
        self._directory_url = directory_url
        self._keys = known

    async def identity(self, token: str) -> Identity:
        if self._keys is not None:
            try:
                return read(token, self._keys)
            except ExpiredToken:
                raise
            except BadToken:
                if not self._url.startswith("http"):
                    raise
        await self._fetch()
        assert self._keys is not None
        return read(token, self._keys)

    async def renewed(self, session: str) -> str:
        """A fresh token for the session in the browser's cookie; BadToken when the session has ended."""
        async with httpx.AsyncClient(timeout=5) as client:
            try:
                answer = await client.post(
                    f"{self._directory_url}/api/v1/sessions/renew", cookies={SESSION_COOKIE: session}
                )
            except httpx.HTTPError as reason:
                raise TransientError("directory does not answer") from reason
        if answer.status_code != 200:
            raise BadToken("the session has ended")
        return str(answer.json()["token"])

    async def _fetch(self) -> None:
        async with httpx.AsyncClient(timeout=5) as client:
            try:
                answer = await client.get(self._url)
                answer.raise_for_status()
            except httpx.HTTPError as reason:
                raise TransientError("directory does not answer") from reason
        self._keys = KeySet.import_key_set(answer.json())
