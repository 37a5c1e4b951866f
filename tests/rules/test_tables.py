"""The state tables say what states.txt, written by hand, says: neither changes without the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from contracts.catalogue import TABLES
from contracts.tables import BESIDE, HEARS, LINK, PARTIES, SYSTEM, Act, Table
from workflows.wake import STORIES

NOT_YET = "-"
SAME = "="
OWN = "!"


@dataclass(frozen=True)
class Row:
    """One outcome of one act in one state."""

    state: str
    who: frozenset[str]
    act: str
    to: str
    fact: str
    wakes: str


@dataclass
class Life:
    """What states.txt says about one aggregate."""

    name: str
    service: str
    topic: str
    story: str = ""
    workflow: str = ""
    states: set[str] = field(default_factory=set[str])
    rows: list[Row] = field(default_factory=list[Row])


def _read() -> Iterator[Life]:
    life, state = Life("", "", ""), ""
    for line in (Path(__file__).parent / "states.txt").read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            name, service, topic, story, workflow = (*line.strip("[]").split(), "", "")[:5]
            life = Life(name, service, topic, story, workflow)
            yield life
            continue
        words = line.split()
        if not line.startswith(" "):
            state = words.pop(0)
            life.states.add(state)
        if words:
            who, act, to, fact, *wakes = words
            woken = wakes[0] if wakes else ""
            row = Row(state, frozenset(who.split("+")), act, to, fact, life.story if woken == OWN else woken)
            life.rows.append(row)


LIVES = {life.name: life for life in _read()}


def _rows(table: Table) -> Iterator[Row]:
    for act in table.acts:
        for state in act.source.split() or [NOT_YET]:
            for end in act.ends:
                stories = {STORIES[wake.partition("/")[0]].__name__ for wake in end.wakes}
                participle = table.type_of(end.fact).split(".")[2]
                yield Row(
                    state,
                    frozenset(act.parties),
                    act.name,
                    end.to or SAME,
                    participle,
                    "+".join(sorted(stories)),
                )


def _states(table: Table) -> set[str]:
    found = {state for act in table.acts for state in (*act.sources, *(end.to for end in act.ends))}
    return found - {""}


def test_states_txt_describes_every_aggregate() -> None:
    assert LIVES.keys() == TABLES.keys()


@pytest.mark.parametrize("name", TABLES)
def test_acts_and_states_are_those_that_are_written_down(name: str) -> None:
    table, life = TABLES[name], LIVES[name]
    assert set(_rows(table)) == set(life.rows)
    assert _states(table) == life.states - {NOT_YET}


@pytest.mark.parametrize("name", TABLES)
def test_owner_topic_and_workflow_are_those_that_are_written_down(name: str) -> None:
    table, life = TABLES[name], LIVES[name]
    assert (table.service, table.topic) == (life.service, f"relais.{life.topic}")
    assert table.workflow == life.workflow
    if table.workflow:
        assert STORIES[table.workflow.partition("/")[0]].__name__ == life.story


MUST_BE_OPEN = {
    "proposal": "open",
    "application": "submitted in_review changes_requested assessed selected awaiting_budget awarded rejected!",
    "cutoff": "open assessing ranked",
    "visit": "planned ongoing report_due report_submitted report_changes validated not_completed!",
    "voucher": "issued",
    "amendment": "requested agreed",
    "claim": "opened filed returned verified approved ordered paid rejected! expired!",
    "event": "published registration_closed running ended",
    "vacancy": "open offered",
}
"""When an aggregate's workflow must be open; ! only until it is final. In all other states none is."""


@pytest.mark.parametrize("name", TABLES)
def test_workflows_are_open_as_long_as_something_is_waited_for(name: str) -> None:
    table, expected = TABLES[name], MUST_BE_OPEN.get(name, "").split()
    for state in _states(table):
        assert table.must_be_open(state, final=False) == (state in expected or f"{state}!" in expected), state
        assert table.must_be_open(state, final=True) == (state in expected), state


def test_every_story_has_an_aggregate() -> None:
    assert {table.workflow.partition("/")[0] for table in TABLES.values() if table.workflow} == STORIES.keys()


