"""Approved claims by the thousand, written straight into the database of reimbursements, to measure what is done
with them.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc.jwk import KeySet
from pydantic import SecretStr
from schwifty import IBAN
from sqlmodel import SQLModel
from starlette.datastructures import UploadFile

from contracts.ids import named_id, new_id
from contracts.terms import Terms
from contracts.workdays import Moment
from deploy.local.servers import postgres_server
from services.chassis.acts.perform import perform
from services.chassis.clock import FixedClock
from services.chassis.facts.outbox import Cause
from services.chassis.identity.actor import Actor
from services.chassis.identity.tokens import Keys, new_key
from services.chassis.migrate import upgrade
from services.chassis.service import Service, steady
from services.chassis.settings import Settings
from services.reimbursements import kinds
from services.reimbursements.app import make_service
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion, post
from services.reimbursements.ledger.posting_table import moves
from services.reimbursements.models import Approval, Budget, Case, Claim, KnownParty, Reservation
from services.reimbursements.payees.models import Payee, SanctionsList
from services.reimbursements.payments.models import PayingAccount
from services.reimbursements.payments.payments import proposal, proposed
from services.reimbursements.vault import Vault

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CENTS = 67_000
MEMBER_IBAN = "PL61109010140000071219812874"
_CHUNK = 1000


@dataclass
class Ground:
    """The service with one paying member, two treasurers, and a verifier."""

    service: Service
    member: UUID
    line: UUID
    account: UUID
    first: Actor
    second: Actor
    verifier: Actor
    approver: UUID

    async def do(self, kind: Any, act: str, id: UUID | None, given: Any, actor: Actor) -> UUID:
        """An act, as its route does it."""
        at = self.service.clock.moment()
        fact = await perform(
            self.service.database, kind, act, id, given, actor=actor, key=str(new_id()), at=at
        )
        return fact.subject

    async def keep(self, content: bytes, name: str, actor: Actor) -> str:
        """A file, as an upload leaves it."""
        return (await self.service.files.keep(UploadFile(BytesIO(content), filename=name), actor.person)).id


@asynccontextmanager
async def ground(folder: Path) -> AsyncGenerator[Ground]:
    """An empty service over a PostgreSQL of its own."""
    async with postgres_server(folder) as server:
        upgrade("reimbursements", server.owner_url("reimbursements"), "reimbursements")
        settings = Settings(
            database_url=SecretStr(server.url("reimbursements")), data=folder / "data", log_json=False
        )
        key = KeySet([new_key()])
        service = make_service(settings, clock=FixedClock(NOW), keys=Keys("", key))
        member, line, account = new_id(), new_id(), new_id()

        def actor(*roles: str) -> Actor:
            return Actor(new_id(), roles=frozenset((role, member) for role in roles), stepped_up=True)

        on = Ground(
            service,
            member,
            line,
            account,
            actor("treasurer"),
            actor("treasurer"),
            actor("verifier"),
            new_id(),
        )
        vault = service.database.tools[Vault]
        assert isinstance(vault, Vault)
        async with service.database.transaction() as tx:
            tx.add(KnownParty(id=member, name="Klaster", town="Kraków", country="PL", identity=member))
            tx.add(
                PayingAccount(
                    id=account, member=member, holder="Klaster", town="Kraków", country="PL",
                    iban_cipher=vault.seal(MEMBER_IBAN.encode(), account, under=member),
                    iban_hash=vault.fingerprint(MEMBER_IBAN),
                )
            )  # fmt: skip
            tx.add(
                Budget(
                    id=line, state="open", version=1, partnership=new_id(), member=member, account=account,
                    name="Exchanges", action_start=date(2026, 1, 1), action_end=date(2027, 12, 31), opened_at=NOW,
                )
            )  # fmt: skip
            tx.add(
                SanctionsList(
                    id=new_id(), state="imported", version=1, member=member, source="bench", dated=NOW.date(),
                    sha256="", names=0, imported_by=new_id(), imported_at=NOW,
                )
            )  # fmt: skip
            occasion = Occasion(named_id("posting", "open", line), NOW.date())
            await ledger.allocate(tx.session, occasion, line, 100_000_000_00)
        yield on
        await service.database.close()


async def approve_claims(on: Ground, count: int) -> None:
    """So many approved claims of so many companies, each with its checked account and its payment proposed."""
    at = Moment(NOW)
    vault = on.service.database.tools[Vault]
    assert isinstance(vault, Vault)
    reservation = new_id()
    rows: dict[type[SQLModel], list[SQLModel]] = {
        model: [] for model in (Case, Reservation, Payee, Approval, Claim)
    }
    rows[Reservation].append(
        Reservation(
            id=reservation, state="committed", version=1, case_id=new_id(), organisation=new_id(), round=1,
            purpose="grant",
            budget=on.line, payer=on.member, partnership=new_id(), amount_cents=count * CENTS, queued_at=NOW,
        )
    )  # fmt: skip
    for n in range(count):
        _claim(on, vault, rows, reservation, n)
    payments: list[Any] = []
    async with on.service.database.transaction() as tx:
        for found in rows.values():
            tx.session.add_all(found)
            await tx.session.flush()
        payouts = [
            ledger.Payout(on.line, reservation, on.member, claim.id, CENTS)
            for claim in rows[Claim]
            if isinstance(claim, Claim)
        ]
        on_day = NOW.date()
        whole = count * CENTS
        await ledger.reserve(tx.session, Occasion(new_id(), on_day), on.line, reservation, whole)
        await ledger.commit(tx.session, Occasion(new_id(), on_day), on.line, reservation, whole)
        owed = [move for payout in payouts for move in moves("approve", {"sum": CENTS}, payout.place())]
        await post(tx.session, Occasion(new_id(), on_day), "approve", owed)
    payees = {payee.organisation: payee for payee in rows[Payee] if isinstance(payee, Payee)}
    for start in range(0, count, _CHUNK):
        async with on.service.database.transaction() as tx, tx.outbox.together():
            for claim in rows[Claim][start : start + _CHUNK]:
                assert isinstance(claim, Claim) and claim.filed_by is not None
                payment = proposal(claim, payees[claim.organisation].id, [claim.filed_by, on.approver])
                payments.append(payment)
                await kinds.payments.record(tx, payment, "propose", proposed(payment), at, Cause("system"))
    steady()


def _claim(
    on: Ground, vault: Vault, rows: dict[type[SQLModel], list[SQLModel]], reservation: UUID, n: int
) -> None:
    case, organisation, payee, claim, approval = (new_id() for _ in range(5))
    claimant, verifier = new_id(), new_id()
    iban = IBAN.generate("DE", bank_code="37040044", account_code=f"{n + 1:010}").compact
    rows[Case].append(
        Case(
            id=case, organisation=organisation, payer=on.member, budget=on.line, partnership=on.line,
            applicant=claimant, round=1, amount_cents=CENTS, granted=True, frozen={"terms": asdict(Terms())},
        )
    )  # fmt: skip
    rows[Payee].append(
        Payee(
            id=payee, key=payee, state="checked", version=2, organisation=organisation, members=[on.member],
            holder=f"Company {n:06}", town="Köln", country="DE", bank_country="DE",
            iban_cipher=vault.seal(iban.encode(), payee, under=payee), iban_hash=vault.fingerprint(iban),
            iban_masked="DE** **** 0000", entered_by=claimant, checked_by=verifier, outcome="match",
            screening="clear", screened_at=NOW,
        )
    )  # fmt: skip
    rows[Approval].append(
        Approval(
            id=approval, claim=claim, accepted_cents=CENTS, filed_by=claimant, verified_by=verifier,
            approved_by=on.approver, approved_at=NOW,
        )
    )  # fmt: skip
    rows[Claim].append(
        Claim(
            id=claim, state="approved", version=4, number=f"RC-{NOW.year}-{n + 1:06}", case_id=case,
            organisation=organisation, payer=on.member, partnership=on.line, budget=on.line,
            reservation=reservation, amount_cents=CENTS, accepted_cents=CENTS, pay_by=date(2026, 12, 4),
            filed_by=claimant, verified_by=verifier, approval=approval, opened_at=NOW, lines=[],
        )
    )  # fmt: skip
