"""The second story: an EventXchange with three places and five people, from its publication to its feedback."""

import asyncio
from datetime import timedelta
from typing import Any

from deploy.demo.cast import CELIS, Cast
from deploy.demo.client import Person
from deploy.demo.exchange import Say, wait_until
from services.chassis.clock import Clock

PEOPLE = (
    ("Anke Brandt", "anke.brandt"),
    ("Luc Martens", "luc.martens"),
    ("Freja Holm", "freja.holm"),
    ("Jaan Kask", "jaan.kask"),
    ("Inês Duarte", "ines.duarte"),
)


class Event:
    """CELIS in Leuven, two days on companion diagnostics."""

    def __init__(self, cast: Cast, clock: Clock, say: Say) -> None:
        self.cast = cast
        self.clock = clock
        self.say = say
        self.organiser = cast.seeded("celis-organiser", "event")
        self.id = ""

    async def play(self) -> dict[str, Any]:
        await self._publish()
        people = await asyncio.gather(*(self.cast.newcomer(name, mail, "event") for name, mail in PEOPLE))
        places: list[dict[str, Any]] = []
        for person in people:
            step = f"register-{person.id}"
            places.append(await person.act("/api/v1/registrations", {"event": self.id}, step=step))
        states = [place["state"] for place in places]
        self.say(
            f"five people register: {states.count('confirmed')} confirmed, {states.count('waiting')} wait in line"
        )
        await people[0].act(f"/api/v1/registrations/{places[0]['id']}/cancel", step=f"cancel-{people[0].id}")
        self.say(f"{people[0].name} cancels; the place is offered to the first in line for 48 hours")
        offered = await self._registration(people[3], places[3]["id"], "offered", "confirmed")
        if offered["state"] == "offered":
            await people[3].act(
                f"/api/v1/registrations/{places[3]['id']}/accept", step=f"accept-{people[3].id}"
            )
        self.say(f"{people[3].name} accepts")
        await self._until("running", "ended", "closed")
        there = [1, 2, 3]
        await self._check_in([(people[n], places[n]["id"]) for n in there])
        await self._until("ended", "closed")
        for n in there[:2]:
            path = f"/api/v1/registrations/{places[n]['id']}/give-feedback"
            feedback = {"helpful": 5 - n, "remark": "The tables were too small."}
            await people[n].act(path, feedback, step=f"feedback-{people[n].id}")
        self.say("the event is over; two of three give feedback")
        closed = await self._until("closed")
        self.say("closed")
        return closed

    async def _publish(self) -> None:
        kept = self.cast.kept("event")
        if kept is None:
            starts = (self.clock.now() + timedelta(days=16)).replace(
                hour=9, minute=0, second=0, microsecond=0
            )
            written = "%Y-%m-%dT%H:%M"
            kept = self.cast.keep(
                "event",
                {
                    "partnership": CELIS,
                    "kind": "event_xchange",
                    "title": f"Companion diagnostics, run {self.cast.run}",
                    "description": "Two days for companies and clusters: laboratories, talks, meetings.",
                    "venue": "Bio-Incubator Leuven",
                    "town": "Leuven",
                    "country": "BE",
                    "timezone": "Europe/Brussels",
                    "starts_at": starts.strftime(written),
                    "ends_at": (starts + timedelta(days=1, hours=8)).strftime(written),
                    "registration_until": (starts - timedelta(days=3)).strftime(written),
                    "places": 3,
                },
            )
        self.id = (await self.organiser.act("/api/v1/events", kept, step="publish"))["id"]
        self.say("CELIS publishes an EventXchange in Leuven: two days, three places")

    async def _check_in(self, people: list[tuple[Person, str]]) -> None:
        """At the door, by the code on each confirmation."""
        for person, registration in people:
            code = (await person.get(f"/api/v1/registrations/{registration}"))["code"]
            body = {"event": self.id, "code": code}
            await self.organiser.act("/api/v1/attendances", body, step=f"check-in-{registration}")
        self.say(f"{len(people)} people are checked in at the door by their codes")

    async def _until(self, *states: str) -> dict[str, Any]:
        async def look() -> dict[str, Any]:
            return await self.organiser.get(f"/api/v1/events/{self.id}")

        return await wait_until("event", look, lambda state: state in states)

    async def _registration(self, person: Person, id: str, *states: str) -> dict[str, Any]:
        async def look() -> dict[str, Any]:
            return await person.get(f"/api/v1/registrations/{id}")

        return await wait_until("registration", look, lambda state: state in states)
