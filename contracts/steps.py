"""What workflows may ask of services. A step's owner is its task queue; its answer is the standing."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID


@dataclass(frozen=True)
class Subject:
    """Input of every workflow and step: which thing, and what a step must know beyond its id.

    reason   why, where the asking workflow was told it by another owner ("reject" after a refused reservation)
    number   which reminder; for `reserve`, which round
    """

    id: str
    reason: str = ""
    number: int = 0

    @property
    def uuid(self) -> UUID:
        return UUID(self.id)


ANNOUNCEMENT = "announcement"
"""What an application waits for whose cut-off is ranked in secret."""


@dataclass(frozen=True)
class Standing:
    """Where a thing stands. The owner computed every date: a workflow never does calendar arithmetic.

    open       False ends the story
    waits_for  in words of the catalogue: whose move it is
    reason     code of a refusal, to be carried on
    remind_in, due_in   real seconds to wait; None means no such clock
    reminder   number of the next reminder
    """

    state: str
    open: bool
    round: int = 1
    waits_for: str = ""
    reason: str = ""
    remind_in: float | None = None
    due_in: float | None = None
    reminder: int = 0


@dataclass(frozen=True)
class Step:
    """A step that `owner` offers. attempt_timeout bounds one try; tries never end."""

    owner: str
    name: str
    attempt_timeout: timedelta = field(default=timedelta(seconds=10))

    @property
    def activity(self) -> str:
        """Name of the Temporal activity."""
        return f"{self.owner}.{self.name}"


def next_of(now: Standing, then: Step | None, remind: Step) -> tuple[Step, int, float] | None:
    """What silence leads to next: the step, the number of the reminder, and how many seconds until then. `then` is what
    silence means at the end; without it only reminders count. None where no clock runs."""
    due_in = now.due_in if then else None
    if then and due_in is not None and (now.remind_in is None or due_in <= now.remind_in):
        return then, 0, due_in
    if now.remind_in is not None:
        return remind, now.reminder, now.remind_in
    return None
