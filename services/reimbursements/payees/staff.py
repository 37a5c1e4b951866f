"""The accounts of a member's own people: nobody is paid to one of them before two people have given a reason."""

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
from services.chassis.files import Files, kept
from services.chassis.web.look.forms import Upload
from services.reimbursements.banking.iban import parse_iban
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
    tx, vault = work.tx, work.tx.tool(Vault)
    (stored,) = await kept(tx, [given.file], work.actor.person, "file")
    lines = tx.tool(Files).read(stored.id).decode("utf-8-sig").split("\n")
    numbers = {parse_iban(line) for line in lines if line.strip()}
    if not numbers:
        raise DomainError("list-unreadable", "file")
    rows = [{"member": given.member, "iban_hash": vault.fingerprint(number)} for number in sorted(numbers)]
    await tx.execute(insert(StaffAccount).values(rows).on_conflict_do_nothing())
    work.row = StaffList(
        id=new_id(),
        member=given.member,
        accounts=len(numbers),
        imported_by=work.actor.person,
        imported_at=at.now,
    )
    return Imported(member=given.member, entries=len(numbers))
