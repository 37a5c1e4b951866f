"""Scenes in which every list has rows of its own, for those who count what it asks the database."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from contracts import event, registration
from contracts.ids import new_id
from services.chassis.database import Database
from services.chassis.identity.actor import PLATFORM
from services.overview.app import make_service as make_overview
from tests.facts import a_fact, deliver
from tests.people import MONDAY, Person, stage
from tests.service.applying import applying
from tests.service.exchange import exchange
from tests.service.gathering import gathering
from tests.service.house import CE4BIG, KRAKOW, PROFILE, House, house
from tests.service.mailing import post_office
from tests.service.money import done
from tests.service.reviewing import CHECK, DECIDE, SCORE, Reviewing
from tests.service.test_answers_by_mail import address, mail, take
from tests.service.test_break_glass import asked
from tests.service.test_cut_offs import Ranking
from tests.service.test_directory_consortium import planned
from tests.service.test_directory_labels import CERTIFICATE
from tests.service.test_groups import Group


class Scene(NamedTuple):
    """What a service answers from, who asks, and the ids that addresses name."""

    served: Database
    people: Mapping[str, Person]
    ids: Mapping[str, Any] = {}


Played = AbstractAsyncContextManager[Scene]
Play = Callable[[Database, Path], Played]


@asynccontextmanager
async def an_event(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    partnership, of = new_id(), new_id()
    async with stage(make_overview, database, folder) as on:
        organiser = await on.person("Lies", ("organiser", partnership))
        published = event.Published(
            kind="event_xchange", title="Companion diagnostics", partnership=partnership, venue="Bio-Incubator",
            town="Leuven", country="BE", timezone="Europe/Brussels", starts_at=MONDAY, ends_at=MONDAY,
            registration_until=MONDAY, places=3, approval=True,
        )  # fmt: skip
        audience = (f"ORGANISER:{partnership}",)
        await on.hear(a_fact(published, of, state="published", audience=audience))
        for _ in range(3):
            id, guest = new_id(), new_id()
            body = registration.Submitted(event=of, person=guest)
            audience = (f"ORGANISER:{partnership}", f"REGISTRANT:{guest}")
            await on.hear(a_fact(body, id, state="pending", case=id, audience=audience))
        yield Scene(on.service.database, {"organiser": organiser})


@asynccontextmanager
async def a_gathering(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    async with gathering(database, folder) as leuven:
        await leuven.publish(2)
        guests = await leuven.guests("Ewa", "Kadri", "Piotr")
        people = {"organiser": leuven.organiser, "guest": guests[0][0]}
        yield Scene(leuven.stage.service.database, people, {"event": leuven.event})


@asynccontextmanager
async def a_post_office(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    async with post_office(database, folder) as post:
        operator = await post.stage.person("operator", ("operator", PLATFORM))
        for name in ("ada", "ben", "cyd"):
            who = await post.person(name)
            await post.hear(post.facts.of_registration(registration.Confirmed, new_id(), who, "confirmed"))
        yield Scene(post.stage.service.database, {"operator": operator})


@asynccontextmanager
async def a_house(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    async with house(database, folder) as home:
        ewa = await home.registered("Ewa")
        for number in range(3):
            await home.submit(ewa, await home.organisation(ewa, name=f"Helixon {number}"))
        yield Scene(home.service.database, {"operator": home.person("operator"), "owner": ewa})


@asynccontextmanager
async def promises(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    """What members of a partnership have promised, offer, hold and did."""
    async with house(database, folder) as home:
        officer, owner = home.person("ce4big-officer"), home.person("krakow-payer")
        coordinator, ewa = home.person("ce4big-coordinator"), await home.registered("Ewa")
        await home.registered("Adam")
        await planned(home)
        await _training(home)
        own = await home.organisation(ewa, kind="large", cluster=None)
        offers = {**PROFILE, "side": "provider", "services": ["Validation of biomarkers"]}
        taking_part = done(await home.submit(ewa, own, **offers))["id"]
        done(await officer.post(f"/api/v1/participations/{taking_part}/validate"))
        days = {"first_day": "2026-11-23", "last_day": "2026-12-31"}
        proxy = {"kind": "proxy", "scope": own, "email": "adam@helixon.example", **days}
        done(await ewa.post("/api/v1/mandates", proxy))
        portfolio = {"organisation": str(KRAKOW), "title": "Export clinic", "about": "internationalisation",
                     "description": "Half a day with somebody who sells abroad."}  # fmt: skip
        service = done(await owner.post("/api/v1/member-services", portfolio))["id"]
        done(await owner.post(f"/api/v1/member-services/{service}/pilot", {"since": "2026-10-01"}))
        done(await officer.upload("/api/v1/recognitions/files", "silver.pdf", CERTIFICATE))
        people = {"officer": officer, "owner": ewa, "coordinator": coordinator}
        yield Scene(home.service.database, people, {"partnership": CE4BIG})


async def _training(home: House) -> None:
    starts = home.clock.now() + timedelta(days=5)
    body = event.Published(
        kind="training", title="Selling abroad", partnership=CE4BIG, venue="Hall", town="Nantes", country="FR",
        timezone="Europe/Paris", starts_at=starts, ends_at=starts + timedelta(hours=6), registration_until=starts,
        places=20, approval=False,
    )  # fmt: skip
    await deliver(home.service.reader, home.database, a_fact(body, new_id(), state="published"))


@asynccontextmanager
async def a_review(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    async with applying(database, folder) as desk:
        review = Reviewing(desk)
        await review.begin([SCORE, CHECK], [DECIDE])
        done(await review.assign(review.anna))
        done(await desk.ewa.upload("/api/v1/files", "offer.pdf", CERTIFICATE))
        people = {"officer": desk.officer, "evaluator": review.anna, "applicant": desk.ewa}
        yield Scene(desk.stage.service.database, people, {"call": desk.call, "case": desk.case})


@asynccontextmanager
async def a_decision(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    async with applying(database, folder) as desk:
        await Reviewing(desk).begin([DECIDE])
        yield Scene(desk.stage.service.database, {"officer": desk.officer})


@asynccontextmanager
async def a_cut_off(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    async with applying(database, folder) as desk:
        ranking = Ranking(desk)
        await ranking.begin(70, 90)
        ids = {"call": desk.call, "cut": ranking.cut}
        yield Scene(desk.stage.service.database, {"officer": desk.officer}, ids)


@asynccontextmanager
async def a_line(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    async with applying(database, folder) as desk:
        yield Scene(desk.stage.service.database, {"coordinator": desk.coordinator})


@asynccontextmanager
async def an_exchange(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    """In review, with a message, a mail that nobody can place, a group beside it, and a break-glass asked for."""
    told = {"reply_domain": "cases.test", "reply_secret": "a secret of both services"}
    async with exchange(database, folder, **told) as play:
        await play.play_to_review()
        opened = done(await play.visitor.get(f"/api/v1/applications/{play.case}/conversation"))["id"]
        done(await play.visitor.post(f"/api/v1/conversations/{opened}/post", {"text": "May we come?"}))
        await take(play, mail(), address(play, play.visitor))
        await Group(play, await play.stage.person("Giulia", ("organiser", play.partnership))).open()
        done(await play.coordinator.post("/api/v1/break-glasses", asked(play)))
        people = {who: getattr(play, who) for who in ("visitor", "officer", "coordinator")}
        ids = {"case": play.case, "visiting": play.visiting}
        yield Scene(play.stage.service.database, people, ids)


SCENES: Mapping[tuple[str, str], Play] = {
    ("overview", "event"): an_event,
    ("events", "gathering"): a_gathering,
    ("notifications", "post"): a_post_office,
    ("directory", "house"): a_house,
    ("directory", "promises"): promises,
    ("applications", "review"): a_review,
    ("applications", "decision"): a_decision,
    ("applications", "cut-off"): a_cut_off,
    ("applications", "vouchers"): a_line,
    ("applications", "exchange"): an_exchange,
}
