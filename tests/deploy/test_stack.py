"""The supervisor with real servers and small children: what an operator sees when processes die."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local import kafka
from deploy.local.layout import PORTS, Layout
from deploy.local.program import ProcessFailed, free_port, running
from deploy.local.stack import Stack, State, running_stack, set_clock_rate
from tests.deploy.waiting import until

TABLE = "tests.deploy.stub:TABLE"


def free_layout(folder: Path) -> Layout:
    return Layout(folder, free_port(row=PORTS))


def living(layout: Layout) -> list[str]:
    """Command lines of the processes that were told of this stack's folder."""
    found: list[str] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(layout.data) in command and int(folder.name) != os.getpid():
            found.append(command)
    return found


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    with running_stack(free_layout(tmp_path_factory.mktemp("stack")), TABLE) as stack:
        yield stack


def state_of(stack: Stack) -> State:
    state = stack.state
    assert state is not None
    return state


def pids(stack: Stack) -> dict[str, int | None]:
    return {process.name: process.pid for process in state_of(stack).processes}


def readiness(stack: Stack) -> dict[str, bool]:
    return {process.name: process.ready for process in state_of(stack).processes}


def test_status_says_what_the_issue_promises(stack: Stack) -> None:
    status = stack.status()

    assert status["ready"] is True
    assert set(status) == {"ready", "ready_seconds", "pss_mib", "clock_rate", "urls", "processes"}
    assert set(status["urls"]) == {"web", "temporal", "mail", "kafka", "postgres"}
    assert status["clock_rate"] == 1
    for process in status["processes"]:
        assert set(process) == {"name", "pid", "ready", "restarts", "pss_mib", "since"}


@pytest.mark.parametrize(
    "name", ["directory", "worker", "gateway", "mail", "zygote", "postgres", "kafka", "temporal"]
)
def test_a_killed_process_comes_back_by_itself(stack: Stack, name: str) -> None:
    until(lambda: state_of(stack).ready)
    before = {process.name: process for process in state_of(stack).processes}
    victim = before[name].pid
    assert victim is not None

    os.kill(victim, signal.SIGKILL)

    def back() -> bool:
        now = {process.name: process for process in state_of(stack).processes}
        return now[name].restarts > before[name].restarts and state_of(stack).ready

    until(back)
    assert pids(stack)[name] != victim


def test_a_broker_whose_data_was_thrown_away_gets_its_topics_again(stack: Stack) -> None:
    until(lambda: state_of(stack).ready)
    layout = state_of(stack).layout
    victim = pids(stack)["kafka"]
    assert victim is not None

    os.kill(victim, signal.SIGKILL)
    shutil.rmtree(layout.data / "kafka")

    until(lambda: pids(stack)["kafka"] not in (None, victim) and state_of(stack).ready)
    assert "relais.applications" in asyncio.run(topics(layout.kafka))


def test_gateway_passes_on_by_path_and_says_when_a_service_is_away(stack: Stack) -> None:
    until(lambda: state_of(stack).ready)
    web = stack.status()["urls"]["web"]

    assert httpx.get(f"{web}/people/1").json()["service"] == "directory"

    away = httpx.get(f"{web}/claims")
    assert (away.status_code, away.headers["retry-after"]) == (503, "2")
    assert httpx.get(f"{web}/api/v1/claims").json()["slug"] == "unavailable"


def test_two_stacks_run_side_by_side(stack: Stack, tmp_path: Path) -> None:
    with running_stack(free_layout(tmp_path / "other"), TABLE) as other:
        assert state_of(other).ready
        assert state_of(stack).phase == "ready"
        assert other.status()["urls"]["web"] != stack.status()["urls"]["web"]


def test_a_child_that_never_comes_up_fails_the_start_by_name(tmp_path: Path) -> None:
    layout = free_layout(tmp_path)

    with pytest.raises(ProcessFailed) as failure, running_stack(layout, "tests.deploy.stub:BROKEN"):
        pass

    assert failure.value.name == "bridge"
    assert "this child does not come up" in failure.value.log.read_text()
    until(lambda: living(layout) == [])


def test_a_port_in_use_fails_the_start_by_name(tmp_path: Path) -> None:
    layout = free_layout(tmp_path)
    with (
        socket.create_server(("127.0.0.1", layout.port("events"))),
        pytest.raises(ProcessFailed, match=r"events: port .* is in use"),
        running_stack(layout, TABLE),
    ):
        pass


