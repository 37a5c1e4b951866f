"""How a mail gets to the mail server: what it carries, and what becomes of it when it is not taken."""

from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import UUID

import pytest
from icalendar import Calendar

from contracts import application, event, person, registration
from contracts.ids import new_id
from services.notifications.models import Delivery
from services.notifications.sending import TRIES
from tests.conftest import FreshDatabase
from tests.facts import a_fact
from tests.service.mailing import CASE, EVENT, LOST, VISITOR, VOP, Post, post_office, sender_of


@pytest.fixture
async def post(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Post]:
    async with post_office(await fresh_database("notifications"), tmp_path) as office:
        yield office


async def one_mail(post: Post, language: str = "en") -> UUID:
    """A mail is queued for Anna."""
    anna = await post.person("anna", ("owner", VISITOR), language=language)
    await post.hear(post.facts.of_case(application.Submitted, CASE, "submitted"))
    return anna


async def the_delivery(post: Post) -> Delivery:
    (one,) = await post.deliveries()
    return one


async def test_a_mail_is_sent_once_and_carries_its_delivery_as_id(post: Post) -> None:
    await one_mail(post)
    await post.send()
    await post.send()
    (mail,), delivery = post.server.taken, await the_delivery(post)
    assert (delivery.state, delivery.code, delivery.tries) == ("sent", "", 1)
    assert mail["Message-ID"] == f"<{delivery.id}@relais.example>"
    assert mail["To"] == "anna@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert f"http://relais.test/cases/{CASE}" in plain.get_content()


async def test_a_reminder_says_what_its_reader_has_to_do(post: Post) -> None:
    await one_mail(post)
    await post.hear(post.facts.of_case(application.Reminded, CASE, "changes_requested"))
    await post.send()
    plain = post.server.taken[-1].get_body(("plain",))
    assert plain is not None
    assert "Your move: revise your application" in plain.get_content()


async def test_a_server_that_says_later_is_asked_again(post: Post) -> None:
    await one_mail(post)
    post.server.script = ["451 greylisted, try again"]
    await post.send()
    waiting = await the_delivery(post)
    assert (waiting.state, waiting.code, waiting.tries) == ("queued", "451", 1)
    assert waiting.try_at > waiting.queued_at
    await post.send()
    assert len(post.server.taken) == 1
    assert (await the_delivery(post)).state == "sent"


async def test_a_mail_that_is_never_taken_fails_in_the_end(post: Post) -> None:
    await one_mail(post)
    post.server.script = ["452 the box is full"] * TRIES
    for _ in range(TRIES):
        await post.send()
    failed = await the_delivery(post)
    assert (failed.state, failed.code, failed.tries) == ("failed", "452", TRIES)
    assert post.server.taken == []


async def test_a_mail_that_is_refused_for_good_fails_at_once(post: Post) -> None:
    await one_mail(post)
    post.server.script = ["550 nobody lives here"]
    await post.send()
    failed = await the_delivery(post)
    assert (failed.state, failed.code) == ("failed", "550")


@pytest.mark.parametrize(
    "trouble",
    [{"smtp": "127.0.0.1:9"}, {"smtp_security": "starttls"}, {"smtp_user": "relais"}],
    ids=["no server", "no TLS there", "no login there"],
)
async def test_an_outage_loses_no_mail_however_long_it_lasts(post: Post, trouble: dict[str, str]) -> None:
    await one_mail(post)
    nowhere = sender_of(post.stage.service, **trouble)
    for _ in range(TRIES + 2):
        await post.become_due()
        await nowhere.send_next()
    waiting = await the_delivery(post)
    assert (waiting.state, waiting.code) == ("queued", "no_answer")
    await post.send()
    assert len(post.server.taken) == 1


async def test_only_a_lost_confirmation_sends_a_mail_twice_and_both_have_one_id(post: Post) -> None:
    await one_mail(post)
    post.server.script = [LOST]
    await post.send()
    assert (await the_delivery(post)).state == "queued"
    await post.send()
    first, second = post.server.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert (await the_delivery(post)).state == "sent"


async def test_a_sender_that_is_killed_leaves_its_mail_to_the_next(post: Post) -> None:
    await one_mail(post)
    await post.become_due()
    killed = sender_of(post.stage.service)
    async with post.stage.database.transaction() as tx:
        assert await killed._held(tx) is not None  # pyright: ignore[reportPrivateUsage]
    assert not await post.sender.send_next(), "another one holds it still"
    await post.send()
    assert len(post.server.taken) == 1


async def test_two_senders_do_not_send_the_same_mail(post: Post) -> None:
    await one_mail(post)
    await post.become_due()
    both = post.sender, sender_of(post.stage.service)
    for sender in (*both, *both):
        await sender.send_next()
    assert len(post.server.taken) == 1


async def test_what_a_mail_names_may_be_heard_of_later(post: Post) -> None:
    anna = new_id()
    await post.grant(anna, "owner", VISITOR)
    await post.hear(post.facts.of_case(application.Submitted, CASE, "submitted"))
    await post.send()
    assert ((await the_delivery(post)).state, (await the_delivery(post)).code) == ("queued", "not_known")
    described = person.Described(status="active", name="Anna", email="anna@example.org")
    await post.hear(a_fact(described, anna))
    await post.send()
    assert len(post.server.taken) == 1


async def test_an_erased_person_gets_no_mail(post: Post) -> None:
    anna = await one_mail(post)
    await post.hear(a_fact(person.Described(status="erased"), anna, version=2))
    await post.send()
    assert ((await the_delivery(post)).state, (await the_delivery(post)).code) == ("dropped", "erased")
    assert post.server.taken == []


async def test_a_confirmed_place_goes_into_the_calendar_and_out_again(post: Post) -> None:
    ada, place = await post.person("ada"), new_id()
    await post.hear(post.facts.of_registration(registration.Confirmed, place, ada, "confirmed"))
    await post.send()
    organiser = (f"ORGANISER:{VOP}",)
    await post.hear(post.facts.say(event.Rescheduled, EVENT, "published", audience=organiser))
    await post.send()
    await post.hear(post.facts.of_registration(registration.Cancelled, place, ada, "cancelled"))
    await post.send()
    files = [next(iter(mail.iter_attachments())) for mail in post.server.taken]
    entries = [Calendar.from_ical(file.get_content()).events[0] for file in files]
    assert {str(entry["uid"]) for entry in entries} == {f"{place}@relais"}
    assert [str(entry["sequence"]) for entry in entries] == ["2", "3", "4"]
    assert [file.get_param("method") for file in files] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert all(str(entry["url"]) == f"http://relais.test/registrations/{place}" for entry in entries)
    assert "code" not in {str(key).lower() for entry in entries for key in entry}
