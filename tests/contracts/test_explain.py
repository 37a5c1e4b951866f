"""`make explain` tells where an act is done, and the places it names are the right ones."""

import re
from pathlib import Path

import pytest

from contracts.catalogue import TABLES
from contracts.tables import Act, Table
from deploy.explain import explained, main

ROOT = Path(__file__).parents[2]
ACTS = [(table, act) for table in TABLES.values() for act in table.acts]


def test_an_act_is_told_from_the_table_to_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    main(["application.return"])
    told = capsys.readouterr().out
    assert re.search(r"row +contracts/application\.py:\d+ +VOP DEPUTY, in in_review", told)
    assert re.search(r"rule +services/applications/commands\.py:\d+ +return_ ", told)
    assert "POST /api/v1/applications/{id}/return, page /applications/{id}/return" in told
    assert "changes_requested" in told
    assert "relais.application.returned.v1 on relais.applications" in told
    assert re.search(r"wakes +grant-approval/\{case\} +workflows/grant_approval\.py:\d+", told)
    assert re.search(r"heard by .*notifications.*overview", told)


def test_an_act_that_several_aggregates_have_is_told_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    main(["return"])
    told = capsys.readouterr().out
    having = [name for name, table in TABLES.items() if any(act.name == "return" for act in table.acts)]
    assert len(having) > 2
    assert [f"\n{name}.return\n" in told for name in having] == [True] * len(having)


@pytest.mark.parametrize(("table", "act"), ACTS, ids=[f"{table.name}.{act.name}" for table, act in ACTS])
def test_every_place_that_is_named_says_what_it_should(table: Table, act: Act) -> None:
    for label, words in explained(table, act):
        for file, line in re.findall(r"(\S+\.py):(\d+)", words):
            there = (ROOT / file).read_text().splitlines()[int(line) - 1]
            expected = {"row": r"\bact\(", "rule": "@"}.get(label, r"^class |^@workflow\.defn")
            assert re.search(expected, there)


def test_an_unknown_act_is_answered_with_those_that_exist() -> None:
    with pytest.raises(SystemExit, match=r"no table lists the act fly; there are: accept, .*withdraw"):
        main(["fly"])
