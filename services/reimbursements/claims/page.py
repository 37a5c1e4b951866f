"""One claim on one screen: whose move it is, what will be paid and what it rests on, its road."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from contracts.amounts import COMPUTED, settle, support_of
from contracts.claim import CLAIM
from contracts.workdays import end_of_day
from services.chassis.database import Tx
from services.chassis.facts.tables import outbox
from services.chassis.identity.actor import Actor
from services.chassis.web.look.parts import Cell, Column, Move, Post, Sum, SumLine, Tag, TagKind
from services.chassis.web.look.values import days, short_day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import humanised
from services.chassis.web.sentences import calculation, fact_line, party, state_word
from services.reimbursements.claims.models import ClaimLine
from services.reimbursements.kinds import claims
from services.reimbursements.models import Case, Claim
from services.reimbursements.reading import acts_of

ROAD = ("filed", "verified", "approved", "ordered", "paid", "closed")
TAGS: Mapping[str, TagKind] = {
    "paid": "good",
    "closed": "good",
    "recovered": "good",
    "rejected": "bad",
    "expired": "bad",
    "recovering": "bad",
}
QUIET = {
    f"relais.claim.{fact}.v1"
    for fact in ("reminded", "line_added", "line_changed", "line_removed", "line_checked")
}


def sum_of(claim: Claim, case: Case, lines: Sequence[ClaimLine]) -> Sum:
    """What will be paid, with its calculation by the rules that the case was frozen with."""
    if claim.takes_receipts:
        return _sum_of_costs(claim, case, lines)
    steps = calculation(claim.lines, int(case.frozen["rate_cents"]))
    if claim.accepted_cents not in (0, claim.amount_cents):
        steps += [
            SumLine(_("Claimed"), claim.amount_cents),
            SumLine(_("Accepted of it"), claim.accepted_cents),
        ]
    return Sum(_("What will be paid"), steps, _("To pay"), claim.accepted_cents or claim.amount_cents)


def _sum_of_costs(claim: Claim, case: Case, lines: Sequence[ClaimLine]) -> Sum:
    """Units by their calculation; costs as accepted so far, or as claimed, times intensity, within what is left."""
    support = support_of(case.frozen)
    computed = [line for line in lines if line.category in COMPUTED]
    claimed = [line for line in lines if line.category not in COMPUTED]
    costs = sum(
        line.cost_cents if line.accepted_cost_cents is None else line.accepted_cost_cents for line in claimed
    )
    drafted = claim.state in ("opened", "returned")
    left = support.claimable_cents if drafted else sum(line.estimated_cents for line in claimed)
    most = left if drafted else sum(line.claimed_cents for line in claimed)
    judged = any(line.accepted_cost_cents is not None for line in claimed)
    paid = settle([costs], support.intensity_percent, most).total_cents
    total = claim.accepted_cents or paid + sum(line.claimed_cents for line in computed)
    return Sum(
        _("What will be paid"),
        [
            *(calculation(claim.lines, 0) if computed else []),
            SumLine(_("Accepted lines") if judged else _("Claimed lines"), costs),
            SumLine(_("Intensity of the call"), f"× {support.intensity_percent} %"),
            SumLine(_("Left for costs with receipts"), left),
        ],
        _("To pay"),
        total,
    )


def granted_and_done(case: Case) -> dict[str, Any]:
    """What was granted beside what the validated visit was, as a table; what differs is marked."""
    frozen, done = case.frozen, case.validated
    if not done:
        return {}
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


def move_of(
    claim: Claim, actor: Actor, names: Mapping[UUID, str], since: datetime, hidden: Collection[str] = ()
) -> Move:
    """Whose move it is, what to do and by when."""
    acts = acts_of(claims, claim, actor, hidden)
    parties = claims.parties(actor, claim)
    movers = CLAIM.movers_in(claim.state) or (("TREASURER",) if claim.state == "approved" else ())
    what, silence = _asked(claim)
    pay_by = end_of_day(claim.pay_by)
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
            if claim.takes_receipts:
                return _("add your costs with their receipts and file the claim"), expires
            return _("give the account and file the claim"), expires
        case "returned":
            return _("mend what is missing and file again"), expires
        case "filed":
            return _("verify this claim"), in_time
        case "verified":
            if claim.passed_by is not None:
                return _("approve this claim as the second person"), in_time
            return _("approve this claim"), in_time
        case "approved":
            return _("put the payment into a batch"), in_time
        case "ordered":
            return _("The bank has been told to pay"), in_time
        case "paid":
            return _("Paid"), _("The claim closes when the bank can no longer return the payment.")
        case "rejected" | "expired" if not claim.final:
            return _("An appeal is possible"), _("After that the decision is final.")
        case "recovering":
            return _("pay back what was demanded"), _("Three reminders are sent, a fortnight apart.")
        case "replaced":
            return _("The payment came back after closing: a new claim replaces this one"), ""
        case _:
            return _("This claim has ended"), ""


async def history_of(tx: Tx, claim: UUID) -> list[tuple[str, datetime]]:
    """What happened to it and when, from its own facts; reminders and single lines move nothing."""
    statement = (
        select(outbox.c.type, outbox.c.time).where(outbox.c.subject == claim).order_by(outbox.c.version)
    )
    rows = (await tx.execute(statement)).all()
    return [(row.type, row.time) for row in rows if row.type not in QUIET]


def road_of(claim: Claim, history: list[tuple[str, datetime]]) -> list[Post]:
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
