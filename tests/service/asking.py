"""A form that asks for organisations, and as many of these as a test wants."""

from typing import Any

from contracts.ids import new_id
from services.applications.projections import KnownOrganisation
from tests.rules.forms.samples import question, travel, words
from tests.service.applying import Applying


def form() -> dict[str, Any]:
    """The travel form, and before it a page that asks for organisations."""
    told = travel()
    partner = question("partner", "organisation")
    inner = [question("with", "organisation"), question("why", "short_text")]
    others = question("others", "group", required=False, most=5, questions=inner)
    reason = question("reason", "short_text")
    told["pages"].insert(
        0, {"key": "who", "title": words("With whom"), "questions": [reason, partner, others]}
    )
    return told


async def known(desk: Applying, number: int, *others: tuple[str, str]) -> None:
    """So many organisations, named by their numbers, and others by name and town."""
    async with desk.stage.service.database.transaction() as tx:
        for n, (name, town) in enumerate([*((f"Verein {n:05}", "Graz") for n in range(number)), *others]):
            id = new_id()
            tx.add(KnownOrganisation(
                id=id, name=name, kind="sme", town=town, country="AT", latitude=47.0, longitude=15.4,
                identity=id, registration_number=f"FN{n:06}",
            ))  # fmt: skip
