"""Words looked for in names as people type them: "krakow" finds Kraków, "LODZ" finds Łódź, "strasse" finds Straße.

What is looked for in the database is folded there on both sides, and no sign of it is a wildcard."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, or_

_ACCENTS = "[\u0300-\u036f]"
_WHOLE, _PLAIN = "łøđðħıŧ", "loddhit"
"""Letters that no accent is taken from, and what people type for them."""
_PAIRS = (("ß", "ss"), ("æ", "ae"), ("œ", "oe"))


def plain(text: str) -> str:
    """In small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    letters = letters.translate(str.maketrans(_WHOLE, _PLAIN))
    for sign, pair in _PAIRS:
        letters = letters.replace(sign, pair)
    return letters


def folded(text: Any) -> ColumnElement[str]:
    """The same of what stands in the database, there."""
    letters = func.regexp_replace(func.pg_catalog.normalize(func.lower(text), "NFKD"), _ACCENTS, "", "g")
    letters = func.translate(letters, _WHOLE, _PLAIN)
    for sign, pair in _PAIRS:
        letters = func.replace(letters, sign, pair)
    return letters


def has(words: str, places: Iterable[Any]) -> ColumnElement[bool]:
    """Whether one of the places has these words, one after the other."""
    wanted = folded(words.strip())
    return or_(*(func.strpos(folded(place), wanted) > 0 for place in places))
