"""Who must not also be whom: each duty refuses with a sentence, and its constraint alone refuses as well.

What was approved, written to the bank or read from it is never changed: the service's own login may not.
"""

import psycopg
import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.exc import DBAPIError

from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.words import REFUSALS
from services.chassis.migrate import table_of
from services.reimbursements import models
from services.reimbursements.bank import models as bank_models
from services.reimbursements.ledger import tables as ledger_tables
from services.reimbursements.payees import models as payee_models
from services.reimbursements.payments import models as payment_models
from tests.databases import Databases
from tests.people import Person
from tests.service.duties import broken, refused
from tests.service.money import SME_IBAN, Finance, done
from tests.service.told import AMOUNT


def forged(table: str, changes: str) -> str:
    """A statement that adds a copy of a row with other values (SQL for pairs of name and value)."""
    return (
        f"insert into {table} select (jsonb_populate_record(one,"
        f" jsonb_build_object('id', gen_random_uuid(), {changes}))).* from {table} one"
    )


async def test_whoever_gives_an_account_does_not_check_it(money: Finance) -> None:
    await money.submitted()
    both = await money.stage.person("Both", ("owner", money.sme), ("verifier", money.member))
    body = {"organisation": str(money.sme), "holder": "Helixon", "iban": SME_IBAN}
    payee = done(await both.post("/api/v1/payees", body))["id"]
    await refused(both, f"payees/{payee}/check", "own-account", {"outcome": "match"})
    await refused(both, f"payees/{payee}/refuse", "own-account", {"remark": "no good"})
    colleague = await money.stage.person("Colleague", ("owner", money.sme), ("approver", money.member))
    await refused(colleague, f"payees/{payee}/check", "own-account", {"outcome": "match"})
    await broken(money, "payee_second_person", "update payees set checked_by = entered_by")
    await broken(money, "payee_checked", "update payees set state = 'checked'")
    doubtful = await money.verifier.post(f"/api/v1/payees/{payee}/check", {"outcome": "close"})
    assert doubtful.json()["slug"] == "reason-missing"
    doubt = "update payees set state = 'checked', outcome = 'close', checked_by = :by"
    await broken(money, "payee_checked", doubt, by=new_id())
    await money.check_account(payee)


async def test_who_verifies_does_not_approve(money: Finance) -> None:
    _, claim = await money.play_to_claim()
    money.verifier = await money.stage.person("Both", ("verifier", money.member), ("approver", money.member))
    await money.verify(claim)
    await refused(money.verifier, f"claims/{claim}/approve", "verified-yourself")
    await money.approve(claim)
    for changes in (
        "'approved_by', one.verified_by",
        "'approved_by', one.filed_by",
        "'verified_by', one.filed_by",
    ):
        await broken(money, "approver_is_another", forged("approvals", changes))


@pytest.mark.parametrize("decided", ["selected the case", "validated the visit"])
async def test_who_decided_on_the_case_does_not_approve_its_money(money: Finance, decided: str) -> None:
    officer = await money.stage.person("Officer", ("approver", money.member))
    if decided == "selected the case":
        money.decider = str(officer.id)
    _, claim = await money.play_to_claim(by=officer if decided == "validated the visit" else None)
    await money.verify(claim)
    await refused(officer, f"claims/{claim}/approve", "decided-the-case")
    await money.approve(claim)
    by = forged("approvals", "'approved_by', cast(:by as text)")
    await broken(money, "approver_is_another", by, by=str(officer.id))


async def test_nothing_is_approved_without_filing_verification_and_approval(money: Finance) -> None:
    _, claim = await money.play_to_claim()
    for state in ("approved", "ordered", "paid", "closed"):
        statement = "update claims set state = :state, accepted_cents = amount_cents"
        await broken(money, "claim_approved_first", statement, state=state)
    await money.verify(claim)
    more = await money.verifier.post(f"/api/v1/claims/{claim}/verify", {"accepted_cents": AMOUNT + 1})
    assert more.json()["slug"] == "verify-not-now"
    statement = "update claims set state = 'approved', approval = null"
    await broken(money, "claim_approved_first", statement)
    await broken(money, "accepted_within_claimed", "update claims set accepted_cents = amount_cents + 1")


async def test_more_than_claimed_is_not_accepted(money: Finance) -> None:
    _, claim = await money.play_to_claim()
    answer = await money.verifier.post(f"/api/v1/claims/{claim}/verify", {"accepted_cents": AMOUNT + 1})
    assert (answer.status_code, answer.json()["slug"]) == (422, "more-than-claimed")
    assert (
        answer.json()["errors"]["accepted_cents"]
        == "At most 670.00 EUR were claimed. Accept that much or less."
    )


async def test_two_people_authorise_and_neither_approved(money: Finance) -> None:
    money.approver = await money.stage.person("Adam", ("approver", money.member), ("treasurer", money.member))
    await money.play_to_approval()
    batch = await money.propose()
    await refused(money.approver, f"batches/{batch}/second", "approved-a-payment")
    done(await money.first.post(f"/api/v1/batches/{batch}/second"))
    await refused(money.first, f"batches/{batch}/authorise", "authorised-yourself")
    await refused(money.approver, f"batches/{batch}/authorise", "approved-a-payment")
    await broken(money, "batch_two_people", "update batches set second = first")
    await broken(money, "batch_authorised_by_two", "update batches set state = 'authorised'")
    barred = "update payments set first = barred[1], second = gen_random_uuid()"
    await broken(money, "payment_authorised_by_others", barred)
    await broken(money, "payment_authorised_by_others", barred.replace("barred[1]", "barred[2]"))
    alone = "update payments set first = :by, second = :by"
    await broken(money, "payment_authorised_by_others", alone, by=new_id())
    await broken(money, "payment_authorised_by_two", "update payments set state = 'sent'")
    done(await money.second.post(f"/api/v1/batches/{batch}/authorise"))


