"""How one of many is asked for: a few stand in a list; among many one searches by words and chooses of what is
found. It takes no script: the search keeps what was typed elsewhere and comes back to the question."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from services.chassis.web.look.forms import Field, Posted, asked
from services.chassis.web.look.shapes import Shape
from services.chassis.web.look.words import gettext as _

Choices: TypeAlias = Sequence[tuple[str, str]]
WORDS = "-words"
FOUND = 20
"""As many are listed without a search, and shown of one."""


@dataclass(frozen=True)
class Offer:
    """What a question for one of many offers.

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


def asked_for(field: Field, offer: Offer, values: Mapping[str, Any] | Posted) -> Field:
    """A field of a model as it is asked for with this offer; values: what stands, or what was posted."""
    common: dict[str, Any] = {"hint": field.hint, "required": field.required}
    shapes = list(offer.shapes(field.name, field.label, common))
    inside = asked(shapes, values, {shapes[0].name: field.error})
    return replace(field, kind="search", inside=tuple(inside)) if offer.searched else inside[0]


def sought(posted: Posted) -> dict[str, str]:
    """What was typed of the fields that are searched for; of a form that searches, all that was typed."""
    typed = {name: value for name, value in posted.items() if isinstance(value, str)}
    if is_search(posted):
        return typed
    return {name: typed[name] for name in typed if name.endswith(WORDS) or words_at(name) in typed}


def is_search(posted: Posted) -> bool:
    """Whether the button was the one that searches."""
    return str(posted.get("do", "")).startswith("search:")


def words_at(at: str) -> str:
    """The name of the field with the words that are searched for."""
    return f"{at}{WORDS}"
