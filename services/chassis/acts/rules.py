"""Rules and commands: what an act does, registered for its row in a state table.

A rule is pure: `(row, given, at) -> Body`. A command touches several rows: `async (work, given, at) -> Body`.
Both return the fact's body or raise DomainError; neither opens a transaction or sets a state.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

from contracts.tables import Act, Input, Nothing, Table

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """One registered function, with the model of what is given."""

    run: Callable[..., Any]
    given: type[Input]
    is_command: bool


_RULES: dict[tuple[str, str], Rule] = {}


def rule(table: Table, name: str) -> Callable[[F], F]:
    """Registers a rule or a command for an act. A second one for the same act is a mistake."""
    table.act(name)

    def register(function: F) -> F:
        key = (table.name, name)
        if key in _RULES:
            raise ValueError(f"{table.name}.{name} has a rule already")
        given = get_type_hints(function).get("given", Nothing)
        _RULES[key] = Rule(function, given, inspect.iscoroutinefunction(function))
        return function

    return register


def rule_of(table: Table, act: Act) -> Rule | None:
    """The rule of an act, or None if this process serves none (an act made only beside another)."""
    return _RULES.get((table.name, act.name))
