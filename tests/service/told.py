"""What other services say of the cases that a member pays."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts import application, organisation, visit, voucher
from contracts.amounts import Line, Mode, Support, clusterxchange_rates, lump_sum
from contracts.ids import new_id
from contracts.tables import Body
from contracts.terms import Terms
from contracts.workdays import days_between
from tests.facts import a_fact
from tests.people import Person, Stage

AMOUNT = 67_000
"""The lump sum of a case, in cents: Estonia, five working days, far."""
FIRST, LAST = date(2027, 1, 11), date(2027, 1, 15)


class Told:
    """An SME's cases under one budget line of a member, each fact after the one before.

    decider  who selects a case, as facts name them
    """

    stage: Stage
    claimant: Person
    budget: str

    def __init__(self) -> None:
        self.versions: dict[UUID, int] = {}
        self.decider = "system"
        self.member, self.partnership, self.sme = new_id(), new_id(), new_id()

    async def say(self, case: UUID, body: Body, actor: str = "system") -> None:
        """The next fact of a case."""
        version = self.versions.get(case, 0) + 1
        self.versions[case] = version
        await self.stage.hear(
            a_fact(body, case, version, case=case, actor=actor, time=self.stage.clock.now())
        )

    async def submitted(self, mode: str = "physical", recipient: UUID | None = None) -> UUID:
        """recipient: the legal identity that gets the money, if it is not the SME's own."""
        case, frozen = new_id(), self.frozen(1, mode)
        frozen["visitor_identity"] = recipient or self.sme
        await self.say(case, application.Submitted(**frozen))
        return case

    async def submitted_by_form(self, cents: int = AMOUNT) -> UUID:
        """A case under a call without host, whose costs are claimed within a time."""
        case = new_id()
        gone = ("proposal", "host", "host_name", "host_country", "host_town", "host_partnership", "mode", "days",
                "working_days", "distance_km", "rate_version", "rate_cents", "rate_basis")  # fmt: skip
        frozen = {name: value for name, value in self.frozen(1, "physical").items() if name not in gone}
        support = Support(kind="voucher", claimable_cents=cents, categories=("service", "travel"))
        lines = [asdict(Line("requested", {}, cents=cents))]
        said = {"amount_cents": cents, "lines": lines, "title": "Travel 2027", "support": asdict(support)}
        await self.say(case, application.Submitted(**{**frozen, **said}))
        return case

    async def revised(self, case: UUID, round: int) -> None:
        due_at = self.stage.clock.moment().plus_days(14)
        await self.say(case, application.Revised(**self.frozen(round, "physical"), due_at=due_at))

    async def rejected(self, case: UUID, round: int = 1) -> None:
        due_at = self.stage.clock.moment().plus_days(14)
        await self.say(case, application.Rejected(reason="no_budget", round=round, due_at=due_at))

    async def reopened(self, case: UUID, round: int) -> None:
        due_at = self.stage.clock.moment().plus_days(14)
        await self.say(case, application.Reopened(round=round, due_at=due_at))

    async def withdrawn(self, case: UUID) -> None:
        await self.say(case, application.Withdrawn(round=1))

    async def granted(self, case: UUID, round: int = 1) -> None:
        await self.say(case, application.Selected(round=round, amount_cents=AMOUNT), self.decider)
        body = application.Granted(
            round=round,
            amount_cents=AMOUNT,
            currency="EUR",
            payer=self.member,
            first_day=FIRST,
            last_day=LAST,
        )
        await self.say(case, body)

    async def issued(self, case: UUID, in_parts: bool = True) -> None:
        """The grant without host, to be claimed from today on."""
        today = self.stage.clock.now().date()
        until = today + timedelta(days=120)
        body = voucher.Issued(
            amount_cents=AMOUNT, currency="EUR", valid_from=today, valid_until=until,
            claim_until=until + timedelta(days=56), in_parts=in_parts,
        )  # fmt: skip
        await self.stage.hear(a_fact(body, new_id(), case=case, time=self.stage.clock.now()))

    async def validated(self, case: UUID, days: int = 5, by: Person | None = None) -> None:
        today = self.stage.clock.now().date()
        body = visit.Validated(
            days=days, first_day=FIRST, last_day=LAST, validated_on=today, completed_on=LAST,
            last_evidence_on=today, amount_cents=AMOUNT,
        )  # fmt: skip
        actor = str(by.id) if by else "system"
        fact = a_fact(body, new_id(), case=case, actor=actor, time=self.stage.clock.now())
        await self.stage.hear(fact)

    async def closed(self, case: UUID) -> None:
        await self.say(case, application.Closed(round=1, counted_for=self.partnership))

    async def other_organisation(self, id: UUID) -> None:
        """One more that the service has heard of."""
        body = organisation.Registered(
            name="Neighbour", kind="sme", town="Gdynia", country="PL", latitude=54, longitude=18, identity=id
        )
        await self.stage.hear(a_fact(body, id))

    def frozen(self, round: int, mode: str) -> dict[str, Any]:
        days = days_between(FIRST, LAST)
        terms = Terms()
        result = lump_sum(clusterxchange_rates().rate("EE"), days, 1_026, Mode(mode), terms)
        return {
            "call": new_id(), "number": "CX-2026-0001", "edition": "2026", "proposal": new_id(),
            "applicant": self.claimant.id,
            "visitor": self.sme, "visitor_identity": self.sme, "visitor_name": "Helixon", "visitor_country": "PL",
            "visitor_town": "Kraków", "host": new_id(), "host_name": "Tartu Diagnostics", "host_country": "EE",
            "host_town": "Tartu", "visitor_partnership": self.partnership, "host_partnership": new_id(),
            "payer": self.member, "budget": UUID(self.budget), "mode": mode, "first_day": FIRST, "last_day": LAST,
            "days": days, "working_days": result.working_days, "distance_km": 1_026,
            "amount_cents": result.amount_cents, "currency": "EUR", "rate_version": result.rate.table,
            "rate_cents": result.rate.cents, "rate_basis": result.rate.basis, "terms": asdict(terms),
            "lines": [asdict(line) for line in result.lines], "action_end": date(2027, 12, 31), "round": round,
        }  # fmt: skip
