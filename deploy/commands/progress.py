"""How the start of a stack and its state look in a terminal, or line by line where there is none."""

from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from deploy.local.stack import Process, State

console = Console(stderr=True, highlight=False)


class Progress:
    """What each process does while the stack starts: a table kept up to date, or a line per change."""

    def __init__(self) -> None:
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._doing: dict[str, str] = {}

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def show(self, state: State) -> None:
        if self._live:
            self._live.update(_starting(state), refresh=True)
            self._doing = {process.name: process.doing for process in state.processes}
        else:
            self.tell_changes(state)

    def tell_changes(self, state: State) -> None:
        """One line for each process that does something else than before."""
        for process in state.processes:
            if self._doing.get(process.name, "waiting") != process.doing:
                console.print(f"{process.name}: {process.doing}", markup=False)
            self._doing[process.name] = process.doing


def summary(state: State, status: dict[str, Any] | None = None) -> None:
    """How long it took, where to look; with a status also what each process costs."""
    if state.ready_seconds is not None:
        first = " (first start: data folders and databases were made)" if state.first_start else ""
        console.print(f"ready in {state.ready_seconds} s{first}")
    if status:
        memory, rate = status["pss_mib"], status["clock_rate"]
        console.print(
            f"{memory} MiB of memory in all; business time runs {rate:g} times as fast as real time"
        )
        console.print(_processes(state, status))
    addresses = Table.grid(padding=(0, 2))
    for name, url in state.layout.urls.items():
        addresses.add_row(name, url)
    console.print(addresses)


def _starting(state: State) -> Table:
    table = Table.grid(padding=(0, 2))
    for process in state.processes:
        table.add_row(_mark(process), process.name, process.doing)
    return table


def _processes(state: State, status: dict[str, Any]) -> Table:
    table = Table("", "process", "pid", "MiB", "restarts", "since", "", box=None)
    doing = {process.name: process for process in state.processes}
    for told in status["processes"]:
        process = doing[told["name"]]
        pid, memory, restarts = str(told["pid"] or "–"), str(told["pss_mib"]), str(told["restarts"])
        table.add_row(
            _mark(process), process.name, pid, memory, restarts, told["since"] or "–", process.doing
        )
    return table


def _mark(process: Process) -> str:
    if process.ready:
        return "[green]●[/]"
    return "[dim]○[/]" if process.doing == "waiting" else "[yellow]◐[/]"
