"""Once two people have removed what is personal in the records of a case, no other service has it any longer; what
proves the case stays."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from contracts import application, asks, retention
from contracts.ids import new_id
from services.chassis.identity.actor import PLATFORM
from tests.conftest import FreshDatabase
from tests.databases import Databases
from tests.facts import a_fact, said
from tests.service.applying import applying
from tests.service.beholding import beholding
from tests.service.exchange import Exchange, exchange
from tests.service.mailing import PAYER, PROPOSAL, VOP, post_office
from tests.service.searching import files_with, tables_with

NAME = "Adelheid Muster"
PDF = b"%PDF-1.7\n1 0 obj\n<</Author (Adelheid Muster)>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
OTHER = PDF.replace(b"1.7", b"1.6")
SHARED = PDF.replace(b"1.7", b"1.5")


@pytest.fixture
async def play(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    async with exchange(await fresh_database("applications"), tmp_path) as played:
        yield played


async def removed(play: Exchange, member: UUID | None = None) -> None:
    """As reimbursements says it."""
    if member is None:
        member = UUID((await play.officer.get(f"/api/v1/applications/{play.case}")).json()["payer"])
    await play.stage.hear(a_fact(gone(play.partnership, member)))


def gone(partnership: UUID, member: UUID) -> retention.Removed:
    return retention.Removed(partnership=partnership, member=member, receipts=1, payees=1, passages=1)


async def say(play: Exchange, words: str, content: bytes) -> str:
    """A message with a file: the file's id."""
    file = (await play.visitor.upload("/api/v1/conversations/files", f"{NAME}.pdf", content)).json()["id"]
    talk = (await play.visitor.get(f"/api/v1/applications/{play.case}/conversation")).json()["id"]
    answer = await play.visitor.post(f"/api/v1/conversations/{talk}/post", {"text": words, "files": [file]})
    assert answer.status_code == 200, answer.text
    return file


async def signed_on_paper(play: Exchange) -> None:
    paper = (await play.papers())["quality"]["id"]
    file = (await play.visitor.upload("/api/v1/files", f"{NAME}.pdf", OTHER)).json()["id"]
    handed = {"paper": file, "name": NAME, "function": f"Director {NAME}"}
    for who, act, given in (
        (play.visitor, "hand-in", handed),
        (play.officer, "confirm-paper", {"party": "VO", "same": True}),
    ):
        assert (await who.post(f"/api/v1/agreements/{paper}/{act}", given)).status_code == 200


async def reported(play: Exchange) -> UUID:
    """The visit, reported on with a file."""
    planned = "relais.visit.planned.v1"
    facts = await said(play.stage.database, ["relais.applications"])
    visit = next(fact.subject for fact in facts if fact.type == planned)
    play.stage.clock.forward(timedelta(days=120))
    for step in (asks.Visit.start, asks.Visit.end):
        await play.step(step)
    told = {"days": "5", "report": f"{NAME} saw the laboratory and the pilot plant.", "helpful": "4"}
    sent = await play.visitor.send(f"/visits/{visit}/report", told, files={"evidence": (f"{NAME}.pdf", PDF)})
    assert sent.status_code == 303, sent.text
    return visit


