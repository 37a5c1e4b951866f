"""One definition decides what is asked, what is wrong and what is submitted, whoever sends the answers."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from services.applications.forms.answers import Filled, Ground
from services.applications.forms.asking import Asking
from services.applications.forms.definition import Definition, Question
from services.applications.forms.printing import Printing
from services.applications.forms.schema import answers_schema
from services.applications.forms.values import persons_in
from services.chassis.web.look.offering import Offer
from tests.rules.forms.samples import ANSWERS, ANYTHING, filled_forms, question, travel, travel_form, words

GROUND = Ground(call={"today": date(2026, 11, 23)})


def filled(**changed: Any) -> Filled:
    return Filled(travel_form(), {**ANSWERS, **changed}, GROUND)


def slugs(form: Filled) -> dict[str, str]:
    return {finding.at: finding.slug for finding in form.findings()}


def test_complete_answers_have_no_findings_and_are_submitted_with_their_sums() -> None:
    form = filled()
    assert form.findings() == []
    assert form.submitted()["total"] == {"cents": 83_000, "currency": "EUR"}


def test_amounts_are_said_in_the_currency_that_is_asked_for() -> None:
    content = travel()
    costs, _total, _other, other_amount, *_rest = content["pages"][1]["questions"]
    costs["questions"][1]["currencies"] = ["PLN"]
    other_amount["currencies"] = ["PLN", "SEK"]
    in_zloty = [{"what": "Train", "amount": {"cents": 83_000, "currency": "PLN"}}]
    form = Filled(Definition.model_validate(content), {**ANSWERS, "costs": in_zloty}, GROUND)
    total = form.definition.question("total")
    assert total is not None
    assert form.submitted()["total"] == {"cents": 83_000, "currency": "PLN"}
    assert Printing(form, "en", {}).text(total, None) == "830.00\u00a0PLN"
    blocks = {block.question.key: block for block in Asking(form, "en").blocks(form.pages[1])}
    assert (blocks["total"].value, blocks["costs"].sums[0][1]) == ("830.00\u00a0PLN", "830.00\u00a0PLN")
    (amount,) = [one.fields[0] for one in blocks["costs"].rows[0].blocks if one.question.key == "amount"]
    assert amount.unit == "PLN"
    asked = Asking(form, "en").shapes(Question.model_validate(other_amount), "other_amount", Offer())
    assert [(one.kind, one.unit) for one in asked] == [("money", ""), ("select", "")], "chosen, not printed"


def test_answers_to_hidden_questions_are_neither_checked_nor_submitted() -> None:
    form = filled(where_before=42, other_amount="plenty", why_more=["no", "text"])
    assert form.findings() == []
    assert not {"where_before", "other_amount", "why_more"} & form.submitted().keys()
    shown = filled(where_before=42, abroad_before=True)
    assert slugs(shown) == {"where_before": "answer-unreadable"}


def test_a_page_is_asked_only_while_its_condition_holds() -> None:
    assert [page.key for page in filled().pages] == ["trip", "money", "declare"]
    more = filled(requested={"cents": 120_000, "currency": "EUR"})
    assert [page.key for page in more.pages] == ["trip", "money", "own_share", "declare"]


def test_a_check_between_answers_is_said_at_its_question_once_all_are_answered() -> None:
    assert slugs(filled(requested={"cents": 83_001, "currency": "EUR"})) == {"requested": "answer-check"}
    assert "answer-check" not in slugs(filled(requested=None)).values()


@pytest.mark.parametrize(
    ("changed", "at", "slug"),
    [
        ({"purpose": ""}, "purpose", "answer-missing"),
        ({"purpose": "x" * 501}, "purpose", "answer-too-long"),
        ({"dates": {"first": "2027-03-05", "last": "2027-03-01"}}, "dates", "answer-period-reversed"),
        ({"dates": {"first": "2026-11-23", "last": "2026-11-24"}}, "dates", "answer-past"),
        ({"dates": {"first": "2027-03-01", "last": "2027-05-01"}}, "dates", "answer-period-long"),
        ({"destination": {"country": "XX", "region": "?"}}, "destination", "answer-not-country"),
        ({"costs": []}, "costs", "answer-rows-missing"),
        ({"costs": [{"what": "Bus", "amount": {"cents": -1, "currency": "EUR"}}]}, "costs.0.amount", "answer-below"),
        ({"costs": [{"what": "Bus", "amount": {"cents": 1, "currency": "PLN"}}]}, "costs.0.amount", "answer-currency"),
        ({"costs": "free"}, "costs", "answer-unreadable"),
        ({"no_double_funding": False}, "no_double_funding", "answer-declare"),
        ({"requested": {"cents": 1.5}}, "requested", "answer-not-amount"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_is(changed: dict[str, Any], at: str, slug: str) -> None:
    assert slugs(filled(**changed))[at] == slug


@given(filled_forms())
def test_good_answers_are_good_for_page_and_schema_alike(made: tuple[Definition, dict[str, Any]]) -> None:
    definition, answers = made
    form = Filled(definition, answers, GROUND)
    assert form.findings() == []
    validator = Draft202012Validator(answers_schema(definition))
    assert not list(validator.iter_errors(form.submitted()))


@given(filled_forms(), st.data())
def test_whatever_is_sent_is_judged_and_never_breaks(
    made: tuple[Definition, dict[str, Any]], data: st.DataObject
) -> None:
    """What the schema refuses, the form refuses as well."""
    definition, answers = made
    key = data.draw(st.sampled_from(sorted(answers)))
    form = Filled(definition, {**answers, key: data.draw(ANYTHING)}, GROUND)
    findings = form.findings()
    validator = Draft202012Validator(answers_schema(definition))
    if not findings:
        kept = {name: value for name, value in form.submitted().items() if value is not False}
        assert not list(validator.iter_errors(kept))


@given(filled_forms())
def test_hiding_a_question_changes_nothing_but_what_rests_on_it(
    made: tuple[Definition, dict[str, Any]],
) -> None:
    """The draft keeps what is hidden: asking again finds it as it was."""
    definition, answers = made
    before = Filled(definition, answers, GROUND).submitted()
    again = Filled(definition, {**answers, **before}, GROUND).submitted()
    assert again == before


def test_people_are_found_wherever_answers_name_them() -> None:
    """Evaluators of an anonymous call declare against them."""
    team = question("team", "group", questions=[question("who", "person"), question("part", "short_text")])
    page = {"key": "people", "title": words("People"), "questions": [question("lead", "person"), team]}
    form = Definition.model_validate({"title": words("Team"), "pages": [page]})
    answers = {"lead": {"name": "Ewa"}, "team": [{"who": {"name": "Adam"}, "part": "Lab"}, {"who": "?"}]}
    assert list(persons_in(form, answers)) == ["Ewa", "Adam"]
