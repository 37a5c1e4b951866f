"""What is signed can be printed and proved: the PDF, the bare text whose fingerprint it is, one case as a ZIP."""

import hashlib
import html
import io
import json
import zipfile
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import UUID

import pytest

from services.applications.agreements.documents import DECLARATIONS, DUTIES
from tests.conftest import FreshDatabase
from tests.service.exchange import Exchange, exchange


@pytest.fixture
async def play(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    async with exchange(await fresh_database("applications"), tmp_path) as played:
        yield played


async def test_the_fingerprint_is_of_the_bare_text_and_the_pdf_is_accessible(play: Exchange) -> None:
    await play.play_to_award(agenda="Monday: laboratory.\n\n4. Obligations\nnone")
    papers = await play.papers()
    page = f"/agreements/{papers['financial']['id']}"
    bare = await play.payer.open(f"{page}/text")
    assert hashlib.sha256(bare.content).hexdigest() == papers["financial"]["document"]
    assert all(one in bare.text for one in (*DECLARATIONS, *DUTIES))
    shown = html.unescape((await play.payer.open(page)).text)
    assert [line for line in bare.text.splitlines() if line and line.removeprefix("– ") not in shown] == []
    first, second = (await play.payer.open(f"{page}/pdf"), await play.payer.open(f"{page}/pdf"))
    assert first.headers["content-type"] == "application/pdf" and first.content == second.content
    assert b"pdfuaid:part" in first.content, "it says that it keeps to PDF/UA"
    quality = f"/agreements/{papers['quality']['id']}"
    typed = (await play.host.open(f"{quality}/text")).text
    assert "Monday: laboratory.\n4. Obligations\nnone\n\n6. Duties" in typed, "what was typed is no clause"
    assert (await play.sign(play.visitor, "quality")).status_code == 200
    signed = await play.host.open(f"{quality}/pdf")
    assert signed.status_code == 200
    for who in (play.stranger, play.payer):
        assert (await who.open(f"{quality}/letters")).status_code == 404
    assert (await play.stranger.open(f"{quality}/pdf")).status_code == 404


async def test_a_case_is_kept_as_one_zip_by_whoever_takes_part(play: Exchange) -> None:
    await play.play_matching()
    assert (await play.play_draft()).status_code == 200
    assert (await play.officer.open(f"/applications/{play.case}/pdf")).status_code == 404, "a draft is theirs"
    assert (await play.visitor.open(f"/applications/{play.case}/pdf")).content.startswith(b"%PDF")
    await play.act(play.visitor, "submit")
    assert (await play.stranger.open(f"/applications/{play.case}/download")).status_code == 404
    answer = await play.officer.open(f"/applications/{play.case}/download")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(archive.namelist()) == ["answers.json", "application.pdf"]
        assert json.loads(archive.read("answers.json"))["first_day"] == "2027-01-11"
        assert archive.read("application.pdf").startswith(b"%PDF")


async def test_finance_gets_what_was_signed_under_the_fingerprints_that_its_audit_pack_names(
    play: Exchange,
) -> None:
    await play.play_to_grant()
    papers = await play.papers()
    payer = UUID((await play.payer.get(f"/api/v1/applications/{play.case}")).json()["payer"])
    for role in ("verifier", "approver", "treasurer"):
        them = await play.stage.person(role, (role, payer))
        answer = await them.open(f"/applications/{play.case}/signed")
        assert answer.status_code == 200, role
        assert (await them.open(f"/applications/{play.case}/download")).status_code == 404, "not the rest"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        for paper in papers.values():
            text = archive.read(f"texts/{paper['document']}.txt")
            assert hashlib.sha256(text).hexdigest() == paper["document"]
        index = json.loads(archive.read("index.json"))
        assert {one["sha256"] for one in index["texts"]} == {paper["document"] for paper in papers.values()}
        assert {one["party"] for one in index["texts"][0]["signed"]} <= {"VO", "HO", "VOP", "HOP", "PAY"}
        assert len([name for name in archive.namelist() if name.endswith(".pdf")]) == 2
    assert (await play.stranger.open(f"/applications/{play.case}/signed")).status_code == 404
