"""What one legal identity may get: the cap of a partnership's action, and the ceiling of State aid. Each limit is a
book of the ledger whose headroom the database never lets fall below zero.

Held when a case reserves (a queued one as well, so that being served cannot fail), definite at the grant, given back
when the case ends with less. Aid counts from the grant for three rolling years, per single undertaking and Member State
of the paying member (FS-20, FS-21). A case is locked before its limits, the limits in the order of their ids."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select as select_columns
from sqlalchemy import text, true
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from contracts.errors import NotKnownYet
from contracts.ids import named_id
from contracts.programmes import Aid, aid_bases, programme_of, years_before
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.reimbursements.budgets.limit_models import AidDeclaration, Limit
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion, Side, balance, recorded
from services.reimbursements.ledger.tables import Account, ledger_account_balance
from services.reimbursements.models import Budget, Case, KnownAction, KnownParty, Reservation

Refusal = Literal["cap", "aid_headroom", "aid_not_in_force", "aid_sector"]
YEARS = 3
KINDS: dict[str, Refusal] = {"cap": "cap", "de_minimis": "aid_headroom", "gber_20a": "aid_headroom"}


async def hold(tx: Tx, case: Case, row: Reservation, at: Moment) -> Refusal | None:
    """Holds the case's sum on every limit of its recipient, or says which one it exceeds and holds nothing."""
    if refused := await unlawful(tx, case, at):
        return refused
    limits = await limits_of(tx, case, at)
    for limit in limits:
        if await headroom(tx, limit) < row.amount_cents:
            return KINDS[limit.kind]
    for limit in limits:
        occasion = Occasion(named_id("posting", "hold", limit.id, row.id), at.today(), case=case.id)
        await ledger.limited(tx.session, occasion, "limit_hold", limit.id, case.id, row.amount_cents)
    return None


async def grant(tx: Tx, row: Reservation, at: Moment) -> list[Limit]:
    """The legal right is conferred: what was held counts from today. The limits it counts on."""
    held = await _standing(tx, row.case_id, Account.HELD)
    for limit, cents in held:
        occasion = Occasion(named_id("posting", "grant", limit.id, row.id), at.today(), case=row.case_id)
        await ledger.limited(
            tx.session, occasion, "limit_grant", limit.id, row.case_id, min(cents, row.amount_cents)
        )
    return [limit for limit, _ in held]


async def give_back(tx: Tx, row: Reservation, rest: int, at: Moment) -> None:
    """A reservation ends: what it held, or what of its grant was not paid, can be granted again. Aid that has grown
    too old to count is not given back a second time."""
    committed = row.state == "committed"
    account, act = (Account.GRANTED, "limit_lower") if committed else (Account.HELD, "limit_release")
    for limit, cents in await _standing(tx, row.case_id, account):
        if given := min(cents, rest if committed else row.amount_cents):
            occasion = Occasion(
                named_id("posting", "give_back", limit.id, row.id), at.today(), case=row.case_id
            )
            await ledger.limited(tx.session, occasion, act, limit.id, row.case_id, given)


async def lower(tx: Tx, case: UUID, entry: UUID, cents: int, at: Moment) -> None:
    """Money came back from the recipient, or an amendment has lowered the grant: so much less was granted, as far as it
    still counts. entry: its posting."""
    for limit, counted in await _standing(tx, case, Account.GRANTED):
        occasion = Occasion(named_id("posting", "recovered", limit.id, entry), at.today(), case=case)
        await ledger.limited(tx.session, occasion, "limit_lower", limit.id, case, min(cents, counted))


async def limits_of(tx: Tx, case: Case, at: Moment) -> list[Limit]:
    """The limits that a case counts on, opened at the first, locked in the order of their ids."""
    limits = await counted_on(tx, case)
    for limit in limits:
        await opened(tx, limit, at)
        if limit.kind == "de_minimis":
            await roll_off(tx, limit, at)
    return limits


async def counted_on(tx: Tx, case: Case) -> list[Limit]:
    """The same without opening any; NotKnownYet while the undertaking has not declared its aid."""
    action = await _action(tx, case)
    programme, identity = programme_of(action.programme), UUID(case.frozen["visitor_identity"])
    limits: list[Limit] = []
    if programme.recipient_cap_cents:
        limits.append(_limit("cap", identity, str(action.id), programme.recipient_cap_cents))
    if programme.aid != "none":
        limits.append(await _aid(tx, case, programme.aid, identity, action.id))
    return sorted(limits, key=lambda limit: limit.id)


async def unlawful(tx: Tx, case: Case, at: Moment) -> Refusal | None:
    """Why no aid may be granted to this undertaking today, whatever its headroom."""
    basis = aid_bases().get(programme_of((await _action(tx, case)).programme).aid)
    if basis is None:
        return None
    if not basis.in_force(at.today()):
        return "aid_not_in_force"
    declared = await declared_for(tx, UUID(case.frozen["visitor_identity"]))
    return "aid_sector" if declared and declared.nace[:2] in basis.excluded else None


