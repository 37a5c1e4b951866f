"""Texts in the reader's language, from the gettext catalogues (`<room>/locale/<language>/LC_MESSAGES/*.po`).

Two kinds of message: English texts in code and templates (`_("Sign out")`, gathered by `make catalogues`),
and sentences under a key (`sentence("return-not-now")`), written by hand in the `sentences.po` of their room.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from services.chassis.web.look.context import reader

ROOMS = Path(__file__).parents[3]
LANGUAGES = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR", "pl": "pl_PL"}
"""Language of a reader → locale that dates, numbers and countries are written in."""


def locale() -> Locale:
    """The reader's locale."""
    return _locale(reader().language)


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse(LANGUAGES.get(language, LANGUAGES["en"]))


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """All catalogues of a language as one; what it lacks is read in English."""
    if language not in LANGUAGES:
        return catalogue("en")
    texts: NullTranslations = NullTranslations()
    for file in sorted(ROOMS.glob(f"*/locale/{language}/LC_MESSAGES/*.po")):
        with file.open("rb") as po:
            compiled = BytesIO()
            write_mo(compiled, read_po(po, locale=language))
        compiled.seek(0)
        part = Translations(compiled)
        part.add_fallback(texts)
        texts = part
    if language != "en":
        texts.add_fallback(catalogue("en"))
    return texts


def gettext(message: str) -> str:
    """An English text in the reader's language."""
    return catalogue(reader().language).gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """An English text that counts, by the plural rules of the reader's language."""
    return catalogue(reader().language).ngettext(singular, plural, n)


def sentence(key: str, /, **params: object) -> str:
    """The sentence kept under a key, with its %(name)s filled in; a key without one shows itself."""
    text = gettext(key)
    return text % params if text != key else key


def has_sentence(key: str) -> bool:
    """Whether some catalogue has a sentence under this key."""
    return bool(key) and gettext(key) != key


def coded(kind: str, code: object) -> str:
    """A code of the contracts in words: the sentence under "<kind>.<code>" ("reason.no_budget"), or itself."""
    key = f"{kind}.{code}"
    return gettext(key) if has_sentence(key) else gettext(humanised(str(code)))


def humanised(name: str) -> str:
    """ "agenda_unclear" → "Agenda unclear"."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
