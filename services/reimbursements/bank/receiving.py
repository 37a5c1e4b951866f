"""Files of the bank as they come in: read by whoever pays from the account, kept under the member's key and not
otherwise."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import select

from contracts.errors import DomainError
from contracts.ids import new_id
from services.chassis.acts.perform import Work
from services.chassis.database import Tx
from services.chassis.files import read_once
from services.reimbursements.bank.models import BankFile
from services.reimbursements.payments.models import PayingAccount
from services.reimbursements.vault import Vault


async def contents_of(work: Work[Any], files: Sequence[str]) -> list[bytes]:
    """The bytes of files that the reader has sent."""
    return await read_once(work.tx, files, work.actor.person, "file")


async def account_of(work: Work[Any], iban: str) -> PayingAccount:
    """The account, locked, if the reader pays from it: what the bank says of it is read one after the other."""
    mark = work.tx.tool(Vault).fingerprint(iban)
    statement = select(PayingAccount).where(PayingAccount.iban_hash == mark).with_for_update()
    account = (await work.tx.session.exec(statement)).one_or_none()
    if account is None or account.member not in work.actor.scopes("treasurer"):
        raise DomainError("statement-of-another", "file")
    return account


def sealed_file(tx: Tx, of: UUID, member: UUID, content: bytes) -> BankFile:
    """The file as it came, under the key of the member whose account it is about."""
    id = new_id()
    return BankFile(
        id=id,
        of=of,
        member=member,
        sha256=hashlib.sha256(content).hexdigest(),
        content=tx.tool(Vault).seal(content, id, under=member),
    )
