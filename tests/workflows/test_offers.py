"""Steps as a service offers them: one transaction each, the world's no answered, all else tried again."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from contracts.asks import Application, Claim, Proposal
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import new_id
from contracts.steps import Standing, Step, Subject
from contracts.workdays import Moment
from deploy.local.servers import temporal_server
from services.chassis.clock import FixedClock
from services.chassis.database import Database, Tx
from services.chassis.settings import Settings
from services.chassis.steps import Offers, connect
from tests.databases import Databases
from workflows.rebuild import register_search_attributes
from workflows.wake import wake
from workflows.worker import make_worker

MIGRATIONS = Path(__file__).parents[1] / "service" / "migrations"
EXPIRED = text("INSERT INTO heard (reader, fact, subject, version) VALUES ('steps', :fact, :subject, 1)")
COUNT = text("SELECT count(*) FROM heard WHERE subject = :subject")


@pytest.fixture
async def database(postgres: Databases) -> AsyncGenerator[Database]:
    async with postgres.fresh("applications", MIGRATIONS) as fresh:
        yield fresh


class Proposals:
    """Proposals that are due at once; one is expired when there is a row of it.

    troubles   what to raise in an attempt to expire, after the row was written
    """

    def __init__(self, database: Database, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.attempts = 0
        self.offers = Offers("applications", database, FixedClock(datetime(2026, 11, 2, tzinfo=UTC)))
        self.offers.standing(Proposal.standing)(self.standing)
        self.offers.step(Proposal.expire)(self.expire)

    async def standing(self, tx: Tx, subject: Subject, at: Moment) -> Standing:
        rows = (await tx.execute(COUNT, {"subject": subject.uuid})).scalar_one()
        return Standing("expired", open=False) if rows else Standing("open", open=True, due_in=0.0)

    async def expire(self, tx: Tx, subject: Subject, at: Moment) -> Standing:
        self.attempts += 1
        await tx.execute(EXPIRED, {"fact": new_id(), "subject": subject.uuid})
        if self.troubles:
            raise self.troubles.pop(0)
        return await self.standing(tx, subject, at)


async def rows_of(database: Database, subject: Subject) -> int:
    async with database.transaction() as tx:
        count: int = (await tx.execute(COUNT, {"subject": subject.uuid})).scalar_one()
        return count


async def test_refused_step_is_rolled_back_and_answers_the_standing(database: Database) -> None:
    proposals = Proposals(database, DomainError("expire-not-now"))
    subject = Subject(str(new_id()))
    now = await proposals.offers.perform(Proposal.expire, subject)
    assert (now.state, now.open) == ("open", True)
    assert await rows_of(database, subject) == 0


async def test_step_gets_the_business_moment(database: Database) -> None:
    offers = Offers("applications", database, FixedClock(datetime(2027, 3, 1, 12, tzinfo=UTC)))

    @offers.standing(Proposal.standing)
    async def standing(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return Standing(at.now.isoformat(), open=True)

    _ = standing
    now = await offers.perform(Proposal.standing, Subject(str(new_id())))
    assert now.state == "2027-03-01T12:00:00+00:00"


def test_what_nobody_offers_is_named(database: Database) -> None:
    missing = Proposals(database).offers.missing()
    assert Application.award in missing
    assert Proposal.remind in missing
    assert Proposal.standing not in missing
    assert Claim.open not in missing, "another service's"


@pytest.mark.parametrize("step", [Claim.open, Proposal.expire], ids=["of another service", "twice"])
def test_wrong_offers_are_refused(database: Database, step: Step) -> None:
    proposals = Proposals(database)
    with pytest.raises(ValueError, match=step.activity):
        proposals.offers.step(step)


async def test_steps_never_give_up_and_tell_temporal_no_more_than_a_word(
    database: Database, tmp_path: Path
) -> None:
    """Each failure leaves nothing behind; the last try has one effect, and the story has ended."""
    troubles = (
        NotKnownYet("partnership", 7),
        ConnectionError("of Erika Mustermann"),
        ValueError("DE89 3704 0044"),
    )
    proposals = Proposals(database, *troubles)
    subject = Subject(str(new_id()))
    async with temporal_server(tmp_path) as address:
        settings = Settings(temporal=address)
        serving = asyncio.create_task(proposals.offers.serve(settings))
        async with connect(settings) as client, make_worker(client):
            await register_search_attributes(client)
            await wake(client, f"proposal/{subject.id}", "relais.proposal.made.v1")
            handle = client.get_workflow_handle(f"proposal/{subject.id}")
            assert await asyncio.wait_for(handle.result(), 30) == "expired"
            history = (await handle.fetch_history()).to_json()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    assert proposals.attempts == len(troubles) + 1
    assert await rows_of(database, subject) == 1
    assert "Mustermann" not in history
    assert "DE89" not in history


async def test_steps_are_offered_once_temporal_answers(database: Database, tmp_path: Path) -> None:
    """A service starts before Temporal and outlives its restart."""
    proposals = Proposals(database)
    subject, later = Subject(str(new_id())), Subject(str(new_id()))
    async with temporal_server(tmp_path) as address:
        port = int(address.partition(":")[2])
    settings = Settings(temporal=address)
    serving = asyncio.create_task(proposals.offers.serve(settings))
    for told in (subject, later):
        async with temporal_server(tmp_path, port), connect(settings) as client, make_worker(client):
            await register_search_attributes(client)
            await wake(client, f"proposal/{told.id}", "relais.proposal.made.v1")
            result = client.get_workflow_handle(f"proposal/{told.id}").result()
            assert await asyncio.wait_for(result, 30) == "expired"
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert await rows_of(database, subject) == await rows_of(database, later) == 1


async def test_a_service_that_offers_nothing_asks_temporal_for_nothing(database: Database) -> None:
    """Overview has no steps: it does not even need to reach Temporal."""
    offers = Offers("overview", database, FixedClock(datetime(2026, 11, 2, tzinfo=UTC)))
    await asyncio.wait_for(offers.serve(Settings(temporal="127.0.0.1:1")), 5)
