"""Services keep what the tables promise: their steps, and a rule and a route for each act of a person."""

import pytest

from contracts.asks import STEPS
from contracts.catalogue import TABLES
from contracts.tables import Act, Table
from contracts.topics import TOPICS
from deploy.built import built
from services.chassis.acts.rules import rule_of

SERVICES = sorted({table.service for table in TABLES.values()} | {"overview"})
ACTS = [(table, act) for table in TABLES.values() for act in table.acts if act.by_person]
EACH_ACT = pytest.mark.parametrize(
    ("table", "act"), ACTS, ids=[f"{table.name}.{act.name}" for table, act in ACTS]
)


@pytest.mark.parametrize("owner", sorted({step.owner for step in STEPS}))
def test_every_step_is_offered_by_its_owner(owner: str) -> None:
    assert built(owner).offers.missing() == frozenset()


@EACH_ACT
def test_every_act_of_a_person_has_a_rule(table: Table, act: Act) -> None:
    built(table.service)
    assert rule_of(table, act) is not None


@EACH_ACT
def test_every_act_of_a_person_is_reached_over_the_api(table: Table, act: Act) -> None:
    path = f"/api/v1{table.address_of(act)}"
    assert "post" in built(table.service).app.openapi()["paths"].get(path, {})


@pytest.mark.parametrize("name", SERVICES)
def test_only_the_overview_hears_everything(name: str) -> None:
    """The others read what they know: a new topic is nobody's surprise."""
    assert (built(name).reader.topics == TOPICS) == (name == "overview")


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "directory"])
def test_every_service_hears_who_may_do_what(name: str) -> None:
    """From directory, which alone knows it by itself."""
    assert "relais.directory" in {topic.name for topic in built(name).reader.topics}
