"""The owners of the things that stories are about, in memory: just enough of each state table that a story
meets every state, every refusal and every silence. Whether a story must go on is read from the real tables.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, TypeAlias

from contracts.amendment import AMENDMENT
from contracts.application import APPLICATION
from contracts.claim import CLAIM
from contracts.cutoff import CUTOFF
from contracts.event import EVENT
from contracts.proposal import PROPOSAL
from contracts.steps import ANNOUNCEMENT, Standing, Subject
from contracts.tables import Table
from contracts.vacancy import VACANCY
from contracts.visit import VISIT
from contracts.voucher import VOUCHER

Days: TypeAlias = float
Deed: TypeAlias = Callable[[], Awaitable[None]]


class World:
    """Everything that owners know, and the time as they read it from Temporal's test server."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.things: dict[tuple[str, str], object] = {}
        self.asked: list[str] = []
        self.moves: list[str] = []
        self.before: dict[str, Deed] = {}
        self.after: dict[str, Deed] = {}

    async def answer(self, step: str, subject: Subject) -> Standing:
        """Does a step; `before` and `after` hold what somebody does at that very moment, once."""
        self.asked.append(step)
        aggregate, _, verb = step.partition(".")
        thing = self.things[aggregate, subject.id]
        await self.before.pop(step, _nothing)()
        now: Standing = getattr(thing, verb)(subject)
        await self.after.pop(step, _nothing)()
        return now


async def _nothing() -> None:
    pass


class Thing:
    """One row: its state, until when it waits, and when somebody is reminded."""

    table: ClassVar[Table]
    waits_for = "somebody"

    def __init__(self, world: World, id: str, state: str, due: Days | None = None) -> None:
        self.world = world
        self.id = id
        self.round: int = 1
        self.reminder = 0
        self.appeal = "none"
        self.final = False
        world.things[self.table.name, id] = self
        self.to(state, due)

    def to(self, state: str, due: Days | None = None, remind: Days | None = None) -> None:
        self.state = state
        self.due_at = self._in(due)
        self.remind_at = self._in(remind if remind is not None else due and due / 2)
        self.world.moves.append(f"{self.table.name} {state}")

    def standing(self, subject: Subject) -> Standing:
        return Standing(
            self.state,
            open=self.table.must_be_open(self.state, self.final),
            round=self.round,
            waits_for=self.waits_for,
            remind_in=self._until(self.remind_at),
            due_in=self._until(self.due_at),
            reminder=self.reminder,
        )

    def remind(self, subject: Subject) -> Standing:
        if self.remind_at and self.world.now >= self.remind_at and subject.number == self.reminder:
            self.reminder += 1
            self.remind_at = None
            self.world.moves.append(f"{self.table.name} reminded")
        return self.standing(subject)

    def finalise(self, subject: Subject) -> Standing:
        if self.is_due("rejected", "expired", "not_completed") and not self.final:
            self.final = True
            self.world.moves.append(f"{self.table.name} finalised")
        return self.standing(subject)

    def appeals(self) -> None:
        self.appeal, self.due_at, self.remind_at = "open", None, None

    def appeal_is_refused(self) -> None:
        self.appeal, self.due_at = "refused", self.world.now

    def is_due(self, *states: str) -> bool:
        return self.state in states and self.due_at is not None and self.world.now >= self.due_at

    def _in(self, days: Days | None) -> datetime | None:
        return None if days is None else self.world.now + timedelta(days=days)

    def _until(self, moment: datetime | None) -> float | None:
        return None if moment is None else max(0.0, (moment - self.world.now).total_seconds())


class Proposal(Thing):
    table = PROPOSAL

    def expire(self, subject: Subject) -> Standing:
        if self.is_due("open"):
            self.to("expired")
        return self.standing(subject)


class Application(Thing):
    table = APPLICATION
    eligible = True

    def check_eligibility(self, subject: Subject) -> Standing:
        if self.state == "submitted":
            self.to("in_review", due=10) if self.eligible else self.to("rejected", due=14)
        return self.standing(subject)

    def close_stage(self, subject: Subject) -> Standing:
        if self.is_due("in_review"):
            self.to("in_review", due=10)
        return self.standing(subject)

    def record_shortfall(self, subject: Subject) -> Standing:
        if self.state == "selected":
            self.to("awaiting_budget", due=30)
        return self.standing(subject)

    def award(self, subject: Subject) -> Standing:
        if self.state in ("selected", "awaiting_budget"):
            self.to("awarded", due=20)
        return self.standing(subject)

    def reject(self, subject: Subject) -> Standing:
        if (
            self.is_due("awaiting_budget")
            or (subject.reason and self.state in ("selected", "awaiting_budget"))
            or (self.state == "assessed" and self.waits_for != ANNOUNCEMENT)
        ):
            self.to("rejected", due=14)
        return self.standing(subject)

    def lapse(self, subject: Subject) -> Standing:
        if self.is_due("changes_requested", "awarded"):
            self.to("lapsed")
        return self.standing(subject)

    def goes_back_to_review(self) -> None:
        """Revised by the applicant, or reopened by a granted appeal."""
        self.round += 1
        self.to("in_review", due=10)


