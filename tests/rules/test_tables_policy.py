"""Who may do what in which state: every state, every act and every role of every table, as states.txt has it."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from contracts.acting import DEPUTY, STANDS_IN
from contracts.catalogue import TABLES
from contracts.errors import DomainError
from contracts.ids import named_id, new_id
from contracts.mandate import Kind
from contracts.tables import ANYONE, PARTIES, Act
from deploy.built import built
from services.chassis.acts.aggregate import Aggregate, Root
from services.chassis.identity.actor import PLATFORM, Actor
from tests.rules.test_tables import LIVES, NOT_YET

STRANGER = "a stranger"


def _kinds() -> Iterator[Aggregate[Any]]:
    """The aggregates of all services, wherever in them they stand."""
    for service in sorted({table.service for table in TABLES.values()}):
        built(service)
    for name, module in list(sys.modules.items()):
        if name.startswith("services."):
            yield from (value for value in vars(module).values() if isinstance(value, Aggregate))


KINDS = {kind.table.name: kind for kind in _kinds()}
EACH_TABLE = pytest.mark.parametrize("name", TABLES)


@EACH_TABLE
def test_every_party_of_a_table_is_somebody_of_its_rows(name: str) -> None:
    """Else nobody could ever do the act."""
    named = {party for act in TABLES[name].acts if act.by_person for party in act.parties}
    assert named - {ANYONE, "OPERATOR"} <= KINDS[name].scopes.keys()


@EACH_TABLE
def test_every_state_every_act_every_role(name: str) -> None:
    kind = _with_scopes_apart(KINDS[name])
    for state in LIVES[name].states - {NOT_YET}:
        row = Root(id=new_id(), state=state, version=1)
        for act in kind.table.acts:
            if not act.by_person or act.creates:
                continue
            for party, actor in _everybody(kind):
                listed = _listed(name, state, act)
                expected = _answer(name, act, party) or ("" if party in listed or ANYONE in listed else "now")
                assert _said(kind, actor, act, row) == expected, (state, act.name, party)


@EACH_TABLE
def test_money_and_roles_ask_for_the_second_factor_whoever_acts(name: str) -> None:
    kind = _with_scopes_apart(KINDS[name])
    for act in kind.table.acts:
        for party, actor in _everybody(kind, stepped_up=False):
            if act.step_up and party in act.parties:
                row = Root(id=new_id(), state=next(iter(act.sources), ""))
                with pytest.raises(DomainError, match="step-up-needed"):
                    kind.permit(actor, act, row)


@EACH_TABLE
def test_what_begins_something_is_begun_by_the_parties_of_its_row_alone(name: str) -> None:
    kind = _with_scopes_apart(KINDS[name])
    for act in kind.table.acts:
        if not act.by_person or not act.creates:
            continue
        row = Root(id=new_id())
        for party, actor in _everybody(kind):
            try:
                kind.permit(actor, act, row)
                allowed = True
            except DomainError:
                allowed = False
            listed = _listed(name, NOT_YET, act)
            assert allowed == (party in listed or ANYONE in listed), (act.name, party)


@pytest.mark.parametrize(
    ("name", "act"), [(name, act) for name, acts in STANDS_IN.items() for act in sorted(acts)]
)
def test_a_deputy_judges_for_an_officer_once_it_has_escalated(name: str, act: str) -> None:
    kind, row = _with_scopes_apart(KINDS[name]), Root(id=new_id())
    officer, deputy = ("officer", _scope("VOP")), ("deputy", _scope(DEPUTY))

    def said(mandate: Kind | None, *roles: tuple[str, UUID]) -> str:
        actor = Actor(
            person=new_id(), roles=frozenset(roles), behalf_of=new_id() if mandate else None, mandate=mandate
        )
        try:
            return "+".join(kind.permit(actor, kind.table.act(act), row))
        except DomainError as refused:
            return refused.slug

    assert said("deputy", officer, deputy) == DEPUTY
    assert said("deputy", officer) == "deputy-not-yet"
    assert said("proxy", officer, deputy) == said("power_of_attorney", officer, deputy) == "not-for-another"
    assert said(None, deputy) == "deputy-for-whom"
    assert said(None, officer, deputy) == "VOP", "an officer who is a colleague's deputy judges as an officer"


def _with_scopes_apart(kind: Aggregate[Any]) -> Aggregate[Root]:
    """The same table for a row of which every party is somebody else."""
    return Aggregate(Root, kind.table, scopes={party: partial(_at, _scope(party)) for party in kind.scopes})


def _at(scope: UUID, row: Root) -> UUID:
    return scope


def _scope(party: str) -> UUID:
    return PLATFORM if party == "OPERATOR" else named_id("party", party)


def _everybody(kind: Aggregate[Root], *, stepped_up: bool = True) -> Iterator[tuple[str, Actor]]:
    """One person for each party, holding its one role; and one who holds every role, elsewhere. A deputy acts for
    somebody."""
    for party in (*kind.scopes, "OPERATOR"):
        role, scope = PARTIES[party], _scope(party)
        actor = Actor(
            person=scope if role == "self" else new_id(),
            roles=frozenset({(role, scope)}),
            stepped_up=stepped_up,
        )
        yield party, replace(actor, behalf_of=new_id(), mandate="deputy") if party == DEPUTY else actor
    elsewhere = frozenset((role, named_id("elsewhere")) for role in PARTIES.values())
    yield STRANGER, Actor(person=new_id(), roles=elsewhere, stepped_up=stepped_up)


def _listed(name: str, state: str, act: Act) -> set[str]:
    """The parties that states.txt lets do this act in this state."""
    rows = (row for row in LIVES[name].rows if row.act == act.name and row.state == state)
    return {party for row in rows for party in row.who}


def _answer(name: str, act: Act, party: str) -> str:
    """What is refused for who somebody is, whatever the state."""
    ever = {party for row in LIVES[name].rows if row.act == act.name for party in row.who}
    if ANYONE in ever or party in ever:
        return ""
    return "found" if party == STRANGER else "role"


def _said(kind: Aggregate[Root], actor: Actor, act: Act, row: Root) -> str:
    try:
        kind.admit(actor, act, row)
    except DomainError as refused:
        return {"not-found": "found", "not-your-role": "role", "not-for-another": "role"}.get(
            refused.slug, "now"
        )
    return ""
