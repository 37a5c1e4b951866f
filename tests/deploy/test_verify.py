"""`relais verify` finds each broken promise, and nothing where all are kept: real databases, real Temporal."""

import asyncio
import json
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from contracts.ids import new_id
from deploy.verify import ledger as ledger_check
from deploy.verify.run import CHECKS, in_json, verified
from services.chassis.statements import Fixed
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from tests.deploy.verifying import ALLOTTED, AMOUNT, TODAY, Said, World, park


async def test_nothing_is_found_where_every_promise_is_kept(kept: World) -> None:
    found = await kept.verified()
    assert {name: finding.violations for name, finding in found.items() if finding.violations} == {}
    assert found.keys() == CHECKS.keys()
    assert [name for name, finding in found.items() if not finding.examined] == ["parked"]
    assert in_json(found)["ok"] is True


async def test_the_answer_in_json_names_check_number_and_violations(kept: World) -> None:
    kept.accepts("lost")
    told = json.loads(json.dumps(in_json(await kept.verified())))
    assert told["ok"] is False
    (journal,) = [check for check in told["checks"] if check["name"] == "journal"]
    assert (journal["ok"], journal["examined"], len(journal["violations"])) == (False, 3, 1)


async def test_an_accepted_request_without_a_row_is_lost(kept: World) -> None:
    kept.accepts("lost")
    kept.accepts("submit", actor=kept.visitor)  # another's key does not excuse it
    found = (await kept.violations())["journal"]
    assert len(found) == 2
    assert "under the key lost" in found[0]


async def test_an_act_that_was_done_twice(unguarded: World) -> None:
    await unguarded.breaks("applications", "ALTER TABLE outbox DROP CONSTRAINT outbox_once")
    await unguarded.breaks("applications", "UPDATE outbox SET key = 'submit' WHERE key = 'select'")
    (found,) = (await unguarded.violations())["once"]
    assert found == f"applications has 2 times a act under one key: {unguarded.person} / submit"


async def test_a_business_key_that_stands_twice(unguarded: World) -> None:
    await unguarded.breaks("reimbursements", "DROP INDEX reservation_live_once")
    await unguarded.reserves(new_id(), unguarded.granted)
    (found,) = (await unguarded.violations())["once"]
    assert f"live reservation of one case and purpose: {unguarded.granted} / grant" in found


async def test_a_posting_that_does_not_balance(kept: World) -> None:
    await kept.breaks(
        "reimbursements",
        "UPDATE ledger_entry SET credit_cents = credit_cents + 1"
        " WHERE account = 'RESERVED' AND credit_cents > 0",
    )
    found = (await kept.violations())["ledger"]
    assert any("the budget block has" in sentence for sentence in found)
    assert any("posting does not balance" in sentence for sentence in found)


async def test_a_balance_that_is_not_the_sum_of_its_entries(kept: World) -> None:
    await kept.breaks(
        "reimbursements",
        "UPDATE ledger_account_balance SET balance_cents = balance_cents + 1 WHERE account = 'AVAILABLE'",
    )
    found = await kept.violations()
    assert found.keys() == {"ledger"}
    assert f"expected {ALLOTTED - AMOUNT}, found {ALLOTTED - AMOUNT + 1}" in found["ledger"][0]


async def test_the_money_is_proved_alone(kept: World) -> None:
    counted: list[int] = []
    url = kept.places.databases["reimbursements"]
    proof = await ledger_check.money(url, counted.append, counted.append)
    assert (proof.sound, counted) == (True, [6, 6])
    assert len(json.loads(json.dumps(proof.in_json()))["head"]) == 64
    await kept.breaks("reimbursements", "UPDATE ledger_transaction SET business_date = '2020-01-01'")
    proof = await ledger_check.money(url, counted.append, counted.append)
    (first,) = await kept.databases["reimbursements"].look(
        Fixed(text("SELECT id FROM ledger_transaction WHERE kind = 'allocate'")), {}
    )
    assert (proof.in_json()["ok"], proof.first) == (False, first.id)


async def test_a_line_that_promises_more_than_it_was_allotted(unguarded: World) -> None:
    """The database refuses that: only without its constraint it can come to it."""
    await unguarded.breaks(
        "reimbursements", "ALTER TABLE ledger_account_balance DROP CONSTRAINT no_overspend"
    )
    async with unguarded.databases["reimbursements"].transaction() as tx:
        await ledger.reserve(tx.session, Occasion(new_id(), TODAY), unguarded.line, new_id(), ALLOTTED)
    found = (await unguarded.violations())["overspend"]
    assert found == [
        f"budget line {unguarded.line} was allotted {ALLOTTED} cents and has promised {ALLOTTED + AMOUNT},"
        f" by its {source}"
        for source in ("balances", "entries")
    ]


async def test_overspending_is_found_in_the_entries_though_the_balances_hide_it(kept: World) -> None:
    await kept.breaks("reimbursements", "UPDATE ledger_entry SET credit_cents = 1 WHERE account = 'ALLOTTED'")
    (found,) = (await kept.violations())["overspend"]
    assert found.endswith(f"has promised {AMOUNT}, by its entries")


