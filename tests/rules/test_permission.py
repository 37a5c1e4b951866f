"""Who may do an act, who hears of it, and what a fact says of it: read from a small table as every table is read."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from contracts.errors import DomainError
from contracts.facts import Fact
from contracts.ids import new_id
from contracts.tables import (
    ANYONE,
    BESIDE,
    HEARS,
    LINK,
    SYSTEM,
    Act,
    Body,
    End,
    Table,
    act,
    side_of,
    signer_of,
)
from contracts.workdays import Moment
from services.chassis.acts.aggregate import Aggregate, Consent, Root
from services.chassis.facts.outbox import Cause
from services.chassis.identity.actor import PLATFORM, Actor

OWN, OTHER, PAYING, PARTNERSHIP, CASE = (new_id() for _ in range(5))
NOW = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)


class Planned(Body):
    """Nothing more to say."""


class PaidOutV2(Body):
    whole: bool
    on: date = date(2026, 9, 14)


class Trip(Root):
    guests: list[UUID] = []
    payer: UUID | None = PAYING


TRIPS = Table(
    "trip",
    "applications",
    "relais.applications",
    (
        act("plan", "VO", "", "planned", Planned, wakes="trip/{subject} case/{case}"),
        act("look_on", ANYONE, "planned", "", Planned),
        act("pay_out", "PAY VERIFIER", "planned late", "paid", PaidOutV2, step_up=True,
            also=(End("late", PaidOutV2, ("late/{subject}",), ("whole", False)),)),
        act("confirm", LINK, "paid", "confirmed", Planned),
        act("submit", "VO", "planned", "planned", Planned),
    ),
    workflow="trip/{subject}",
    open_in="planned rejected!",
    movers={"planned": "VO PAY"},
)  # fmt: skip


def trips(**more: Any) -> Aggregate[Trip]:
    return Aggregate(
        Trip,
        TRIPS,
        scopes={
            "VO": lambda trip: trip.guests,
            "PAY": lambda trip: trip.payer,
            "OFFICER": lambda trip: PARTNERSHIP,
            "SELF": lambda trip: trip.id,
        },
        case=lambda trip: CASE if trip.guests else None,
        **more,
    )


def trip(**more: Any) -> Trip:
    return Trip(**{"id": new_id(), "state": "planned", "version": 1, "guests": [OWN, OTHER], **more})


def someone(*roles: tuple[str, UUID], **more: Any) -> Actor:
    return Actor(person=new_id(), roles=frozenset(roles), **more)


@pytest.mark.parametrize(
    ("role", "parties"),
    [
        (("member", OWN), {"VO"}),
        (("member", OTHER), {"VO"}),
        (("member", PAYING), set[str]()),
        (("payer", PAYING), {"PAY"}),
        (("payer", OWN), set[str]()),
        (("officer", PARTNERSHIP), {"OFFICER"}),
        (("reader", OWN), {"READER"}),
        (("reader", PARTNERSHIP), set[str]()),
        (("operator", PLATFORM), {"OPERATOR"}),
        (("operator", OWN), set[str]()),
    ],
)
def test_a_role_counts_where_it_is_held(role: tuple[str, UUID], parties: set[str]) -> None:
    assert trips().parties(someone(role), trip()) == parties


def test_several_roles_are_several_parties_and_a_row_without_payer_has_none() -> None:
    both = someone(("member", OWN), ("payer", PAYING))
    assert trips().parties(both, trip()) == {"VO", "PAY"}
    assert trips().parties(both, trip(payer=None)) == {"VO"}


def test_oneself_is_nobody_else_and_nobody_who_acts_for_another() -> None:
    row = trip()
    assert trips().parties(Actor(person=row.id), row) == {"SELF"}
    assert trips().parties(Actor(person=row.id, behalf_of=new_id()), row) == set()


def slug_of(actor: Actor, name: str, kind: Aggregate[Trip]) -> tuple[str, int]:
    with pytest.raises(DomainError) as refused:
        kind.permit(actor, TRIPS.act(name), trip())
    return refused.value.slug, refused.value.status


def test_strangers_learn_nothing_and_those_who_know_are_told_what_they_lack() -> None:
    kind = trips()
    assert slug_of(someone(), "submit", kind) == ("not-found", 404)
    assert slug_of(someone(("member", PAYING)), "submit", kind) == ("not-found", 404)
    assert slug_of(someone(("officer", PARTNERSHIP)), "submit", kind) == ("not-your-role", 403)
    assert slug_of(someone(("payer", PAYING)), "pay_out", kind) == ("step-up-needed", 403)
    payer = someone(("payer", PAYING), ("member", OWN), stepped_up=True)
    assert kind.permit(payer, TRIPS.act("pay_out"), trip()) == {"PAY"}
    assert kind.permit(someone(("member", OWN)), TRIPS.act("submit"), trip()) == {"VO"}
    assert kind.permit(someone(), TRIPS.act("look_on"), trip()) == {ANYONE}


def test_whoever_may_is_told_when_it_is_not_the_time_and_nobody_else_learns_the_state() -> None:
    kind, visitor = trips(), someone(("member", OWN))
    assert kind.admit(visitor, TRIPS.act("submit"), trip()) == {"VO"}
    with pytest.raises(DomainError) as refused:
        kind.admit(someone(("payer", PAYING), stepped_up=True), TRIPS.act("pay_out"), trip(state="paid"))
    told = refused.value
    assert (told.slug, told.status, told.params) == ("pay-out-not-now", 409, {"state": "paid"})
    with pytest.raises(DomainError, match="not-your-role"):
        kind.admit(someone(("officer", PARTNERSHIP)), TRIPS.act("submit"), trip(state="paid"))


class Lent:
    """A consent that is found for one act on one row, and what it was asked for."""

    def __init__(self, kind: Aggregate[Trip], consent: Consent | None) -> None:
        self.kind, self.consent = kind, consent
        self.asked: list[tuple[object, ...]] = []
        kind.lift = self.find

    async def find(self, *asked: object) -> Consent | None:
        self.asked.append(asked)
        return self.consent


async def test_a_consent_lends_the_role_to_who_knows_the_row_in_the_state_of_the_act() -> None:
    kind, row, tx, at = trips(), trip(), Kept(), Moment(NOW)
    officer, submit = someone(("officer", PARTNERSHIP)), TRIPS.act("submit")
    lent = Lent(kind, Consent("VO", kind, row, "use", Planned()))

    async def admitted(actor: Actor, row: Trip = row) -> tuple[frozenset[str], Consent | None]:
        return await kind.admit_or_lend(tx, actor, submit, row, at)  # pyright: ignore[reportArgumentType]

    assert await admitted(someone(("member", OWN))) == ({"VO"}, None)
    assert lent.asked == [], "who has the role needs none"
    assert await admitted(officer) == ({"VO"}, lent.consent)
    assert lent.asked == [(tx, kind, officer, submit, row, at)]
    with pytest.raises(DomainError, match="not-found"):
        await admitted(someone())
    with pytest.raises(DomainError) as late:
        await admitted(officer, trip(state="paid"))
    assert late.value.slug == "submit-not-now"
    lent.consent = None
    with pytest.raises(DomainError, match="not-your-role"):
        await admitted(officer)
    with pytest.raises(DomainError, match="not-your-role"):
        await trips().admit_or_lend(tx, officer, submit, row, at)  # pyright: ignore[reportArgumentType]


async def test_a_row_is_locked_after_what_comes_before_it() -> None:
    row, order = trip(), list[tuple[str, object]]()

    async def locked(model: type[Root], id: UUID) -> Trip:
        order.append(("locked", (model, id)))
        return row

    async def found(model: type[Root], id: UUID) -> Trip:
        order.append(("found", (model, id)))
        return row

    async def first(given: object, row: Trip) -> None:
        order.append(("first", (given, row)))

    tx: Any = SimpleNamespace(locked=locked, found=found)
    assert await trips().locked(tx, row.id) is row
    assert order == [("locked", (Trip, row.id))]
    order.clear()
    assert await trips(lock_first=first).locked(tx, row.id) is row
    assert order == [("found", (Trip, row.id)), ("first", (tx, row)), ("locked", (Trip, row.id))]


def test_a_link_lets_its_holder_do_the_acts_of_a_link_and_no_others() -> None:
    kind, holder = trips(), someone(via="link")
    assert kind.permit(holder, TRIPS.act("confirm"), trip()) == {LINK}
    assert slug_of(holder, "submit", kind) == ("not-found", 404)
    assert slug_of(someone(via="self"), "confirm", kind) == ("not-found", 404)
    assert slug_of(someone(("member", OWN)), "confirm", kind) == ("not-your-role", 403)


def test_whoever_acts_for_another_does_what_the_mandate_is_for_and_a_stranger_still_learns_nothing() -> None:
    kind = trips()
    roles, proxy = [("member", OWN)], {"behalf_of": new_id(), "mandate": "proxy", "via": "mandate"}
    assert slug_of(someone(*roles, **proxy), "submit", kind) == ("not-for-another", 403)
    assert slug_of(someone(**proxy), "submit", kind) == ("not-found", 404)
    claims = Table(
        "claim", "s", "t", (act("add_line", "VO", "", "", Planned), act("file", "VO", "", "", Planned))
    )
    kind = Aggregate(Trip, claims, scopes={"VO": lambda trip: trip.guests})
    assert kind.permit(someone(*roles, **proxy), claims.act("add_line"), trip()) == {"VO"}
    for name, mandate in (("file", "proxy"), ("add_line", "power_of_attorney")):
        with pytest.raises(DomainError, match="not-for-another"):
            kind.permit(someone(*roles, **{**proxy, "mandate": mandate}), claims.act(name), trip())


def test_an_actor_belongs_where_they_hold_a_role_or_act_for_somebody() -> None:
    actor = someone(("member", OWN), ("owner", OTHER), ("agent", PAYING), ("officer", PARTNERSHIP))
    assert actor.scopes("member") == {OWN} and actor.scopes("payer") == frozenset()
    assert actor.partial_to == {OWN, OTHER, PAYING}
    assert actor.may("officer", PARTNERSHIP) and not actor.may("officer", OWN)
    other = Actor(
        person=actor.person, name="Zofia", roles=actor.roles, behalf_of=new_id(), via="mandate",
        principal="Ewa", mandate="proxy", assurance=2,
    )  # fmt: skip
    assert other.themselves() == Actor(person=actor.person, name="Zofia", assurance=2)


class Kept:
    """The rows and facts of a transaction that is not written."""

    def __init__(self) -> None:
        self.rows: list[Root] = []
        self.facts: list[tuple[Fact, Cause]] = []
        self.outbox = SimpleNamespace(add=self.say)

    def add(self, row: Root) -> None:
        self.rows.append(row)

    async def say(self, fact: Fact, cause: Cause) -> Fact:
        self.facts.append((fact, cause))
        return fact


async def test_what_is_done_moves_the_row_and_is_said_to_all_parties() -> None:
    tx: Any = Kept()
    moved: list[str] = []

    async def follows(given: Any, row: Trip) -> None:
        assert given is tx
        moved.append(row.state)

    row, cause = Trip(id=new_id(), guests=[OWN, OTHER]), Cause("somebody", "key")
    fact = await trips(moved=follows).record(tx, row, "plan", Planned(), Moment(NOW), cause)
    assert tx.facts == [(fact, cause)] and tx.rows == [row] and moved == ["planned"]
    assert (row.state, row.version) == ("planned", 1)
    said = (fact.topic, fact.source, fact.type, fact.subject, fact.version, fact.state, fact.time, fact.case)
    assert said == (
        "relais.applications", "relais/applications", "relais.trip.planned.v1", row.id, 1, "planned", NOW, CASE
    )  # fmt: skip
    assert fact.wakes == (f"trip/{row.id}", f"case/{CASE}")
    assert fact.body == {} and fact.actor == "somebody"
    assert fact.audience == audience(
        (("VO", OWN), ("VO", OTHER), ("PAY", PAYING), ("OFFICER", PARTNERSHIP), ("SELF", row.id)),
        readers=(OWN, OTHER),
    )


def audience(parties: Iterable[tuple[str, UUID]], readers: Iterable[UUID] = ()) -> tuple[str, ...]:
    return tuple(sorted(f"{party}:{scope}" for party, scope in (*parties, *(("READER", r) for r in readers))))


async def test_parties_from_whom_a_fact_is_hidden_do_not_hear_it_nor_do_readers() -> None:
    tx: Any = Kept()
    kind, row = trips(hidden_from=lambda trip: ("VO",) if trip.guests else ()), trip()
    fact = await kind.record(tx, row, "submit", Planned(), Moment(NOW), Cause("somebody"))
    assert fact.audience == audience((("PAY", PAYING), ("OFFICER", PARTNERSHIP), ("SELF", row.id)))
    assert tx.rows == [], "it was there before"


@pytest.mark.parametrize(("whole", "state", "wakes"), [(True, "paid", 0), (False, "late", 1)])
async def test_what_came_of_an_act_chooses_where_it_leads(whole: bool, state: str, wakes: int) -> None:
    tx: Any = Kept()
    row = trip(version=4)
    fact = await trips().record(tx, row, "pay_out", PaidOutV2(whole=whole), Moment(NOW), Cause("somebody"))
    assert (row.state, fact.state, fact.version, len(fact.wakes)) == (state, state, 5, wakes)
    assert (fact.type, fact.body) == (
        "relais.trip.paid_out.v2",
        {"whole": whole, "on": "2026-09-14"},
    )


@pytest.mark.parametrize(
    ("name", "row"),
    [("plan", trip()), ("pay_out", trip(state="paid")), ("look_on", trip(state=""))],
)
async def test_an_act_out_of_its_time_is_refused_with_the_state(name: str, row: Trip) -> None:
    tx: Any = Kept()
    before = (row.state, row.version)
    with pytest.raises(DomainError) as refused:
        await trips().record(tx, row, name, PaidOutV2(whole=True), Moment(NOW), Cause("somebody"))
    assert (refused.value.slug, refused.value.status) == (f"{name.replace('_', '-')}-not-now", 409)
    assert refused.value.params == {"state": before[0]}
    assert (row.state, row.version) == before and not tx.facts


def test_what_a_table_says() -> None:
    plan, look_on, pay_out, *_ = TRIPS.acts
    assert (plan.creates, look_on.creates) == (True, False)
    assert pay_out.parties == ("PAY", "VERIFIER") and pay_out.sources == {"planned", "late"}
    assert [row.by_person for row in TRIPS.acts] == [True, True, True, False, True]
    for who in (SYSTEM, HEARS, BESIDE, LINK):
        assert not Act("x", who, "", ()).by_person
    assert (TRIPS.path, Table("x", "s", "t", (), plural="aid_entries").path) == ("trips", "aid-entries")
    assert TRIPS.page_of(plan) == "/trips/plan" and TRIPS.page_of(pay_out) == "/trips/{id}/pay-out"
    assert TRIPS.address_of(plan) == "/trips" and TRIPS.address_of(pay_out) == "/trips/{id}/pay-out"
    assert list(TRIPS.facts) == [Planned, PaidOutV2]
    assert TRIPS.movers_in("planned") == ("VO", "PAY") and TRIPS.movers_in("paid") == ()
    assert [TRIPS.must_be_open(state, final) for state, final in (
        ("planned", False), ("planned", True), ("rejected", False), ("rejected", True), ("paid", False)
    )] == [True, True, True, False, False]  # fmt: skip
    with pytest.raises(ValueError, match=r"^table trip lists an act twice$"):
        Table("trip", "s", "t", (plan, plan))


def test_an_act_is_written_in_one_line() -> None:
    other = End("lost", Planned)
    assert act("go", "VO", "here", "there", Planned) == Act(
        "go", "VO", "here", (End("there", Planned, ()),), step_up=False
    )
    assert act("go", "VO", "", "there", Planned, wakes="a/{case} b", also=(other,), step_up=True) == Act(
        "go", "VO", "", (End("there", Planned, ("a/{case}", "b")), other), step_up=True
    )


def test_who_signs_for_whom() -> None:
    assert [(side_of(one), signer_of(side_of(one))) for one in ("VOS", "HOS", "VOP", "PAY")] == [
        ("VO", "VOS"), ("HO", "HOS"), ("VOP", "VOP"), ("PAY", "PAY"),
    ]  # fmt: skip


async def test_a_page_leads_home() -> None:
    row = trip()
    assert trips().home(row) == f"/trips/{row.id}"
    assert trips(home=lambda trip: "/elsewhere").home(row) == "/elsewhere"