def test_nothing_is_left_after_a_stop(tmp_path: Path) -> None:
    layout = free_layout(tmp_path)
    with running_stack(layout, TABLE):
        assert living(layout) != []
    assert living(layout) == []


def test_nothing_is_left_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    layout = free_layout(tmp_path)
    with running_stack(layout, TABLE) as stack:
        known = [pid for pid in pids(stack).values() if pid]
        os.kill(state_of(stack).supervisor, signal.SIGKILL)
        until(lambda: living(layout) == [])
        until(lambda: not any(Path(f"/proc/{pid}/fd").exists() and _alive(pid) for pid in known))
    assert json.loads(layout.state.read_text())["phase"] == "ready"


def _alive(pid: int) -> bool:
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_stack_whose_folder_is_deleted_stops_by_itself(tmp_path: Path) -> None:
    """Nobody could see it any more, nor stop it; and its ports would stay taken."""
    layout = free_layout(tmp_path / "data")
    with running_stack(layout, TABLE) as stack:
        assert living(layout)

        shutil.rmtree(layout.data, ignore_errors=True)

        until(lambda: not living(layout))
        assert not stack.running


def test_ctrl_c_stops_everything(tmp_path: Path) -> None:
    layout = free_layout(tmp_path)
    command = [Path(sys.executable).with_name("relais"), "up", "--table", TABLE]
    options = ["--data", str(layout.data), "--port-base", str(layout.port_base)]
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True) as relais:
        assert relais.stderr is not None
        said = "".join(takewhile(lambda line: "Ctrl-C" not in line, relais.stderr))
        relais.send_signal(signal.SIGINT)
        relais.communicate(timeout=60)

    assert relais.returncode == 0
    assert layout.url("gateway") in said
    assert living(layout) == []


async def test_an_existing_cluster_gets_the_topics_each_time_it_is_back(tmp_path: Path) -> None:
    port, stack = free_port(), Stack(tmp_path / "stack")
    layout = replace(free_layout(stack.data), cluster=f"127.0.0.1:{port}")

    def start() -> None:
        for _ in stack.start_up(stack.start(layout, leash=True, table=TABLE)):
            pass

    async def kafka_is(ready: bool) -> None:
        await asyncio.to_thread(until, lambda: readiness(stack)["kafka"] == ready)

    async with asyncio.timeout(60):
        try:
            async with bare_broker(tmp_path / "first", port):
                await asyncio.to_thread(start)
                assert pids(stack)["kafka"] is None
                assert "relais.applications" in await topics(layout.kafka)
            await kafka_is(False)
            async with bare_broker(tmp_path / "second", port):
                await kafka_is(True)
                assert "relais.applications" in await topics(layout.kafka)
        finally:
            await asyncio.to_thread(stack.stop)


@asynccontextmanager
async def bare_broker(folder: Path, port: int) -> AsyncGenerator[None]:
    """Somebody else's broker: nothing is provisioned."""
    async with running(kafka.program(folder / "kafka", port, free_port(), folder / "kafka.log")):
        yield


async def topics(bootstrap: str) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        return await admin.list_topics()
    finally:
        await admin.close()


def test_a_data_folder_of_another_version_is_refused_with_a_sentence(tmp_path: Path) -> None:
    layout = free_layout(tmp_path / "older")
    with running_stack(layout, "tests.deploy.stub:MIGRATING"):
        owner_url = layout.postgres.owner_url("directory")
        with psycopg.connect(owner_url, autocommit=True) as connection:
            connection.execute("COMMENT ON TABLE alembic_version IS 'made by others'")
    with (
        pytest.raises(ProcessFailed, match="made by another version of Relais") as refusal,
        running_stack(layout, "tests.deploy.stub:MIGRATING"),
    ):
        pass
    assert f"`relais reset --data {layout.data}`" in refusal.value.reason


def test_people_reach_a_stack_by_a_name_and_files_leave_by_another_host(tmp_path: Path) -> None:
    """A passkey is bound to a name, so without one nobody could ever move money in a browser."""
    told = free_layout(tmp_path).environment("files")
    pages, files = urlsplit(told["RELAIS_WEB_URL"]).hostname, urlsplit(told["RELAIS_FILES_URL"]).hostname
    assert (pages, files) == ("localhost", "127.0.0.1")


def test_a_clock_that_is_hurried_says_the_pace_to_go_back_to(tmp_path: Path) -> None:
    layout = free_layout(tmp_path)
    assert [set_clock_rate(layout, rate) for rate in (43_200, 60, 1)] == [1, 43_200, 60]
