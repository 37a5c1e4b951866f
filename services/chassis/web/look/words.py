"""Texts in the reader's language. English stands in code and templates, marked with `_`; `make catalogues`
gathers it for services/chassis/locale/<language>/LC_MESSAGES/relais.po, which is read as it is.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from contracts.words import CODES
from contracts.words.grants import OF_A_GRANT
from services.chassis.web.look.context import reader

LOCALES = Path(__file__).parents[2] / "locale"
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
    """The catalogue of a language; what it lacks is read in English."""
    file = LOCALES / language / "LC_MESSAGES" / "relais.po"
    return read(file, language) if language in LANGUAGES and file.exists() else NullTranslations()


def read(file: Path, language: str) -> Translations:
    """A catalogue from its .po file, without a compiled one beside it."""
    compiled = BytesIO()
    with file.open("rb") as po:
        write_mo(compiled, read_po(po, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def worded(language: str) -> str:
    """The language itself when there are texts in it, else English: for what is given to others as it is."""
    return language if (LOCALES / language / "LC_MESSAGES" / "relais.po").exists() else "en"


def gettext(message: str) -> str:
    """An English text in the reader's language; where a page is about a grant, what is said of grants."""
    page = reader()
    text = OF_A_GRANT.get(message, message) if page.grant else message
    return catalogue(page.language).gettext(text) if text else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """An English text that counts, by the plural rules of the reader's language."""
    return catalogue(reader().language).ngettext(singular, plural, n)


def coded(kind: str, code: object) -> str:
    """A code of the contracts in words: those under "<kind>.<code>" or the code, else the code spelt out."""
    words = CODES.get(f"{kind}.{code}") or CODES.get(str(code)) or humanised(str(code))
    return gettext(words)


def humanised(name: str) -> str:
    """ "agenda_unclear" → "Agenda unclear"."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
