"""The form builder: everything by posted forms alone, undone, translated, tried out, published, then unchanged."""

import json
from collections.abc import AsyncGenerator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts import partnership
from contracts.ids import new_id
from services.applications.app import make_service
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.people import Person, Stage, stage
from tests.rules.forms.samples import travel


class Desk:
    """An officer and a coordinator of a partnership, and somebody of another one."""

    stage: Stage
    officer: Person
    coordinator: Person
    stranger: Person
    partnership: UUID
    form: str

    async def begin(self) -> None:
        body = {"partnership": str(self.partnership), "title": "Travel grant", "language": "en"}
        answer = await self.officer.post("/api/v1/forms", body)
        assert answer.status_code == 201, answer.text
        self.form = answer.json()["id"]

    async def now(self) -> dict[str, Any]:
        return (await self.officer.get(f"/api/v1/forms/{self.form}")).json()

    async def press(self, do: str, **more: str) -> httpx.Response:
        """A button of the form's page."""
        edition = str((await self.now())["edition"])
        return await self.officer.send(f"/forms/{self.form}/edits", {"do": do, "edition": edition, **more})

    async def fill(self, part: str, **values: Any) -> httpx.Response:
        edition = str((await self.now())["edition"])
        return await self.officer.send(f"/forms/{self.form}/parts/{part}", {"edition": edition, **values})

    async def import_(self, content: dict[str, Any]) -> httpx.Response:
        edition = str((await self.now())["edition"])
        files = {"file": ("form.json", json.dumps(content).encode())}
        return await self.officer.send(f"/forms/{self.form}/import", {"edition": edition}, files=files)


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Desk]:
    async with stage(make_service, await fresh_database("applications"), tmp_path) as on:
        desk = Desk()
        desk.stage, desk.partnership = on, new_id()
        other = new_id()
        for name, id in (("CE4BIG", desk.partnership), ("CELIS", other)):
            body = partnership.Formed(
                name=name, title=name, programme="COSME", coordinator=new_id(), members=(), first_day=date(2026, 1, 1),
                last_day=date(2027, 12, 31),
            )  # fmt: skip
            await on.hear(a_fact(body, id))
        desk.officer = await on.person("Jan", ("officer", desk.partnership))
        desk.coordinator = await on.person("Claire", ("coordinator", desk.partnership))
        desk.stranger = await on.person("Mart", ("officer", other))
        await desk.begin()
        yield desk


async def test_a_form_is_built_by_buttons_and_menus_alone(desk: Desk) -> None:
    page = await desk.press("page")
    assert page.status_code == 303 and page.headers["location"].endswith("/parts/page_1")
    assert (await desk.fill("page_1", title="Your trip", key="trip")).status_code == 303
    for kind in ("yes_no", "money", "table"):
        assert (await desk.press("question:trip", **{"kind-trip": kind})).status_code == 303
    await desk.fill("question_1", label="Was there other money?", key="other", required="yes")
    condition = {"when-0-left": "answer.other", "when-0-op": "is", "when-0-value": "yes"}
    await desk.fill(
        "question_2", label="How much?", key="how_much", required="yes", currencies="EUR", **condition
    )
    await desk.fill("question_3", label="Costs", key="costs", required="yes", least="1")
    await desk.press("question:costs", **{"kind-costs": "money"})
    await desk.fill("costs.question_1", label="Amount", key="amount", required="yes", currencies="EUR")
    await desk.press("check")
    more = {"when-0-left": "answer.how_much", "when-0-op": "at_most", "when-0-value": "1,100.00"}
    await desk.fill("check_1", key="not_too_much", at="how_much", text="At most 1,100.", **more)
    form = await desk.now()
    assert form["findings"] == []
    questions = form["definition"]["pages"][0]["questions"]
    assert questions[1]["when"]["tests"][0]["right"] == {"value": True}
    assert form["definition"]["checks"][0]["must"]["tests"][0]["right"] == {"value": 110_000}
    shown = await desk.officer.open(f"/forms/{desk.form}/parts/not_too_much")
    assert 'value="1,100.00"' in shown.text and "How much?" in shown.text


async def test_a_new_key_is_followed_by_what_rests_on_the_question(desk: Desk) -> None:
    await desk.import_(travel())
    await desk.fill("requested", label="Requested", key="asked_for", required="yes", currencies="EUR")
    form = await desk.now()
    assert form["findings"] == []
    assert "requested" not in json.dumps(
        [form["definition"]["checks"], form["definition"]["pages"][2]["when"]]
    )


async def test_every_change_can_be_taken_back(desk: Desk) -> None:
    await desk.import_(travel())
    before = (await desk.now())["definition"]
    await desk.press("remove:money")
    await desk.press("copy:trip")
    await desk.press("up:declare")
    for _ in range(3):
        edition = str((await desk.now())["edition"])
        assert (await desk.officer.send(f"/forms/{desk.form}/undo", {"edition": edition})).status_code == 303
    assert (await desk.now())["definition"] == before


