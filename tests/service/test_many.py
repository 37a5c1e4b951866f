"""What was changed of many rows alike is written by one statement, and reads back as if each had been written alone."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlmodel import select

from contracts.ids import new_id
from services.chassis.database import Database
from services.chassis.many import FEW, write_changes
from services.chassis.statements import driver_of
from services.reimbursements.claims.models import ClaimLine
from services.reimbursements.payees.models import Payee
from tests.conftest import FreshDatabase
from tests.service.counting import statements


async def in_the_database(
    database: Database, model: type[Payee] | type[ClaimLine]
) -> list[dict[str, object]]:
    async with database.transaction() as tx:
        return [row.model_dump() for row in (await tx.session.exec(select(model).order_by("id"))).all()]


def change_payee(payee: Payee, n: int) -> None:
    payee.state, payee.version, payee.members = "checked", 2, [new_id(), new_id()]
    payee.iban_cipher, payee.bic_cipher = bytes([0, n, 255]), None
    payee.hits, payee.remark = ['"{}', "Łódź\n"], "it's"
    payee.screened_at, payee.is_iban = datetime(2026, 11, 20, 9, 30, 0, n + 1, UTC), False
    payee.checked_by, payee.outcome = new_id(), "match"


def change_line(line: ClaimLine, n: int) -> None:
    line.rate_units, line.rate_on = Decimal("0.95000001"), date(2027, 2, 1)
    line.cost_cents, line.removed = 100 + n, True


async def test_many_rows_changed_alike_are_one_statement(fresh_database: FreshDatabase) -> None:
    database = await fresh_database("reimbursements")
    payees = [
        Payee(
            id=new_id(), key=new_id(), state="entered", version=1, organisation=new_id(), holder="Helixon",
            town="Kraków", country="PL", iban_cipher=b"1", iban_hash=str(n), iban_masked="", bic_cipher=b"2",
            entered_by=new_id(),
        )
        for n in range(FEW + 2)
    ]  # fmt: skip
    lines = [
        ClaimLine(id=new_id(), claim=new_id(), case_id=new_id(), number=n, category="fee", amount_minor=1)
        for n in range(FEW + 2)
    ]
    async with database.transaction() as tx:
        tx.session.add_all([*payees, *lines])
    async with database.transaction() as tx:
        held = [*(await tx.session.exec(select(Payee))).all()]
        costs = [*(await tx.session.exec(select(ClaimLine))).all()]
        for n, (payee, line) in enumerate(zip(held, costs, strict=True)):
            change_payee(payee, n)
            change_line(line, n)
        held[0].holder = "Another"
        await write_changes(tx.session, driver_of(await tx.session.connection()))
        with statements(database) as sent:
            await tx.session.flush()
        assert len(sent) == 1, "only the payee of which more was changed is left"
        expected = [
            [row.model_dump() for row in sorted(rows, key=lambda row: row.id)] for rows in (held, costs)
        ]
    assert [await in_the_database(database, model) for model in (Payee, ClaimLine)] == expected
