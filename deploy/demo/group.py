"""The fifth story: a group visit. The host accepts once, two companies join with applications of their own, and the
host signs for both in one act. They travel when the demo is over, so their cases can be looked at on the way.
"""

import asyncio
from datetime import date, timedelta
from typing import Any

from deploy.demo.cast import CE4BIG
from deploy.demo.client import Person
from deploy.demo.exchange import PLAN, Ground, Say, next_monday, wait_until

MEMBERS = ("member-1", "member-2")
JOINING, TRAVELLING = 120, 160
"""Days from the plan until nobody joins any more, and until they travel."""


class GroupVisit:
    """The group and its members' cases, by their companies."""

    def __init__(self, ground: Ground, say: Say) -> None:
        self.ground = ground
        self.say = say
        self.officer, self.host_officer, self.payer = (
            ground.cast.seeded(key, "group") for key in ("ce4big-officer", "celis-officer", "krakow-payer")
        )
        self.host = ground.host.in_story(f"{ground.cast.run}:group")
        self.members: dict[str, Person] = {}
        self.id = ""

    async def play(self) -> dict[str, Any]:
        await self._open()
        await asyncio.gather(*(self._join(key) for key in MEMBERS))
        await asyncio.gather(*(self._award(case) for case in self.members))
        self.say("two companies join with applications of their own: both awarded")
        await self._host_signs()
        await asyncio.gather(*(self._others_sign(case) for case in self.members))
        self.say("the host has signed for both in one act, the others each: both granted")
        seen = [await self._application(case) for case in self.members]
        cases = [{name: case[name] for name in ("id", "number", "state")} for case in seen]
        return {"id": self.id, "cases": sorted(cases, key=lambda case: case["number"])}

    async def _open(self) -> None:
        cast = self.ground.cast
        today = date.fromisoformat(
            cast.kept("group") or cast.keep("group", self.ground.clock.now().date().isoformat())
        )
        first = next_monday(today + timedelta(days=TRAVELLING))
        body = {
            "call": self.ground.call, "host": self.ground.hosting, "title": f"Biobanks of Tartu, run {cast.run}",
            "agenda": "Monday: the biobank.\nTuesday to Friday: five companies.", "places": len(MEMBERS),
            "first_day": str(first), "last_day": str(first + timedelta(days=4)),
            "join_until": str(today + timedelta(days=JOINING)),
        }  # fmt: skip
        self.id = (await self.officer.act("/api/v1/groups", body, step="plan"))["id"]
        await self.host.act(f"/api/v1/groups/{self.id}/open", step="open")
        self.say("CE4BIG plans a group visit to Tartu; the host accepts once for all who join")

    async def _join(self, key: str) -> None:
        who, visiting = await self.ground.company(key, "visitor", CE4BIG, "ce4big-officer")
        body = {"group": self.id, "visitor": visiting}
        proposal = (await who.act("/api/v1/proposals/join", body, step="join"))["id"]
        cast = self.ground.cast
        if (case := cast.kept(f"case:{key}")) is None:
            case = cast.keep(
                f"case:{key}", (await who.save(f"/api/v1/proposals/{proposal}/application", PLAN))["id"]
            )
        path = f"/api/v1/applications/{case}"
        await who.act(f"{path}/submit", step="submit")
        await self._while(case, "submitted")
        await self.host_officer.act(f"{path}/opine", {"favourable": "yes"}, step=f"opine-{key}")
        self.members[case] = who

    async def _award(self, case: str) -> None:
        """Both are approved when both are there: whoever has been awarded has two weeks to sign."""
        await self.officer.act(f"/api/v1/applications/{case}/select", step=f"select-{case}")
        await self._while(case, "in_review", "selected", "awaiting_budget")

    async def _host_signs(self) -> None:
        """Both Commitments in one act, one signature each."""
        papers = [
            {"agreement": paper["id"], "document": paper["document"]}
            for case in sorted(self.members)
            for paper in (await self._application(case))["agreements"]
            if paper["kind"] == "quality"
        ]
        for who, step in ((self.host, "host"), (self.host_officer, "host-officer")):
            body = {"commitments": papers, "function": "Director", "power": True}
            await who.draft(f"/api/v1/groups/{self.id}/sign", body, step=f"sign-{step}")

    async def _others_sign(self, case: str) -> None:
        """The Commitment before the Financial Agreement, which the payer signs last."""
        papers = (await self._application(case))["agreements"]
        for paper in sorted(papers, key=lambda paper: paper["kind"] == "financial"):
            body = {"document": paper["document"], "function": "Managing director", "power": True}
            other = self.payer if paper["kind"] == "financial" else self.officer
            for who in (self.members[case], other):
                await who.act(
                    f"/api/v1/agreements/{paper['id']}/sign", body, step=f"sign-{paper['id']}-{who.id}"
                )
        await self._while(case, "awarded")

    async def _application(self, case: str) -> dict[str, Any]:
        return await self.officer.get(f"/api/v1/applications/{case}")

    async def _while(self, case: str, *here: str) -> None:
        await wait_until("group", lambda: self._application(case), lambda state: state not in here)