async def test_two_authors_never_overwrite_each_other_unseen(desk: Desk) -> None:
    edition = (await desk.now())["edition"]
    body = {"edition": edition, "edit": {"op": "add_page"}}
    assert (await desk.officer.post(f"/api/v1/forms/{desk.form}/edits", body)).status_code == 200
    late = await desk.coordinator.post(f"/api/v1/forms/{desk.form}/edits", body)
    assert (late.status_code, late.json()["slug"]) == (409, "form-edited-meanwhile")
    page = await desk.coordinator.send(f"/forms/{desk.form}/edits", {"do": "page", "edition": str(edition)})
    assert page.status_code == 422 and "Somebody else has changed this form" in page.text


async def test_translations_stand_side_by_side_and_publishing_waits_for_them(desk: Desk) -> None:
    content = travel()
    content["pages"][0]["title"] = {"en": "Your trip"}
    await desk.import_(content)
    refused = await desk.officer.post(f"/api/v1/forms/{desk.form}/publish")
    assert (refused.status_code, refused.json()["slug"]) == (422, "form-translation-missing")
    page = await desk.officer.open(f"/forms/{desk.form}/translations/de")
    assert "1 text is missing" in page.text and "data-missing" in page.text
    edition = str((await desk.now())["edition"])
    typed = {"edition": edition, "text:trip:title": "Ihre Reise"}
    assert (await desk.officer.send(f"/forms/{desk.form}/translations/de", typed)).status_code == 303
    assert (await desk.officer.post(f"/api/v1/forms/{desk.form}/publish")).status_code == 200


async def test_a_published_version_never_changes_and_the_next_one_retires_it(desk: Desk) -> None:
    await desk.import_(travel())
    assert (await desk.officer.post(f"/api/v1/forms/{desk.form}/publish")).json()["state"] == "published"
    assert (await desk.press("page")).status_code == 422
    following = (await desk.officer.post(f"/api/v1/forms/{desk.form}/versions")).json()
    assert (following["number"], following["state"]) == (2, "draft")
    again = (await desk.officer.post(f"/api/v1/forms/{desk.form}/versions")).json()
    assert again["id"] == following["id"]
    await desk.officer.post(f"/api/v1/forms/{following['id']}/publish")
    assert (await desk.now())["state"] == "retired"
    types = [fact.type.split(".", 1)[1] for fact in await said(desk.stage.database, ("relais.calls",))]
    assert types == ["form.published.v1", "form.published.v1", "form.retired.v1"]


async def test_what_is_exported_is_imported_as_it_was(desk: Desk) -> None:
    await desk.import_(travel())
    exported = await desk.officer.open(f"/forms/{desk.form}/definition")
    assert "attachment" in exported.headers["content-disposition"]
    first = (await desk.now())["definition"]
    await desk.press("remove:declare")
    await desk.import_(exported.json())
    assert (await desk.now())["definition"] == first


async def test_what_is_no_form_changes_nothing_and_says_why(desk: Desk) -> None:
    content = travel()
    content["pages"][0]["questions"] = [
        {"key": f"q{n}", "kind": "yes_no", "label": {"en": "?"}} for n in range(2000)
    ]
    before = (await desk.now())["definition"]
    refused = await desk.import_(content)
    assert refused.status_code == 422 and "questions; at most 500 are possible" in refused.text
    assert (await desk.now())["definition"] == before
    wrong = await desk.import_({"pages": [{"key": 1}]})
    assert wrong.status_code == 422 and "This is no form that Relais reads" in wrong.text


async def test_what_is_missing_is_named_as_its_author_calls_it(desk: Desk) -> None:
    content = travel()
    content["pages"][0]["questions"] += [
        {"key": "mode", "kind": "choice", "label": {"en": "How do you travel?", "de": "Wie reisen Sie?"}}
    ]
    await desk.import_(content)
    page = (await desk.officer.open(f"/forms/{desk.form}")).text
    assert "“How do you travel?” needs at least two answers" in page


async def test_the_trial_judges_as_the_application_will(desk: Desk) -> None:
    await desk.import_(travel())
    path = f"/forms/{desk.form}/trial/money"
    typed = {"costs.0.what": "Flight", "costs.0.amount": "350", "requested": "400", "other_money": "no"}
    page = await desk.officer.send(path, typed)
    assert "You cannot ask for more than your costs." in page.text and "350.00\u00a0EUR" in page.text
    more = await desk.officer.send(path, {**typed, "do": "add:costs"})
    assert 'name="costs.1.amount"' in more.text
    fewer = await desk.officer.send(
        path, {**typed, "requested": "300", "costs.1.what": "", "do": "remove:costs:1"}
    )
    assert 'name="costs.1.amount"' not in fewer.text
    empty = {"costs.0.what": "", "costs.0.amount": "", "do": "add:costs"}
    assert 'name="costs.1.amount"' in (await desk.officer.send(path, empty)).text, "beside one that is empty"
    good = await desk.officer.send(path, {**typed, "requested": "300"})
    assert "Nothing is wrong with these answers." in good.text


async def test_forms_of_others_are_not_there(desk: Desk) -> None:
    assert (await desk.stranger.get(f"/api/v1/forms/{desk.form}")).status_code == 404
    assert (await desk.stranger.open(f"/forms/{desk.form}")).status_code == 404
    assert (await desk.stranger.get("/api/v1/forms")).json() == []
    assert [row["id"] for row in (await desk.officer.get("/api/v1/forms")).json()] == [desk.form]