MOVES = {
    "organisation": {"confirmed": "OFFICER"},
    "recognition": {"applied": "OFFICER"},
    "deliverable": {"planned": "LEAD", "returned": "LEAD", "in_review": "PEER", "reviewed": "COORD"},
    "factor_reset": {"asked": "OFFICER", "seconded": "OFFICER"},
    "membership": {"invited": "SELF", "requested": "OWNER OFFICER"},
    "participation": {"submitted": "OFFICER", "needs_info": "MEMBER", "dormant": "MEMBER"},
    "proposal": {"open": "HO", "accepted": "VO"},
    "group": {"draft": "HO"},
    "application": {
        "draft": "VO",
        "in_review": "VOP HOP DEPUTY",
        "changes_requested": "VO",
        "awaiting_budget": "COORD",
    },
    "cutoff": {"assessing": "OFFICER COORD", "ranked": "OFFICER COORD"},
    "stage": {"open": "VOP HOP PAY COORD AGENCY DEPUTY"},
    "assessment": {"assigned": "EVALUATOR", "accepted": "EVALUATOR"},
    "agreement": {"open": "VOS HOS VOP HOP PAY"},
    "visit": {"report_due": "VO", "report_changes": "VO", "report_submitted": "VOP"},
    "rate_table": {"proposed": "COORD"},
    "voucher": {"issued": "VO"},
    "amendment": {"requested": "VOP"},
    "break_glass": {"requested": "COORD OPERATOR"},
    "conversation": {"with_support": "COORD"},
    "stray_mail": {"waiting": "OFFICER OPERATOR"},
    "report": {"awaited": "VO", "overdue": "VO", "returned": "VO", "submitted": "VOP"},
    "payee": {"entered": "VERIFIER", "blocked": "VERIFIER", "refused": "CLAIMANT"},
    "transfer": {"proposed": "COORD PAY"},
    "aid_check": {"asked": "CLAIMANT"},
    "aid_entry": {"due": "PAY VERIFIER"},
    "late_payment": {"asked": "APPROVER TREASURER"},
    "exchange_table": {"imported": "VERIFIER APPROVER TREASURER"},
    "claim": {
        "opened": "CLAIMANT",
        "returned": "CLAIMANT",
        "filed": "VERIFIER",
        "verified": "APPROVER",
        "recovering": "CLAIMANT",
    },
    "payment": {"proposed": "TREASURER"},
    "batch": {"proposed": "TREASURER", "seconded": "TREASURER"},
    "suspense": {"open": "TREASURER", "explained": "TREASURER"},
    "period": {"proposed": "APPROVER TREASURER"},
    "funder_report": {
        "draft": "APPROVER TREASURER",
        "prepared": "COORD",
        "submitted": "COORD",
        "sent_back": "APPROVER TREASURER",
        "cuts_noted": "APPROVER TREASURER",
    },
    "instalment": {"announced": "TREASURER", "matched": "TREASURER"},
    "retention": {"due": "APPROVER TREASURER", "proposed": "APPROVER TREASURER"},
    "registration": {"pending": "ORGANISER", "offered": "REGISTRANT"},
}
"""Whose move it is, where somebody waits for a person."""


@pytest.mark.parametrize("name", TABLES)
def test_whose_move_it_is(name: str) -> None:
    assert dict(TABLES[name].movers) == MOVES.get(name, {})


@pytest.mark.parametrize("name", TABLES)
def test_parties_are_known_and_never_mixed_with_the_service_itself(name: str) -> None:
    for act in TABLES[name].acts:
        if act.by_person:
            assert set(act.parties) <= {*PARTIES, "PERSON"}, act.name
        else:
            assert act.parties in ((SYSTEM,), (HEARS,), (BESIDE,), (LINK,)), act.name


@pytest.mark.parametrize("name", TABLES)
def test_every_state_can_be_reached(name: str) -> None:
    """From nothing; from a draft, which is saved without a fact; or as a conversation, there with its case."""
    table = TABLES[name]
    reached = {"", "open" if name == "conversation" else "draft"}
    while True:
        further = {
            end.to or state for act in table.acts for state in _from(act) & reached for end in act.ends
        }
        if further <= reached:
            break
        reached |= further
    assert _states(table) <= reached


def _from(act: Act) -> set[str]:
    return set(act.sources) or {""}


@pytest.mark.parametrize("name", [name for name in TABLES if TABLES[name].workflow])
def test_whatever_a_person_does_wakes_the_workflow_that_waits_for_it(name: str) -> None:
    """Else the story sleeps on; a few acts change nothing that their story waits for."""
    lines = {f"claim.{act}" for act in ("add_line", "change_line", "remove_line", "check_line")}
    changes_nothing = {"visit.confirm", "event.add_places", *lines}
    table = TABLES[name]
    for act in table.acts:
        waited_for = any(table.must_be_open(state, final=False) for state in act.sources)
        if act.by_person and waited_for and f"{name}.{act.name}" not in changes_nothing:
            assert all(table.workflow in end.wakes for end in act.ends), act.name


@pytest.mark.parametrize("name", [name for name in TABLES if TABLES[name].workflow])
def test_what_opens_a_workflow_wakes_it(name: str) -> None:
    """Else nobody would start it. A step's own answer needs no wake: who asked for it is open."""
    table = TABLES[name]
    for act in table.acts:
        before = {table.must_be_open(state, final=False) for state in act.sources} or {False}
        for end in act.ends:
            if end.to and before == {False} and table.must_be_open(end.to, final=False):
                assert table.workflow in end.wakes, act.name
