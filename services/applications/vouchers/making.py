"""A call for vouchers in one go: its forms are published, its rules and dates set. A second person publishes it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts.errors import DomainError, NotKnownYet
from contracts.ids import named_id
from contracts.tables import Input, Nothing
from contracts.terms import Terms
from services.applications.applying.ground import latest_last_day
from services.applications.calls import acts
from services.applications.calls.acts import Begin, Change
from services.applications.calls.models import Call, Form
from services.applications.forms.definition import Definition, as_data
from services.applications.forms.versions import is_author
from services.applications.kinds import forms
from services.applications.projections import KnownBudget
from services.applications.vouchers.forms import APPLICATION, REPORT
from services.applications.vouchers.presets import VOUCHERS, Kind, Voucher, rules_of_voucher
from services.chassis.acts.perform import perform
from services.chassis.clock import Clock
from services.chassis.database import Database, Tx
from services.chassis.identity.actor import Actor

OPEN_DAYS = 365
"""How long such a call is open at most, if its money lasts."""
LEAST_DAYS = 30
"""A voucher that could be used for less is not worth a call."""


class Make(Input):
    """From whose money the vouchers are paid: each regional partner has a budget line of its own."""

    budget: UUID = Field(title="Budget line that pays")


@dataclass(frozen=True)
class Maker:
    """Who makes a call from a voucher; the same key makes it once."""

    database: Database
    clock: Clock
    actor: Actor
    key: str

    async def make(self, kind: Kind, given: Make) -> Call:
        """The draft of the call, with times that fit into the action; DomainError("voucher-too-late") where none do."""
        voucher = voucher_of(kind)
        at = self.clock.moment()
        async with self.database.transaction() as tx:
            budget = await self._budget(tx, given.budget)
        form = await self._form(budget.partnership, "application", APPLICATION)
        report = await self._form(budget.partnership, "report", REPORT)
        rules = rules_of_voucher(voucher, report)
        left = (latest_last_day(budget.action_end, rules, Terms()) - at.today()).days
        usable, opened = fitting(voucher.validity_days, left)
        if usable < LEAST_DAYS:
            raise DomainError("voucher-too-late", "budget", end=budget.action_end)
        fulfilment = rules.fulfilment.model_copy(update={"validity_days": usable})
        rules = rules.model_copy(update={"fulfilment": fulfilment})
        title = f"{voucher.title['en']}, {budget.name}"[:160]
        begin = Begin.model_validate({
            "partnership": budget.partnership, "budget": budget.id, "title": title, "preset": "empty",
            "edition": f"{voucher.title['en']} {at.today().year}", "first_day": at.today(),
            "last_day": at.today() + timedelta(days=opened),
        })  # fmt: skip
        async with self.database.transaction() as tx:
            call = await acts.begin(tx, begin, self.actor, self.key, at)
            if call.form is None:
                change = Change(form=form, rules=rules, summary=dict(voucher.summary))
                await acts.change(tx, call.id, change, self.actor, at)
        return call

    async def _budget(self, tx: Tx, id: UUID) -> KnownBudget:
        budget = await tx.get(KnownBudget, id)
        if budget is None:
            raise NotKnownYet("budget", id)
        if not is_author(self.actor, budget.partnership):
            raise DomainError("not-your-role", status=403)
        return budget

    async def _form(self, partnership: UUID, name: str, definition: Definition) -> UUID:
        """The partnership's own version of a form of vouchers: its newest published one, else the first."""
        first, at = named_id("voucher-form", partnership, name), self.clock.moment()
        async with self.database.transaction() as tx:
            statement = select(Form).where(Form.series == first, Form.state == "published")
            if (known := (await tx.session.exec(statement)).one_or_none()) is not None:
                return known.id
            if await tx.get(Form, first) is None:
                tx.add(
                    Form(
                        id=first, state="draft", series=first, number=1, partnership=partnership,
                        title=definition.title["en"], definition=as_data(definition),
                        edited_by=self.actor.person, edited_at=at.now,
                    )
                )  # fmt: skip
        await perform(
            self.database,
            forms,
            "publish",
            first,
            Nothing(),
            actor=self.actor,
            key=f"{self.key}:{name}",
            at=at,
        )
        return first


def fitting(validity: int, left: int) -> tuple[int, int]:
    """For how many days a voucher can be used and its call is open, when so many are left in which what is spent can
    still be paid within the action: two thirds of them for the use, where all of it does not fit."""
    usable = min(validity, left * 2 // 3)
    return usable, min(OPEN_DAYS, left - usable)


def voucher_of(kind: str) -> Voucher:
    """DomainError("not-found") for a kind that there is not."""
    found = next((one for one in VOUCHERS if one.key == kind), None)
    if found is None:
        raise DomainError("not-found", status=404)
    return found


async def lines_of(tx: Tx, actor: Actor) -> list[tuple[str, str]]:
    """The budget lines of the partnerships whose calls the reader writes."""
    scopes = actor.scopes("coordinator") | actor.scopes("officer")
    statement = select(KnownBudget).where(col(KnownBudget.partnership).in_(scopes))
    rows = (await tx.session.exec(statement.order_by(col(KnownBudget.name)))).all()
    return [(str(one.id), one.name) for one in rows]
