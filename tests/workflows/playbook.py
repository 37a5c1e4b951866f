"""The book of plays: every path through every story, by name.

A play holds however its steps are executed (once, twice, failing in between); what moved are the effects.
"""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from tests.workflows.stage import Stage

Play: TypeAlias = Callable[[Stage], Awaitable[None]]
CasePlay: TypeAlias = Callable[[Stage, str], Awaitable[None]]

PLAYS: dict[str, Play] = {}


def play(function: Play) -> Play:
    """A play under the function's name."""
    PLAYS[function.__name__] = function
    return function


def variants(*cases: str) -> Callable[[CasePlay], CasePlay]:
    """The same play for several cases, each under a name of its own."""

    def register(function: CasePlay) -> CasePlay:
        for case in cases:
            PLAYS[f"{function.__name__}_{case}"] = lambda stage, case=case: function(stage, case)
        return function

    return register
