"""What people read of an amendment: what holds, what is asked for, and why; beside the decision and on its own page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.words.moves import move_words
from services.applications.amendments.models import Amendment
from services.applications.amendments.searching import PARTNERS, granted_of, partner_offer, partners_found
from services.applications.application import rules_of
from services.applications.kinds import amendments
from services.applications.models import Application
from services.applications.views import names_of, visible
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Column, Link, Move, Sum, Tag
from services.chassis.web.look.values import day, money
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, calculation, state_word
from services.chassis.web.who import Who

OF_EXCHANGE, OF_FORM = ("agenda", "host"), ("provider",)
"""What can change of one of them only."""


def add_amendments(service: Service) -> None:
    """Their page, and their JSON."""
    app, database, pages = service.app, service.database, service.pages

    @app.get("/api/v1/amendments/partners")
    async def partners_json(
        actor: Who,
        question: Literal["host", "provider"],
        words: Annotated[str, Query(max_length=100)],
        application: Annotated[str, Query(max_length=40)] = "",
    ) -> list[dict[str, str]]:
        """The first hosts, or knowledge providers, with these words that a granted case may change to."""
        async with database.transaction() as tx:
            cases = await granted_of(tx, actor, application)
            found = await partners_found(tx, question, cases, words)
        return [{"id": id, "name": name} for id, name in found]

    @app.get("/api/v1/amendments/{id}")
    async def amendment_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await visible(tx, amendments, actor, id)).model_dump(mode="json")

    @app.get("/amendments/{id}", include_in_schema=False)
    async def amendment_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, amendments, actor, id)
            beside = await _beside(tx, row, actor)
        return pages.page(
            request, "amendment.html", title=_("Amendment %(number)s") % {"number": row.number},
            tag=Tag(state_word("amendment", row.state)), parties=amendments.parties(actor, row),
            move=_move(row, actor), **beside,
        )  # fmt: skip


async def prepare_request(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The granted cases of the reader. Of one that is named, only what can change of it is asked: host and agenda of
    an exchange, and hosts of other countries than the visitor's; the provider of a case by form. Where there are many
    hosts or providers, they are searched for."""
    named = query.get("application", "")
    cases = await granted_of(tx, actor, named)
    one = cases[0] if named and cases else None
    return Prepared(
        values=dict(query),
        choices={
            "application": [
                (str(case.id), f"{case.number}, {case.frozen['visitor_name']}") for case in cases
            ],
        },
        offers={name: await partner_offer(tx, name, cases, query) for name in PARTNERS},
        found_at=f"/api/v1/amendments/partners?application={named}",
        left_out=frozenset() if one is None else frozenset(_unasked(one)),
    )


def _unasked(case: Application) -> Iterator[str]:
    """What of this case does not change by asking for it."""
    yield from OF_FORM if case.form is None else OF_EXCHANGE
    if case.form is None or rules_of(case).amount.mode != "requested":
        yield "amount_cents"


async def prepare_decision(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    assert isinstance(row, Amendment)
    return Prepared(beside=await _beside(tx, row, actor))


async def _beside(tx: Tx, row: Amendment, actor: Actor) -> dict[str, Any]:
    """A host sees nothing of what is paid."""
    paid = amendments.parties(actor, row) - {"HO", "HOS", "READER"}
    case = await tx.found(Application, row.application)
    before = {**row.frozen, **row.before}
    names = await names_of(tx, [one for one in (row.provider, row.provider_before) if one])
    return {
        "amendment": row,
        "case": case,
        "sum": _new_sum(row) if paid and row.amount_cents else None,
        "columns": [Column(_("What")), Column(_("Granted")), Column(_("Asked for"))],
        "terms": [
            *_days(before, row.frozen),
            *(_sum(row) if paid else []),
            *_host(before, row.frozen),
            *_provider(row, names),
            *_agenda(row),
        ],
    }


def _move(row: Amendment, actor: Actor) -> Move | None:
    """Whose move it is, until when, and what silence means."""
    if row.state == "requested":
        words, mine = move_words("amendment.requested"), amendments.parties(actor, row)
        if "VOP" not in mine or actor.person == row.requested_by:
            title = _("Waiting for the visitor's partnership: %(what)s") % {"what": _(words.awaited)}
            return Move(title, False, due=row.due_at, silence=_(words.silence))
        agree, refuse = (
            Link(act_words("amendment", name).button, f"/amendments/{row.id}/{name}")
            for name in ("agree", "refuse")
        )
        title = _("Your move: %(what)s") % {"what": _(words.what)}
        return Move(title, True, due=row.due_at, silence=_(words.silence), button=agree, others=[refuse])
    if row.state == "agreed":
        silence = _("If not everybody has signed the new version by then, the old terms stand.")
        return Move(
            _("Waiting for the signatures on the new version"), False, due=row.due_at, silence=silence
        )
    return None


def _new_sum(row: Amendment) -> Sum:
    """How the sum that is asked for comes about."""
    lines = calculation(row.frozen["lines"], row.frozen["rate_cents"])
    return Sum(_("The sum as asked for"), lines, _("Sum"), row.amount_cents)


def _days(old: Mapping[str, Any], new: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    named = (("first_day", _("First day")), ("last_day", _("Last day")))
    return [[label, *(day(date.fromisoformat(one[name])) for one in (old, new))] for name, label in named]


def _sum(row: Amendment) -> Sequence[Sequence[str]]:
    return [[_("Sum"), money(row.before_cents), money(row.amount_cents)]] if row.amount_cents else []


def _host(old: Mapping[str, Any], new: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    if old.get("host") == new.get("host"):
        return []
    return [[_("Host"), *(f"{one['host_name']}, {one['host_town']}" for one in (old, new))]]


def _provider(row: Amendment, names: Mapping[UUID, str]) -> Sequence[Sequence[str]]:
    if row.provider is None:
        return []
    return [
        [
            _("Knowledge provider"),
            *(names.get(one, "–") if one else "–" for one in (row.provider_before, row.provider)),
        ]
    ]


def _agenda(row: Amendment) -> Sequence[Sequence[str]]:
    return [[_("Agenda"), row.agenda_before, row.agenda]] if row.agenda else []
