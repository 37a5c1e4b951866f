"""Every part of the look is well-formed, escaped HTML that a strict content policy lets through, and says the
same to those who cannot see a picture of it."""

from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from services.chassis.web.look import STATIC, environment, render, static
from services.chassis.web.look.charts import Bar, Plot, Series, bars, burn_down, columns, lines
from services.chassis.web.look.context import PageContext
from services.chassis.web.look.parts import Link, Post
from tests.rules.look_guide import PAGE, guide, guide_environment
from tests.rules.look_samples import mail

VOID = {"area", "br", "hr", "img", "input", "link", "meta"}
GUIDE = guide()
PAGES = [name for name in GUIDE if name != "mail"]


class Document(HTMLParser):
    """Reads a page and keeps its elements; a tag left open, or closed without being open, is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute: {names}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.mark.parametrize("name", GUIDE)
def test_every_page_is_well_formed_and_its_ids_are_its_own(name: str) -> None:
    page = Document(GUIDE[name])
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    assert [id for id, times in ids.items() if times > 1] == []
    for _, attributes in page.elements:
        for names in ("aria-describedby", "aria-labelledby", "for"):
            assert set(attributes.get(names, "").split()) <= set(ids), attributes
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in ids


@pytest.mark.parametrize("name", PAGES)
def test_a_strict_content_policy_lets_every_page_through(name: str) -> None:
    page = Document(GUIDE[name])
    for tag, attributes in page.elements:
        assert tag != "style"
        assert "style" not in attributes
        assert not [attribute for attribute in attributes if attribute.startswith("on")]
        if tag == "script":
            assert attributes["src"].startswith("/static/")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_one_heading_and_every_input_a_label(name: str) -> None:
    page = Document(GUIDE[name])
    assert len(page.all("h1")) == 1
    labelled = {attributes["for"] for attributes in page.all("label")}
    shown = [one for one in page.all("input", "select", "textarea") if one.get("type") != "hidden"]
    assert {one["id"] for one in shown} <= labelled


def test_what_people_wrote_is_never_markup() -> None:
    evil = '<script>alert("x")</script>'
    html = render(
        environment("guide", []), "error.html", replace(PAGE, person_name=evil), code=404, sentence=evil
    )
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;") == 3
    assert "<b>How they work" not in GUIDE["form"]
    assert "&lt;b&gt;How they work" in GUIDE["form"]


def test_a_value_that_nobody_gave_is_an_error_not_a_blank() -> None:
    with pytest.raises(UndefinedError):
        render(environment("guide", []), "error.html", PAGE, code=404)


def test_a_refused_form_keeps_what_was_typed_and_leads_to_each_reason() -> None:
    page = Document(GUIDE["form"])
    inputs = {one["name"]: one for one in page.all("input")}
    assert inputs["first_day-day"]["value"] == "12"
    assert inputs["people"]["value"] == "many"
    assert inputs["hotel"]["value"] == "1.100,50"
    assert inputs["csrf"]["value"] == "token"
    assert inputs["idempotency_key"]["value"] == "1"
    leads = [link["href"] for link in page.all("a") if link.get("href", "").startswith("#")]
    assert {"#last_day-day", "#mode", "#people", "#confirmed"} <= set(leads)
    assert page.text.count("“How many of you travel?” must be a whole number") == 2


def test_a_service_may_lay_out_a_page_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "error.html").write_text("Ours: {{ sentence }}")
    assert render(environment("ours", [tmp_path]), "error.html", PAGE, sentence="no", code=404) == "Ours: no"


def test_a_fast_clock_is_told_on_every_page_and_a_true_one_is_not() -> None:
    assert "Fast clock: one day passes in 2 seconds." in Document(GUIDE["error"]).text
    assert "Fast clock" not in GUIDE["case"]


def test_strangers_are_offered_to_sign_in_and_brought_back() -> None:
    html = render(
        environment("guide", []), "error.html", PageContext(path="/cases/1?a=b&c"), code=404, sentence="No."
    )
    assert {"/sign-in?next=/cases/1%3Fa%3Db%26c"} <= {link.get("href") for link in Document(html).all("a")}


def test_static_files_are_addressed_by_their_content() -> None:
    assert static("relais.css").startswith("/static/relais.css?v=")
    for name in PAGES:
        for one in Document(GUIDE[name]).all("link", "script"):
            path = (one.get("href") or one.get("src", "")).removeprefix("/static/").split("?")[0]
            assert (STATIC / path).is_file()


def test_nothing_of_the_government_brand_is_shipped() -> None:
    css = (STATIC / "govuk/govuk.css").read_text() + (STATIC / "relais.css").read_text()
    assert "GDS Transport" not in css
    assert "url(" not in (STATIC / "govuk/govuk.css").read_text()
    assert {file.suffix for file in (STATIC / "fonts").iterdir()} == {".woff2", ""}


def test_the_move_is_green_only_for_the_reader_whose_it_is() -> None:
    mine, theirs = Document(GUIDE["case"]), Document(GUIDE["parts"])
    assert "Your move: sign two documents" in mine.text
    assert "Until Friday 5 March, 23:59 (in 9 days). After that the place lapses" in mine.text
    assert "Waiting since Tuesday 16 February, 8 days ago." in theirs.text
    green = [one for one in theirs.all("a") if one.get("class", "").split() == ["govuk-button"]]
    assert green == []


def test_the_road_says_in_words_what_its_posts_show() -> None:
    text = Document(GUIDE["case"]).text
    assert "Matched (done)" in text
    assert "8 February" in text
    assert "Visit (ahead)" in text
    assert "due 16 May" in text
    assert "took 4 seconds" in text
    assert [one for one in Document(GUIDE["case"]).all("li") if one.get("aria-current") == "step"]


def test_a_mail_says_the_same_with_and_without_markup() -> None:
    given = mail()
    page = replace(PAGE, web_url="https://relais.example")
    html = Document(render(guide_environment(), "mail.html", page, **given)).text
    text = " ".join(render(guide_environment(), "mail.txt", page, **given).split())
    said = [given["subject"], given["move"], given["payer"], given["funding"], *given["paragraphs"]]
    said += [given["button"].label, given["button"].href, *(post.title for post in given["road"])]
    assert all(one in html and one in text for one in said)
    assert "&amp;" not in text


def test_a_mail_without_a_move_has_no_button() -> None:
    given: dict[str, Any] = mail() | {"move": "", "button": None, "road": [], "payer": "", "funding": ""}
    assert "If the button" not in render(guide_environment(), "mail.html", PAGE, **given)
    assert ">>" not in render(guide_environment(), "mail.txt", PAGE, **given)


VALUES = st.lists(st.none() | st.floats(0, 1e9), min_size=1, max_size=24)


@given(VALUES, VALUES)
def test_a_chart_stays_in_its_picture_and_its_scale_holds_every_value(
    first: list[Any], second: list[Any]
) -> None:
    labels = [str(n) for n in range(max(len(first), len(second)))]
    series = [Series("planned", first, planned=True), Series("done", second)]
    for plot in (
        lines(labels, series),
        columns(labels, series),
        burn_down(labels, series[1], series[0], 1e9),
    ):
        _inside(plot)
        highest = max((value for one in plot.series for value in one.values if value is not None), default=0)
        assert plot.ticks[-1].value >= highest * 0.999999


def _inside(plot: Plot) -> None:
    for line in plot.lines:
        for point in line.points.split():
            assert all(-0.01 <= float(at) <= 100.01 for at in point.split(","))
        assert 0 <= line.name_x <= 100
        assert line.name_y < 85 or not line.below, "below the foot stand the words of the axis"
    for column in plot.columns:
        assert column.x >= 0
        assert column.x + column.width <= 100.1
        assert -0.01 <= column.y <= 100.01
    assert 2 <= len(plot.ticks) <= 7


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 100)), max_size=8))
def test_bars_are_drawn_to_one_scale_with_their_late_part(counts: list[tuple[int, int]]) -> None:
    drawn = bars([Bar("stage", count, count * late // 100) for count, late in counts])
    assert all(0 <= bar.width <= 100 and 0 <= bar.in_time <= 100 for bar in drawn)
    for one in drawn:
        for other in drawn:
            assert (one.bar.count <= other.bar.count) == (
                one.width <= other.width
            ) or one.bar.count != other.bar.count


def test_every_figure_of_a_chart_is_also_in_a_table() -> None:
    text = Document(GUIDE["monitor"]).text
    assert "Decision 143 11 late" in text
    for figure in ("21,000", "33,000", "Feb 2022"):
        assert figure in text


def test_a_post_needs_only_a_title() -> None:
    env = guide_environment()
    macro = env.from_string('{% from "relais/case.html" import road %}{{ road([post], "The road") }}')
    assert "Visit" in Document(macro.render(post=Post("Visit", "ahead", link=Link("see", "/v")))).text