async def headroom(tx: Tx, limit: Limit) -> int:
    return await balance(tx.session, Side(Account.HEADROOM, limit.id, limit.id))


async def declared_lately(tx: Tx, identity: UUID, member_state: str, basis: Aid, at: Moment) -> bool:
    """Whether what the undertaking declared may still be relied on."""
    made = await declared_for(tx, identity, member_state)
    return made is not None and made.declared_at > at.now - timedelta(days=aid_bases()[basis].declared_days)


async def declared_for(tx: Tx, identity: UUID, member_state: str = "") -> AidDeclaration | None:
    """The newest declaration that names this legal identity as its own or as linked; member_state: of whose aid."""
    statement = (
        select(AidDeclaration)
        .where(col(AidDeclaration.linked).contains([identity]))
        .where(col(AidDeclaration.member_state) == member_state if member_state else true())
        .order_by(col(AidDeclaration.id).desc())
        .limit(1)
    )
    return (await tx.session.exec(statement)).one_or_none()


async def _action(tx: Tx, case: Case) -> KnownAction:
    line = await tx.found(Budget, case.budget)
    action = await tx.get(KnownAction, line.partnership)
    if action is None:
        raise NotKnownYet("partnership", line.partnership)
    return action


async def _aid(tx: Tx, case: Case, basis: Aid, identity: UUID, action: UUID) -> Limit:
    member = await tx.get(KnownParty, case.payer)
    if member is None:
        raise NotKnownYet("organisation", case.payer)
    declared = await declared_for(tx, identity, member.country)
    if declared is None:
        raise NotKnownYet("declaration of State aid", identity)
    if basis == "gber_20a":
        return _limit(basis, declared.undertaking, str(action), aid_bases()[basis].ceiling_cents)
    return de_minimis(declared.undertaking, member.country)


def _limit(kind: str, identity: UUID, scope: str, cents: int) -> Limit:
    return Limit(
        id=named_id("limit", kind, identity, scope),
        kind=kind,
        identity=identity,
        scope=scope,
        ceiling_cents=cents,
    )


def de_minimis(undertaking: UUID, member_state: str) -> Limit:
    return _limit("de_minimis", undertaking, member_state, aid_bases()["de_minimis"].ceiling_cents)


async def opened(tx: Tx, limit: Limit, at: Moment) -> Limit:
    """The limit with its row there and locked, and its book holding the ceiling."""
    values = limit.model_dump()
    await tx.execute(insert(Limit).values(values).on_conflict_do_nothing(index_elements=["id"]))
    await tx.locked(Limit, limit.id)
    occasion = Occasion(named_id("posting", "limit", limit.id), at.today())
    if not await recorded(tx.session, occasion.id):
        await ledger.limited(tx.session, occasion, "limit_open", limit.id, limit.id, limit.ceiling_cents)
    return limit


async def roll_off(tx: Tx, limit: Limit, at: Moment) -> None:
    """Aid granted three years ago or earlier counts no more."""
    for owner, cents in await too_old(tx, limit, at):
        occasion = Occasion(named_id("posting", "rolled_off", limit.id, owner), at.today())
        await ledger.limited(tx.session, occasion, "limit_lower", limit.id, owner, cents)


async def too_old(tx: Tx, limit: Limit, at: Moment) -> list[tuple[UUID, int]]:
    """What was granted so long ago that it counts no more, and still stands: by whom it is owned."""
    before = years_before(at.today(), YEARS)
    rows = (await tx.execute(_COUNTED, {"limit": limit.id, "before": before})).all()
    return [(row.owner, int(row.balance_cents)) for row in rows]


_COUNTED = text("""
    SELECT kept.owner, kept.balance_cents FROM ledger_account_balance AS kept
    WHERE kept.book = :limit AND kept.account = 'GRANTED' AND kept.balance_cents > 0 AND :before >= (
        SELECT max(posting.business_date) FROM ledger_entry AS entry
        JOIN ledger_transaction AS posting ON posting.id = entry.transaction
        WHERE entry.book = kept.book AND entry.account = 'GRANTED' AND entry.owner = kept.owner
            AND entry.debit_cents > 0)
    ORDER BY kept.owner""")


async def _standing(tx: Tx, case: UUID, account: Account) -> Sequence[tuple[Limit, int]]:
    """The limits on which a case holds something, in the order of their ids."""
    kept = ledger_account_balance.c
    rows = await tx.execute(
        select_columns(kept.book, kept.balance_cents)
        .where(kept.owner == case, kept.account == account.value, kept.balance_cents > 0)
        .order_by(kept.book)
    )
    return [(await tx.found(Limit, row.book), int(row.balance_cents)) for row in rows.all()]
