"""`relais verify` finds the workflow that is not where its case is, money that is held for nothing, and every name that
stands where only ids may."""

import json
from uuid import UUID

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from contracts.ids import new_id
from contracts.steps import Subject
from deploy.verify.workflows import is_stuck
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from tests.deploy.verifying import AMOUNT, TODAY, Said, World, park
from tests.deploy.waiting import eventually


async def test_a_workflow_that_should_be_open_and_one_that_should_not(kept: World) -> None:
    client = await Client.connect(kept.places.temporal)
    await client.get_workflow_handle(f"event/{kept.event}").terminate()
    await kept.opens(f"grant-approval/{kept.granted}")
    found = await kept.violations()
    assert found == {
        "workflows": [
            f"event/{kept.event} is not open, and event {kept.event} is published",
            f"grant-approval/{kept.granted} is open, and nothing waits for it",
        ]
    }


async def test_a_rejection_keeps_its_workflow_until_it_is_final(kept: World) -> None:
    case = new_id()
    await kept.says(
        "application", case, Said("submitted", "submitted"), Said("rejected", "rejected"), case=case
    )
    await kept.travels()
    assert (await kept.violations()).keys() == {"workflows"}
    await kept.opens(f"grant-approval/{case}")
    assert await kept.violations() == {}
    await kept.says("application", case, Said("finalised", "rejected"), case=case)
    await kept.travels()
    (found,) = (await kept.violations())["workflows"]
    assert found == f"grant-approval/{case} is open, and nothing waits for it"


@workflow.defn(name="AtALoss")
class AtALoss:
    @workflow.run
    async def run(self, subject: Subject) -> None:
        raise ValueError(f"no story for {subject.id}")


async def test_a_workflow_that_does_not_know_what_to_do(kept: World) -> None:
    """Its task fails and is tried again for ever; the workflow stays open, as it should."""
    client = await Client.connect(kept.places.temporal)
    id = f"event/{kept.event}"
    await client.get_workflow_handle(id).terminate()
    worker = Worker(
        client, task_queue="loss", workflows=[AtALoss], workflow_runner=UnsandboxedWorkflowRunner()
    )
    async with worker:
        await client.start_workflow(AtALoss.run, Subject(str(kept.event)), id=id, task_queue="loss")
        await eventually(lambda: is_stuck(client, id))
        assert await kept.violations() == {
            "workflows": [f"{id} is open, and its next step fails again and again"]
        }


async def test_temporal_that_does_not_answer(kept: World) -> None:
    (found,) = (await kept.violations(temporal="127.0.0.1:9"))["workflows"]
    assert found.startswith("Temporal does not answer at 127.0.0.1:9")


async def reserve_for(kept: World, case: UUID, purpose: str = "grant") -> None:
    reservation = new_id()
    await kept.reserves(reservation, case, purpose)
    async with kept.databases["reimbursements"].transaction() as tx:
        await ledger.reserve(tx.session, Occasion(new_id(), TODAY), kept.line, reservation, AMOUNT)


async def test_an_ended_case_that_still_holds_money(kept: World) -> None:
    await reserve_for(kept, kept.withdrawn)
    assert await kept.violations() == {
        "reservations": [f"application {kept.withdrawn} is withdrawn, and {AMOUNT} cents are still held"]
    }


async def test_money_for_a_claim_that_replaces_another_outlives_its_case(kept: World) -> None:
    await reserve_for(kept, kept.withdrawn, "replacing_claim")
    assert await kept.violations() == {}


async def test_a_granted_case_without_its_money(kept: World) -> None:
    async with kept.databases["reimbursements"].transaction() as tx:
        await ledger.end_of_case(tx.session, Occasion(new_id(), TODAY), kept.line, kept.reservation)
    assert await kept.violations() == {
        "reservations": [f"application {kept.granted} is granted {AMOUNT} cents, and 0 are committed"]
    }


@pytest.mark.parametrize(
    "text", ["ana@helixon.example", "Ask Ana Kowalska, please", ["x", {"who": "ANA KOWALSKA"}]]
)
async def test_a_person_who_is_named_in_a_fact(kept: World, text: object) -> None:
    await kept.says("event", kept.event, Said("rescheduled", "published", {"note": text}))
    await kept.travels()
    (found,) = (await kept.violations())["personal"]
    assert found == f"events: relais.event.rescheduled.v1, version 2 of {kept.event} names a person"


async def test_a_person_who_is_named_in_the_overview_or_in_what_is_parked(kept: World) -> None:
    await park(kept, value=b'{"contact": "ana@helixon.example"}')
    await kept.breaks(
        "overview",
        "INSERT INTO overview_lines (subject, version, aggregate, type, state, at, recorded_at, actor, via, body)"
        " VALUES (%s, 1, 'event', 'relais.event.published.v1', 'published', now(), now(), 'x', 'self', %s)",
        *(kept.event, json.dumps({"title": "A talk by Ana Kowalska"})),
    )
    found = (await kept.violations())["personal"]
    assert found == [
        "overview: what is parked from relais.events under number 1 names a person",
        f"overview: line relais.event.published.v1, version 1 of {kept.event} names a person",
    ]


async def test_a_part_of_a_name_is_no_name(kept: World) -> None:
    await kept.says(
        "event", kept.event, Said("rescheduled", "published", {"note": "Anastazja Kowalska-Nowak"})
    )
    await kept.travels()
    assert await kept.violations() == {}
