"""What nobody does for another person, whatever mandate they hold."""

from contracts.acting import DEPUTY, PREPARES, SIGNS, STANDS_IN, lets
from contracts.break_glass import place_in
from contracts.catalogue import TABLES
from contracts.tables import PARTIES

NEVER = (
    "sign submit appeal select refuse decide declare file approve release select opine judge settle withdraw cancel "
    "revise accept agree confirm validate grant give"
).split()
PREPARED = {"proposal.withdraw", "visit.revise", "report.submit", "report.revise"}
"""Acts of these names that only prepare or answer: a proposal binds nobody, and a report is looked at by an officer."""

TALKS = {"conversation.post"}
"""Where a payer takes part too: what is written there decides nothing and releases nothing."""


def test_whatever_is_listed_is_an_act_of_a_person() -> None:
    for listed in (PREPARES, SIGNS, STANDS_IN):
        for table, acts in listed.items():
            assert all(TABLES[table].act(act).by_person for act in acts)


def test_a_proxy_never_signs_declares_decides_appeals_or_releases_money() -> None:
    money = {
        party for party, role in PARTIES.items() if role in ("verifier", "approver", "treasurer", "payer")
    }
    for table in TABLES.values():
        for act in table.acts:
            if lets("proxy", table.name, act.name):
                assert not act.step_up
                assert not money.intersection(act.parties) or f"{table.name}.{act.name}" in TALKS
                assert act.name not in NEVER or f"{table.name}.{act.name}" in PREPARED


def test_a_deputy_does_what_a_proxy_does_and_judges_and_neither_signs_nor_releases_money() -> None:
    for table in TABLES.values():
        for act in table.acts:
            judges = act.name in STANDS_IN.get(table.name, ())
            assert lets("deputy", table.name, act.name) == (lets("proxy", table.name, act.name) or judges)
            assert judges == (DEPUTY in act.parties)
            assert not (judges and act.step_up)
    assert {table: sorted(acts) for table, acts in STANDS_IN.items()} == {
        "application": ["refuse", "return", "select"],
        "stage": ["judge"],
    }


def test_a_power_of_attorney_signs_or_refuses_and_nothing_else() -> None:
    able = {
        f"{table.name}.{act.name}"
        for table in TABLES.values()
        for act in table.acts
        if lets("power_of_attorney", table.name, act.name)
    }
    assert able == {"agreement.sign", "agreement.refuse"}


def test_break_glass_is_for_listed_acts_of_a_case_and_never_for_what_takes_the_party_itself() -> None:
    able = {
        f"{table.name}.{act.name}": place
        for table in TABLES.values()
        for act in table.acts
        if (place := place_in(table, act))
    }
    assert {TABLES[name.split(".")[0]].service for name in able} == {"applications"}
    assert able["application.return"] == "VOP" and able["visit.check_in"] == "VO"
    assert not able.keys() & {
        "agreement.sign",
        "agreement.refuse",
        "application.appeal",
        "application.submit",
    }
    for name, place in able.items():
        table, act = (TABLES[name.split(".")[0]], name.split(".")[1])
        assert table.act(act).by_person and not table.act(act).step_up
        assert PARTIES[place] in ("member", "officer"), "never who pays, verifies, evaluates or signs"
