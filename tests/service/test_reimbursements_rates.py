"""Rate tables: published with their source, lowered by two coordinators, never raised and never changed."""

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
