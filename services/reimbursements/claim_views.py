"""Claims as finance and claimants read them: by the last day to pay, and one claim on one screen."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from sqlalchemy import tuple_
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.claim import CLAIM
from contracts.workdays import BUSINESS_ZONE, END_OF_DAY
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.facts.tables import outbox
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column, Move, Post, Sum, SumLine, Tag, TagKind
from services.chassis.web.look.values import amount, days, short_day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import humanised
from services.chassis.web.sentences import calculation, fact_line, party, state_word
from services.chassis.web.who import Who
from services.reimbursements.kinds import claims
from services.reimbursements.models import Case, Claim, Payee
from services.reimbursements.payment_models import Payment
from services.reimbursements.reading import PAGE, Limit, acts_of, further, names_of, of_reader, visible

ROAD = ("filed", "verified", "approved", "ordered", "paid", "closed")
TAGS: Mapping[str, TagKind] = {"paid": "good", "closed": "good", "rejected": "bad", "expired": "bad"}
UNSAID = {"deciders", "remark", "explanation", "appeal_text", "filed_by", "verified_by", "approval"}
"""Columns that a machine is not told: who checked, and free text."""


def claim_views(service: Service) -> APIRouter:
    """Routes that read claims."""
    router, database, pages = APIRouter(), service.database, service.pages

    @router.get("/api/v1/claims", tags=["claim"])
    async def listed(
        actor: Who,
        after: UUID | None = None,
        case: UUID | None = None,
        limit: Limit = PAGE,
    ) -> list[dict[str, Any]]:
        """Claims that the reader takes part in by the last day to pay, or those of one case."""
        async with database.transaction() as tx:
            rows = await _claims(tx, actor, after, limit, case=case)
        return [_json(row) for row in rows]

    @router.get("/api/v1/claims/{id}", tags=["claim"])
    async def one(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return _json(await visible(tx, claims, actor, id))

    @router.get("/claims", include_in_schema=False)
    async def list_page(
        request: Request,
        actor: Who,
        after: UUID | None = None,
        every: bool = False,
    ) -> Response:
        async with database.transaction() as tx:
            rows = await _claims(tx, actor, after, PAGE, open_only=not every)
            names = await names_of(tx, (row.organisation for row in rows))
        with reading(pages.context(request)):
            shown = _table(rows, names, service.clock.moment().today())
        return pages.page(
            request,
            "claims.html",
            every=every,
            **shown,
            next=further(rows, PAGE, "every=yes&" if every else ""),
        )

    @router.get("/claims/{id}", include_in_schema=False)
    async def page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            claim = await visible(tx, claims, actor, id)
            case = await tx.found(Case, claim.case_id)
            names = await names_of(tx, (claim.organisation, claim.payer))
            payee = (
                await tx.session.exec(select(Payee).where(Payee.organisation == claim.organisation))
            ).first()
            attempts = select(Payment).where(Payment.claim == id).order_by(col(Payment.attempt))
            payments = list((await tx.session.exec(attempts)).all())
            history = await _history(tx, id)
        with reading(pages.context(request)):
            shown: dict[str, Any] = {
                "move": _move(claim, actor, names, history[-1][1]),
                "posts": _road(claim, history),
                "sum": sum_of(claim, case),
                "granted_and_done": granted_and_done(case),
                "tag": claim_tag(claim),
            }
        return pages.page(
            request, "claim.html", claim=claim, case=case, payee=payee, payments=payments,
            organisation=names.get(claim.organisation, ""), payer=names.get(claim.payer, ""),
            claimant="CLAIMANT" in claims.parties(actor, claim), **shown,
        )  # fmt: skip

    return router


async def prepare_check(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The sum and what it rests on, beside the decision of the verifier and the approver."""
    assert isinstance(row, Claim)
    case = await tx.found(Case, row.case_id)
    beside = {"claim": row, "sum": sum_of(row, case), "granted_and_done": granted_and_done(case)}
    return Prepared(values={"accepted_cents": row.amount_cents}, beside=beside)


def sum_of(claim: Claim, case: Case) -> Sum:
    """What will be paid, with its calculation by the rules that the case was frozen with."""
    lines = calculation(claim.lines, int(case.frozen["rate_cents"]))
    if claim.accepted_cents not in (0, claim.amount_cents):
        lines += [
            SumLine(_("Claimed"), claim.amount_cents),
            SumLine(_("Accepted of it"), claim.accepted_cents),
        ]
    return Sum(_("What will be paid"), lines, _("To pay"), claim.accepted_cents or claim.amount_cents)


def granted_and_done(case: Case) -> dict[str, Any]:
    """What was granted beside what the validated visit was, as a table; what differs is marked."""
    frozen, done = case.frozen, case.validated
    rows = [
        (_("Working days"), str(frozen["working_days"]), str(done["days"])),
        (_("Dates"), _period(frozen), _period(done)),
        (_("Validated on"), "", short_day(date.fromisoformat(done["validated_on"]))),
    ]
    differs = Tag(_("differs"), "wait")
    return {
        "columns": [Column(_("What")), Column(_("Granted")), Column(_("Done"))],
        "rows": [
            [label, granted, Cell(really, tag=differs if granted not in ("", really) else None)]
            for label, granted, really in rows
        ],
    }


