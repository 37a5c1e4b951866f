"""Kafka and Temporal away while people work: nobody has to wait, and nothing is parked or gives up."""

import asyncio
from pathlib import Path

import httpx
import pytest

from deploy.demo.cast import Cast
from deploy.demo.exchange import Exchange, Ground
from services.chassis.clock import Clock
from tests.faults.harm import standstill
from tests.stacks import fast_stack, verified

A_MINUTE = 60
NO_WAIT = 10
"""Seconds after which a person would be told that nobody answers."""


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_people_submit_and_decide_meanwhile(tmp_path: Path) -> None:
    with fast_stack(tmp_path, clock_rate=1) as stack:
        layout = stack.running_state.layout
        clock = Clock(layout.clock)
        async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=NO_WAIT) as api:
            ground = Ground(Cast(layout, api, "away"), clock, print)
            await ground.prepare()
            submitting, deciding = Exchange(ground, "virtual", print), Exchange(ground, "paid", print)
            await submitting.prepare()
            await deciding.play_to_review()
            assert await state_of(submitting) == "draft"

            async with standstill(stack, "kafka", "temporal"):
                await submitting.visitor.act(f"{path(submitting)}/submit", step="submit")
                opinion = {"favourable": "yes"}
                await deciding.host_officer.act(f"{path(deciding)}/opine", opinion, step="opine")
                await deciding.officer.act(
                    f"{path(deciding)}/select", {"remark": "A good match."}, step="select"
                )
                await asyncio.sleep(A_MINUTE)
                assert (await state_of(submitting), await state_of(deciding)) == ("submitted", "selected")

            await submitting.until("application", lambda state: state == "in_review")
            await deciding.until("application", lambda state: state == "awarded")
        await verified(stack)


def path(exchange: Exchange) -> str:
    return f"/api/v1/applications/{exchange.case}"


async def state_of(exchange: Exchange) -> str:
    return (await exchange.visitor.get(path(exchange)))["state"]
