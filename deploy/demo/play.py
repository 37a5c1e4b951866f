"""Plays the stories of a run beside each other, and says how they ended."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import httpx

from deploy.demo.cast import Cast
from deploy.demo.cut_off import ENDS, CutOff, ends_of
from deploy.demo.event import Event
from deploy.demo.exchange import Exchange, Ground, wait_until
from deploy.demo.group import MEMBERS, GroupVisit
from deploy.demo.timeline import Timeline
from deploy.demo.voucher import GRANTED, Voucher
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
    """Five cases, an event, a cut-off, a voucher and a group: {"ok", "run", "cases", "event", "cutoff", "voucher",
    "group"}."""
    clock = Clock(layout.clock)
    timeline = Timeline(clock, quiet=quiet)
    limits = httpx.Limits(max_connections=20)
    async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30, limits=limits) as api:
        cast = Cast(layout, api, run)
        ground = Ground(cast, clock, timeline.of("ground"))
        async with asyncio.TaskGroup() as tasks:
            event = tasks.create_task(Event(cast, clock, timeline.of("event")).play())
            ranked = tasks.create_task(CutOff(cast, clock, timeline.of("cutoff")).play())
            voucher = tasks.create_task(Voucher(cast, clock, timeline.of("voucher")).play())
            await ground.prepare()
            group = tasks.create_task(GroupVisit(ground, timeline.of("group")).play())
            exchanges = {
                name: Exchange(
                    ground, name, timeline.of(name), mode="virtual" if name == "virtual" else "physical"
                )
                for name in STORIES
            }
            for name, story in STORIES.items():
                tasks.create_task(story(exchanges[name]))
        cases = {name: await ended(exchange) for name, exchange in exchanges.items()}
    closed, announced = event.result(), ranked.result()
    used, travelling = voucher.result(), group.result()
    told = {
        "event": {"id": closed["id"], "state": closed["state"]},
        "cutoff": announced,
        "voucher": used,
        "group": travelling,
    }
    return {"ok": _ended_well(cases, told), "run": run, "cases": cases, **told}


def _ended_well(cases: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Whether every story came to the end that it is told with."""
    used = told["voucher"]
    return (
        told["event"]["state"] == "closed"
        and ends_of(told["cutoff"]) == ENDS
        and (used["state"], used["paid_cents"]) == ("closed", GRANTED)
        and [case["state"] for case in told["group"]["cases"]] == ["granted"] * len(MEMBERS)
        and all(
            cases[name].get(key) == value
            for name, wanted in EXPECTED.items()
            for key, value in wanted.items()
        )
    )


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


STORIES: Mapping[str, Callable[[Exchange], Coroutine[Any, Any, None]]] = {
    "paid": paid, "virtual": _virtual, "rejected": _rejected, "withdrawn": _withdrawn, "lapsed": _lapsed,
}  # fmt: skip


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
