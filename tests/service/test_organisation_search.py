"""A question for an organisation among thousands: one searches, chooses, and nothing else on the page is lost."""

from collections.abc import AsyncGenerator
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import pytest
from lxml import html

from tests.conftest import FreshDatabase
from tests.service.applying import Applying, applying
from tests.service.asking import form, known
from tests.service.counting import statements

MANY = 3_000


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        played.form = await played.form_of(form())
        await played.publish_call()
        await played.begin()
        yield played


async def found(desk: Applying, words: str, question: str = "partner") -> list[str]:
    """What the question offers of these words."""
    path = f"/api/v1/applications/{desk.case}/organisations?question={question}&words={quote(words)}"
    return [one["name"].split(",")[0] for one in (await desk.ewa.get(path)).json()]


def shown(page: str) -> html.HtmlElement:
    return html.fromstring(page)


async def test_a_few_stand_in_a_list(desk: Applying) -> None:
    page = shown((await desk.ewa.open(f"/applications/{desk.case}/form/who")).text)
    assert [one.text for one in page.xpath("//select[@name='partner']/option")][-2:] == [
        "Helixon, Kraków, Poland", "Klaster, Kraków, Poland",
    ]  # fmt: skip
    assert not page.xpath("//input[@name='partner-words']")


async def test_among_thousands_one_searches_and_chooses(desk: Applying) -> None:
    await known(desk, MANY)
    at = f"/applications/{desk.case}/form/who"
    first = shown((await desk.ewa.open(at)).text)
    assert not first.xpath("//input[@type='radio']") and len(first.xpath("//option")) < 30, (
        "no thousands are sent"
    )
    asked = {
        "version": "0",
        "reason": "They know the market.",
        "partner-words": "verein 0010",
        "do": "search:partner",
    }
    led = await desk.ewa.send(at, asked)
    assert led.status_code == 303 and led.headers["location"].endswith("#find-partner")
    with statements(desk.stage.service.database) as sent:
        found = shown((await desk.ewa.open(led.headers["location"])).text)
    labels = [
        " ".join(one.text_content().split()) for one in found.xpath("//label[contains(@for, 'partner')]")
    ]
    assert "Verein 00100, Graz, Austria" in labels and "Verein 00200, Graz, Austria" not in labels
    assert found.xpath("//input[@name='reason']/@value") == ["They know the market."], (
        "what was typed is kept"
    )
    ids = found.xpath("//input[@type='radio'][@name='partner']/@value")
    assert len(ids) == 11 and len(sent) < 40, "00010, and 00100 to 00109"
    version = found.xpath("//input[@name='version']/@value")[0]
    kept = await desk.ewa.send(at, {"version": version, "reason": "They know the market.", "partner": ids[0]})
    assert kept.status_code == 303 and kept.headers["location"].endswith("/form/trip")
    chosen = shown((await desk.ewa.open(at)).text).xpath("//input[@name='partner'][@checked]/@value")
    assert chosen == [ids[0]], "what was chosen stands there without another search"
    assert "Verein 00100" in (await desk.ewa.open(f"/applications/{desk.case}/form/check")).text


async def test_a_search_without_result_says_what_to_do_and_rows_have_their_own(desk: Applying) -> None:
    await known(desk, 30)
    at = f"/applications/{desk.case}/form/who"
    nobody = shown((await desk.ewa.open(f"{at}?find=partner&words=100%25")).text)
    assert "Nobody is called like" in nobody.text_content(), "a percent sign is no wildcard"
    asked = {
        "version": "0",
        "others.0.with-words": "FN000007",
        "others.0.why": "",
        "do": "search:others.0.with",
    }
    led = await desk.ewa.send(at, asked)
    page = shown((await desk.ewa.open(led.headers["location"])).text)
    (id,) = page.xpath("//input[@type='radio'][@name='others.0.with']/@value")
    assert "Verein 00007" in page.text_content() and UUID(id)
    assert not page.xpath("//input[@type='radio'][@name='partner']"), "found at the one question only"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("gdansk", "Médolab"), ("GDAŃSK", "Médolab"), ("medolab", "Médolab"), ("Gdan\u0301sk", "Médolab"),
        ("lodz", "Łódzkie Centrum"), ("łodz", "Łódzkie Centrum"), ("lodzkie centrum", "Łódzkie Centrum"),
        ("koeln", ""), ("koln", "Straßenbau"), ("strassenbau", "Straßenbau"), ("straßenbau koln", "Straßenbau"),
        ("hjorring", "Ærlig & Søn"), ("aerlig son", "Ærlig & Søn"), ("100%", "100% Bio"), ("_", ""),
    ],
)  # fmt: skip
async def test_names_are_found_as_people_type_them(desk: Applying, words: str, name: str) -> None:
    await known(
        desk, 30, ("Médolab", "Gdańsk"), ("Łódzkie Centrum", "Łódź"), ("Straßenbau", "Köln"),
        ("Ærlig & Søn", "Hjørring"), ("100% Bio", "Tartu"),
    )  # fmt: skip
    assert await found(desk, words) == ([name] if name else [])


async def test_what_is_found_is_for_who_fills_in_the_form_and_for_its_questions(desk: Applying) -> None:
    await known(desk, 3)
    counted: list[int] = []
    for number in (3, 30):
        await known(desk, number)
        with statements(desk.stage.service.database) as sent:
            assert await found(desk, "verein", "others.0.with")
        counted.append(len(sent))
    assert counted[0] == counted[1], "twenty are found as quickly as three"
    assert await found(desk, "verein", "reason") == [], "no question for an organisation"
    path = f"/api/v1/applications/{desk.case}/organisations?question=partner&words=verein"
    assert (await desk.stranger.get(path)).status_code == 404
