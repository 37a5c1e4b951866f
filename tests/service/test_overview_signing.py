"""The page of a case while it is signed: whose signature is missing, who may sign, and a paper signed by hand."""

from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import UUID

import pytest

from tests.databases import Databases
from tests.service.beholding import Beholding, beholding

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
async def seen(postgres: Databases, tmp_path: Path) -> AsyncGenerator[Beholding]:
    async with beholding(postgres, tmp_path) as overview:
        yield overview


async def test_signatures_move_from_party_to_party_and_the_payer_comes_last(seen: Beholding) -> None:
    played = seen.exchange
    await seen.play_to_award()
    assert await seen.worklist(seen.visitor) == ["agreement.sign", "agreement.sign"]
    assert await seen.worklist(seen.payer) == []
    for who in (played.visitor, played.host, played.officer, played.host_officer):
        await played.sign(who, "quality")
    assert await seen.worklist(seen.host) == []
    assert await seen.worklist(seen.visitor) == ["agreement.sign"]
    await played.sign(played.visitor, "financial")
    assert await seen.worklist(seen.visitor) == []
    assert await seen.worklist(seen.payer) == ["agreement.sign"]
    page = await seen.page(seen.host)
    assert "Waiting for Klaster LifeScience Kraków: the last signature" in page
    assert "It can be done by Piotr." in page
    assert "Commitment to Quality: signed by all." in page
    await played.sign(played.payer, "financial")
    case = await seen.look(seen.visitor)
    assert (case["status"], case["stage"]) == ("visit.planned", "visit")
    assert {one["kind"]: sorted(one["signed"]) for one in case["agreements"]} == {
        "quality": ["HO", "HOP", "VO", "VOP"],
        "financial": ["PAY", "VO"],
    }


async def test_a_paper_that_was_handed_in_is_the_officers_move_until_it_is_compared(seen: Beholding) -> None:
    played = seen.exchange
    await seen.play_to_award()
    for who in (played.visitor, played.host, played.officer, played.host_officer):
        await played.sign(who, "quality")
    paper = (await played.papers())["financial"]["id"]

    async def hand_in() -> None:
        file = (await played.visitor.upload("/api/v1/files", "signed.pdf", PDF)).json()["id"]
        body = {"name": "Dr Anna Nowak", "function": "President", "paper": file}
        answer = await played.visitor.post(f"/api/v1/agreements/{paper}/hand-in", body)
        assert answer.status_code == 200, answer.text

    await hand_in()
    assert await seen.worklist(seen.visitor) == []
    assert await seen.worklist(seen.officer) == ["agreement.confirm_paper"]
    assert "Your move: compare the signed paper with the document" in await seen.page(seen.officer)
    assert "the comparison of a signed paper" in await seen.page(seen.visitor)
    back = await played.officer.post(
        f"/api/v1/agreements/{paper}/send-back-paper", {"party": "VO", "reason": "unreadable"}
    )
    assert back.status_code == 200, back.text
    assert await seen.worklist(seen.officer) == []
    assert await seen.worklist(seen.visitor) == ["agreement.sign"]
    await hand_in()
    confirmed = await played.officer.post(
        f"/api/v1/agreements/{paper}/confirm-paper", {"party": "VO", "same": True}
    )
    assert confirmed.status_code == 200, confirmed.text
    assert await seen.worklist(seen.officer) == []
    assert await seen.worklist(seen.payer) == ["agreement.sign"]


async def test_the_panel_gives_the_reader_the_one_button_of_their_move(seen: Beholding) -> None:
    await seen.play_to_award()
    page = await seen.page(seen.visitor)
    assert "Your move: read and sign 2 documents" in page
    assert "the place lapses and the money goes back to the budget" in page
    assert page.count('class="govuk-button" href="/agreements/') == 1
    assert f'href="/applications/{seen.case}/withdraw"' in page
    officer = await seen.page(seen.officer)
    assert "Your move: read and sign" in officer and "/withdraw" not in officer


async def test_only_who_may_sign_is_asked_to(seen: Beholding) -> None:
    company = UUID((await seen.exchange.visitor.get(f"/api/v1/applications/{seen.case}")).json()["visitor"])
    editor = await seen.stage.person("Zofia", ("editor", company))
    await seen.play_to_award()
    assert await seen.worklist(editor) == []
    page = await seen.page(editor)
    assert "Your move" not in page and "Your organisation&#39;s signatory signs: Ewa." in page
    paper = (await seen.exchange.papers())["quality"]["id"]
    assert f"/agreements/{paper}/sign" not in page and f"/agreements/{paper}/name-signatory" in page