async def test_a_fact_that_was_not_published(kept: World) -> None:
    await kept.says("event", kept.event, Said("rescheduled", "published"))
    found = (await kept.violations())["published"]
    assert found == [
        f"events has not published version 2 of {kept.event} on relais.events",
        f"notifications has heard version 1 of {kept.event} on relais.events, and 2 was said",
        f"overview has heard version 1 of {kept.event} on relais.events, and 2 was said",
    ]


async def test_a_reader_that_heard_what_nobody_said(kept: World) -> None:
    unknown = new_id()
    await kept.breaks("events", "INSERT INTO inbox VALUES ('events', %s, 1)", unknown)
    await kept.breaks("overview", "UPDATE inbox SET version = 9 WHERE subject = %s", kept.event)
    found = (await kept.violations())["published"]
    assert found == [
        f"events has heard of {unknown}, of which nobody spoke",
        f"overview has heard version 9 of {kept.event} on relais.events, and 1 was said",
    ]


async def test_what_an_operator_gave_up_is_explained_for_good(kept: World) -> None:
    """Its version counts as heard, so nothing else is missing either."""
    await park(kept, "error", "ValueError: no such call", age="9 days")
    await kept.breaks(
        "overview",
        "UPDATE parked SET discarded_at = now(), discarded_by = 'operator', discarded_because = 'A bug wrote it.'",
    )
    await kept.breaks("overview", "INSERT INTO inbox VALUES ('overview', %s, 1)", kept.event)
    assert await kept.violations() == {}


async def test_a_parked_record_explains_what_was_not_heard(kept: World) -> None:
    await park(kept)
    assert await kept.violations() == {}
    assert (await kept.verified())["parked"].examined == 1


@pytest.mark.parametrize(
    ("reason", "error", "age", "says"),
    [
        ("error", None, "1 s", "does not say which error it met"),
        ("error", "ValueError: no such call", "25 h", "unexplained since"),
        ("gap", None, "11 min", "what comes before it has been missing since"),
        ("boredom", None, "1 s", "for no known reason"),
    ],
)
async def test_a_parked_record_that_nobody_explains(
    kept: World, reason: str, error: str | None, age: str, says: str
) -> None:
    await park(kept, reason, error, age=age)
    found = await kept.violations()
    assert found.keys() == {"parked"}
    assert says in found["parked"][0]
    assert f"version 1 of {kept.event} (relais.events/0/7)" in found["parked"][0]


async def test_a_gap_in_the_versions_of_a_subject(kept: World) -> None:
    await kept.breaks("applications", "DELETE FROM outbox WHERE subject = %s AND version = 2", kept.granted)
    found = (await kept.violations())["order"]
    assert f"applications has 4 facts of {kept.granted}, numbered 1 to 5" in found


async def test_facts_that_were_written_in_another_order(kept: World) -> None:
    await kept.breaks(
        "applications", "UPDATE outbox SET version = 9 WHERE subject = %s AND version = 1", kept.granted
    )
    await kept.breaks(
        "applications", "UPDATE outbox SET version = 1 WHERE subject = %s AND version = 2", kept.granted
    )
    await kept.breaks("applications", "UPDATE outbox SET version = 2 WHERE version = 9")
    found = (await kept.violations())["order"]
    assert f"applications wrote a fact of {kept.granted} before an earlier one" in found


async def test_a_state_that_no_table_leads_to(kept: World) -> None:
    await kept.says("application", kept.withdrawn, Said("granted", "granted"), case=kept.withdrawn)
    await kept.travels()
    (found,) = (await kept.violations())["order"]
    assert found == (
        "no table lets relais.application.granted.v1 lead from withdrawn to granted"
        f" (applications, {kept.withdrawn})"
    )


async def test_what_is_on_its_way_is_waited_for(kept: World) -> None:
    """A fact is said and heard a moment later: within its patience verify finds nothing."""
    await kept.says("event", kept.event, Said("rescheduled", "published"))

    async def later() -> None:
        await asyncio.sleep(1)
        await kept.travels()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(later())
        found = await verified(kept.places, patience=timedelta(seconds=20).total_seconds())
    assert [name for name, finding in found.items() if finding.violations] == []


async def test_a_check_that_cannot_look_says_so_and_the_others_go_on(unguarded: World) -> None:
    await unguarded.breaks("reimbursements", "ALTER TABLE reservations RENAME TO elsewhere")
    found = await unguarded.violations()
    assert found.keys() == {"once", "reservations"}
    assert "this could not be examined: UndefinedTable" in found["once"][0]


async def test_the_login_of_verify_reads_and_cannot_write(kept: World) -> None:
    async with await psycopg.AsyncConnection.connect(kept.places.databases["applications"]) as connection:
        assert await (await connection.execute("SELECT 1 FROM outbox")).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute("DELETE FROM outbox")
