"""The audit pack of a case: everything of its money, in one file whose index proves it."""

import base64
import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from contracts import agreement, decision
from contracts.ids import new_id
from deploy.bank.books import payments_in
from deploy.prove import proved
from tests.conftest import FreshDatabase
from tests.facts import a_fact
from tests.service.camt import statement
from tests.service.claiming import claiming, photo
from tests.service.money import Finance, done
from tests.service.told import AMOUNT

SIGNED = b"FINANCIAL AGREEMENT"
DOCUMENT = hashlib.sha256(SIGNED).hexdigest()


def zipped(**files: bytes) -> bytes:
    return changed(b"", **files)


def changed(pack: bytes, **files: bytes) -> bytes:
    """A ZIP with these files in the place of its own, or beside them."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as new:
        if pack:
            with zipfile.ZipFile(io.BytesIO(pack)) as old:
                for name in old.namelist():
                    if name not in files:
                        new.writestr(name, old.read(name))
        for name, content in files.items():
            new.writestr(name, content)
    return written.getvalue()


async def test_a_pack_proves_what_is_recorded_of_a_case(money: Finance) -> None:
    case, claim = await money.play_to_payment()
    other = await money.play_to_validated()
    said = (
        decision.Made(application=case, kind="decision", favourable=True, round=1),
        agreement.Signed(party="PAY", document=DOCUMENT),
    )
    paper = new_id()
    for subject, body in zip((new_id(), paper), said, strict=True):
        await money.stage.hear(a_fact(body, subject, case=case, time=money.stage.clock.now()))
    answer = await money.approver.open(f"/audit-packs/{case}")
    assert answer.headers["content-type"] == "application/zip"
    again = await money.coordinator.open(f"/audit-packs/{case}")
    assert again.content == answer.content
    pack = zipfile.ZipFile(io.BytesIO(answer.content))
    index = json.loads(pack.read("index.json"))
    for file in index["files"]:
        assert hashlib.sha256(pack.read(file["name"])).hexdigest() == file["sha256"]
    signed = {"index.json", "index.sig", "public.pem", "README.txt"}
    assert {file["name"] for file in index["files"]} | signed == set(pack.namelist())
    (text,) = index["documents"]
    assert (text["sha256"], text["party"], text["address"]) == (DOCUMENT, "PAY", f"/agreements/{paper}")
    road = pack.read("road.csv").decode()
    for told in ("relais.decision.made.v1", "relais.claim.approved.v1", "relais.application.granted.v1"):
        assert told in road, told
    assert str(other) not in road
    number = (await money.state(claim))["number"]
    for name, told in (("payments.csv", number), ("statement-lines.csv", number), ("approvals.csv", number),
                       ("ledger.csv", "PAID")):  # fmt: skip
        assert told in pack.read(name).decode(), name
    key = load_pem_public_key((await money.approver.get("/api/v1/audit-packs/key")).content)
    assert isinstance(key, Ed25519PublicKey)
    signature = base64.b64decode(pack.read("index.sig"))
    key.verify(signature, pack.read("index.json"))
    with pytest.raises(InvalidSignature):
        key.verify(signature, pack.read("index.json").replace(b'"size"', b'"sizf"'))
    rows = await money.rows("select count(*) as n from audit_pack_downloads")
    assert rows[0].n == 2
    published = (await money.approver.get("/api/v1/audit-packs/key")).content
    texts = zipped(**{f"texts/{DOCUMENT}.txt": SIGNED})
    assert [one.fault for one in proved(answer.content, texts, published) if one.fault] == []
    assert f"texts/{DOCUMENT}.txt" in {one.name for one in proved(answer.content, texts)}
    for harmed, text, told in (
        (changed(answer.content, **{"payments.csv": b"end_to_end_id"}), texts, "payments.csv"),
        (changed(answer.content, **{"more.csv": b"1"}), texts, "more.csv"),
        (changed(answer.content, **{"index.json": b'{"files": [], "documents": []}'}), texts, "index.json"),
        (answer.content, zipped(**{f"texts/{DOCUMENT}.txt": b"ANOTHER"}), f"texts/{DOCUMENT}.txt"),
        (answer.content, zipped(), f"texts/{DOCUMENT}.txt"),
    ):
        assert told in {one.name for one in proved(harmed, text, published) if one.fault}
    for none in (b"no ZIP", zipped(), zipped(**{"index.json": b"[]"}), answer.content[:-30]):
        assert [one.name for one in proved(none, texts, published) if one.fault] == ["pack"]
    assert "pack" in {one.name for one in proved(answer.content, b"no ZIP", published) if one.fault}
    other_key = Ed25519PrivateKey.generate().public_key()
    other_pem = other_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert [one.name for one in proved(answer.content, texts, other_pem) if one.fault] == ["public.pem"]


async def test_a_pack_shows_the_line_that_pays_a_whole_batch(money: Finance) -> None:
    (first, _), (second, _) = [await money.play_to_approval() for _ in range(2)]
    _, file = await money.play_to_order()
    order = payments_in(file)[0].order_id
    done(await money.import_statement(statement("S-1", 0, (-2 * AMOUNT, "R-1", "", f"batch:{order}"))))
    for case in (first, second):
        pack = zipfile.ZipFile(io.BytesIO((await money.approver.open(f"/audit-packs/{case}")).content))
        (line,) = csv.DictReader(pack.read("statement-lines.csv").decode().splitlines())
        assert (line["cents"], line["posted_as"]) == (str(-2 * AMOUNT), "payment")


async def test_a_receipt_that_a_scanner_has_refused_is_named_and_left_out(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with claiming(await fresh_database("reimbursements"), tmp_path) as money:
        case, claim = await money.play_to_opened()
        good, bad = [await money.receipt(photo()) for _ in range(2)]
        done(await money.cost(claim, 100, receipts=[good, bad]))
        await money.change("update kept_files set state = 'infected' where id = :bad", bad=bad)
        pack = zipfile.ZipFile(io.BytesIO((await money.approver.open(f"/audit-packs/{case}")).content))
        index = json.loads(pack.read("index.json"))
        assert [(one["sha256"], one["scan"]) for one in index["left_out"]] == [(bad, "infected")]
        kept = [file["sha256"] for file in index["files"] if file["name"].startswith("receipts/")]
        assert kept == [good]
        assert not any(bad[:12] in name for name in pack.namelist())


async def test_a_pack_is_for_finance_and_the_coordinator(money: Finance) -> None:
    case, _ = await money.play_to_payment()
    assert (await money.claimant.open(f"/audit-packs/{case}")).status_code == 404
    stranger = await money.stage.person("Sten", ("approver", new_id()))
    assert (await stranger.open(f"/audit-packs/{case}")).status_code == 404
