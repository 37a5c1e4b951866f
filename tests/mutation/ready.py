"""A server that runs already, with the ledger's tables in a template: each slip is tried on a database of its own,
which is there in a moment. A plugin of the runs that `test_slips` starts.
"""

import json
import os
import time
from itertools import count
from pathlib import Path

import pytest

from deploy.local.postgres import Postgres
from tests.databases import Databases
from tests.service.conftest import books as books
from tests.service.ledgers import MIGRATIONS

VARIABLE = "RELAIS_TEST_SERVER"


def told(databases: Databases, template: str) -> dict[str, str]:
    """What the runs have to know, as a variable of their environment."""
    server = databases.server
    return {
        VARIABLE: json.dumps([str(server.folder), server.port, str(server.passwords), template]),
    }


class Ready(Databases):
    """Copies of one template, under names that no run beside gives."""

    def __init__(self, server: Postgres, template: str) -> None:
        super().__init__(server)
        self._templates["reimbursements", MIGRATIONS] = template
        self._numbers = count(time.time_ns())


@pytest.fixture(scope="session")
def postgres() -> Databases:
    folder, port, passwords, template = json.loads(os.environ[VARIABLE])
    return Ready(Postgres(Path(folder), port, Path(passwords)), template)
