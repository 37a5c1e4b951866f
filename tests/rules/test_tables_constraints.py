"""Whatever the database refuses by a constraint of ours is said in a sentence."""

from collections.abc import Iterator

import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, MetaData, UniqueConstraint
from sqlmodel import SQLModel

from contracts import words
from services.applications import intake_models as intake
from services.applications import models as applications
from services.directory import models as directory
from services.events import models as events
from services.notifications import models as notifications
from services.overview import models as overview
from services.reimbursements import models
from services.reimbursements.funder import models as funder_models
from services.reimbursements.ledger import tables as ledger_tables
from services.reimbursements.payments import models as payment_models
from services.reimbursements.periods import models as period_models

MODELS = (
    applications, intake, directory, events, notifications, overview, models, payment_models, ledger_tables,
    period_models, funder_models,
)  # fmt: skip
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
    assert all(model.__file__ for model in MODELS)
    assert {"visit_once", "places_taken", "no_overspend", "payment_authorised_by_two"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_constraint_has_a_sentence(name: str) -> None:
    assert name.replace("_", "-") in words.REFUSALS
