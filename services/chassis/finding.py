"""Words looked for in names as people type them: "krakow" finds Kraków, "LODZ" finds Łódź, "strasse" finds Straße.

Both sides are folded by one expression of the database, and no sign of theirs is a wildcard."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, or_

_ACCENTS = "[\u0300-\u036f]"
_WHOLE, _PLAIN = "łøđðħıŧ", "loddhit"
"""Letters that no accent is taken from, and what people type for them."""
_PAIRS = (("ß", "ss"), ("æ", "ae"), ("œ", "oe"))


def folded(text: Any) -> ColumnElement[str]:
    """In small letters without accents."""
    plain = func.regexp_replace(func.pg_catalog.normalize(func.lower(text), "NFKD"), _ACCENTS, "", "g")
    plain = func.translate(plain, _WHOLE, _PLAIN)
    for sign, letters in _PAIRS:
        plain = func.replace(plain, sign, letters)
    return plain


def has(words: str, places: Iterable[Any]) -> ColumnElement[bool]:
    """Whether one of the places has these words, one after the other."""
    wanted = folded(words.strip())
    return or_(*(func.strpos(folded(place), wanted) > 0 for place in places))
