"""What people read of an agreement: its text, who has signed it and how, who is still to sign."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from contracts.agreement import AGREEMENT
from contracts.errors import DomainError
from contracts.tables import side_of
from services.applications.agreements.documents import read
from services.applications.agreements.naming import NAMED_BY, links_of
from services.applications.agreements.printing import file_name, names_of_signers, printed, signer
from services.applications.agreements.signing import missing
from services.applications.kinds import agreements
from services.applications.models import Agreement, Application
from services.applications.views import visible
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.files import opened
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Tag
from services.chassis.web.look.words import gettext as _
from services.chassis.web.papers import PDF, saved
from services.chassis.web.papers.document import typeset
from services.chassis.web.sentences import code, party, state_word
from services.chassis.web.who import Who

Form: TypeAlias = Literal["pdf", "text"]


class Signed(NamedTuple):
    """One signature as a page shows it; evidence is for the officers and the payer, and for the party itself."""

    party: str
    who: str
    at: datetime
    paper: str
    by_link: bool
    evidence: str


def add_agreements(service: Service) -> None:
    """Their page, and the papers that were handed in."""
    app, database, pages = service.app, service.database, service.pages

    @app.get("/agreements/{id}", include_in_schema=False)
    async def agreement_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, agreements, actor, id)
            mine = agreements.parties(actor, row)
            signatures = await _signatures(tx, row, mine)
            named = [
                link
                for link in await links_of(tx, row.id)
                if link.party in missing(row) and not link.superseded and NAMED_BY[link.party] & mine
            ]
        is_open, able = row.state == "open", mine.intersection(AGREEMENT.act("sign").parties)
        return pages.page(
            request,
            "agreement.html",
            title=code(f"{row.kind}_agreement"),
            agreement=row,
            text_=read(row.content),
            may_sign=is_open and bool({side_of(one) for one in able}.intersection(missing(row))),
            may_name=is_open and bool(_to_be_named(row, mine)),
            named=named if is_open else [],
            missing=missing(row),
            signatures=signatures,
            refused_at=datetime.fromisoformat(row.refusal["at"]) if row.refusal else None,
            parties=mine,
            hands_in=is_open and bool({"VO", "HO"} & mine.intersection(missing(row))),
            tag=Tag(state_word("agreement", row.state)),
        )

    @app.get("/agreements/{id}/{form}", include_in_schema=False)
    async def agreement_file(actor: Who, id: UUID, form: Form) -> Response:
        """The typeset text with its signatures, or the bare bytes that the fingerprint is of."""
        async with database.transaction() as tx:
            return await downloaded(tx, await visible(tx, agreements, actor, id), form)

    @app.get("/agreements/{id}/papers/{file}", include_in_schema=False)
    async def agreement_paper(actor: Who, id: UUID, file: str) -> Response:
        """A signed paper, for those who take part."""
        async with database.transaction() as tx:
            row = await visible(tx, agreements, actor, id)
            named = {one.get("file", one.get("paper")) for one in (*row.papers, *row.signatures)}
            if file not in named:
                raise DomainError("not-found", status=404)
            return service.downloads.give(await opened(tx, file, actor.person))


async def downloaded(tx: Tx, row: Agreement, form: Form) -> Response:
    """An agreement as a file to be saved; DomainError("file-removed") once its text is."""
    if not row.content:
        raise DomainError("file-removed", status=410)
    name = file_name(row, await tx.found(Application, row.application))
    if form == "text":
        return saved(row.content.encode(), f"{name}.txt", "text/plain; charset=utf-8")
    return saved(await asyncio.to_thread(typeset, await printed(tx, row)), f"{name}.pdf", PDF)


async def prepare_signature(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The text that is signed stands beside the signature."""
    assert isinstance(row, Agreement)
    case = await tx.found(Application, row.application)
    return Prepared(
        values={"document": row.document},
        beside={"agreement": row, "case": case, "text_": read(row.content)},
    )


async def prepare_naming(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """For whom the reader can name somebody."""
    assert isinstance(row, Agreement)
    able = _to_be_named(row, agreements.parties(actor, row))
    return Prepared(
        values={"party": able[0] if len(able) == 1 else ""},
        choices={"party": [(one, party(one).capitalize()) for one in able]},
    )


async def prepare_comparison(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The papers that were handed in, beside the text with whose fingerprint they are compared."""
    assert isinstance(row, Agreement)
    handed_in = [one["party"] for one in row.papers]
    return Prepared(
        values={"party": handed_in[0] if len(handed_in) == 1 else ""},
        choices={"party": [(one, party(one).capitalize()) for one in handed_in]},
        beside={"agreement": row, "text_": read(row.content)},
    )


def _to_be_named(row: Agreement, mine: frozenset[str]) -> list[str]:
    return [one for one in missing(row) if NAMED_BY.get(one, frozenset[str]()) & mine]


async def _signatures(tx: Tx, row: Agreement, mine: frozenset[str]) -> list[Signed]:
    names = await names_of_signers(tx, row)

    def evidence(one: dict[str, str]) -> str:
        if "email" not in one or mine.isdisjoint(("VOP", "HOP", "PAY", "COORD", one["party"])):
            return ""
        text = _("Link mailed to %(named)s, %(email)s; signed from the network address %(address)s")
        return text % one

    return [
        Signed(
            one["party"],
            signer(one, names),
            datetime.fromisoformat(one["at"]),
            one.get("paper", ""),
            "link" in one,
            evidence(one),
        )
        for one in row.signatures
    ]
