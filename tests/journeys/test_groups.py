"""A group visit on the whole stack: planned, accepted once, joined by two; its agenda changes while they sign,
the host signs for both in one act, and a cancelled group's cases are ended each by its own act.
"""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from deploy.demo.cast import CE4BIG, Cast
from deploy.demo.client import Person
from deploy.demo.exchange import Ground, next_monday, wait_until
from deploy.local.stack import Stack
from services.chassis.clock import Clock
from tests.journeys.eventually import eventually
from tests.service.exchange import DRAFT
from tests.stacks import verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

COMPANIES = ("paid", "rejected")
AGENDA = "Monday: the biobank.\nTuesday to Friday: five companies."
OWN = {name: DRAFT[name] for name in ("activities", "objectives", "declarations")}
JOINING, TRAVELLING = 90, 150
"""Days from the plan until nobody joins any more, and until they travel."""


@pytest.fixture
async def ground(stack: Stack) -> AsyncGenerator[Ground]:
    layout = stack.running_state.layout
    async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30) as api:
        ground = Ground(Cast(layout, api, "groups"), Clock(layout.clock), lambda told: None)
        await ground.prepare()
        yield ground


class Story:
    """One group, and the cases of its members by their companies."""

    group: str

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.officer, self.host_officer, self.payer = (
            ground.cast.seeded(key, "group") for key in ("ce4big-officer", "celis-officer", "krakow-payer")
        )
        self.host = ground.host.in_story(f"{ground.cast.run}:group")
        self.members: dict[str, Person] = {}

    async def opened(self) -> None:
        today = self.ground.clock.now().date()
        first = next_monday(today + timedelta(days=TRAVELLING))
        body = {
            "call": self.ground.call, "host": self.ground.hosting, "title": "Biobanks of Tartu", "agenda": AGENDA,
            "first_day": str(first), "last_day": str(first + timedelta(days=4)), "places": len(COMPANIES),
            "join_until": str(today + timedelta(days=JOINING)),
        }  # fmt: skip
        planned = await eventually(lambda: self.officer.act("/api/v1/groups", body, step="plan"))
        self.group = planned["id"]
        await eventually(lambda: self.host.act(f"/api/v1/groups/{self.group}/open", step="open"))

    async def joined(self, key: str) -> None:
        who, visiting = await self.ground.company(key, "visitor", CE4BIG, "ce4big-officer")
        body = {"group": self.group, "visitor": visiting}
        proposal = (await eventually(lambda: who.act("/api/v1/proposals/join", body, step="join")))["id"]
        case = (await who.save(f"/api/v1/proposals/{proposal}/application", OWN))["id"]
        await who.act(f"/api/v1/applications/{case}/submit", step="submit")
        await self.until(case, "in_review")
        path = f"/api/v1/applications/{case}"
        await self.host_officer.act(f"{path}/opine", {"favourable": "yes"}, step=f"opine-{key}")
        await self.officer.act(f"{path}/select", step=f"select-{key}")
        await self.until(case, "awarded")
        self.members[case] = who

    async def signs_all(self, who: Person, step: str) -> None:
        """All open Commitments in one act."""
        listed = [
            {"agreement": paper["id"], "document": paper["document"]}
            for case in self.members
            for paper in await self.papers(case)
            if (paper["kind"], paper["state"]) == ("quality", "open")
        ]
        assert len(listed) == len(self.members)
        body = {"commitments": listed, "function": "Director", "power": True}
        results: Any = await who.draft(f"/api/v1/groups/{self.group}/sign", body, step=step)
        assert [one["ok"] for one in results] == [True] * len(listed)

    async def all_sign(self, case: str) -> None:
        for paper in await self.papers(case):
            if paper["state"] != "open":
                continue
            body = {"document": paper["document"], "function": "Director", "power": True}
            parties = (self.members[case], self.officer if paper["kind"] == "quality" else self.payer)
            for who in parties:
                await who.act(f"/api/v1/agreements/{paper['id']}/sign", body, step=f"sign-{paper['id']}")
        await self.until(case, "granted")

    async def papers(self, case: str) -> list[dict[str, Any]]:
        return sorted(
            (await self.officer.get(f"/api/v1/applications/{case}"))["agreements"],
            key=lambda paper: paper["kind"] == "financial",
        )

    async def until(self, case: str, state: str) -> None:
        async def look() -> dict[str, Any] | None:
            return await self.officer.get(f"/api/v1/applications/{case}")

        await wait_until("member", look, lambda now: now == state)


async def test_a_group_is_signed_for_at_once_and_ended_case_by_case(stack: Stack, ground: Ground) -> None:
    story = Story(ground)
    await story.opened()
    for key in COMPANIES:
        await story.joined(key)
    await story.signs_all(story.host, "host-signs")
    changed = {"agenda": f"{AGENDA}\nFriday evening: what each takes home."}
    path = f"/api/v1/groups/{story.group}"
    await story.host.act(f"{path}/change-agenda", changed, step="change")
    for who, step in ((story.host, "host-signs-again"), (story.host_officer, "partnership-signs")):
        await story.signs_all(who, step)
    for case in story.members:
        await story.all_sign(case)
    why = {"reason": "host_cannot", "explanation": "The biobank is being rebuilt."}
    await story.host.act(f"{path}/cancel", why, step="cancel")
    ended: Any = await story.officer.draft(f"{path}/end-cases", {}, step="end")
    assert [one["ok"] for one in ended] == [True, True]
    for case in story.members:
        await story.until(case, "cancelled")
    assert (await story.officer.get(path))["taken"] == 0
    await verified(stack)
