"""A small table of trips, read as every table is read, and people who take part in one."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from contracts.facts import Fact
from contracts.ids import new_id
from contracts.tables import (
    ANYONE,
    LINK,
    Body,
    End,
    Table,
    act,
)
from services.chassis.acts.aggregate import Aggregate, Root
from services.chassis.facts.outbox import Cause
from services.chassis.identity.actor import Actor

OWN, OTHER, PAYING, PARTNERSHIP, CASE = (new_id() for _ in range(5))
NOW = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)


class Planned(Body):
    """Nothing more to say."""


class PaidOutV2(Body):
    whole: bool
    on: date = date(2026, 9, 14)


class Trip(Root):
    guests: list[UUID] = []
    payer: UUID | None = PAYING


TRIPS = Table(
    "trip",
    "applications",
    "relais.applications",
    (
        act("plan", "VO", "", "planned", Planned, wakes="trip/{subject} case/{case}"),
        act("look_on", ANYONE, "planned", "", Planned),
        act("pay_out", "PAY VERIFIER", "planned late", "paid", PaidOutV2, step_up=True,
            also=(End("late", PaidOutV2, ("late/{subject}",), ("whole", False)),)),
        act("confirm", LINK, "paid", "confirmed", Planned),
        act("submit", "VO", "planned", "planned", Planned),
    ),
    workflow="trip/{subject}",
    open_in="planned rejected!",
    movers={"planned": "VO PAY"},
)  # fmt: skip


def trips(**more: Any) -> Aggregate[Trip]:
    return Aggregate(
        Trip,
        TRIPS,
        scopes={
            "VO": lambda trip: trip.guests,
            "PAY": lambda trip: trip.payer,
            "OFFICER": lambda trip: PARTNERSHIP,
            "SELF": lambda trip: trip.id,
        },
        case=lambda trip: CASE if trip.guests else None,
        **more,
    )


def trip(**more: Any) -> Trip:
    return Trip(**{"id": new_id(), "state": "planned", "version": 1, "guests": [OWN, OTHER], **more})


def someone(*roles: tuple[str, UUID], **more: Any) -> Actor:
    return Actor(person=new_id(), roles=frozenset(roles), **more)


class Kept:
    """The rows and facts of a transaction that is not written."""

    def __init__(self) -> None:
        self.rows: list[Root] = []
        self.facts: list[tuple[Fact, Cause]] = []
        self.outbox = SimpleNamespace(add=self.say)

    def add(self, row: Root) -> None:
        self.rows.append(row)

    async def say(self, fact: Fact, cause: Cause) -> Fact:
        self.facts.append((fact, cause))
        return fact
