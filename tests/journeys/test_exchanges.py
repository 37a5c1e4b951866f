"""Exchanges that are paid less on the whole stack: a short one, signed for by somebody without an account, and one to
a host near by; and who has visited once does not visit again through another partnership.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from deploy.demo.cast import CELIS, TARTU, Cast, account
from deploy.demo.client import Person, Refused
from deploy.demo.exchange import Exchange, Ground
from deploy.local.stack import Stack
from services.chassis.clock import Clock
from tests.journeys.eventually import eventually
from tests.stacks import mails, verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SHORT, NEAR = "paid", "withdrawn"
"""The companies that travel: for three working days to Estonia, and for five to a town less than 200 km away."""
SIGNATORY = {"name": "Dr Anna Nowak", "function": "Managing Director", "email": "anna.nowak@company.example"}
OF_MAIL = re.compile(r"/agreements/link\?token=(\S+)")


@pytest.fixture
async def ground(stack: Stack) -> AsyncGenerator[Ground]:
    layout = stack.running_state.layout
    async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30) as api:
        ground = Ground(Cast(layout, api, "kinds"), Clock(layout.clock), lambda told: None)
        await ground.prepare()
        yield ground


class Story:
    """The two exchanges, and what is asked of the first company afterwards."""

    def __init__(self, ground: Ground, stack: Stack) -> None:
        self.ground, self.stack = ground, stack

    async def short(self) -> Exchange:
        exchange = Exchange(self.ground, SHORT, self.ground.say, days=3)
        await exchange.play_to_review()
        await exchange.decide()
        await self.signed_by_link(exchange)
        await exchange.visit()
        return exchange

    async def near(self) -> Exchange:
        """To a host that is validated by the same partnership, in a town of its own."""
        near = Ground(self.ground.cast, self.ground.clock, self.ground.say)
        near.budget, near.call = self.ground.budget, self.ground.call
        near.host, near.hosting = await self.host_of("Ostrava")
        exchange = Exchange(near, NEAR, self.ground.say)
        await exchange.play_to_review()
        await exchange.decide()
        await exchange.sign()
        await exchange.visit()
        return exchange

    async def host_of(self, town: str) -> tuple[Person, str]:
        cast = self.ground.cast
        person = await cast.newcomer("Jana Malá", "jana.mala", "near-host")
        body = {
            "name": f"Ostrava Assays {cast.run}", "kind": "sme", "town": town, "registration_number": "27074358",
            "cluster": TARTU,
        }  # fmt: skip
        organisation = await person.act("/api/v1/organisations", body, step="organisation")
        profile = {
            "organisation": organisation["id"], "partnership": CELIS, "side": "host", "languages": ["en"],
            "activities": ["knowledge_sharing"], "sectors": ["diagnostics"], "motivation": "We test assays.",
        }  # fmt: skip
        made = await person.act("/api/v1/participations", profile, step="participation")
        officer = cast.seeded("celis-officer", "near-host")
        await officer.act(f"/api/v1/participations/{made['id']}/validate", step="validate")
        return person, made["id"]

    async def signed_by_link(self, exchange: Exchange) -> None:
        """The visitor's Commitment by its legal signatory, who has no account; everything else by its people."""
        papers = await exchange.papers()
        quality = papers["quality"]
        named = {"party": "VO", **SIGNATORY}
        await exchange.visitor.act(
            f"/api/v1/agreements/{quality['id']}/name-signatory", named, step="name-signatory"
        )
        form = {"token": await self.link(), "document": quality["document"], "power": "true",
                "name": SIGNATORY["name"], "function": SIGNATORY["function"]}  # fmt: skip
        url = self.stack.running_state.layout.url("gateway")
        async with httpx.AsyncClient(base_url=url, headers={"Sec-Fetch-Site": "same-origin"}) as browser:
            page = (await browser.get("/agreements/link", params={"token": form["token"]})).text
            assert "Dr Anna Nowak, you are named" in page and quality["document"] in page
            signed = await browser.post("/agreements/link/sign", data=form, follow_redirects=True)
            assert signed.status_code == 200, signed.text
        assert "VO" not in (await exchange.papers())["quality"]["missing"]
        await exchange.sign()

    async def link(self) -> str:
        """The secret of the mail to the signatory."""
        while True:
            for mail in mails(self.stack, SIGNATORY["email"]):
                if found := OF_MAIL.search(str(mail["text"])):
                    return found[1]
            await asyncio.sleep(0.25)

    async def once_more(self, exchange: Exchange) -> str:
        """Why the same company cannot visit a second time, through another partnership and its call."""
        cast, visitor = self.ground.cast, exchange.visitor
        organisation = (await visitor.get(f"/api/v1/applications/{exchange.case}"))["visitor"]
        profile = {
            "organisation": organisation, "partnership": CELIS, "side": "visitor", "languages": ["en"],
            "activities": ["networking"], "sectors": ["diagnostics"], "motivation": "Once more, please.",
        }  # fmt: skip
        made = await visitor.act("/api/v1/participations", profile, step="once-more")
        officer = cast.seeded("celis-officer", "once-more")
        await officer.act(f"/api/v1/participations/{made['id']}/validate", step="validate")
        call = await self.call_of_celis(officer)
        proposal = {"call": call, "visitor": made["id"], "host": self.ground.hosting, "message": "Again?"}
        with pytest.raises(Refused) as refused:
            await visitor.act("/api/v1/proposals", proposal, step="propose-once-more")
        return str(refused.value)

    async def call_of_celis(self, officer: Person) -> str:
        """Another partnership's call of the same edition of the scheme."""
        cast = self.ground.cast
        coordinator = cast.seeded("celis-coordinator", "once-more")
        line = {"partnership": CELIS, "member": TARTU, "name": "Exchanges", "amount_cents": 5_000_00,
                "iban": account(cast.run, 2)}  # fmt: skip
        budget = (await coordinator.act("/api/v1/budgets", line, step="budget"))["id"]
        kept = {
            **(cast.kept("call") or {}),
            "partnership": CELIS,
            "budget": budget,
            "title": "Exchanges of CELIS",
        }
        call = (await eventually(lambda: coordinator.draft("/api/v1/calls", kept, step="call")))["id"]
        await officer.act(f"/api/v1/calls/{call}/publish", step="publish")
        return call


async def claim_of(exchange: Exchange) -> dict[str, Any]:
    verifier = exchange.ground.cast.seeded("krakow-verifier", exchange.key)

    async def look() -> dict[str, Any]:
        (claim,) = await verifier.get(f"/api/v1/claims?case={exchange.case}") or [None]
        if claim is None:
            raise Refused("no claim yet")
        return claim

    return await eventually(look)


async def test_short_and_near_visits_are_worth_half_and_nobody_visits_twice(
    ground: Ground, stack: Stack
) -> None:
    story = Story(ground, stack)
    short, near = await asyncio.gather(story.short(), story.near())
    assert (await claim_of(short))["amount_cents"] == 335_00, "three days in Estonia: half of 670"
    assert (await claim_of(near))["amount_cents"] == 305_00, "five days in Czechia, 124 km away: half of 610"
    assert "visited-before" in await story.once_more(short)
    await verified(stack)
