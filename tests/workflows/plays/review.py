"""GrantApproval under a call with stages: tasks side by side, and what happens to those that nobody answers."""

from datetime import datetime

from contracts.steps import Standing, Subject
from tests.workflows.owners import Application, Days, Reservation, World
from tests.workflows.playbook import play, variants
from tests.workflows.stage import Stage


class Reviewed(Application):
    """Its review: groups of tasks, each with its days. What is answered closes, what is late is escalated."""

    def __init__(self, world: World, id: str, groups: list[dict[str, Days]]) -> None:
        self.groups = groups
        self.tasks: dict[str, datetime] = {}
        self.answered: set[str] = set()
        super().__init__(world, id, "submitted")

    def check_eligibility(self, subject: Subject) -> Standing:
        if self.state == "submitted":
            self.to("in_review")
            self._open_next()
        return self.standing(subject)

    def standing(self, subject: Subject) -> Standing:
        if self.state == "in_review":
            ripe = any(self._is_ripe(task) for task in self.tasks)
            self.due_at = self.world.now if ripe else min(self.tasks.values())
        return super().standing(subject)

    def close_stage(self, subject: Subject) -> Standing:
        for task in [task for task in self.tasks if self.state == "in_review" and self._is_ripe(task)]:
            if task in self.answered:
                self._moves(f"{task} met")
                del self.tasks[task]
            else:
                self._moves(f"{task} escalated")
                self.tasks[task] = self._later(10)
        if self.state == "in_review" and not self.tasks:
            self._open_next()
        return self.standing(subject)

    def answer(self, task: str) -> None:
        self.answered.add(task)

    def is_decided(self) -> None:
        self.tasks.clear()
        self.to("selected")

    def _open_next(self) -> None:
        if self.groups:
            self.tasks = {task: self._later(days) for task, days in self.groups.pop(0).items()}
            self._moves(f"{' and '.join(self.tasks)} open")

    def _is_ripe(self, task: str) -> bool:
        return task in self.answered or self.world.now >= self.tasks[task]

    def _later(self, days: Days) -> datetime:
        found = self._in(days)
        assert found is not None
        return found

    def _moves(self, what: str) -> None:
        self.world.moves.append(what)


async def _granted(stage: Stage, story: str, application: Reviewed) -> None:
    await stage.until(lambda: application.state == "awarded")
    await stage.act(story, lambda: application.to("granted"))
    assert await stage.ended(story) == "granted"


@variants("scores_first", "check_first")
async def review_joins(stage: Stage, case: str) -> None:
    """Two tasks side by side, answered in either order: the decision opens when both are met."""
    story = f"grant-approval/{stage.id()}"
    application = Reviewed(stage.world, stage.id(), [{"scores": 10, "check": 5}, {"decision": 10}])
    Reservation(application, "made")
    await stage.act(story)
    await stage.until(lambda: application.state == "in_review")
    tasks = ("scores", "check") if case == "scores_first" else ("check", "scores")
    for task in tasks:
        await stage.act(story, lambda task=task: application.answer(task))
        await stage.until(lambda task=task: f"{task} met" in stage.world.moves)
    await stage.act(story, application.is_decided)
    await _granted(stage, story, application)
    assert [move for move in stage.moves if not move.startswith("application")] == [
        "scores and check open",
        *(f"{task} met" for task in tasks),
        "decision open",
    ]


@play
async def review_silent_holders(stage: Stage) -> None:
    """Each task has its own time: what is late is escalated, and waits for its people all the same."""
    story = f"grant-approval/{stage.id()}"
    application = Reviewed(stage.world, stage.id(), [{"scores": 8, "check": 3}, {"decision": 5}])
    Reservation(application, "made")
    await stage.act(story)
    await stage.until(lambda: application.state == "in_review")
    await stage.pass_time(days=9)
    assert {"scores escalated", "check escalated"} <= set(stage.moves)
    for task in ("check", "scores"):
        await stage.act(story, lambda task=task: application.answer(task))
    await stage.until(lambda: "decision open" in stage.world.moves)
    await stage.pass_time(days=6)
    assert "decision escalated" in stage.moves
    await stage.act(story, application.is_decided)
    await _granted(stage, story, application)
