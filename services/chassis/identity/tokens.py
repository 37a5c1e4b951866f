"""Identity tokens: signed by directory for five minutes, verified by every service with the published keys.

A token says who and by which sign-in; never which roles. Tokens use real time, not the business clock.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, OKPKey

from contracts.errors import TransientError

ALGORITHMS = ["Ed25519"]
LIFETIME = 300
STEP_UP = 900
"""Seconds for which a second factor that was shown counts for acts that ask for one."""
TOKEN_COOKIE = "relais_token"  # noqa: S105, a cookie's name
SESSION_COOKIE = "relais_session"
FETCH_AGAIN_AFTER = 5.0
"""Seconds between two fetches of the keys, however many tokens name a key that is not known."""
REMEMBERED = 4096
"""Tokens."""


class BadToken(Exception):
    """Not ours, broken, or too old."""


class UnknownKey(BadToken):
    """Names a key that was not among the published ones when they were last fetched."""


class ExpiredToken(BadToken):
    """Ours, but its five minutes are over: to be renewed by the sign-in's session."""


@dataclass(frozen=True)
class Identity:
    """What a token says. csrf ties a form to the sign-in that it was shown to; stepped_up_at is when the second
    factor was last shown (seconds since 1970, real time; 0 if never). mandate: by which the person acts for another,
    who is called principal; whether it holds is judged by each service.
    """

    person: UUID
    sign_in: UUID
    assurance: int
    name: str
    language: str
    csrf: str
    stepped_up_at: int = 0
    mandate: UUID | None = None
    principal: str = ""


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
        "stepped_up_at": identity.stepped_up_at,
        "mandate": str(identity.mandate) if identity.mandate else None,
        "principal": identity.principal,
        "iat": now,
        "exp": now + lifetime,
    }
    return jwt.encode({"alg": "Ed25519", "kid": key.kid}, claims, key, algorithms=ALGORITHMS)


def read(token: str, keys: KeySet) -> Identity:
    """The identity behind a token; BadToken, or one of its kinds that say what would help."""
    return _current(*_signed(token, keys))


def _current(identity: Identity, expires: int) -> Identity:
    if expires < time.time():
        raise ExpiredToken
    return identity


def _signed(token: str, keys: KeySet) -> tuple[Identity, int]:
    """What a token says, and when it expires: Unix time in seconds. BadToken unless one of the keys signed it."""
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        identity = Identity(
            person=UUID(claims["sub"]),
            sign_in=UUID(claims["sid"]),
            assurance=int(claims["acr"]),
            name=str(claims["name"]),
            language=str(claims["locale"]),
            csrf=str(claims["csrf"]),
            stepped_up_at=int(claims.get("stepped_up_at", 0)),
            mandate=UUID(claims["mandate"]) if claims.get("mandate") else None,
            principal=str(claims.get("principal", "")),
        )
        expires = int(claims["exp"])
    except InvalidKeyIdError as reason:
        raise UnknownKey(str(reason)) from reason
    except (JoseError, KeyError, ValueError) as reason:
        raise BadToken(str(reason)) from reason
    return identity, expires


_Signed: TypeAlias = Callable[[str], tuple[Identity, int]]


def _remembering(keys: KeySet) -> _Signed:
    """`_signed` by these keys, which remembers the tokens that were good."""

    @lru_cache(maxsize=REMEMBERED)
    def signed(token: str) -> tuple[Identity, int]:
        return _signed(token, keys)

    return signed


class Keys:
    """The published keys of directory, fetched when first needed and again when a token names another key.

    A token comes with every request of its five minutes; its signature is checked at the first.

    known  the keys, where they are known already
    renew  how a session becomes a fresh token; directory itself does not ask over the network
    """

    def __init__(
        self,
        directory_url: str,
        known: KeySet | None = None,
        renew: Callable[[str], Awaitable[str]] | None = None,
    ) -> None:
        self._directory_url = directory_url
        self._signed = _remembering(known) if known else None
        self._renew = renew or self._ask_to_renew
        self._fetched_at = float("-inf")

    async def identity(self, token: str) -> Identity:
        """Who a token speaks for; BadToken, or TransientError while no key can be had."""
        signed = self._signed or await self._fetched()
        try:
            return _current(*signed(token))
        except UnknownKey:
            if not self._directory_url or time.monotonic() - self._fetched_at < FETCH_AGAIN_AFTER:
                raise
        return _current(*(await self._fetched())(token))

    async def renewed(self, session: str) -> str:
        """A fresh token for the session in the browser's cookie; BadToken when the session has ended."""
        return await self._renew(session)

    async def _ask_to_renew(self, session: str) -> str:
        answer = await self._ask("POST", "/api/v1/sessions/renew", {"cookie": f"{SESSION_COOKIE}={session}"})
        if answer.status_code == 401:
            raise BadToken("the session has ended")
        if answer.status_code != 200:
            raise TransientError("directory does not renew tokens at the moment")
        return str(answer.json()["token"])

    async def _fetched(self) -> _Signed:
        answer = await self._ask("GET", "/.well-known/jwks.json", {})
        if answer.status_code != 200:
            raise TransientError("directory does not publish its keys at the moment")
        signed = _remembering(KeySet.import_key_set(answer.json()))
        self._signed, self._fetched_at = signed, time.monotonic()
        return signed

    async def _ask(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        try:
            async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
                return await client.request(method, f"{self._directory_url}{path}", headers=headers)
        except httpx.HTTPError as reason:
            raise TransientError("directory does not answer") from reason