async def test_whoever_authorises_has_shown_the_second_factor_just_now(money: Finance) -> None:
    await money.play_to_approval()
    batch = await money.propose()
    for person, act in ((money.first, "second"), (money.second, "authorise")):
        plain = Person(money.stage.client, person.name, person.id, stepped_up_at=0)
        await refused(plain, f"batches/{batch}/{act}", "step-up-needed")
        done(await person.post(f"/api/v1/batches/{batch}/{act}"))


async def test_a_first_authoriser_who_slipped_past_the_rule_is_stopped_by_the_database(
    money: Finance,
) -> None:
    """The approver is written in as the first; the second person's act is then refused whole."""
    await money.play_to_approval()
    batch = await money.propose()
    await money.change("update batches set state = 'seconded', first = :by", by=money.approver.id)
    answer = await money.second.post(f"/api/v1/batches/{batch}/authorise")
    assert (answer.status_code, answer.json()["slug"]) == (409, "payment-authorised-by-others")
    assert await money.rows("select 1 from payment_files") == []


async def test_an_authorised_batch_is_withdrawn_by_two(money: Finance) -> None:
    await money.play_to_approval()
    batch, _ = await money.play_to_order()
    done(await money.first.post(f"/api/v1/batches/{batch}/ask-withdrawal"))
    await refused(money.first, f"batches/{batch}/withdraw", "withdraw-by-another")
    await broken(money, "batch_withdrawn_by_two", "update batches set state = 'withdrawn'")
    alone = "update batches set state = 'withdrawn', withdrawn_by = asked_by"
    await broken(money, "batch_withdrawn_by_two", alone)
    done(await money.second.post(f"/api/v1/batches/{batch}/withdraw"))
    assert "it must not be sent" in (await money.second.open(f"/batches/{batch}")).text


async def test_an_attempt_is_paid_once_and_its_id_never_used_again(money: Finance) -> None:
    await money.play_to_approval()
    await broken(money, "payment_once", forged("payments", "'end_to_end_id', 'another'"))
    await broken(money, "end_to_end_id_once", forged("payments", "'attempt', 2"))
    other = "'attempt', 2, 'end_to_end_id', 'another'"
    with pytest.raises(DomainError, match="payment-approved-first"):
        await money.change(forged("payments", f"{other}, 'approval', gen_random_uuid()"))


NEVER = [
    "update approvals set accepted_cents = 1",
    "delete from approvals",
    "delete from payee_versions",
    "delete from file_downloads",
    "delete from bank_files",
    "update payment_files set sha256 = ''",
    "delete from payment_files",
    "update statement_entries set posted_as = 'payment'",
    "delete from statement_entries",
    "update statements set closing_cents = 0",
    "update payments set amount_cents = 1",
    "update payments set payee = gen_random_uuid()",
    "update payments set end_to_end_id = 'other'",
    "update payments set approval = gen_random_uuid()",
    "update payments set barred = '{}'",
    "delete from payments",
    "delete from claims",
    "delete from reservations",
    "delete from budgets",
    "delete from batches",
    "delete from payees",
    "truncate payments",
    "truncate approvals cascade",
]


@pytest.mark.parametrize("statement", NEVER)
async def test_the_services_login_cannot_change_what_is_done(money: Finance, statement: str) -> None:
    await money.play_to_payment()
    with pytest.raises(DBAPIError, match="permission denied"):
        await money.change(statement)


NOT_EVEN_THE_OWNER = [
    statement
    for statement in NEVER
    if not statement.startswith("update payments") and "cascade" not in statement
]


@pytest.mark.parametrize("statement", NOT_EVEN_THE_OWNER)
async def test_a_trigger_refuses_the_owner_of_the_tables_as_well(
    money: Finance, postgres: Databases, statement: str
) -> None:
    name = money.stage.database.engine.url.database or ""
    with psycopg.connect(postgres.server.superuser_url(name)) as connection:
        connection.execute("set role reimbursements_owner")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is refused"):
            connection.execute(statement.encode())


def constraints() -> list[str]:
    """Names of everything that a table of this service may refuse."""
    kinds = (models, payee_models, payment_models, bank_models)
    rows = [
        one for kind in kinds for one in vars(kind).values() if getattr(one, "__table__", None) is not None
    ]
    tables = {table_of(row) for row in rows} | set(ledger_tables.TABLES)
    named = [
        str(constraint.name)
        for table in tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint | ForeignKeyConstraint)
        and constraint.name
    ]
    named += [str(index.name) for table in tables for index in table.indexes if index.unique]
    return sorted({*named, "ledger_balanced", "ledger_append_only"})


@pytest.mark.parametrize("constraint", constraints())
def test_every_constraint_refuses_in_words(constraint: str) -> None:
    assert constraint.replace("_", "-") in REFUSALS
