"""The cases of a reader as a file: the same that the list shows, narrowed in the same way."""

from datetime import datetime
from uuid import UUID

from contracts.money import Money
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.web.look.parts import Column
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.sheet import PIECE, Listing, Rows
from services.overview import listing
from services.overview.cells import is_owed, narrowed
from services.overview.listing import Wanted


def cases_listing(actor: Actor, now: datetime, wanted: Wanted) -> Listing:
    """Newest first, each row with its days and its amount as what they are."""

    async def read(tx: Tx, after: UUID | None) -> tuple[Rows, UUID | None]:
        rows, _more = await listing.cases(tx, actor, now, wanted.model_copy(update={"after": after}), PIECE)
        told: Rows = [
            (
                row.case.number, row.title, row.case.visitor, state_word(*row.case.status.split(".", 1)),
                row.case.opened_at, row.case.due_at, _("yes") if row.late else _("no"),
                Money(row.case.amount_cents, row.case.currency) if is_owed(row) else None,
                row.case.currency if is_owed(row) else None, row.ended_at,
            )
            for row in rows
        ]  # fmt: skip
        return told, rows[-1].case.id if rows else None

    columns = [
        Column(_("Number")),
        Column(_("Case")),
        Column(_("Visitor or applicant")),
        Column(_("Where it stands")),
        Column(_("Opened")),
        Column(_("Next date")),
        Column(_("Late")),
        Column(_("Amount"), number=True),
        Column(_("Currency")),
        Column(_("Ended")),
    ]
    which = narrowed(wanted)
    title = _("Cases: %(which)s") % {"which": which} if which else _("Cases")
    return Listing("cases", title, columns, read)
