"""Plays the stories of a run beside each other, and says how they ended."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from deploy.demo.cast import Cast
from deploy.demo.cut_off import ENDS, CutOff, ends_of
from deploy.demo.event import Event
from deploy.demo.exchange import Exchange, Ground, wait_until
from deploy.demo.timeline import Timeline
from deploy.local.layout import Layout
from services.chassis.clock import Clock

EXPECTED: dict[str, dict[str, Any]] = {
    "paid": {"state": "closed", "claim_state": "closed"},
    "virtual": {"state": "closed", "claim_state": None},
    "rejected": {"state": "rejected", "final": True},
    "withdrawn": {"state": "withdrawn"},
    "lapsed": {"state": "lapsed"},
}


async def play(layout: Layout, run: str, *, quiet: bool = False) -> dict[str, Any]:
    """Five cases, one event and one cut-off: {"ok", "run", "cases", "event", "cutoff"}."""
    clock = Clock(layout.clock)
    timeline = Timeline(clock, quiet=quiet)
    limits = httpx.Limits(max_connections=20)
    async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30, limits=limits) as api:
        cast = Cast(layout, api, run)
        ground = Ground(cast, clock, timeline.of("ground"))
        event = asyncio.create_task(Event(cast, clock, timeline.of("event")).play())
        ranked = asyncio.create_task(CutOff(cast, clock, timeline.of("cutoff")).play())
        await ground.prepare()
        stories: dict[str, Callable[[Exchange], Awaitable[None]]] = {
            "paid": paid, "virtual": _virtual, "rejected": _rejected, "withdrawn": _withdrawn, "lapsed": _lapsed,
        }  # fmt: skip
        exchanges = {
            name: Exchange(
                ground, name, timeline.of(name), mode="virtual" if name == "virtual" else "physical"
            )
            for name in stories
        }
        async with asyncio.TaskGroup() as tasks:
            for name, story in stories.items():
                tasks.create_task(_played(story, exchanges[name]))
        cases = {name: await ended(exchange) for name, exchange in exchanges.items()}
        closed, announced = await event, await ranked
    told = {"event": {"id": closed["id"], "state": closed["state"]}, "cutoff": announced}
    ok = (closed["state"], ends_of(announced)) == ("closed", ENDS) and all(
        cases[name].get(key) == value for name, wanted in EXPECTED.items() for key, value in wanted.items()
    )
    return {"ok": ok, "run": run, "cases": cases, **told}


async def _played(story: Callable[[Exchange], Awaitable[None]], exchange: Exchange) -> None:
    await story(exchange)


async def paid(exchange: Exchange) -> None:
    await exchange.play_to_review()
    await exchange.decide()
    await exchange.sign()
    await exchange.visit()
    await exchange.be_paid()
    await exchange.until("application", lambda state: state == "closed")
    exchange.say("closed, counted once for CE4BIG")


async def _virtual(exchange: Exchange) -> None:
    await exchange.play_to_review()
    await exchange.decide()
    await exchange.sign()
    await exchange.visit()
    await exchange.until("application", lambda state: state == "closed")
    exchange.say("closed and counted, without money")


async def _rejected(exchange: Exchange) -> None:
    await exchange.play_to_review()
    await exchange.decide(favourable=False)

    async def look() -> dict[str, Any]:
        seen = await exchange.officer.get(f"/api/v1/applications/{exchange.case}")
        return {**seen, "state": "final" if seen["final"] else seen["state"]}

    await wait_until("rejected: final", look, lambda state: state == "final")
    exchange.say("nobody appealed: the rejection is final")


async def _withdrawn(exchange: Exchange) -> None:
    await exchange.play_to_review()
    await exchange.decide()
    await exchange.visitor.act(f"/api/v1/applications/{exchange.case}/withdraw", step="withdraw")
    exchange.say("withdraws after the reservation; the money goes back to the line")


async def _lapsed(exchange: Exchange) -> None:
    await exchange.play_to_review()
    await exchange.decide()
    exchange.say("nobody signs")
    await exchange.until("application", lambda state: state == "lapsed")
    exchange.say("lapsed unsigned; the money goes back to the line")


async def ended(exchange: Exchange) -> dict[str, Any]:
    """How a case ended, as its owners and the overview say."""
    application = await exchange.officer.get(f"/api/v1/applications/{exchange.case}")
    verifier = exchange.ground.cast.seeded("krakow-verifier", exchange.key)
    claims = await verifier.get(f"/api/v1/claims?case={exchange.case}")
    claim = claims[-1] if claims else None
    return {
        "id": exchange.case,
        "number": application["number"],
        "state": application["state"],
        "final": application["final"],
        "claim_state": claim["state"] if claim else None,
        "paid_cents": claim["paid_cents"] if claim else 0,
    }
