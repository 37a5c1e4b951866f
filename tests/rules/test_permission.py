"""Who may do an act, and what whoever may not is told."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import (
    ANYONE,
    LINK,
    Table,
    act,
)
from contracts.workdays import Moment
from services.chassis.acts.aggregate import Aggregate, Consent, Root
from services.chassis.identity.actor import PLATFORM, Actor
from tests.rules.trips import (
    NOW,
    OTHER,
    OWN,
    PARTNERSHIP,
    PAYING,
    TRIPS,
    Kept,
    Planned,
    Trip,
    someone,
    trip,
    trips,
)


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
