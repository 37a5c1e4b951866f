"""The image of our own processes: what it holds is enough to run one of them."""

import pytest
from testcontainers.core.container import DockerContainer

from contracts.ids import new_id
from deploy.images.build import IMAGES
from deploy.local.program import free_port, healthy
from tests.conftest import FreshDatabase
from tests.containers.engine import needs_engine
from tests.deploy.waiting import eventually

pytestmark = [*needs_engine, pytest.mark.slow, pytest.mark.timeout(600)]


async def test_a_service_becomes_ready_in_a_container(fresh_database: FreshDatabase, kafka: str) -> None:
    database, port = await fresh_database("overview"), free_port()
    if not IMAGES["app"].another:
        IMAGES["app"].build()
    told = {
        "RELAIS_SERVICE": "overview",
        "RELAIS_DATABASE_URL": database.engine.url.set(drivername="postgresql").render_as_string(False),
        "RELAIS_KAFKA": kafka,
        "RELAIS_PORT": str(port),
    }
    service = DockerContainer(IMAGES["app"].tag).with_command("overview").with_envs(**told)
    with service.with_name(f"overview-{new_id().hex}").with_kwargs(network_mode="host"):
        await eventually(lambda: healthy(port))
