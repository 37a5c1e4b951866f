"""The network on the whole stack: a cluster assesses itself and its label runs out; a partnership's plan is counted
beside an exchange and an event; a deliverable is returned, reviewed and accepted; everybody finds what was learned.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from contracts.ids import named_id
from deploy.demo.cast import CE4BIG, CELIS, KRAKOW, Cast
from deploy.demo.client import Person
from deploy.demo.exchange import EVIDENCE, Exchange, Ground
from deploy.local.stack import Stack
from services.chassis.clock import Clock
from services.directory.recognition import months_later
from tests.deploy.waiting import eventually
from tests.stacks import mails, verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

RUN = "network"
BIOWIN = str(named_id("organisation", "BioWin"))
OWNER, BIOWIN_OWNER = "malgorzata.wrona@klaster.example", "luc.dumont@biowin.example"
COORDINATOR = "claire.legoff@atlanpole.example"


class Network:
    """The people of a network, what they read, and the night's sweep, which a fast clock does not wait for."""

    def __init__(self, stack: Stack, ground: Ground, api: httpx.AsyncClient, temporal: Client) -> None:
        self.stack, self.ground, self._api, self._temporal = stack, ground, api, temporal
        self.owner, self.biowin, self.officer, self.coordinator, self.organiser = (
            ground.cast.seeded(key, "network")
            for key in (
                "krakow-payer",
                "biowin-owner",
                "ce4big-officer",
                "ce4big-coordinator",
                "celis-organiser",
            )
        )

    @property
    def today(self) -> Any:
        return self.ground.clock.now().date()

    async def page(self, path: str, who: Person | None = None) -> str:
        answer = await self._api.get(path, headers={"Authorization": f"Bearer {who.token}"} if who else {})
        assert answer.status_code == 200, answer.text
        return answer.text

    async def nightly(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Night after night, until it holds."""
        async with asyncio.timeout(400):
            while not await holds():
                await self._temporal.get_schedule_handle("sweep/directory").trigger()
                await asyncio.sleep(2)

    async def told(self, address: str, subject: str, times: int = 1) -> None:
        """So many mails with this subject have come."""

        async def come() -> bool:
            return len([mail for mail in mails(self.stack, address) if mail["subject"] == subject]) >= times

        await eventually(come)


@asynccontextmanager
async def at_work(stack: Stack, story: str) -> AsyncGenerator[Network]:
    layout = stack.running_state.layout
    async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30) as api:
        ground = Ground(Cast(layout, api, f"{RUN}-{story}"), Clock(layout.clock), lambda told: None)
        yield Network(stack, ground, api, await Client.connect(layout.address("temporal")))


async def test_a_label_is_prepared_for_awarded_reminded_of_and_renewed(stack: Stack) -> None:
    async with at_work(stack, "label") as network:
        await _assesses_itself(network)
        officer, label = network.officer, str(named_id("recognition", "Klaster LifeScience Kraków"))
        path = f"/api/v1/recognitions/{label}"
        assert "date unknown" in await network.page("/recognitions"), "reported, without a certificate"
        await _award(network, label, network.today, months_later(network.today, 3) + timedelta(days=2))
        assert "valid until" in await network.page(f"/directory/{KRAKOW}")

        async def expired() -> bool:
            return (await officer.get(path))["validity"] == "expired"

        lapsing = asyncio.create_task(_lapses(network))
        await network.nightly(expired)
        await network.told(OWNER, "The label of Klaster LifeScience Kraków ends soon", times=3)
        await network.told(OWNER, "The label of Klaster LifeScience Kraków has expired")
        assert "expired, renewable until" in await network.page(f"/directory/{KRAKOW}")
        assert KRAKOW not in await _labelled(network)
        file = await officer.upload("/api/v1/recognitions/files", "renewed.pdf", EVIDENCE)
        renewed = {"awarded_on": str(network.today), "certificate": file}
        await officer.act(f"{path}/renew", renewed, step="renew")
        assert KRAKOW in await _labelled(network)
        await lapsing


async def _assesses_itself(network: Network) -> None:
    """Answers at the level of bronze: it sees what is missing to silver, and no other cluster."""
    sets = await network.owner.get("/api/v1/indicator-sets")
    (known,) = [one for one in sets if one["state"] == "published"]
    answers = {one["key"]: one["bronze"] for one in known["indicators"]}
    body = {"organisation": KRAKOW, "answers": answers}
    id = (await network.owner.act("/api/v1/self-assessments", body, step="assess"))["id"]
    told = await network.owner.get(f"/api/v1/self-assessments/{id}")
    assert (told["reached"], told["next_level"], told["benchmark"]) == ("bronze", "silver", [])
    page = await network.page(f"/self-assessments/{id}", network.owner)
    assert "What is missing to Silver" in page and "There are too few others yet." in page


async def _award(network: Network, label: str, awarded_on: Any, valid_until: Any) -> None:
    file = await network.officer.upload("/api/v1/recognitions/files", "certificate.pdf", EVIDENCE)
    body = {"awarded_on": str(awarded_on), "valid_until": str(valid_until), "certificate": file, "score": 84}
    await network.officer.act(f"/api/v1/recognitions/{label}/award", body, step=f"award-{label}")


async def _lapses(network: Network) -> None:
    """BioWin's label ended almost a year ago: it has expired at once, and can soon be renewed no more."""
    label, today = str(named_id("recognition", "BioWin")), network.today
    await _award(network, label, months_later(today, -36), months_later(today, -12) + timedelta(days=9))

    async def lapsed() -> bool:
        return (await network.officer.get(f"/api/v1/recognitions/{label}"))["validity"] == "lapsed"

    await network.nightly(lapsed)
    await network.told(BIOWIN_OWNER, "The label of BioWin has lapsed")
    assert "Silver" not in (await network.page(f"/directory/{BIOWIN}")).partition("<main")[2]


async def _labelled(network: Network) -> list[str]:
    """Who has a valid silver label, as everybody finds it."""
    return [one["id"] for one in await network.owner.get("/api/v1/directory?label=ECEI/silver")]


async def test_what_takes_place_is_counted_beside_the_plan_and_found_by_everybody(stack: Stack) -> None:
    async with at_work(stack, "plan") as network:
        partnership = f"/api/v1/partnerships/{CE4BIG}"
        plan = {"exchanges": 40, "training": 3}
        await network.coordinator.act(f"{partnership}/plan", plan, step="numbers")
        seen = await network.coordinator.get(partnership)
        part = {
            "partnership": CE4BIG, "number": 9, "title": "Learning from visits", "lead": KRAKOW,
            "first_day": seen["first_day"], "last_day": seen["last_day"],
        }  # fmt: skip
        package = await network.coordinator.act("/api/v1/work-packages", part, step="package")
        before = await _done(network, CE4BIG, "exchanges")
        handed_in = asyncio.create_task(_deliverable(network, package["id"]))
        trained = asyncio.create_task(_event(network))
        visit = await _exchange(network)
        assert await _done(network, CE4BIG, "exchanges") == before + 1
        page = await network.page(f"/partnerships/{CE4BIG}", network.coordinator)
        assert "Learning from visits" in page and 'href="/budgets"' in page
        await _portfolio(network, visit)
        await handed_in
        await trained
        await verified(stack)


async def _exchange(network: Network) -> str:
    """A company of Kraków meets its host in Tartu by video: the case that was counted."""
    await network.ground.prepare()
    exchange = Exchange(network.ground, "virtual", lambda told: None, mode="virtual")
    await exchange.play_to_review()
    await exchange.decide()
    await exchange.sign()
    await exchange.visit()
    await exchange.until("application", lambda state: state == "closed")
    return exchange.case


async def _event(network: Network) -> None:
    """A training takes place: it stands ahead, then among what took place."""
    before, starts = await _done(network, CELIS, "training"), network.ground.clock.now() + timedelta(days=4)
    written = "%Y-%m-%dT%H:%M"
    body = {
        "partnership": CELIS, "kind": "training", "title": "Selling abroad", "venue": "Bio-Incubator",
        "town": "Leuven", "country": "BE", "timezone": "Europe/Brussels", "places": 20,
        "starts_at": starts.strftime(written), "ends_at": (starts + timedelta(hours=8)).strftime(written),
        "registration_until": (starts - timedelta(days=1)).strftime(written),
    }  # fmt: skip
    await network.organiser.act("/api/v1/events", body, step="publish")

    async def took_place() -> bool:
        return await _done(network, CELIS, "training") == before + 1

    await eventually(took_place)


async def _done(network: Network, partnership: str, measure: str) -> int:
    counts = (await network.coordinator.get(f"/api/v1/partnerships/{partnership}"))["counts"]
    return next((one["done"] for one in counts if one["measure"] == measure), 0)


async def _deliverable(network: Network, package: str) -> None:
    """It is late before it comes; the peer asks for a better version; the coordinator accepts that one."""
    body = {
        "partnership": CE4BIG, "work_package": package, "title": "What visits taught us", "kind": "report",
        "lead": KRAKOW, "peer": BIOWIN, "due_on": str(network.today + timedelta(days=25)),
    }  # fmt: skip
    id = (await network.coordinator.act("/api/v1/deliverables", body, step="deliverable"))["id"]
    path = f"/api/v1/deliverables/{id}"
    await network.told(OWNER, "A deliverable of CE4BIG is yours")

    async def late() -> bool:
        return any(
            mail["subject"] == "A deliverable of CE4BIG is late" for mail in mails(network.stack, OWNER)
        )

    await network.nightly(late)
    for words in ("due soon", "due in a few days", "late"):
        await network.told(OWNER, f"A deliverable of CE4BIG is {words}")
    await network.told(COORDINATOR, "A deliverable of CE4BIG is late")
    for version, judgement in (("1", "return"), ("2", "review")):
        file = await network.owner.upload(
            "/api/v1/deliverables/files", f"visits-{version}.pdf", EVIDENCE + version.encode()
        )
        await network.owner.act(f"{path}/submit", {"file": file}, step=f"submit-{version}")
        review = {"review": f"Of version {version}: say what each cluster does next."}
        await network.biowin.act(f"{path}/{judgement}", review, step=f"judge-{version}")
    await network.coordinator.act(f"{path}/accept", step="accept")
    page = await network.page(f"/deliverables/{id}", network.owner)
    for words in ("Of version 1", "visits-2.pdf", "accepted"):
        assert words in page, words
    await network.told(BIOWIN_OWNER, "A deliverable of CE4BIG was accepted")


async def _portfolio(network: Network, visit: str) -> None:
    """The cluster offers what it learned on the exchange; whoever is not signed in finds it, and no company's name."""
    title = "Video visits for members"
    service = {
        "organisation": KRAKOW, "title": title, "about": "internationalisation", "origin": visit,
        "description": "We arrange meetings with hosts abroad.", "lesson": "Three half days are enough.",
    }  # fmt: skip
    id = (await network.owner.act("/api/v1/member-services", service, step="service"))["id"]
    since = {"since": str(network.today)}
    await network.owner.act(f"/api/v1/member-services/{id}/pilot", since, step="pilot")
    await network.owner.act(f"/api/v1/member-services/{id}/offer", since, step="offer")
    page = await network.page(f"/directory/{KRAKOW}")
    for words in (title, "offered", "Learned at: an exchange", "Three half days are enough.", "CE4BIG"):
        assert words in page, words
    assert "Medolab" not in page, "a company that agreed to nothing is not named"
    assert title in await network.page("/member-services?q=video&state=offered")
    found = await network.page("/directory?q=krak&country=PL&kind=cluster")
    assert '<svg class="rl-map"' in found and "Klaster LifeScience Kraków, Kraków" in found
    assert "BioWin" not in found
    assert "Nothing fits." in await network.page("/directory?q=krak&country=BE")
