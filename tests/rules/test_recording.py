"""What an act does once it is done: the row moves, a fact is said, and those who hear of it are told."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest

from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import (
    BESIDE,
    HEARS,
    LINK,
    SYSTEM,
    Act,
    End,
    Table,
    act,
    side_of,
    signer_of,
)
from contracts.workdays import Moment
from services.chassis.facts.outbox import Cause
from tests.rules.trips import (
    CASE,
    NOW,
    OTHER,
    OWN,
    PARTNERSHIP,
    PAYING,
    TRIPS,
    Kept,
    PaidOutV2,
    Planned,
    Trip,
    trip,
    trips,
)


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
