"""What a call pays is frozen with the case: units by distance and day, costs up to a ceiling, lowered rates."""

from collections.abc import AsyncGenerator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts import rate_table
from contracts.amounts import clusterxchange_rates, lowered, sum_of_case, travel_bands
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.service.exchange import Exchange, exchange


@pytest.fixture
async def case(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    async with exchange(await fresh_database("applications"), tmp_path) as played:
        yield played


async def frozen(case: Exchange) -> dict[str, Any]:
    facts = await said(case.stage.database, ("relais.applications",))
    return dict(next(fact.body for fact in facts if fact.type == "relais.application.submitted.v1"))


async def test_units_are_frozen_with_their_tables_and_computed_again_from_them(case: Exchange) -> None:
    await case.publish(kind="unit_cost", claimable_cents=30_000, categories=["fee"])
    await case.play_to_review(green=True)
    body = await frozen(case)
    assert body["distance_km"] == 1_025
    assert body["amount_cents"] == 41_700 + 4 * 18_700 + 30_000
    assert [line["code"] for line in body["lines"]] == [
        "travel-band-green",
        "daily-whole",
        "daily-edge",
        "claimable",
    ]
    assert sum_of_case(body).amount_cents == body["amount_cents"]


async def test_the_form_asks_how_one_travels_only_where_it_counts(case: Exchange) -> None:
    await case.play_matching()
    assert "shared car" not in (await case.visitor.open(f"/proposals/{case.proposal}/application/when")).text


async def test_a_voucher_sets_its_value_aside(case: Exchange) -> None:
    await case.publish(kind="voucher", claimable_cents=400_000, categories=["service"], intensity_percent=75)
    await case.play_to_review()
    body = await frozen(case)
    assert (body["amount_cents"], body["rate_version"]) == (400_000, "voucher")
    assert body["support"]["intensity_percent"] == 75


@pytest.mark.parametrize(
    ("pays", "field"),
    [
        ({"kind": "voucher"}, "claimable_cents"),
        ({"kind": "actual_cost", "claimable_cents": 50_000}, "categories"),
        ({"kind": "lump_sum", "intensity_percent": 75}, "kind"),
        ({"kind": "unit_cost", "travel_table": "by-guess"}, "travel_table"),
        ({"kind": "unit_cost", "claimable_cents": 50_000, "categories": ["fee", "meals"]}, "categories"),
    ],
)
async def test_a_call_that_makes_no_sense_is_refused_at_its_field(
    case: Exchange, pays: dict[str, Any], field: str
) -> None:
    refused = await case.coordinator.post("/api/v1/calls", {**case.call_form, **pays})
    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == [field]


async def test_a_partnerships_own_lowered_rates_count_for_its_cases_only(case: Exchange) -> None:
    base, bands = clusterxchange_rates(), travel_bands()[1]
    for scheme, version, rates in (
        ("clusterxchange", f"{base.version}/1", lowered(base.published(), {"EE": 50_000})),
        ("travel", f"{bands.version}/1", lowered(bands.published(), {"00500": 10_000})),
    ):
        body = rate_table.Published(
            scheme=scheme, version=version, source="", valid_from=date(2026, 1, 1), rates=rates,
            partnership=case.partnership,
        )  # fmt: skip
        await case.stage.hear(a_fact(body))
    await case.play_to_review()
    body = await frozen(case)
    assert (body["amount_cents"], body["rate_basis"]) == (50_000, "lowered")