def _period(of: Mapping[str, Any]) -> str:
    return days(date.fromisoformat(of["first_day"]), date.fromisoformat(of["last_day"]))


def claim_tag(claim: Claim) -> Tag:
    return Tag(state_word("claim", claim.state), TAGS.get(claim.state, "wait"))


def _table(rows: list[Claim], names: Mapping[UUID, str], today: date) -> dict[str, Any]:
    late = {row.id: row.pay_by < today and CLAIM.must_be_open(row.state, row.final) for row in rows}
    return {
        "columns": [
            Column(_("Claim")),
            Column(_("Organisation")),
            Column(_("Amount in EUR"), number=True),
            Column(_("Pay by")),
            Column(_("Standing")),
        ],
        "rows": [
            [
                Cell(row.number, href=f"/claims/{row.id}"),
                names.get(row.organisation, ""),
                amount(row.amount_cents),
                Cell(short_day(row.pay_by), tag=Tag(_("late"), "bad") if late[row.id] else None),
                Cell(tag=claim_tag(row)),
            ]
            for row in rows
        ],
    }


def _move(claim: Claim, actor: Actor, names: Mapping[UUID, str], since: datetime) -> Move:
    """Whose move it is, what to do and by when."""
    acts = acts_of(claims, claim, actor)
    parties = claims.parties(actor, claim)
    movers = CLAIM.movers_in(claim.state) or (("TREASURER",) if claim.state == "approved" else ())
    what, silence = _asked(claim)
    pay_by = datetime.combine(claim.pay_by, END_OF_DAY, ZoneInfo(BUSINESS_ZONE))
    due = pay_by if claim.state in ("filed", "verified", "approved", "ordered") else claim.due_at
    if not movers:
        return Move(title=what, mine=False, due=due, silence=silence, others=acts)
    if parties.intersection(movers) and acts:
        title = _("Your move: %(what)s") % {"what": what}
        return Move(title, mine=True, due=due, silence=silence, button=acts[0], others=acts[1:])
    holder = names.get(claim.organisation if "CLAIMANT" in movers else claim.payer)
    words = {"who": holder or party(movers[0]), "what": what}
    title = _("Waiting for %(who)s: %(what)s") % words
    return Move(title, mine=False, due=due, silence=silence, since=since, others=acts)


def _asked(claim: Claim) -> tuple[str, str]:
    """What the present state asks for, and what happens if nobody does it."""
    in_time = _("The money has to be paid by then.")
    expires = _("Without it the claim expires and nothing is paid.")
    match claim.state:
        case "opened":
            return _("give the account and file the claim"), expires
        case "returned":
            return _("mend what is missing and file again"), expires
        case "filed":
            return _("verify this claim"), in_time
        case "verified":
            return _("approve this claim"), in_time
        case "approved":
            return _("put the payment into a batch"), in_time
        case "ordered":
            return _("The bank has been told to pay"), in_time
        case "paid":
            return _("Paid"), _("The claim closes when the bank can no longer return the payment.")
        case "rejected" | "expired" if not claim.final:
            return _("An appeal is possible"), _("After that the decision is final.")
        case "replaced":
            return _("The payment came back after closing: a new claim replaces this one"), ""
        case _:
            return _("This claim has ended"), ""


async def _history(tx: Tx, claim: UUID) -> list[tuple[str, datetime]]:
    """What happened to it and when, from its own facts; reminders move nothing."""
    statement = (
        select(outbox.c.type, outbox.c.time).where(outbox.c.subject == claim).order_by(outbox.c.version)
    )
    rows = (await tx.execute(statement)).all()
    return [(row.type, row.time) for row in rows if row.type != "relais.claim.reminded.v1"]


def _road(claim: Claim, history: list[tuple[str, datetime]]) -> list[Post]:
    """What is done with its dates, where the claim is, and what lies ahead."""
    posts = [
        Post(fact_line(type), "done", at.date(), took=at - history[n - 1][1] if n else None)
        for n, (type, at) in enumerate(history)
    ]
    if not CLAIM.must_be_open(claim.state, claim.final):
        return posts
    posts.append(Post(humanised(state_word("claim", claim.state)), "now"))
    ahead = ROAD[ROAD.index(claim.state) + 1 :] if claim.state in ROAD else ROAD
    if claim.state not in ("rejected", "expired"):
        posts += [
            Post(fact_line(f"relais.claim.{state}.v1"), "ahead", claim.pay_by if state == "paid" else None)
            for state in ahead
        ]
    return posts


def _json(claim: Claim) -> dict[str, Any]:
    return {**claim.model_dump(mode="json", exclude=UNSAID), "case": str(claim.case_id)}


async def _claims(
    tx: Tx, actor: Actor, after: UUID | None, limit: int, *, case: UUID | None = None, open_only: bool = False
) -> list[Claim]:
    place = (col(Claim.pay_by), col(Claim.number))
    statement = select(Claim).where(of_reader(claims, actor)).order_by(*place).limit(limit)
    if case is not None:
        statement = statement.where(Claim.case_id == case)
    if open_only:
        always = [state for state in CLAIM.open_in.split() if not state.endswith("!")]
        statement = statement.where(col(Claim.state).in_(always))
    if after is not None:
        last = await tx.found(Claim, after)
        statement = statement.where(tuple_(*place) > (last.pay_by, last.number))
    return list((await tx.session.exec(statement)).all())
