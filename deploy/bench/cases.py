"""Cases on a running stack, led by the people whose move it is through the public API to their grant.

Each has a visitor of its own, for an organisation visits once; they share call, budget line, host and officers.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from deploy.demo.cast import CE4BIG, CELIS, KRAKOW, TARTU, Cast, registration_number
from deploy.demo.client import Person
from deploy.demo.exchange import next_monday, wait_until
from services.chassis.clock import Clock

_ENOUGH_CENTS = 2_000_000_00
_PREPARED_AT_ONCE = 8


class Cases:
    """`prepare` makes drafts that can be submitted; `grant` leads one of them to its last signature."""

    drafts: list[str]

    def __init__(self, cast: Cast, clock: Clock) -> None:
        self._cast = cast
        self._officer = cast.seeded("ce4big-officer", "bench")
        self._host_officer = cast.seeded("celis-officer", "bench")
        self._payer = cast.seeded("krakow-payer", "bench")
        first = next_monday(clock.now().date() + timedelta(days=30))
        self._days = {"first_day": first.isoformat(), "last_day": (first + timedelta(days=4)).isoformat()}
        self._ends = (first + timedelta(days=300)).isoformat()
        self._begins = clock.now().date().isoformat()

    async def prepare(self, number: int) -> None:
        self._host = await self._cast.newcomer("Kadri Tamm", "bench.host", "host")
        self._visitor = await self._cast.newcomer("Ewa Nowak", "bench.visitor", "visitor")
        call = await self._published()
        hosting = await self._taking_part(self._host, "host", "host", CELIS, TARTU, self._host_officer)
        limit = asyncio.Semaphore(_PREPARED_AT_ONCE)

        async def one(n: int) -> str:
            async with limit:
                return await self._draft(f"case-{n}", call, hosting)

        self.drafts = await asyncio.gather(*(one(n) for n in range(number)))

    async def grant(self, case: str) -> None:
        path = f"/api/v1/applications/{case}"
        visitor, host = self._in(self._visitor, case), self._in(self._host, case)
        officer, host_officer = self._in(self._officer, case), self._in(self._host_officer, case)
        await visitor.act(f"{path}/submit", step="submit")
        await self._until(case, lambda state: state != "submitted")
        await host_officer.act(f"{path}/opine", {"favourable": "yes"}, step="opine")
        await officer.act(f"{path}/select", {"remark": ""}, step="select")
        seen = await self._until(case, lambda state: state not in ("in_review", "selected"))
        papers = {paper["kind"]: paper for paper in seen["agreements"]}
        signers = [(who, "quality") for who in (host, visitor, host_officer, officer)]
        signers += [(who, "financial") for who in (visitor, self._in(self._payer, case))]
        for number, (who, kind) in enumerate(signers):
            body = {"document": papers[kind]["document"], "function": "Director", "power": True}
            await who.act(f"/api/v1/agreements/{papers[kind]['id']}/sign", body, step=f"sign-{number}")

    async def _until(self, case: str, reached: Callable[[str], bool]) -> dict[str, Any]:
        return await wait_until(case, lambda: self._officer.get(f"/api/v1/applications/{case}"), reached)

    async def _published(self) -> str:
        """A budget line that is enough for all, and its call."""
        coordinator = self._cast.seeded("ce4big-coordinator", "bench")
        line = {
            "partnership": CE4BIG, "member": KRAKOW, "name": "Measured exchanges",
            "amount_cents": _ENOUGH_CENTS, "iban": self._cast.iban(),
        }  # fmt: skip
        budget = (await coordinator.act("/api/v1/budgets", line, step="budget"))["id"]
        call = {
            "partnership": CE4BIG, "budget": budget, "title": "Measured exchanges",
            "edition": "measured", "first_day": self._begins, "last_day": self._ends,
        }  # fmt: skip
        drafted = (await coordinator.draft("/api/v1/calls", call, step="call"))["id"]
        await self._officer.act(f"/api/v1/calls/{drafted}/publish", step="publish-call")
        return drafted

    async def _taking_part(
        self, person: Person, key: str, side: str, partnership: str, cluster: str, officer: Person
    ) -> str:
        """A company of this person, validated: its participation."""
        company = {
            "name": f"Measured {key}", "kind": "sme", "town": "Tartu" if side == "host" else "Kraków",
            "registration_number": registration_number("Tartu" if side == "host" else "Kraków", "measured", key),
            "cluster": cluster,
        }  # fmt: skip
        organisation = await person.act("/api/v1/organisations", company, step=f"organisation-{key}")
        wish = {
            "organisation": organisation["id"], "partnership": partnership, "side": side,
            "activities": ["networking"], "sectors": ["diagnostics"], "languages": ["en"],
            "motivation": "We look for partners in companion diagnostics.",
        }  # fmt: skip
        wished = await person.act("/api/v1/participations", wish, step=f"participation-{key}")
        await officer.act(f"/api/v1/participations/{wished['id']}/validate", step=f"validate-{key}")
        return wished["id"]

    async def _draft(self, key: str, call: str, hosting: str) -> str:
        visiting = await self._taking_part(self._visitor, key, "visitor", CE4BIG, KRAKOW, self._officer)
        proposal = {"call": call, "visitor": visiting, "host": hosting, "message": ""}
        made = await self._visitor.act("/api/v1/proposals", proposal, step=f"propose-{key}")
        await self._host.act(f"/api/v1/proposals/{made['id']}/accept", step=f"accept-{key}")
        form = {
            **self._days, "mode": "physical", "activities": ["networking"],
            "objectives": "Learn how diagnostics reach the clinic.", "agenda": "Monday to Friday: meetings.",
            "declarations": ["sme", "no_double_funding", "no_exclusion", "no_restrictive_measures"],
        }  # fmt: skip
        return (await self._visitor.save(f"/api/v1/proposals/{made['id']}/application", form))["id"]

    def _in(self, person: Person, case: str) -> Person:
        return person.in_story(f"{self._cast.run}:{case}")
