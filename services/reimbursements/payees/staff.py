"""The accounts of a member's own people: nobody is paid to one of them before two people have given a reason."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy.dialects.postgresql import insert

from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.staff_list import STAFF_LIST, Imported
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.files import read_once
from services.chassis.web.look.forms import Upload
from services.reimbursements.banking.iban import parse_iban
from services.reimbursements.payees.knowing import block_known
from services.reimbursements.payees.models import StaffAccount, StaffList
from services.reimbursements.vault import Vault


class Import(Input):
    member: UUID = Field(title="Your organisation")
    file: Annotated[str, Upload(".txt")] = Field(
        title="The accounts",
        description="A text file with one IBAN a line. Only keyed hashes of them are kept.",
    )


@rule(STAFF_LIST, "import")
async def import_list(work: Work[StaffList], given: Import, at: Moment) -> Imported:
    """Who gave one of these accounts before is blocked as whoever gives one from now on."""
    tx, vault = work.tx, work.tx.tool(Vault)
    (content,) = await read_once(tx, [given.file], work.actor.person, "file")
    numbers = set(_numbers_in(content))
    marks = sorted(vault.fingerprint(number) for number in numbers)
    rows = [{"member": given.member, "iban_hash": mark} for mark in marks]
    await tx.execute(insert(StaffAccount).values(rows).on_conflict_do_nothing())
    await block_known(tx, marks, "staff", at, work.cause.of_a_step())
    work.row = StaffList(
        id=new_id(),
        member=given.member,
        accounts=len(numbers),
        imported_by=work.actor.person,
        imported_at=at.now,
    )
    return Imported(member=given.member, entries=len(numbers))


def _numbers_in(content: bytes) -> Iterator[str]:
    """One a line; the refusal names the line, not the number."""
    lines = content.decode("utf-8-sig").splitlines()
    if not any(line.strip() for line in lines):
        raise DomainError("list-unreadable", "file")
    for n, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield parse_iban(line)
            except DomainError as reason:
                raise DomainError("staff-line-invalid", "file", line=n) from reason
