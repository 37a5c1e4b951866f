"""An agreement as a PDF: the text that is signed, word for word, and below it who has signed it and how."""

from datetime import datetime
from uuid import UUID

from services.applications.agreements.documents import read
from services.applications.agreements.signing import missing
from services.applications.models import Agreement, Application
from services.applications.projections import KnownPartnership
from services.chassis.database import Tx
from services.chassis.identity.people import people_of
from services.chassis.web.look.context import PageContext, reading
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import gettext as _
from services.chassis.web.papers.document import Document, Part
from services.chassis.web.sentences import party


async def printed(tx: Tx, row: Agreement) -> Document:
    """As it stands: with every signature that there is. In the language of the text, whoever reads it."""
    case = await tx.found(Application, row.application)
    partnership = await tx.get(KnownPartnership, case.visitor_partnership)
    names = await names_of_signers(tx, row)
    title, parts = read(row.content)
    with reading(PageContext(language="en")):
        signed = [(_capital(one["party"]), _how(one, names)) for one in row.signatures]
        unsigned = [(_capital(side), _("not yet")) for side in missing(row)] if row.state == "open" else []
        proof = _(
            "The fingerprint is the SHA-256 of the text above, from its title to its last clause, as a file in UTF-8. "
            "Every signature is over this fingerprint."
        )
        parts += [
            Part(_("Signatures"), pairs=[*signed, *unsigned]),
            Part(paragraphs=[proof, *_funding(partnership)]),
        ]
        foot = _("Fingerprint %(hash)s") % {"hash": row.document}
    made_at = max((datetime.fromisoformat(one["at"]) for one in row.signatures), default=row.opened_at)
    return Document(title, made_at, parts, foot, "en")


def file_name(row: Agreement, case: Application) -> str:
    """What its files are called, without an ending."""
    amended = "-amended" if row.amendment else ""
    return f"{case.number}-{row.kind}-{row.round}{amended}-{row.document[:8]}"


async def names_of_signers(tx: Tx, row: Agreement) -> dict[str, str]:
    """Id → name of everybody who has signed, and of whom they have signed for."""
    ids = {UUID(one[who]) for one in row.signatures for who in ("person", "principal") if who in one}
    return {str(id): person.name for id, person in (await people_of(tx, ids)).items()}


def signer(one: dict[str, str], names: dict[str, str]) -> str:
    """Who has signed, in which function, and by whose power of attorney."""
    who = one.get("name") or names.get(one.get("person", ""), "")
    told = ", ".join(filter(None, (who, one["function"])))
    if "principal" not in one:
        return told
    words = {"agent": told, "principal": names.get(one["principal"], "–")}
    return _("%(agent)s, by power of attorney for %(principal)s") % words


def _how(one: dict[str, str], names: dict[str, str]) -> str:
    lines = [
        signer(one, names),
        moment(datetime.fromisoformat(one["at"]), named=True),
    ]
    if "paper" in one:
        lines.append(_("Signed on paper, compared by an officer"))
    if "link" in one:
        lines.append(_("Signed by a link mailed to %(named)s") % one)
    return "\n".join(lines)


def _funding(partnership: KnownPartnership | None) -> list[str]:
    if partnership is None or not partnership.programme:
        return []
    words = {"partnership": partnership.name, "programme": partnership.programme}
    return [_("%(partnership)s is funded by the programme %(programme)s.") % words]


def _capital(side: str) -> str:
    told = party(side)
    return told[:1].upper() + told[1:]
