"""How an organisation is asked for: a few stand in a list; among many one searches by words and chooses of what is
found. It takes no script: the search keeps what was typed elsewhere and comes back to the question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from services.chassis.web.look.shapes import Shape
from services.chassis.web.look.words import gettext as _

Choices: TypeAlias = Sequence[tuple[str, str]]
FOUND = 20
"""As many are listed without a search, and shown of one."""


@dataclass(frozen=True)
class Offer:
    """What a question for an organisation offers.

    searched   whether there are too many to list, so that they are searched for
    words      what was searched for just now; empty where nothing was
    """

    choices: Choices = ()
    searched: bool = False
    words: str = ""

    def shapes(self, at: str, label: str, common: dict[str, Any]) -> Iterator[Shape]:
        """The fields of the question at this place."""
        if not self.searched:
            yield Shape(at, label, kind="select", choices=tuple(self.choices), **common)
            return
        plain: dict[str, Any] = {**common, "hint": ""}
        if self.choices:
            shown = _("%(label)s: choose") % {"label": label}
            yield Shape(at, shown, kind="radios", choices=tuple(self.choices), **plain)
        words = _("%(label)s: search by name, town or registration number") % {"label": label}
        plain["hint"] = self._said() or common["hint"]
        yield Shape(words_at(at), words, max_length=100, **plain)

    def _said(self) -> str:
        """What came of the search."""
        if not self.words:
            return ""
        if not self.choices:
            return _("Nobody is called like “%(words)s”. Type less of the name, or the town.") % {
                "words": self.words
            }
        if len(self.choices) >= FOUND:
            return _("The first %(n)s are shown. Type more of the name to find others.") % {"n": FOUND}
        return ""


def words_at(at: str) -> str:
    """The name of the field with the words that are searched for."""
    return f"{at}-words"
