"""The book of plays: every path through every story, by name.

A play holds however its steps are executed (once, twice, failing in between); what moved are the effects.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import ParamSpec, TypeAlias

from tests.workflows.stage import Stage

Play: TypeAlias = Callable[[Stage], Awaitable[None]]
Given = ParamSpec("Given")

PLAYS: dict[str, Play] = {}


def play(function: Play) -> Play:
    """A play under the function's name."""
    PLAYS[function.__name__] = function
    return function


def variants(
    *cases: str,
) -> Callable[[Callable[[Stage, str], Awaitable[None]]], Callable[[Stage, str], Awaitable[None]]]:
    """The same play for several cases, each under a name of its own."""

    def register(
        function: Callable[[Stage, str], Awaitable[None]],
    ) -> Callable[[Stage, str], Awaitable[None]]:
        for case in cases:
            PLAYS[f"{function.__name__}_{case}"] = partial(function, case=case)
        return function

    return register