async def test_what_people_wrote_sent_and_signed_is_gone_and_every_fingerprint_stays(play: Exchange) -> None:
    await play.play_to_award(
        objectives=f"{NAME} learns how the host brings diagnostics to market.",
        agenda=f"Monday: laboratory with {NAME}.",
    )
    await signed_on_paper(play)
    for who in (play.host, play.officer, play.host_officer):
        assert (await play.sign(who, "quality")).status_code == 200
    for who in (play.visitor, play.payer):
        assert (await play.sign(who, "financial")).status_code == 200
    await say(play, f"Please ask {NAME}.", SHARED)
    visit = await reported(play)
    before = {kind: paper["document"] for kind, paper in (await play.papers()).items()}
    database, files = play.stage.database, play.stage.service.files
    assert {"agreements", "applications", "kept_files", "messages", "visits"} <= set(
        await tables_with(database, NAME)
    )

    await removed(play, new_id())
    assert await tables_with(database, NAME), "the records of another member are meant"
    await removed(play)
    assert await tables_with(database, NAME) == []
    assert list(files_with(play.stage.service.settings.data, NAME)) == []
    papers = await play.papers()
    assert {kind: paper["document"] for kind, paper in papers.items()} == before
    seen = (await play.officer.get(f"/api/v1/visits/{visit}")).json()
    (evidence,) = seen["evidence"]
    assert not files.path(evidence["id"]).exists()
    async with database.transaction() as tx:
        found = text("SELECT jsonb_array_elements(signatures) AS one FROM agreements WHERE kind = 'quality'")
        signatures = (await tx.execute(found)).scalars().all()
    assert {one["party"] for one in signatures} == {"VO", "HO", "VOP", "HOP"}
    assert all(one["at"] and one["document"] == before["quality"] for one in signatures)

    quality = papers["quality"]["id"]
    case, paper = f"/applications/{play.case}", f"/agreements/{quality}"
    assert "was removed on" in (await play.officer.open(case)).text
    shown = (await play.officer.open(paper)).text
    assert "Its fingerprint stays" in shown and ": ," not in shown and "/papers/" not in shown
    talk = (await play.officer.get(f"/api/v1/applications/{play.case}/conversation")).json()["id"]
    assert "<form" not in (await play.officer.open(f"/conversations/{talk}")).text.partition("<main")[2]
    for path in (f"{case}/pdf", f"{case}/download", f"/visits/{visit}", f"/conversations/of/{play.case}"):
        assert (await play.officer.open(path)).status_code in (200, 303), path
    for path in (f"{paper}/text", f"{paper}/pdf", f"/visits/{visit}/evidence/{evidence['id']}"):
        assert (await play.officer.open(path)).status_code == 410, path
    await removed(play)


async def test_a_file_that_another_case_names_stays(play: Exchange) -> None:
    await play.play_to_review()
    file = await say(play, "Our programme", PDF)
    async with play.stage.database.transaction() as tx:
        await tx.execute(
            text(
                "INSERT INTO applications SELECT (jsonb_populate_record(one, jsonb_build_object("
                "'id', gen_random_uuid(), 'number', 'CX-OTHER', 'proposal', null, 'payer', gen_random_uuid(),"
                " 'answers', jsonb_build_object('plan', CAST(:file AS text))))).* FROM applications AS one"
            ),
            {"file": file},
        )
    await removed(play)
    assert play.stage.service.files.path(file).exists()
    again = await play.visitor.upload("/api/v1/conversations/files", "again.pdf", PDF)
    assert (again.status_code, again.json()["id"]) == (201, file)


async def test_a_file_that_was_removed_can_be_sent_again(play: Exchange) -> None:
    await play.play_to_review()
    file = await say(play, "Our programme", PDF)
    await removed(play)
    sent = await play.visitor.upload("/api/v1/conversations/files", "again.pdf", PDF)
    assert (sent.status_code, sent.json()["id"]) == (201, file)
    assert play.stage.service.files.path(file).read_bytes() == PDF


async def test_a_case_whose_words_were_removed_takes_no_new_ones(play: Exchange) -> None:
    await play.play_to_award()
    await say(play, "Our programme", PDF)
    await removed(play)
    talk = (await play.visitor.get(f"/api/v1/applications/{play.case}/conversation")).json()["id"]
    letter = {"letter": "welcome_pack", "address": "Riia 1, Tartu", "contact": "Mari", "seen": ""}
    for who, act, given in (
        (play.visitor, "post", {"text": f"Please ask {NAME}."}),
        (play.officer, "note-call", {"caller": NAME, "text": "They are fine."}),
        (play.officer, "hand-over", {"text": f"Who is {NAME}?"}),
        (play.host, "send-letter", letter),
    ):
        answer = await who.post(f"/api/v1/conversations/{talk}/{act}", given)
        assert (answer.status_code, answer.json()["slug"]) == (409, "records-removed"), act
        assert "was removed on" in answer.json()["title"]
    assert await tables_with(play.stage.database, NAME) == []


