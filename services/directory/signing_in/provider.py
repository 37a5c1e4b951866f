"""Sign-in at an OpenID Connect provider: authorisation code with PKCE, the ID token checked against the
provider's published keys. What the provider says of a mail address is not looked at.
"""

import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete
from sqlmodel import col, select

from contracts.errors import DomainError, TransientError
from contracts.ids import new_id
from services.chassis.database import Tx
from services.chassis.identity.secrets import hashed, new_secret
from services.chassis.settings import Settings
from services.directory.sign_in_models import ProviderIdentity, ProviderVisit

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "Ed25519", "EdDSA"]
"""Signatures only: never `none`, never one made with the client's secret."""
PROVIDER_COOKIE = "relais_provider"
"""The secret by which a browser is known that was sent to the provider."""
VALID = timedelta(minutes=15)
LEEWAY = 60
METADATA_FOR = 3600.0


class Provider:
    """The one provider that the settings name; `there` is False where they name none."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer
        self._client = settings.oidc_client
        self._secret = settings.oidc_secret.get_secret_value()
        self._back = f"{settings.web_url}/sign-in/provider/back"
        self._metadata: tuple[float, dict[str, Any]] = (float("-inf"), {})
        self.name = settings.oidc_name or settings.oidc_issuer
        self.there = bool(settings.oidc_issuer)

    async def begin(self, tx: Tx, next: str, person: UUID | None = None) -> tuple[str, str]:
        """Where to send the browser, and the secret that it brings back in a cookie."""
        if not self.there:
            raise DomainError("not-found", status=404)
        metadata = await self._described()
        secret, nonce, verifier = new_secret(), new_secret(), new_secret()
        tx.add(
            ProviderVisit(
                id=new_id(),
                hash=hashed(secret),
                nonce=nonce,
                verifier=verifier,
                next=next,
                person=person,
                expires_at=datetime.now(UTC) + VALID,
            )
        )
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._back,
            "scope": "openid",
            "state": hashed(f"state/{secret}"),
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{metadata['authorization_endpoint']}?{urlencode(query)}", secret

    async def named(self, tx: Tx, secret: str, query: Mapping[str, str]) -> ProviderVisit:
        """The visit with whom the provider names, once; DomainError("provider-refused") for anything amiss."""
        statement = select(ProviderVisit).where(
            ProviderVisit.hash == hashed(secret),
            ProviderVisit.subject == "",
            col(ProviderVisit.expires_at) > datetime.now(UTC),
        )
        visit = (await tx.session.exec(statement.with_for_update())).one_or_none()
        asked = {"state": hashed(f"state/{secret}"), "iss": self._issuer}
        if visit is None or "code" not in query or any(query.get(k, v) != v for k, v in asked.items()):
            raise DomainError("provider-refused", status=409)
        visit.subject = await self._subject(query["code"], visit)
        visit.issuer = self._issuer
        tx.add(visit)
        return visit

    async def _subject(self, code: str, visit: ProviderVisit) -> str:
        metadata = await self._described()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": visit.verifier,
        }
        answer = await _asked(
            "POST", metadata["token_endpoint"], data=form, auth=(self._client, self._secret)
        )
        if answer.status_code != 200:
            raise DomainError("provider-refused", status=409)
        keys = await _asked("GET", metadata["jwks_uri"])
        try:
            published = KeySet.import_key_set(keys.json())
            claims = jwt.decode(str(answer.json()["id_token"]), published, algorithms=ALGORITHMS).claims
        except (JoseError, KeyError, ValueError) as reason:
            raise DomainError("provider-refused", status=409) from reason
        now = time.time()
        if (
            claims.get("iss") != self._issuer
            or claims.get("aud") not in (self._client, [self._client])
            or claims.get("nonce") != visit.nonce
            or float(claims.get("exp", 0)) < now - LEEWAY
            or float(claims.get("iat", now)) > now + LEEWAY
            or not claims.get("sub")
        ):
            raise DomainError("provider-refused", status=409)
        return str(claims["sub"])

    async def _described(self) -> dict[str, Any]:
        """What the provider says of itself, kept for an hour."""
        fetched_at, metadata = self._metadata
        if time.monotonic() - fetched_at < METADATA_FOR:
            return metadata
        answer = await _asked("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if answer.status_code != 200 or answer.json().get("issuer") != self._issuer:
            raise TransientError("the OpenID provider does not describe itself")
        self._metadata = time.monotonic(), answer.json()
        return answer.json()


async def found(tx: Tx, secret: str) -> ProviderVisit:
    """The visit of this browser that has come back with a name; DomainError("provider-refused")."""
    statement = select(ProviderVisit).where(
        ProviderVisit.hash == hashed(secret),
        ProviderVisit.subject != "",
        col(ProviderVisit.expires_at) > datetime.now(UTC),
    )
    visit = (await tx.session.exec(statement)).one_or_none()
    if visit is None:
        raise DomainError("provider-refused", status=409)
    return visit


async def asked_here(tx: Tx, visit: UUID, secret: str) -> ProviderVisit | None:
    """The visit that a mailed link was asked for with, if by the browser that has this secret. Elsewhere the link
    links nothing: a stranger may have asked for it, to be let in with an identity of theirs as whoever gets the mail.
    """
    row = await tx.get(ProviderVisit, visit)
    return row if row is not None and row.hash == hashed(secret) else None


async def forget_visits(tx: Tx) -> None:
    """Deletes visits of yesterday. Part of the daily sweep."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await tx.execute(delete(ProviderVisit).where(col(ProviderVisit.expires_at) < yesterday))


async def linked(tx: Tx, visit: ProviderVisit) -> UUID | None:
    """Whose identity this is; None as long as nobody has linked it."""
    found = await tx.session.get(ProviderIdentity, (visit.issuer, visit.subject))
    return found.person if found else None


async def link(tx: Tx, visit: ProviderVisit, person: UUID) -> None:
    """Links the identity to a person; DomainError("identity-linked") when it is somebody's already."""
    owner = await linked(tx, visit)
    if owner not in (None, person):
        raise DomainError("identity-linked", status=409)
    if owner is None:
        now = datetime.now(UTC)
        tx.add(ProviderIdentity(issuer=visit.issuer, subject=visit.subject, person=person, linked_at=now))


async def _asked(method: str, url: str, **given: Any) -> httpx.Response:
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            return await client.request(method, url, **given)
    except httpx.HTTPError as reason:
        raise TransientError("the OpenID provider does not answer") from reason
