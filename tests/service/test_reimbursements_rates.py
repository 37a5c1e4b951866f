"""Rate tables: published with their source, lowered by two coordinators, never raised and never changed. Exchange
rates: read from files that say what they are."""

import httpx
import pytest

from tests.facts import said
from tests.service.money import Finance, done


async def table_of(money: Finance, version: str) -> str:
    tables = (await money.coordinator.get("/api/v1/rate-tables")).json()
    return next(table["id"] for table in tables if table["rate_version"] == version)


async def test_every_table_can_be_read_with_its_source(money: Finance) -> None:
    page = (await money.coordinator.open("/rate-tables")).text
    assert "Commission Decision C(2021)35" in page
    assert "Erasmus+ calls from 2024 on" in page
    bands = (await money.claimant.open(f"/rate-tables/{await table_of(money, 'erasmus-2024')}")).text
    assert "500 to 1999" in bands
    assert "417.00" in bands
    countries = (await money.claimant.open(f"/rate-tables/{await table_of(money, 'eye-2014-2022')}")).text
    assert "Portugal" in countries
    assert "inferred, not published" in countries


async def test_a_lowered_table_takes_two_coordinators(money: Finance) -> None:
    second = await money.stage.person("Second", ("coordinator", money.partnership))
    table = await table_of(money, "eye-2014-2022")
    form = {
        "partnership": str(money.partnership), "table": table, "valid_from": "2027-01-01",
        "rates": ["EE = 500.00", "PT: 700"],
    }  # fmt: skip
    lower = done(await money.coordinator.post("/api/v1/rate-tables", form))["id"]
    own = await money.coordinator.post(f"/api/v1/rate-tables/{lower}/confirm")
    assert own.json()["slug"] == "rates-confirmed-by-another"
    done(await second.post(f"/api/v1/rate-tables/{lower}/confirm"))
    (fact,) = [
        fact
        for fact in await said(money.stage.database, ("relais.reimbursements",))
        if str(fact.subject) == lower and fact.type == "relais.rate_table.published.v1"
    ]
    assert fact.body["rates"]["EE"] == {"cents": 50_000, "basis": "lowered"}
    assert fact.body["rates"]["FR"]["cents"] == 90_000
    with pytest.raises(Exception, match="rates-by-two"):
        await money.change("update rate_tables set confirmed_by = proposed_by where partnership is not null")


@pytest.mark.parametrize(
    ("rates", "slug"),
    [("EE = 670.01", "rate-only-lower"), ("US = 1", "rate-unknown"), ("cheap", "rate-line")],
)
async def test_what_is_no_lowering_is_refused(money: Finance, rates: str, slug: str) -> None:
    form = {
        "partnership": str(money.partnership), "table": await table_of(money, "eye-2014-2022"),
        "valid_from": "2027-01-01", "rates": [rates],
    }  # fmt: skip
    refused = await money.coordinator.post("/api/v1/rate-tables", form)
    assert (refused.status_code, refused.json()["slug"]) == (422, slug)


async def test_a_stranger_lowers_nothing(money: Finance) -> None:
    form = {
        "partnership": str(money.partnership), "table": await table_of(money, "eye-2014-2022"),
        "valid_from": "2027-01-01", "rates": ["EE = 1"],
    }  # fmt: skip
    assert (await money.claimant.post("/api/v1/rate-tables", form)).status_code in (403, 404)


def hist(*days: str) -> bytes:
    """The central bank's XML of many days."""
    cubes = "".join(f'<Cube time="{day}"><Cube currency="USD" rate="1.{day[-2:]}"/></Cube>' for day in days)
    return f'<?xml version="1.0" encoding="UTF-8"?><E xmlns="urn:x"><Cube>{cubes}</Cube></E>'.encode()


async def imported(money: Finance, source: str, name: str, content: bytes) -> httpx.Response:
    file = done(await money.verifier.upload("/api/v1/exchange-tables/files", name, content))["id"]
    body = {"member": str(money.member), "source": source, "on": "2026-11-20", "file": file}
    return await money.verifier.post("/api/v1/exchange-tables", body)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("one.csv", b"a;b\n1;2"),
        ("head.csv", b"Date, USD\n"),
        ("short.csv", b"iso code,value\nUSD"),
        ("none.csv", b"iso code,value\nUSD,NaN"),
        ("endless.csv", b"iso code,value\nUSD,Infinity"),
        ("two.csv", b"iso code,value\nUSD,1.1\nUSD,1.2"),
        ("long.csv", b'iso code,value\n"' + b"x" * 200_000),
        ("null.json", b"null"),
        ("endless.json", b'[{"isoA3Code":"USD","value":1e400}]'),
        ("deep.json", b"[" * 100_000),
        ("empty.xml", b"<a/>"),
    ],
)
async def test_a_file_that_is_none_of_rates_is_refused_with_a_sentence(
    money: Finance, name: str, content: bytes
) -> None:
    answer = await imported(money, "inforeuro", name, content)
    assert (answer.status_code, answer.json()["slug"]) == (422, "rates-unreadable")


@pytest.mark.parametrize(
    ("name", "content", "rate"),
    [
        ("hist.xml", hist("2026-11-24", "2026-11-20", "2026-11-03"), "1.20"),
        ("hist.csv", b"Date,USD,HRK,\n2026-11-24,1.24,N/A,\n2026-11-20,1.20,N/A,\n", "1.20"),
        ("day.csv", b"Date, USD, \n20 November 2026, 1.20, \n", "1.20"),
        ("other.xml", hist("2026-11-19", "2026-11-18"), None),
        ("other.csv", b"Date, USD\n19 November 2026, 1.19\n", None),
    ],
)
async def test_a_file_of_days_gives_the_rates_of_the_day_asked_for_and_of_no_other(
    money: Finance, name: str, content: bytes, rate: str | None
) -> None:
    answer = await imported(money, "ecb", name, content)
    if rate is None:
        assert answer.json()["slug"] == "rates-of-another-day"
        assert "19 November" in answer.text.replace("\u00a0", " ")
        return
    done(answer)
    (table,) = (await money.verifier.get("/api/v1/exchange-tables")).json()
    assert table["rates"] == {"USD": rate}