async def test_the_support_office_is_asked_no_more_what_lost_its_words(play: Exchange) -> None:
    await play.play_to_award()
    await say(play, "Our programme", PDF)
    talk = (await play.officer.get(f"/api/v1/applications/{play.case}/conversation")).json()["id"]
    asked = await play.officer.post(f"/api/v1/conversations/{talk}/hand-over", {"text": f"Who is {NAME}?"})
    assert asked.json()["state"] == "with_support"
    await removed(play)
    await removed(play)
    now = (await play.officer.get(f"/api/v1/applications/{play.case}/conversation")).json()
    assert (now["state"], now["due_at"]) == ("open", None)
    facts = await said(play.stage.database, ["relais.applications"])
    dropped = [fact for fact in facts if fact.type == "relais.conversation.dropped.v1"]
    assert [(str(fact.subject), fact.actor, fact.state) for fact in dropped] == [(talk, "system", "open")]


async def test_the_answers_to_a_form_go_with_their_versions(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with applying(await fresh_database("applications"), tmp_path) as desk:
        await desk.play_to_award()
        async with desk.stage.database.transaction() as tx:
            for table in ("applications", "submissions", "draft_sections"):
                await tx.execute(
                    text(f"UPDATE {table} SET answers = answers || jsonb_build_object('who', '{NAME}')")
                )
            (case,) = (await tx.execute(text("SELECT visitor_partnership, payer FROM applications"))).all()
        await desk.stage.hear(a_fact(gone(case.visitor_partnership, case.payer)))
        assert await tables_with(desk.stage.database, NAME) == []
        for path in ("", "/pdf", "/download", "/rounds"):
            answer = await desk.officer.open(f"/applications/{desk.case}{path}")
            assert answer.status_code in (200, 404), path
        assert (await desk.officer.open(f"/applications/{desk.case}")).status_code == 200


async def test_the_log_of_mails_forgets_who_was_told_of_the_case(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with post_office(await fresh_database("notifications"), tmp_path) as post:
        operator = await post.stage.person("operator", ("operator", PLATFORM))
        await post.person("ada", ("officer", VOP))
        case = new_id()
        told: dict[str, Any] = {"case": case, "audience": (f"VOP:{VOP}",)}
        await post.hear(
            post.facts.say(application.Submitted, case, "submitted", proposal=PROPOSAL, **told),
            post.facts.say(application.Withdrawn, case, "withdrawn", **told),
        )
        await post.send()
        (entry,) = (await operator.get(f"/api/v1/deliveries?case={case}")).json()
        assert entry["email"] == "ada@example.org"
        await post.hear(a_fact(gone(VOP, new_id())))
        assert len((await operator.get("/api/v1/deliveries")).json()) == 1
        await post.hear(a_fact(gone(VOP, PAYER)))
        assert (await operator.get("/api/v1/deliveries")).json() == []
        assert await post.deliveries() == []
        assert set(await tables_with(post.stage.database, entry["id"])) <= {"outbox", "unpublished"}


async def test_overview_has_nothing_of_it_to_forget(postgres: Databases, tmp_path: Path) -> None:
    async with beholding(postgres, tmp_path) as seen:
        await say(seen.exchange, f"Please ask {NAME}.", PDF)
        why = {"reason": "other", "explanation": f"{NAME} has to say more."}
        assert (await seen.exchange.act(seen.exchange.officer, "return", why)).status_code == 200
        assert (await seen.look(seen.visitor))["status"] == "application.changes_requested"
        assert await tables_with(seen.exchange.stage.database, NAME) != []
        assert await tables_with(seen.stage.database, NAME) == []
