"""Passkeys (WebAuthn) as second factor: what the browser is asked, and what its answer is worth.

Each challenge is made here, kept for five minutes and good for one answer.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from secrets import token_bytes
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

from contracts.errors import DomainError
from contracts.ids import new_id
from services.chassis.database import Tx
from services.directory.models import Person
from services.directory.sign_in_models import Challenge, Passkey

Purpose: TypeAlias = Literal["add", "show"]
VALID = timedelta(minutes=5)


class Site:
    """The name that passkeys are bound to: that of the public address. Numbers have none, so on a machine of
    one's own it is `localhost`.
    """

    def __init__(self, web_url: str) -> None:
        address = urlsplit(web_url)
        host = address.hostname or "localhost"
        self.id = "localhost" if _is_number(host) else host
        self.origins = sorted({web_url, web_url.replace(host, self.id, 1)})


async def of_person(tx: Tx, person: UUID) -> Sequence[Passkey]:
    """The person's passkeys, oldest first."""
    statement = select(Passkey).where(Passkey.person == person).order_by(col(Passkey.added_at))
    return (await tx.session.exec(statement)).all()


async def ask_to_add(tx: Tx, site: Site, person: Person) -> dict[str, Any]:
    """What the browser needs to make a passkey for this person."""
    challenge = await _challenge(tx, person.id, "add")
    options = generate_registration_options(
        rp_id=site.id,
        rp_name="Relais",
        user_id=person.id.bytes,
        user_name=person.email,
        user_display_name=person.name,
        challenge=challenge,
        exclude_credentials=[_descriptor(one) for one in await of_person(tx, person.id)],
    )
    return json.loads(options_to_json(options))


async def add(tx: Tx, site: Site, person: UUID, name: str, answer: dict[str, Any]) -> Passkey:
    """Keeps the passkey that the browser made; DomainError("passkey-refused")."""
    challenge = await _spent(tx, person, "add")
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origins,
        )
    except WebAuthnException as reason:
        raise DomainError("passkey-refused") from reason
    row = Passkey(
        id=new_id(),
        person=person,
        name=name,
        credential=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        added_at=datetime.now(UTC),
    )
    tx.add(row)
    return row


async def ask_to_show(tx: Tx, site: Site, person: UUID) -> dict[str, Any]:
    """What the browser needs to show one of the person's passkeys."""
    options = generate_authentication_options(
        rp_id=site.id,
        challenge=await _challenge(tx, person, "show"),
        allow_credentials=[_descriptor(one) for one in await of_person(tx, person)],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return json.loads(options_to_json(options))


async def show(tx: Tx, site: Site, person: UUID, answer: dict[str, Any]) -> None:
    """Checks that one of the person's passkeys signed; DomainError("passkey-refused") otherwise."""
    challenge = await _spent(tx, person, "show")
    row = await _named(tx, person, answer)
    try:
        shown = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origins,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
        )
    except WebAuthnException as reason:
        raise DomainError("passkey-refused") from reason
    row.sign_count, row.used_at = shown.new_sign_count, datetime.now(UTC)
    tx.add(row)


async def _named(tx: Tx, person: UUID, answer: dict[str, Any]) -> Passkey:
    try:
        credential = base64url_to_bytes(str(answer.get("id", "")))
    except ValueError as reason:
        raise DomainError("passkey-refused") from reason
    statement = select(Passkey).where(Passkey.person == person, Passkey.credential == credential)
    row = (await tx.session.exec(statement.with_for_update())).one_or_none()
    if row is None:
        raise DomainError("passkey-refused")
    return row


async def _challenge(tx: Tx, person: UUID, purpose: Purpose) -> bytes:
    now, challenge = datetime.now(UTC), token_bytes(32)
    tx.add(Challenge(id=new_id(), person=person, purpose=purpose, value=challenge, expires_at=now + VALID))
    return challenge


async def _spent(tx: Tx, person: UUID, purpose: Purpose) -> bytes:
    """The newest challenge of this purpose; all of them are used up by this."""
    mine = (col(Challenge.person) == person) & (col(Challenge.purpose) == purpose)
    statement = select(Challenge).where(mine, col(Challenge.expires_at) > datetime.now(UTC))
    row = (await tx.session.exec(statement.order_by(col(Challenge.id).desc()).limit(1))).one_or_none()
    await tx.execute(delete(Challenge).where(mine))
    if row is None:
        raise DomainError("passkey-refused")
    return row.value


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=passkey.credential)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