class CutOff(Thing):
    table = CUTOFF

    def to(self, state: str, due: Days | None = None, remind: Days | None = None) -> None:
        super().to(state, due)
        self.remind_at = None  # nobody is reminded

    def close_cutoff(self, subject: Subject) -> Standing:
        if self.is_due("open"):
            self.to("assessing")
        return self.standing(subject)

    def announce(self, subject: Subject) -> Standing:
        if self.is_due("ranked"):
            self.to("announced")
        return self.standing(subject)


class Reservation:
    """The money for a case; `answers` is what reimbursements would say."""

    def __init__(self, application: Application, answers: str, reason: str = "") -> None:
        self.application = application
        self.answers = answers
        self.reason = reason
        application.world.things["reservation", application.id] = self

    def reserve(self, subject: Subject) -> Standing:
        if subject.number != self.application.round:
            raise ConnectionError("this round is not known here yet")
        if self.application.state not in ("selected", "awaiting_budget"):
            return Standing("ended", open=False)
        return Standing(self.answers, open=self.answers in ("made", "queued"), reason=self.reason)


class Amendment(Thing):
    """A change of a grant; `money` is what reimbursements would say."""

    table = AMENDMENT
    signing = False

    def __init__(self, world: World, id: str, money: str = "made", reason: str = "") -> None:
        super().__init__(world, id, "requested", due=15)
        self.money, self.reason = money, reason
        world.things["reservation", id] = self

    def standing(self, subject: Subject) -> Standing:
        waits = "somebody" if self.state == "requested" or self.signing else ""
        return replace(super().standing(subject), waits_for=waits)

    def amend(self, subject: Subject) -> Standing:
        if self.state != "agreed":
            return Standing("ended", open=False)
        return Standing(self.money, open=self.money == "made", reason=self.reason)

    def open_signing(self, subject: Subject) -> Standing:
        if self.state == "agreed" and not self.signing:
            self.signing = True
            self.world.moves.append("amendment signing opened")
        return self.standing(subject)

    def decline(self, subject: Subject) -> Standing:
        if self.state == "agreed":
            assert subject.reason
            self.to("refused")
        return self.standing(subject)

    def lapse(self, subject: Subject) -> Standing:
        if self.is_due("requested", "agreed"):
            self.to("lapsed")
        return self.standing(subject)


class Visit(Thing):
    table = VISIT
    owes_report = False
    """A report by form is still to be written or looked at."""

    def start(self, subject: Subject) -> Standing:
        if self.is_due("planned"):
            self.to("ongoing", due=5)
        return self.standing(subject)

    def end(self, subject: Subject) -> Standing:
        if self.is_due("ongoing"):
            self.to("report_due", due=30)
        return self.standing(subject)

    def escalate(self, subject: Subject) -> Standing:
        if self.is_due("report_due", "report_changes"):
            self.to(self.state, remind=7)
        return self.standing(subject)

    def close(self, subject: Subject) -> Standing:
        if self.state == "validated" and not self.owes_report:
            assert subject.reason in ("closed", "none", "rejected", "expired")
            self.to("closed")
        return self.standing(subject)


class Voucher(Thing):
    table = VOUCHER

    def close(self, subject: Subject) -> Standing:
        if self.is_due("issued"):
            self.to("expired")
        return self.standing(subject)


class Claim(Thing):
    table = CLAIM

    def open(self, subject: Subject) -> Standing:
        if self.state == "none":
            return Standing("none", open=False)
        if self.state == "due":
            self.to("opened", due=30)
        return self.standing(subject)

    def expire(self, subject: Subject) -> Standing:
        if self.is_due("opened", "returned"):
            self.to("expired", due=14)
        return self.standing(subject)

    def close(self, subject: Subject) -> Standing:
        if self.is_due("paid"):
            self.to("closed")
        return self.standing(subject)


class Event(Thing):
    table = EVENT
    feedback_asked = False

    def close_registration(self, subject: Subject) -> Standing:
        if self.is_due("published"):
            self.to("registration_closed", due=10)
        return self.standing(subject)

    def start(self, subject: Subject) -> Standing:
        if self.is_due("registration_closed"):
            self.to("running", due=2)
        return self.standing(subject)

    def end(self, subject: Subject) -> Standing:
        if self.is_due("running"):
            self.to("ended")
        return self.standing(subject)

    def ask_feedback(self, subject: Subject) -> Standing:
        if self.state == "ended" and not self.feedback_asked:
            self.feedback_asked = True
            self.to("ended", due=7)
        return self.standing(subject)

    def close(self, subject: Subject) -> Standing:
        if self.is_due("ended"):
            self.to("closed")
        return self.standing(subject)


class Vacancy(Thing):
    table = VACANCY
    in_line = 1

    def offer_place(self, subject: Subject) -> Standing:
        if self.state == "open":
            self.in_line -= 1
            self.to("offered", due=2) if self.in_line >= 0 else self.to("spent")
        return self.standing(subject)

    def expire_offer(self, subject: Subject) -> Standing:
        if self.is_due("offered"):
            self.to("open")
        return self.standing(subject)
