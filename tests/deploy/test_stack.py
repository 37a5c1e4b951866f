"""The supervisor with real servers and small children: what an operator sees when processes die."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.layout import Layout
from deploy.local.program import ProcessFailed, free_port
from deploy.local.stack import Stack, State, running_stack

TABLE = "tests.deploy.stub:TABLE"


def until(holds: Callable[[], bool], within: float = 40.0) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold in time"
        time.sleep(0.05)


def free_layout(folder: Path) -> Layout:
    """Sixteen ports in a row that nobody uses."""
    while True:
        layout = Layout(folder, min(free_port(), 65000))
        if all(_is_free(port) for _, port in layout.ports()):
            return layout


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def living(layout: Layout) -> list[str]:
    """Command lines of processes that work on this stack's folder, and of forked children by their open log."""
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
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(free_layout(tmp_path_factory.mktemp("stack")), TABLE) as stack:
        yield stack


def state_of(stack: Stack) -> State:
    state = stack.state
    assert state is not None
    return state


def pids(stack: Stack) -> dict[str, int | None]:
    return {process.name: process.pid for process in state_of(stack).processes}


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
    subprocess.run(["rm", "-rf", str(layout.data / "kafka")], check=True)

    until(lambda: pids(stack)["kafka"] not in (None, victim) and state_of(stack).ready)
    topics = subprocess.run(
        [sys.executable, "-c", _LIST_TOPICS, layout.kafka], check=True, capture_output=True, text=True
    ).stdout
    assert "relais.applications" in topics


_LIST_TOPICS = """
import asyncio, sys
from aiokafka.admin import AIOKafkaAdminClient
async def main():
    admin = AIOKafkaAdminClient(bootstrap_servers=sys.argv[1])
    await admin.start()
    print(*await admin.list_topics())
    await admin.close()
asyncio.run(main())
"""


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
    with socket.create_server(("127.0.0.1", layout.port("events"))):
        with pytest.raises(ProcessFailed, match="events: port .* is in use"), running_stack(layout, TABLE):
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
