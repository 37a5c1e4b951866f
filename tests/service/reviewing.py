"""The travel call with a review in stages, its evaluators, and one application in review."""

from typing import Any
from uuid import UUID

import httpx

from contracts import asks
from contracts.steps import Standing
from tests.people import Person
from tests.service.applying import TEXT, Applying

SECRET = "Meet the host of the next joint project."
"""What the applicant has written."""
SCORE = {"key": "score", "kind": "score", "title": TEXT, "holder": "EVALUATOR", "quorum": 2, "days": 10}
CHECK = {"key": "look", "kind": "check", "title": TEXT, "holder": "PAY", "days": 5}
AGREE = {"key": "agree", "kind": "consensus", "title": TEXT, "holder": "EVALUATOR", "days": 5}
DECIDE = {"key": "decide", "kind": "decision", "title": TEXT, "holder": "VOP", "days": 5}
RUBRIC = {
    "criteria": [
        {"key": "plan", "title": TEXT, "weight": 2, "threshold": 2},
        {"key": "effect", "title": TEXT},
    ],
    "threshold": 50,
    "apart": 30,
}  # fmt: skip


def groups(*tracks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"key": f"stage_{n}", "title": TEXT, "tracks": some} for n, some in enumerate(tracks)]


class Reviewing:
    """The travel call with a review, its evaluators, and one application in review."""

    def __init__(self, desk: Applying) -> None:
        self.desk = desk

    async def begin(self, *tracks: list[dict[str, Any]], **changed: Any) -> None:
        desk = self.desk
        self.anna, self.bo, self.chen = [
            await desk.stage.person(name, ("evaluator", desk.partnership)) for name in ("Anna", "Bo", "Chen")
        ]
        await desk.publish_call(stages=groups(*tracks), **{"rubric": RUBRIC, **changed})
        await desk.begin()
        await desk.fill()
        assert (await desk.act(desk.ewa, "submit")).status_code == 200
        assert (await desk.step(asks.Application.check_eligibility)).state == "in_review"

    async def stages(self) -> dict[str, dict[str, Any]]:
        """The tasks of the newest round by key."""
        rows = (await self.desk.officer.get(f"/api/v1/applications/{self.desk.case}/stages")).json()
        return {row["key"]: row for row in rows if row["round"] == rows[0]["round"]}

    async def close(self) -> Standing:
        return await self.desk.step(asks.Application.close_stage)

    async def assign(self, who: Person | UUID, task: str = "score") -> httpx.Response:
        stage = (await self.stages())[task]["id"]
        person = who if isinstance(who, UUID) else who.id
        return await self.desk.officer.post("/api/v1/assessments", {"stage": stage, "evaluator": str(person)})

    async def part(self, who: Person, task: str = "score") -> str:
        """The id of somebody's part that is not over."""
        mine = (await who.get("/api/v1/assessments")).json()
        stage = (await self.stages())[task]["id"]
        return next(one["id"] for one in mine if one["stage"] == stage)

    async def do(self, who: Person, act: str, body: dict[str, Any], task: str = "score") -> httpx.Response:
        return await who.post(f"/api/v1/assessments/{await self.part(who, task)}/{act}", body)

    async def score(self, who: Person, plan: int, effect: int) -> None:
        assert (await self.assign(who)).status_code == 201
        assert (await self.do(who, "declare", {"none": True})).status_code == 200
        sheet = {
            "scores": {"plan": plan, "effect": effect},
            "comments": {"plan": "Good idea."},
            "internal": "Hm.",
        }
        done = await self.do(who, "submit", sheet)
        assert done.status_code == 200, done.text

    async def judge(self, who: Person, task: str = "look", answer: str = "yes") -> httpx.Response:
        stage = (await self.stages())[task]["id"]
        return await who.post(f"/api/v1/stages/{stage}/judge", {"favourable": answer, "remark": "Seen."})

    async def states(self) -> dict[str, str]:
        return {key: row["state"] for key, row in (await self.stages()).items()}
