"""How a test sees that a duty refuses: the rule with a sentence, and the database by its constraint alone."""

from typing import Any

import pytest

from contracts.errors import DomainError
from contracts.words import REFUSALS
from tests.people import Person
from tests.service.money import Finance


async def refused(who: Person, path: str, slug: str, body: Any = None) -> None:
    """The act is refused, in words."""
    answer = await who.post(f"/api/v1/{path}", body)
    assert (answer.json()["slug"], answer.status_code) == (slug, 403), answer.text
    assert answer.json()["title"] == REFUSALS[slug]


async def broken(money: Finance, constraint: str, statement: str, **values: Any) -> None:
    """The database refuses by itself what the rule would have refused."""
    with pytest.raises(DomainError) as reason:
        await money.change(statement, **values)
    assert reason.value.slug == constraint.replace("_", "-")
