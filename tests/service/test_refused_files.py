"""Files that the scanner refuses, wherever they were sent: their sender is told, and finds them on a page."""

from pathlib import Path

from services.chassis.scanning import Scanner
from services.reimbursements.app import make_service
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.people import stage
from tests.service.house import house
from tests.service.scanner import EICAR, fake_scanner

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


async def test_who_sent_an_infected_file_to_the_directory_is_told(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with (
        fake_scanner() as (_scanner, address),
        house(await fresh_database("directory"), tmp_path, scanner=address) as played,
    ):
        officer, other = played.person("ce4big-officer"), played.person("celis-officer")
        sent = await officer.upload("/api/v1/recognitions/files", "certificate.pdf", PDF + EICAR)
        assert sent.status_code == 201, sent.text
        assert await played.service.scanning.scan_next(Scanner(address))
        (fact,) = [
            one for one in await said(played.database, ("relais.directory",)) if "infected" in one.type
        ]
        assert (fact.type, fact.body["person"]) == ("relais.profile_file.infected.v1", str(officer.id))
        assert f"SELF:{officer.id}" in fact.audience
        assert "The virus scanner has refused certificate.pdf" in (await officer.open("/profile-files")).text
        assert "certificate.pdf" not in (await other.open("/profile-files")).text


async def test_who_sent_an_infected_receipt_is_told(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    async with (
        fake_scanner() as (_scanner, address),
        stage(make_service, await fresh_database("reimbursements"), tmp_path, scanner=address) as on,
    ):
        claimant = await on.person("Ewa")
        sent = await claimant.upload("/api/v1/claims/files", "invoice.pdf", PDF + EICAR)
        assert sent.status_code == 201, sent.text
        assert await on.service.scanning.scan_next(Scanner(address))
        (fact,) = [
            one for one in await said(on.database, ("relais.reimbursements",)) if "infected" in one.type
        ]
        assert (fact.type, fact.body["person"]) == ("relais.finance_file.infected.v1", str(claimant.id))
        page = (await claimant.open("/finance-files")).text
        assert (
            "The virus scanner has refused invoice.pdf" in page and "Send a clean file in its place" in page
        )
