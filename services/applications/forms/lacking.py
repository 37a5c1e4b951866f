"""What keeps a form or a call from going live, as its authors read it: a sentence and where to mend it. Texts that lack
their translation are counted by language, not listed one by one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from contracts.errors import Finding
from services.applications.forms.building import LANGUAGES
from services.applications.forms.reaching import LEADS_TO
from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import ngettext
from services.chassis.web.sentences import refusal

PARTS = ("at", "page", "name")
"""Parameters of a finding that are keys of parts."""


def lacking(
    findings: Iterable[Finding],
    place: Callable[[str], str],
    translations: Callable[[str], str],
    called: Callable[[str], str] = str,
) -> list[tuple[str, str]]:
    """Pairs of path and sentence.

    place         of what is wrong at a part
    translations  of the texts of a language
    called        what its author calls the part of a key
    """
    told: list[tuple[str, str]] = []
    untranslated: Counter[str] = Counter()
    for one in findings:
        if one.slug.endswith("-translation-missing"):
            untranslated[str(one.params["language"])] += 1
        else:
            told.append((place(one.at), refusal(one.slug, _called(one.params, called))))
    names: dict[str, str] = {**LANGUAGES}
    for language, count in untranslated.items():
        sentence = ngettext(
            "%(num)s text is not in %(language)s yet. Add the translation.",
            "%(num)s texts are not in %(language)s yet. Add the translations.",
            count,
        )
        told.append(
            (translations(language), sentence % {"num": count, "language": _(names.get(language, language))})
        )
    return told


def _called(params: Mapping[str, object], called: Callable[[str], str]) -> dict[str, object]:
    named: dict[str, object] = {key: called(str(params[key])) for key in PARTS if key in params}
    if "loop" in params:
        named["loop"] = LEADS_TO.join(map(called, str(params["loop"]).split(LEADS_TO)))
    return {**params, **named}
