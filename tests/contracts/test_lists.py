"""Whoever adds a list says how it is counted."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_origin, get_type_hints

import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from contracts.catalogue import TABLES
from deploy.built import built
from tests.service.lists import LISTS

ROOT = Path(__file__).parents[2]
OF_THE_HOUSE = re.compile(r"/health/|/api/v1/parked$")
ACTS = {f"/{table.path}/{act.name.replace('_', '-')}" for table in TABLES.values() for act in table.acts}


@pytest.mark.parametrize("service", LISTS)
def test_every_list_is_entered_and_nothing_is_entered_that_does_not_exist(service: str) -> None:
    routes = [one for one in _routes(built(service).app.routes) if not OF_THE_HOUSE.match(one.path)]
    known = LISTS[service]
    counted = {re.sub(r"\{\w+\}", "{id}", path.partition("?")[0]) for path in known.addresses()}
    entered = counted | known.other
    missing = {one.path for one in routes if _is_list(one)} - entered - ACTS
    assert not missing, "enter it in tests/service/lists.py: counted, or what it is instead"
    assert entered <= {one.path for one in routes}


@pytest.mark.parametrize("service", LISTS)
def test_what_is_counted_apart_is_counted_by_a_test_that_exists(service: str) -> None:
    for address, named in LISTS[service].apart.items():
        file, _, test = named.partition("::")
        source = (ROOT / file).read_text()
        function = re.search(rf"^async def {test}\(.*?(?=^\S|\Z)", source, re.DOTALL | re.MULTILINE)
        assert function and "statements(" in function[0], f"nothing counts {address}"


def _is_list(route: APIRoute) -> bool:
    """Whether it answers with a list, or is a page about no one thing."""
    return "{" not in route.path or get_origin(get_type_hints(route.endpoint).get("return")) is list


def _routes(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is not None:
            yield from _routes(router.routes)
        elif isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            yield route
