"""Each place takes the kinds of files that are wanted there, and tells which when it refuses one."""

from pathlib import Path

import pytest

from services.applications.app import make_service as applications
from services.reimbursements.app import make_service as reimbursements
from tests.conftest import FreshDatabase
from tests.people import Make, stage

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
XML = b'<?xml version="1.0" encoding="UTF-8"?>\n<Document/>\n'


@pytest.mark.parametrize(
    ("name", "make", "path", "taken", "refused", "kinds"),
    [
        ("applications", applications, "/api/v1/files", ("a.pdf", PDF), ("a.xml", XML), "PDF, JPG, PNG"),
        ("reimbursements", reimbursements, "/api/v1/statements/files", ("a.xml", XML), ("a.pdf", PDF), "XML"),
        ("reimbursements", reimbursements, "/api/v1/statements/files", ("b.xml", XML), ("b.xml", PDF), "XML"),
    ],
    ids=["evidence", "of the bank", "not what its name says"],
)
async def test_a_refusal_lists_what_is_taken_there(
    fresh_database: FreshDatabase,
    tmp_path: Path,
    name: str,
    make: Make,
    path: str,
    taken: tuple[str, bytes],
    refused: tuple[str, bytes],
    kinds: str,
) -> None:
    async with stage(make, await fresh_database(name), tmp_path) as on:
        somebody = await on.person("Somebody")
        assert (await somebody.upload(path, *taken)).status_code == 201
        answer = await somebody.upload(path, *refused)
    assert (answer.status_code, answer.json()["slug"]) == (422, "file-kind")
    assert answer.json()["title"].endswith(f"Send one of: {kinds}.")


async def test_what_is_too_large_is_refused_with_a_sentence(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with stage(applications, await fresh_database("applications"), tmp_path) as on:
        somebody = await on.person("Somebody")
        answer = await somebody.upload("/api/v1/files", "a.pdf", PDF + b" " * 27_000_000)
        assert (answer.status_code, answer.json()["slug"]) == (413, "request-too-large")


async def test_what_programs_write_may_be_larger_than_what_people_send(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """The EU's list of sanctions is a CSV of some twenty megabytes."""
    async with stage(reimbursements, await fresh_database("reimbursements"), tmp_path) as on:
        somebody, content = await on.person("Somebody"), b"NameAlias_WholeName\n" + b"Nobody\n" * 2_900_000
        path = "/api/v1/sanctions-lists/files"
        assert (await somebody.upload(path, "list.csv", content)).status_code == 201
        refused = await somebody.upload(path, "list.txt", content)
        assert (refused.json()["slug"], "10 MB" in refused.json()["title"]) == ("too-large", True)
