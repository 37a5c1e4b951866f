"""The delivery log: operators see what became of every mail and send one again; nobody else sees it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from contracts import registration
from contracts.ids import new_id
from services.chassis.identity.actor import PLATFORM
from tests.conftest import FreshDatabase
from tests.people import Person
from tests.service.counting import statements
from tests.service.mailing import Post, post_office


@pytest.fixture
async def post(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Post]:
    async with post_office(await fresh_database("notifications"), tmp_path) as office:
        yield office


@pytest.fixture
async def operator(post: Post) -> Person:
    return await post.stage.person("operator", ("operator", PLATFORM))


async def confirmed(post: Post, *names: str) -> None:
    """A place for each of them, and so a mail."""
    for name in names:
        who = await post.person(name)
        await post.hear(post.facts.of_registration(registration.Confirmed, new_id(), who, "confirmed"))


async def test_an_operator_sees_what_became_of_a_mail(post: Post, operator: Person) -> None:
    await confirmed(post, "ada")
    post.server.script = ["550 nobody lives here"]
    await post.send()
    (entry,) = (await operator.get("/api/v1/deliveries")).json()
    assert (entry["state"], entry["code"], entry["email"]) == ("failed", "550", "ada@example.org")
    assert (await operator.get(f"/api/v1/deliveries/{entry['id']}")).json() == entry
    page = (await operator.open("/deliveries")).text
    for words in ("Ada", "ada@example.org", "Place confirmed", "failed", "Reply 550", "Send it again"):
        assert words in page


async def test_an_operator_sends_a_mail_again_once_per_click(post: Post, operator: Person) -> None:
    await confirmed(post, "ada")
    await post.send()
    (entry,) = (await operator.get("/api/v1/deliveries")).json()
    path = f"/api/v1/deliveries/{entry['id']}/resend"
    answers = [await operator.post(path, key="once") for _ in range(2)]
    assert [answer.json()["state"] for answer in answers] == ["queued", "queued"]
    assert (await operator.post(path, key="twice")).json()["slug"] == "resend-not-now"
    await post.send()
    first, second = post.server.taken
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Subject"] == second["Subject"]


async def test_the_page_of_the_act_leads_back_to_the_log(post: Post, operator: Person) -> None:
    await confirmed(post, "ada")
    await post.send()
    (entry,) = (await operator.get("/api/v1/deliveries")).json()
    form = await operator.open(f"/deliveries/{entry['id']}/resend")
    assert "Send this mail again" in form.text
    sent = await operator.send(f"/deliveries/{entry['id']}/resend", {})
    assert (sent.status_code, sent.headers["location"].partition("?")[0]) == (303, "/deliveries")


async def test_others_do_not_even_learn_that_there_is_a_log(post: Post) -> None:
    await confirmed(post, "ada")
    (delivery,) = await post.deliveries()
    other = await post.stage.person("officer", ("officer", new_id()))
    answers = [
        await other.get("/api/v1/deliveries"),
        await other.get(f"/api/v1/deliveries/{delivery.id}"),
        await other.open("/deliveries"),
        await other.open(f"/deliveries/{delivery.id}/resend"),
        await other.post(f"/api/v1/deliveries/{delivery.id}/resend"),
    ]
    assert {answer.status_code for answer in answers} == {404}


async def test_the_log_is_read_in_pages_newest_first(post: Post, operator: Person) -> None:
    await confirmed(post, "ada", "ben", "cyd")
    first = (await operator.get("/api/v1/deliveries?limit=2")).json()
    rest = (await operator.get(f"/api/v1/deliveries?limit=2&after={first[-1]['id']}")).json()
    assert [entry["name"] for entry in (*first, *rest)] == ["Cyd", "Ben", "Ada"]
    assert (await operator.get("/api/v1/deliveries?state=sent")).json() == []
    only = (await operator.get(f"/api/v1/deliveries?case={rest[0]['case']}")).json()
    assert [entry["name"] for entry in only] == ["Ada"]


async def test_a_long_log_takes_as_many_statements_as_a_short_one(post: Post, operator: Person) -> None:
    counts: list[int] = []
    for names in (("ada",), ("ben", "cyd", "dot", "eve")):
        await confirmed(post, *names)
        with statements(post.stage.database) as sent:
            assert (await operator.open("/deliveries")).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
