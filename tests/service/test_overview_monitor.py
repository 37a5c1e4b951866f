"""The monitor: operators see where everything is, what is parked and why, and run it again; nobody else
does."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from socket import socket

import pytest
import uvicorn
from pydantic import SecretStr
from sqlalchemy import text

from contracts import proposal
from contracts.ids import new_id
from services.chassis.identity.actor import PLATFORM
from services.chassis.settings import Settings
from services.overview.app import make_service
from services.overview.monitor.workflows import Workflows
from tests.conftest import FreshDatabase
from tests.facts import a_fact, deliver, record_of
from tests.people import MONDAY, Person, Stage, stage
from tests.service.counting import statements


class Watched:
    """Overview watching itself over HTTP, and a service that is down."""

    stage: Stage
    operator: Person


@pytest.fixture
async def watched(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Watched]:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    services = {"overview": f"http://127.0.0.1:{port}", "events": "http://127.0.0.1:9"}

    def make(settings: Settings, **given: object):
        told = settings.model_copy(update={"services": services, "temporal_web_url": "http://temporal.test"})
        return make_service(told, **given)  # pyright: ignore[reportArgumentType]

    async with stage(make, await fresh_database("overview"), tmp_path) as on, served(on, port):
        self = Watched()
        self.stage = on
        self.operator = await on.person("Ops", ("operator", PLATFORM))
        yield self


@asynccontextmanager
async def served(on: Stage, port: int) -> AsyncGenerator[None]:
    """The same app on a port, without its background jobs."""
    server = uvicorn.Server(uvicorn.Config(on.service.app, port=port, lifespan="off", log_config=None))
    task = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(10):
            while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a flag only
                await asyncio.sleep(0.02)
        yield
    finally:
        server.should_exit = True
        await task


async def open_proposal(on: Stage, host: str) -> None:
    body = proposal.Made(
        visitor=new_id(), host=new_id(), visitor_partnership=new_id(), host_partnership=new_id(),
        due_at=MONDAY + timedelta(days=3),
    )  # fmt: skip
    await on.hear(a_fact(body, state="open", audience=(f"HO:{host}",)))


async def test_only_operators_find_the_monitor(watched: Watched) -> None:
    stranger = await watched.stage.person("Nobody")
    for path in ("/monitor", "/monitor/live", "/monitor/parked", f"/monitor/cases/{new_id()}"):
        assert (await stranger.open(path)).status_code == 404


async def test_the_monitor_shows_services_timers_and_what_is_late(watched: Watched) -> None:
    await open_proposal(watched.stage, str(new_id()))
    page = (await watched.operator.open("/monitor")).text
    assert 'hx-get="/monitor/live"' in page and 'hx-trigger="every 5s"' in page
    assert "does not answer" in page and "ready" in page
    assert "Temporal does not answer" in page and "http://temporal.test" in page
    assert "in 3 days" in page and "an answer to the proposal" in page and "Nothing is late" in page
    watched.stage.clock.forward(timedelta(days=5))
    live = (await watched.operator.open("/monitor/live")).text
    assert "<html" not in live and "2 days ago" in live


async def test_commit_to_effect_is_measured_on_the_facts_recorded_since_overview_is_there(
    watched: Watched,
) -> None:
    async def p99() -> str:
        page = (await watched.operator.open("/monitor")).text
        figure = re.search(
            r'rl-figure__value">([^<]*)</p>\s*<p class="rl-figure__label">commit to effect', page
        )
        assert figure is not None
        return figure[1]

    slow = a_fact(proposal.Declined(), state="declined")
    slow = replace(slow, recordedtime=slow.recordedtime - timedelta(seconds=30))
    await watched.stage.hear(slow)
    assert await p99() == "–"
    async with watched.stage.database.transaction() as tx:
        await tx.execute(text("update overview_lines set applied_at = applied_at - interval '1 hour'"))
    await watched.stage.hear(replace(slow, id=new_id(), subject=new_id()))
    assert 25 < float((await p99()).removesuffix(" s")) < 40


async def test_a_parked_record_is_listed_with_its_reason_and_tried_out_before_it_is_run(
    watched: Watched,
) -> None:
    on = watched.stage
    record = replace(record_of(a_fact(proposal.Declined(), state="declined")), value=b"{broken", offset=41)
    await deliver(on.service.reader, on.database, record)
    page = (await watched.operator.open("/monitor/parked")).text
    assert "the body is not JSON" in page and "relais.applications · 0 · 41" in page
    link = re.search(r'href="(/monitor/parked/overview/\d+)"', page)
    assert link is not None
    dry = (await watched.operator.open(link[1])).text
    assert "It would fail again" in dry and "Run it again for real" in dry
    assert (await watched.operator.send(link[1], {})).status_code == 303
    assert "the body is not JSON" in (await watched.operator.open("/monitor/parked")).text


async def test_the_monitor_asks_as_often_for_many_as_for_few(watched: Watched) -> None:
    on, counted = watched.stage, dict[str, list[int]]()
    for first, last in ((61, 63), (63, 90)):
        for offset in range(first, last):
            await open_proposal(on, str(new_id()))
            good = record_of(a_fact(proposal.Declined(), state="declined"))
            await deliver(on.service.reader, on.database, replace(good, value=b"{broken", offset=offset))
        for path in ("/monitor", "/monitor/live", "/monitor/parked"):
            with statements(on.service.database) as sent:
                assert (await watched.operator.open(path)).status_code == 200
            counted.setdefault(path, []).append(len(sent))
    assert "relais.applications · 0 · 89" in (await watched.operator.open("/monitor/parked")).text
    assert all(few == many for few, many in counted.values()), counted


async def test_a_record_that_can_never_be_read_is_given_up_with_a_reason(watched: Watched) -> None:
    on, operator = watched.stage, watched.operator
    for offset in (51, 52):
        good = record_of(a_fact(proposal.Declined(), state="declined"))
        await deliver(on.service.reader, on.database, replace(good, value=b"{broken", offset=offset))
    by_page, by_api = (one["id"] for one in (await operator.get("/api/v1/parked")).json())
    here = f"/monitor/parked/overview/{by_page}"
    assert "Give this record up" in (await operator.open(here)).text
    refused = await operator.send(f"{here}/discard", {"reason": ""})
    assert refused.status_code == 422 and "There is a problem" in refused.text

    assert (await operator.send(f"{here}/discard", {"reason": "A test wrote it."})).status_code == 303
    why = {"reason": "So did another."}
    stranger = await on.person("Nobody")
    assert (await stranger.post(f"/api/v1/parked/{by_api}/discard", why)).status_code == 404
    assert (await operator.post(f"/api/v1/parked/{by_api}/discard", why)).status_code == 204
    again = await operator.post(f"/api/v1/parked/{by_api}/discard", why)
    assert (again.status_code, again.json()["slug"]) == (409, "discarded-before")

    page = (await operator.open("/monitor/parked")).text
    assert "explained" in page and "A test wrote it." in page and "So did another." in page
    assert here not in page, "nothing is left to do about it"
    assert (await on.client.get("/health/detail")).json()["parked"] == 0


async def test_the_monitor_does_without_temporal() -> None:
    look = await Workflows(Settings(database_url=SecretStr("postgresql://nowhere"))).look()
    assert look.open is None and look.stuck == ()
