"""Records that resemble one another, in words: beside an organisation, and where one is chosen to merge into."""

from sqlalchemy import or_
from sqlmodel import col, select

from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.web.look.parts import Cell
from services.chassis.web.look.words import gettext as _
from services.directory.duplicates import Likeness, Records
from services.directory.kinds import organisations
from services.directory.models import Organisation
from services.directory.places import place_of

SHOWN = 20


async def alike_of(tx: Tx, actor: Actor, row: Organisation) -> list[tuple[str, Cell]]:
    """Records that may be of the same legal person, for whoever may merge this one; each leads to the merge."""
    if row.state == "merged" or not organisations.parties(actor, row) & {"COORD", "OPERATOR"}:
        return []
    numbers = (row.registration_number, row.vat_number)
    found = await Records(tx).like(row.name, row.country, numbers, but=row.id)
    return [
        (
            _why(one),
            Cell(
                one.record.name,
                href=f"/organisations/{row.id}/merge?into={one.record.id}",
                note=place_of(one.record),
            ),
        )
        for one in found
    ]


async def merged_with(tx: Tx, row: Organisation) -> list[tuple[str, Cell]]:
    """The record that this one was merged into, and those that were merged into it: both histories stay readable."""
    statement = select(Organisation).where(
        or_(col(Organisation.id) == row.merged_into, col(Organisation.merged_into) == row.id)
    )
    return [
        (
            _("Merged into") if one.id == row.merged_into else _("Merged into this one"),
            Cell(one.name, href=f"/organisations/{one.id}", note=place_of(one)),
        )
        for one in (await tx.session.exec(statement.order_by(col(Organisation.id)).limit(SHOWN))).all()
    ]


def called(one: Likeness) -> str:
    """The record with its place and why somebody should look."""
    return _("%(name)s, %(place)s (%(why)s)") % {
        "name": one.record.name, "place": place_of(one.record), "why": _why(one),
    }  # fmt: skip


def _why(one: Likeness) -> str:
    return _("same number") if one.certain else _("names %(score)s %% alike") % {"score": one.score}
