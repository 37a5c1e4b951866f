"""Files in quarantine: nobody but the sender opens one before it is clean, submitting does not wait, deciding does."""

import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from contracts import asks
from services.chassis.scanning import Scanner, ScannerAway, Scanning
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.rules.forms.samples import ANSWERS, travel
from tests.service.applying import SECTIONS, Applying, applying
from tests.service.scanner import EICAR, FakeScanner, fake_scanner

ANSWERS_OF_TRIP = {key: ANSWERS[key] for key in SECTIONS["trip"]}


class Quarantine:
    """An application with one letter, on an installation with a scanner that looks when it is told to."""

    def __init__(self, desk: Applying, scanner: FakeScanner, address: str) -> None:
        self.desk = desk
        self.scanner = scanner
        self._address = address

    async def send(self, content: bytes) -> str:
        """Puts a letter into the draft, through its page; its id."""
        desk = self.desk
        path = f"/applications/{desk.case}/form/trip"
        form = {"version": await self._version(), "do": "keep"}
        sent = await desk.ewa.send(path, form, files={"letter": ("letter.txt", content)})
        assert sent.status_code == 303, sent.text
        (file,) = (await desk.draft())["sections"]["trip"]["answers"]["letter"]
        assert (await desk.save("trip", **ANSWERS_OF_TRIP, letter=[file])).status_code == 200
        return file

    async def _version(self) -> str:
        return str((await self.desk.draft())["sections"]["trip"]["version"])

    async def scan(self) -> bool:
        return await self.desk.stage.service.scanning.scan_next(Scanner(self._address))

    def at(self, file: str) -> str:
        return f"/applications/{self.desk.case}/files/{file}"


async def _drafted(desk: Applying) -> None:
    content: dict[str, Any] = travel()
    letter = {"key": "letter", "kind": "file", "label": {"en": "Letter", "de": "Brief"}, "required": False}
    content["pages"][0]["questions"].append(letter)
    desk.form = await desk.form_of(content)
    await desk.publish_call()
    await desk.begin()
    await desk.fill()


@pytest.fixture
async def house(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Quarantine]:
    async with (
        fake_scanner() as (scanner, address),
        applying(await fresh_database("applications"), tmp_path, scanner=address) as desk,
    ):
        await _drafted(desk)
        yield Quarantine(desk, scanner, address)


async def test_only_its_sender_opens_a_file_before_it_is_clean_and_only_submitting_does_not_wait(
    house: Quarantine,
) -> None:
    desk, file = house.desk, await house.send(b"Dear host")
    assert (await desk.act(desk.ewa, "submit")).status_code == 200
    assert (await desk.step(asks.Application.check_eligibility)).state == "in_review"
    assert (await desk.ewa.fetch(house.at(file))).content == b"Dear host"
    waits = await desk.officer.open(house.at(file))
    assert waits.status_code == 409 and "letter.txt still waits for the virus scanner" in waits.text
    for act, body in (("select", {}), ("refuse", {"reason": "quality", "explanation": "Not convincing."})):
        refused = await desk.act(desk.officer, act, body)
        assert (refused.status_code, refused.json()["slug"]) == (409, "file-not-checked")
    assert await house.scan() and not await house.scan()
    assert (await desk.officer.fetch(house.at(file))).content == b"Dear host"
    assert (await desk.act(desk.officer, "select")).status_code == 200


async def test_an_infected_file_is_served_to_nobody_and_its_sender_is_asked_for_another(
    house: Quarantine,
) -> None:
    desk, file = house.desk, await house.send(EICAR)
    early = (await desk.ewa.open(house.at(file))).headers["location"]
    assert await house.scan()
    for person in (desk.ewa, desk.officer):
        answer = await person.open(house.at(file))
        assert answer.status_code == 410 and "refused letter.txt" in answer.text
    assert (await desk.stage.client.get(early)).status_code == 404, "an address that was given out before"
    (fact,) = [
        fact for fact in await said(desk.stage.database, ("relais.applications",)) if fact.aggregate == "file"
    ]
    assert (fact.state, fact.body["person"]) == ("infected", str(desk.ewa.id))
    assert f"SELF:{desk.ewa.id}" in fact.audience
    mine = (await desk.ewa.open("/files")).text
    assert "The virus scanner has refused letter.txt" in mine and "Send a clean file in its place" in mine
    assert "letter.txt" not in (await desk.adam.open("/files")).text
    assert "another file is needed" in (await desk.ewa.open(f"/applications/{desk.case}/form/trip")).text
    refused = await desk.act(desk.ewa, "submit")
    assert (refused.status_code, refused.json()["slug"]) == (409, "file-infected")


async def test_a_scanner_that_is_away_is_asked_again(house: Quarantine) -> None:
    desk, file = house.desk, await house.send(b"Dear host")
    assert (await desk.act(desk.ewa, "submit")).status_code == 200
    house.scanner.broken = True
    with pytest.raises(ScannerAway):
        await house.scan()
    assert (await desk.officer.open(house.at(file))).status_code == 409
    house.scanner.broken = False
    assert await house.scan()
    assert (await desk.officer.fetch(house.at(file))).content == b"Dear host"


async def test_without_a_scanner_files_are_saved_from_an_origin_without_cookies_and_every_page_says_so(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    database = await fresh_database("applications")
    told = "not scanned for malicious software"
    async with applying(database, tmp_path, files_url="http://files.test") as desk:
        await _drafted(desk)
        house = Quarantine(desk, FakeScanner(), "")
        file = await house.send(b"<script>alert(1)</script>")
        assert (await desk.act(desk.ewa, "submit")).status_code == 200
        led = await desk.officer.open(house.at(file))
        address = led.headers["location"]
        assert address.startswith("http://files.test/kept/applications/")
        given = await desk.stage.client.get(address)
        assert given.headers["content-disposition"].startswith("attachment")
        assert given.headers["content-security-policy"].startswith("sandbox")
        assert (given.headers["x-content-type-options"], given.headers.get("set-cookie")) == ("nosniff", None)
        for page in ("/files", "/proposals", f"/applications/{desk.case}"):
            assert told in (await desk.ewa.open(page)).text
        forged = await desk.stage.client.get(address[:-4] + "AAAA")
        assert forged.status_code == 410 and "has expired" in forged.text
        service = desk.stage.service
        with_one = Scanning(service.database, service.files, Scanner("127.0.0.1:1"))
        await with_one.prepare()
        assert (await desk.officer.open(house.at(file))).status_code == 409, "a scanner came: it looks at all"
        await service.scanning.prepare()
        assert (await desk.officer.fetch(house.at(file))).status_code == 200, "and went again: nothing waits"
        late = await desk.stage.client.get(address.rpartition("/")[0] + "/" + _expired(tmp_path, file))
        assert late.status_code == 410


def _expired(folder: Path, file: str) -> str:
    """An address that was good a second ago."""
    claims = {
        "file": file,
        "name": "letter.txt",
        "type": "text/plain",
        "in_place": False,
        "exp": int(time.time()) - 1,
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key((folder / "downloads.key").read_bytes()))
