"""A form that goes live is sound; what is not is refused with a slug of its own and a sentence that says why."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from contracts import words
from contracts.errors import DomainError
from services.applications.forms.checking import check, gaps, refuse_unless_sound
from services.applications.forms.definition import MOST_BYTES, Definition, read, written
from tests.rules.forms.samples import answer, compare, forms, question, travel, travel_form, when

FORMS = Path(__file__).parents[3] / "services/applications/forms"


def test_a_sound_form_has_no_findings() -> None:
    assert check(travel_form()) == []


@given(forms())
def test_made_up_forms_are_sound_and_read_back_as_they_were_written(form: Definition) -> None:
    assert check(form) == []
    assert read(written(form)) == form


Break = Callable[[dict[str, Any]], None]


def cycle(form: dict[str, Any]) -> None:
    form["pages"][0]["questions"][3]["when"] = when(compare("where_before", "answered"))


def computed_cycle(form: dict[str, Any]) -> None:
    money = form["pages"][1]["questions"]
    money[1]["calculation"]["of"].append({"source": answer("double")})
    money.append(
        question("double", "computed", calculation={"op": "sum", "of": [{"source": answer("total")}]})
    )


def asked_later(form: dict[str, Any]) -> None:
    form["pages"][0]["when"] = when(compare("other_money", "is", True))


def unreachable(form: dict[str, Any]) -> None:
    form["pages"][2]["when"] = when(compare("other_money", "is", True), compare("other_money", "is", False))


def unreachable_behind(form: dict[str, Any]) -> None:
    """It rests on a question that is hidden whenever the page would be shown."""
    form["pages"][2]["when"] = when(
        compare("abroad_before", "is", False), compare("where_before", "is", "Oslo")
    )


def too_many(form: dict[str, Any]) -> None:
    form["pages"][0]["questions"] = [question(f"q{n}", "yes_no") for n in range(2000)]


def dangling(form: dict[str, Any]) -> None:
    form["pages"][2]["when"] = when(compare("budget", "more", 1))


def untranslated(form: dict[str, Any]) -> None:
    form["pages"][1]["questions"][0]["questions"][1]["label"] = {"en": "Amount"}


def types_differ(form: dict[str, Any]) -> None:
    form["checks"][0]["must"] = when(compare("requested", "at_most", {"source": answer("dates.first")}))


def mixed(form: dict[str, Any]) -> None:
    form["pages"][1]["questions"][4]["currencies"] = ["EUR", "PLN"]


def no_options(form: dict[str, Any]) -> None:
    form["pages"][0]["questions"].append(question("topic", "choice"))


def twice(form: dict[str, Any]) -> None:
    form["pages"][0]["questions"].append(question("requested", "yes_no"))


def named_as_a_field_of_the_page(form: dict[str, Any]) -> None:
    form["pages"][0]["questions"].append(question("version", "short_text"))


def named_as_the_check(form: dict[str, Any]) -> None:
    form["pages"][2]["key"] = "check"


def nested(form: dict[str, Any]) -> None:
    form["pages"][1]["questions"][0]["questions"].append(question("why", "long_text"))


@pytest.mark.parametrize(
    ("broken", "slug", "at"),
    [
        (cycle, "form-cycle", "abroad_before"),
        (computed_cycle, "form-cycle", "total"),
        (asked_later, "form-asked-later", "trip"),
        (unreachable, "form-page-unreachable", "own_share"),
        (unreachable_behind, "form-page-unreachable", "own_share"),
        (too_many, "form-too-many-questions", ""),
        (dangling, "form-reference-dangling", "own_share"),
        (untranslated, "form-translation-missing", "costs.amount"),
        (types_differ, "form-types-differ", "not_above_costs"),
        (mixed, "form-currencies-mixed", "own_share"),
        (no_options, "form-options-missing", "topic"),
        (twice, "form-key-twice", "requested"),
        (named_as_a_field_of_the_page, "form-key-taken", "version"),
        (named_as_the_check, "form-key-taken", "check"),
        (nested, "form-column-kind", "costs"),
        (lambda form: form.update(pages=[]), "form-empty", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_sound_is_refused_where_it_is(broken: Break, slug: str, at: str) -> None:
    content = travel()
    broken(content)
    with pytest.raises(DomainError) as refused:
        refuse_unless_sound(Definition.model_validate(content))
    assert (refused.value.slug, refused.value.field) == (slug, at)
    assert words.REFUSALS[slug] % refused.value.params


def test_a_cycle_is_named_in_its_order() -> None:
    content = travel()
    cycle(content)
    (finding,) = [one for one in check(Definition.model_validate(content)) if one.slug == "form-cycle"]
    assert finding.params["loop"] == "abroad_before → where_before → abroad_before"


def test_translations_that_lack_are_listed_with_the_text_to_translate() -> None:
    content = travel()
    content["pages"][0]["lead"] = {"en": "Travel days count."}
    (gap,) = gaps(Definition.model_validate(content))
    assert (gap.at, gap.path, gap.language, gap.source) == ("trip", "lead", "de", "Travel days count.")


def test_what_is_no_form_is_refused_with_its_place() -> None:
    with pytest.raises(DomainError) as refused:
        read('{"format": "relais-form/1", "title": {"en": "x"}, "pages": [{"key": "UPPER"}]}')
    assert refused.value.slug == "form-unreadable"
    assert refused.value.params["where"] == "pages.0.key"
    with pytest.raises(DomainError) as refused:
        read(" " * (MOST_BYTES + 1))
    assert refused.value.slug == "form-too-large"
    with pytest.raises(DomainError):
        read('{"title": ' * 50_000)


def test_every_finding_has_a_sentence() -> None:
    slugs = {
        slug
        for file in FORMS.glob("*.py")
        for slug in re.findall(r'"((?:form|answer)-[a-z-]+)"', file.read_text())
    }
    assert len(slugs) > 40
    assert slugs <= words.REFUSALS.keys()
