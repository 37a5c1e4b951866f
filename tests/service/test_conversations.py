"""Conversations: who takes part writes and reads, officers note calls and ask for help, and the case stays as it is."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FreshDatabase
from tests.facts import said
from tests.people import Person
from tests.service.exchange import Exchange, exchange
from tests.service.scanner import fake_scanner

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
async def play(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    async with exchange(await fresh_database("applications"), tmp_path) as played:
        await played.play_to_review()
        yield played


async def conversation(play: Exchange, who: Person) -> dict[str, Any]:
    answer = await who.get(f"/api/v1/applications/{play.case}/conversation")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def say(play: Exchange, who: Person, act: str = "post", **given: Any) -> Any:
    id = (await conversation(play, play.visitor))["id"]
    return await who.post(f"/api/v1/conversations/{id}/{act}", given)


async def test_who_takes_part_writes_and_reads_and_a_stranger_learns_nothing(play: Exchange) -> None:
    before = (await play.visitor.get(f"/api/v1/applications/{play.case}")).json()
    assert (await say(play, play.visitor, text="May we come a day earlier?")).status_code == 200
    assert (await say(play, play.host, text="Yes, gladly.")).status_code == 200
    told = await conversation(play, play.officer)
    assert [(one["party"], one["text"]) for one in told["messages"]] == [
        ("VO", "May we come a day earlier?"),
        ("HO", "Yes, gladly."),
    ]
    assert (await say(play, play.stranger, text="Let me in")).status_code == 404
    assert (await play.stranger.get(f"/api/v1/applications/{play.case}/conversation")).status_code == 404
    facts = [
        fact
        for fact in await said(play.stage.database, ("relais.applications",))
        if fact.aggregate == "conversation"
    ]
    assert [fact.body.keys() for fact in facts] == [{"entry", "via"}] * 2, "facts carry ids, never words"
    assert (await play.visitor.get(f"/api/v1/applications/{play.case}")).json() == before


async def test_what_is_new_is_marked_until_it_was_seen(play: Exchange) -> None:
    await say(play, play.visitor, text="Are there news?")
    id = (await conversation(play, play.officer))["id"]
    assert ">1<" in (await play.officer.open("/conversations")).text.replace(" ", "")
    assert "rl-tag--wait" in (await play.officer.open(f"/conversations/{id}")).text
    assert "rl-tag--wait" not in (await play.officer.open(f"/conversations/{id}")).text
    assert "rl-tag--wait" not in (await play.visitor.open(f"/conversations/{id}")).text, "not one's own"
    led = await play.host.open(f"/conversations/of/{play.case}")
    assert led.headers["location"] == f"/conversations/{id}"


async def test_officers_note_calls_and_ask_the_support_office_and_the_case_goes_on(play: Exchange) -> None:
    noted = await say(play, play.officer, "note-call", caller="Ms Nowak", text="She will be late.")
    assert noted.status_code == 200
    assert (await say(play, play.visitor, "note-call", caller="x y", text="No")).status_code == 403
    handed = await say(play, play.officer, "hand-over", text="May a host abroad sign first?")
    assert handed.json()["state"] == "with_support"
    again = await say(play, play.officer, "hand-over", text="Once more?")
    assert (again.status_code, again.json()["slug"]) == (409, "hand-over-not-now")
    page = (await play.visitor.open(f"/conversations/{(await conversation(play, play.visitor))['id']}")).text
    assert "The support office has it, until" in page and "note of a telephone call with Ms Nowak" in page
    assert (await say(play, play.visitor, text="Thank you.")).status_code == 200, "all go on writing"
    given = await say(play, play.coordinator, "give-back", text="Yes, it may.")
    assert given.json()["state"] == "open"
    assert (await play.visitor.get(f"/api/v1/applications/{play.case}")).json()["state"] == "in_review"


async def test_a_draft_has_no_conversation(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    async with exchange(await fresh_database("applications"), tmp_path) as play:
        await play.play_matching()
        assert (await play.play_draft()).status_code == 200
        refused = await play.visitor.get(f"/api/v1/applications/{play.case}/conversation")
        assert (refused.status_code, refused.json()["slug"]) == (409, "conversation-not-yet")


async def test_an_attached_file_waits_for_the_scanner(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    async with (
        fake_scanner() as (_scanner, address),
        exchange(await fresh_database("applications"), tmp_path, scanner=address) as play,
    ):
        await play.play_to_review()
        id = (await conversation(play, play.visitor))["id"]
        sent = await play.visitor.send(
            f"/conversations/{id}/post", {"text": "Our programme"}, files={"files": ("programme.pdf", PDF)}
        )
        assert sent.status_code == 303, sent.text
        (message,) = (await conversation(play, play.officer))["messages"]
        (file,) = message["files"]
        assert "waits for the virus scanner" in (await play.officer.open(f"/conversations/{id}")).text
        path = f"/conversations/{id}/files/{file['id']}"
        assert (await play.officer.open(path)).status_code == 409
        assert (await play.visitor.fetch(path)).content == PDF
        assert (await play.stranger.open(path)).status_code == 404
