"""Whatever the database refuses by a constraint of ours is said in a sentence."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, MetaData, UniqueConstraint
from sqlmodel import SQLModel

from contracts import words

ROOT = Path(__file__).parents[2]
MODELS = [import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
          for file in sorted((ROOT / "services").rglob("*models.py"))]  # fmt: skip
import_module("services.reimbursements.ledger.tables")
IN_THE_CHASSIS = {"outbox_order", "outbox_once", "parked_once"}
"""Constraints that the chassis itself answers: a repeated request, a record that comes again."""


def _names(metadata: MetaData) -> Iterator[str]:
    for table in metadata.tables.values():
        for one in table.constraints:
            if isinstance(one, CheckConstraint | UniqueConstraint | ForeignKeyConstraint) and one.name:
                yield str(one.name)
        for index in table.indexes:
            if index.unique and index.name:
                yield str(index.name)


NAMES = sorted(set(_names(SQLModel.metadata)) - IN_THE_CHASSIS)


def test_constraints_are_found() -> None:
    """Else the test below would hold of nothing."""
    assert len(MODELS) > 10
    assert {"visit_once", "places_taken", "no_overspend", "payment_authorised_by_two"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_constraint_has_a_sentence(name: str) -> None:
    assert name.replace("_", "-") in words.REFUSALS
