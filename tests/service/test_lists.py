"""Lists take as many statements for thirty rows as for three: counted on scenes whose rows are copied."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.chassis.database import Database
from tests.conftest import FreshDatabase
from tests.databases import Databases
from tests.service import scenes, scenes_of_money
from tests.service.copies import Copies
from tests.service.counting import statements
from tests.service.lists import LISTS
from tests.service.scenes import Scene

SCENES = {**scenes.SCENES, **scenes_of_money.SCENES}
COUNTED = [(service, scene) for service, known in LISTS.items() for scene in known.counted]
Copied = Callable[[str, Database], Copies]


@pytest.fixture
def copies(postgres: Databases) -> Copied:
    return lambda service, database: Copies(
        postgres.url(service, database.engine.url.database or "", owner=True)
    )


@pytest.mark.parametrize(("service", "scene"), COUNTED)
async def test_a_list_asks_as_often_for_many_rows_as_for_few(
    fresh_database: FreshDatabase, tmp_path: Path, copies: Copied, service: str, scene: str
) -> None:
    database = await fresh_database(service)
    async with SCENES[service, scene](database, tmp_path) as played:
        wrong: list[str] = []
        for address, (tables, who) in LISTS[service].counted[scene].items():
            path = address.format(**played.ids)
            told = await compared(played, copies(service, database), path, tables, who)
            wrong += [f"{path}: {told}"] if told else []
        assert not wrong, "\n".join(wrong)


async def compared(scene: Scene, copies: Copies, path: str, tables: str, who: str) -> str:
    """Opens the list with its rows and with ten times as many; what is wrong, or nothing."""
    person = scene.people[who]
    read = person.get if path.startswith("/api/") else person.open
    with statements(scene.served) as few:
        short = await read(path)
    async with copies.of(tables.split()) as number:
        with statements(scene.served) as many:
            long = await read(path)
    if (short.status_code, long.status_code) != (200, 200):
        return f"{short.status_code}, {long.status_code}: {long.text[:200]}"
    if len(long.text) <= len(short.text):
        return f"{number} rows of {tables} are not listed"
    return f"{len(few)} statements, {len(many)} for {number} rows" if len(few) != len(many) else ""
