"""What is committed is what the tables say, and nobody can break a promise about facts without being told."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import pytest

from contracts import export
from contracts.asyncapi import ENVELOPE, document
from contracts.catalogue import FACTS, TABLES, FactType
from contracts.compatible import broken
from contracts.facts import Fact
from contracts.ids import new_id
from contracts.tables import Body, Table
from contracts.topics import TOPICS

ROOT = Path(__file__).parents[2]
TYPE = "relais.claim.filed.v1"


def test_what_is_committed_is_what_the_tables_say() -> None:
    assert list(export.breaches()) == []
    assert list(export.differences()) == []


def test_no_exported_file_is_left_over() -> None:
    exported = {Path(path).name for path in export.contents()}
    assert {file.name for file in (export.ROOM / export.SCHEMAS).iterdir()} <= exported


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_export_is_the_same_on_every_machine(seed: str, tmp_path: Path) -> None:
    """Sets and dictionaries are hashed differently there."""
    program = f"from contracts import export; from pathlib import Path; export.write(Path({str(tmp_path)!r}))"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, env=environment)
    for path, content in export.contents().items():
        assert (tmp_path / path).read_text() == content


def test_a_changed_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    export.write(tmp_path)
    (tmp_path / export.ASYNCAPI).write_text("{}")
    (tmp_path / export.SCHEMAS / f"{TYPE}.json").unlink()
    again = "run `python -m contracts export` and commit what it writes"
    assert set(export.differences(tmp_path)) == {
        f"schemas/{TYPE}.json is missing: {again}",
        f"asyncapi.json is not what the tables say: {again}",
    }
    assert export.write(tmp_path) == [f"schemas/{TYPE}.json", export.ASYNCAPI]


def test_a_fact_that_no_table_lists_any_more_is_refused(tmp_path: Path) -> None:
    export.write(tmp_path)
    shutil.copy(
        tmp_path / export.SCHEMAS / f"{TYPE}.json", tmp_path / export.SCHEMAS / "relais.claim.lost.v1.json"
    )
    (told,) = export.breaches(tmp_path)
    assert told.startswith("relais.claim.lost.v1 is in no state table any more")
    assert "keep it in its table" in told


def test_the_command_refuses_to_write_over_a_broken_promise(tmp_path: Path) -> None:
    """A field that the committed schema has, and the body has not, as if somebody had just renamed it."""
    room = shutil.copytree(ROOT / "contracts", tmp_path / "contracts")
    file = room / "schemas" / f"{TYPE}.json"
    before = json.loads(file.read_text())
    before["properties"]["cents"] = {"type": "integer"}
    file.write_text(json.dumps(before))
    for command in ("export", "check"):
        done = subprocess.run(
            [sys.executable, "-m", "contracts", command], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 1
        assert f"{TYPE} no longer has the field `cents`" in done.stderr
        assert "make it V2" in done.stderr
    assert json.loads(file.read_text()) == before


class Filed(Body):
    amount_cents: int
    reason: Literal["first", "second"] = "first"
    on: date
    claims: tuple[UUID, ...] = ()
    note: dict[str, Any] = {}


class Wider(Body):
    """Everything that Filed allows, and more."""

    amount_cents: int | None
    reason: Literal["first", "second", "third"] = "first"
    on: date
    claims: tuple[UUID | None, ...] = ()
    note: dict[str, Any] = {}
    added: str = ""


class Freer(Body):
    amount_cents: float
    reason: str = "first"
    on: date
    claims: tuple[UUID, ...] = ()
    note: Any = None


class Renamed(Body):
    cents: int = 0
    reason: Literal["first", "second"] = "first"
    on: date
    claims: tuple[UUID, ...] = ()
    note: dict[str, Any] = {}


class Demanding(Filed):
    added: str


class NoLongerOptional(Filed):
    reason: Literal["first", "second"]  # pyright: ignore[reportGeneralTypeIssues]


class FewerReasons(Filed):
    reason: Literal["second"] = "second"  # pyright: ignore[reportIncompatibleVariableOverride]


class OtherAmount(Filed):
    amount_cents: str  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues]


class OtherDay(Filed):
    on: datetime  # pyright: ignore[reportIncompatibleVariableOverride]


class OtherClaims(Filed):
    claims: tuple[int, ...] = ()  # pyright: ignore[reportIncompatibleVariableOverride]


class OtherNote(Filed):
    note: dict[str, int] = {}


def _schema(body: type[Body]) -> Mapping[str, Any]:
    return export.schema_of(FactType(TYPE, TABLES["claim"], body))


@pytest.mark.parametrize("changed", [Filed, Wider, Freer])
def test_a_field_with_a_default_and_a_wider_type_are_fine(changed: type[Body]) -> None:
    assert list(broken(TYPE, _schema(Filed), _schema(changed))) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (Renamed, "no longer has the field `amount_cents`"),
        (Demanding, "now requires the field `added`"),
        (NoLongerOptional, "now requires the field `reason`"),
        (FewerReasons, "takes less in the field `reason` than before"),
        (OtherAmount, "takes less in the field `amount_cents` than before"),
        (OtherDay, "takes less in the field `on` than before"),
        (OtherClaims, "takes less in the field `claims` than before"),
        (OtherNote, "takes less in the field `note` than before"),
    ],
)
def test_what_old_facts_could_not_bear_is_refused(changed: type[Body], what: str) -> None:
    (told,) = broken(TYPE, _schema(Filed), _schema(changed))
    assert told.startswith(f"{TYPE} {what}")
    assert "leave this version as it is and make it V2 (a class FiledV2" in told


def test_what_was_widened_cannot_be_narrowed_again() -> None:
    told = [sentence.split("`")[1] for sentence in broken(TYPE, _schema(Wider), _schema(Filed))]
    assert told == ["added", "amount_cents", "claims", "reason"]


def test_a_second_version_has_a_type_of_its_own() -> None:
    class FiledV2(Body):
        pass

    assert Table("claim", "reimbursements", "t", ()).type_of(FiledV2) == "relais.claim.filed.v2"


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _references(value)


def test_everything_the_asyncapi_document_refers_to_is_there() -> None:
    whole = document()
    for reference in _references(whole):
        file, _, pointer = reference.partition("#")
        if file:
            assert (export.ROOM / file).exists(), reference
            continue
        part: Any = whole
        for name in pointer.strip("/").split("/"):
            part = part[name]
            if "$ref" in part:
                assert part["$ref"] != reference


def test_the_asyncapi_document_has_every_topic_fact_and_service() -> None:
    whole = document()
    assert {channel["address"] for channel in whole["channels"].values()} == {topic.name for topic in TOPICS}
    assert whole["components"]["messages"].keys() == FACTS.keys()
    sent = [reference["$ref"] for said in whole["operations"].values() for reference in said["messages"]]
    assert sorted(reference.rpartition("/")[2] for reference in sent) == sorted(FACTS)
    said_by = {said["tags"][0]["name"] for said in whole["operations"].values()}
    assert said_by == {table.service for table in TABLES.values()}


def test_the_documented_headers_are_those_of_a_record() -> None:
    everything = Fact(
        id=new_id(),
        type=TYPE,
        source="relais/reimbursements",
        subject=new_id(),
        version=1,
        state="filed",
        time=datetime.now(UTC),
        recordedtime=datetime.now(UTC),
        body={},
        case=new_id(),
        wakes=("reimbursement-claim/x",),
        audience=("PAY:x",),
        actor="system",
        behalfof=str(new_id()),
        correlation=new_id(),
        causation=new_id(),
        feed=1,
    )
    assert {name for name, _ in everything.headers()} == ENVELOPE.keys()
