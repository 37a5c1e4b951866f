"""Databases with the chassis' own tables only, or with the ledger's; a case under review; a paying member's money."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from services.chassis.database import Database
from tests.conftest import FreshDatabase
from tests.databases import Databases
from tests.service.applying import applying
from tests.service.books import sound
from tests.service.ledgers import Ledger, fresh
from tests.service.money import Finance, finance
from tests.service.reviewing import Reviewing

CHASSIS = Path(__file__).parent / "migrations"


@pytest.fixture
async def writer(postgres: Databases) -> AsyncGenerator[Database]:
    """A database that facts are said from, as the applications service."""
    async with postgres.fresh("applications", CHASSIS) as database:
        yield database


@pytest.fixture
async def listener(postgres: Databases) -> AsyncGenerator[Database]:
    """A database of a service that hears."""
    async with postgres.fresh("overview", CHASSIS) as database:
        yield database


@pytest.fixture(scope="module")
async def books(postgres: Databases) -> AsyncGenerator[Ledger]:
    """A ledger alone, for all tests of a file."""
    async with fresh(postgres) as found:
        yield found


@pytest.fixture
async def review(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Reviewing]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        yield Reviewing(played)


@pytest.fixture
async def money(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Finance]:
    """The service that pays, with a member and its people; whatever a test does, the books are sound after it."""
    async with finance(await fresh_database("reimbursements"), tmp_path) as played:
        yield played
        await sound(played.stage.database)
