"""Suggestions: each reason is a fact of both profiles, and the order is the sum of the points that are shown."""

from datetime import date
from typing import Any

import pytest

from contracts.ids import new_id
from services.applications.projections import KnownOrganisation, KnownParticipation
from services.applications.suggesting import Taking, ranked, reasons, shared_topics

TODAY = date(2026, 11, 23)
KRAKOW, TARTU = (50.062, 19.937), (58.380, 26.722)


def taking(name: str, country: str, place: tuple[float, float] = TARTU, **said: Any) -> Taking:
    organisation = KnownOrganisation(
        id=new_id(), name=name, kind="sme", town=name, country=country, latitude=place[0], longitude=place[1],
        identity=new_id(),
    )  # fmt: skip
    lists: dict[str, Any] = {"activities": [], "sectors": [], "languages": [], "countries": []}
    profile = KnownParticipation(
        id=new_id(), organisation=organisation.id, partnership=new_id(), side="both", contact=new_id(),
        validated=True, **(lists | said),
    )  # fmt: skip
    return profile, organisation


VISITOR = taking(
    "Kraków", "PL", KRAKOW, activities=["networking"], sectors=["Diagnostics"], languages=["en", "pl"],
    countries=["EE"], first_day=date(2027, 3, 1), last_day=date(2027, 4, 30),
)  # fmt: skip


def why(host: Taking, pairs: set[tuple[str, str]] = frozenset()) -> dict[str, int]:  # pyright: ignore[reportArgumentType]
    return {reason.why: reason.points for reason in reasons(VISITOR, host, pairs, TODAY)}


def test_each_reason_is_a_fact_of_both_profiles() -> None:
    host = taking(
        "Tartu", "EE", activities=["networking", "innovation"], sectors=["companion diagnostics"],
        languages=["et", "en"], countries=["PL"], last_day=date(2027, 3, 31),
    )  # fmt: skip
    assert why(host) == {
        "topics": 4, "dates": 4, "activities": 3, "wanted": 3, "wanted_there": 3, "languages": 2, "first": 2, "far": 1,
    }  # fmt: skip
    assert "first" not in why(host, {("PL", "EE")})
    dates = next(one for one in reasons(VISITOR, host, (), TODAY) if one.why == "dates")
    assert (dates.first_day, dates.last_day) == (date(2027, 3, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    "said",
    [
        {"first_day": date(2027, 5, 1)},
        {"last_day": date(2027, 2, 28)},
        {"first_day": date(2027, 4, 29)},
        {"sectors": ["healthcare"]},
        {"countries": ["DE"], "languages": ["de"], "activities": ["innovation"]},
    ],
)
def test_what_does_not_fit_is_no_reason(said: dict[str, Any]) -> None:
    assert set(why(taking("Tartu", "EE", **said))) <= {"wanted", "first", "far", "dates"} - (
        {"dates"} if {"first_day", "last_day"} & said.keys() else set[str]()
    )


def test_hosts_at_home_and_hosts_that_share_nothing_are_not_suggested() -> None:
    at_home = taking("Warszawa", "PL", activities=["networking"])
    strange = taking("Porto", "PT")
    near = taking("Aachen", "DE", activities=["networking"])
    best = taking("Tartu", "EE", activities=["networking"], sectors=["diagnostics"])
    found = ranked(VISITOR, [at_home, strange, near, best], (), TODAY)
    assert [one.host.name for one in found] == ["Tartu", "Aachen"]
    assert [one.points for one in found] == sorted((one.points for one in found), reverse=True)


def test_topics_are_compared_by_whole_words_whatever_their_case() -> None:
    assert shared_topics(["Digital Health", "textiles"], ["health", "Textiles"]) == [
        "Digital Health",
        "textiles",
    ]
    assert shared_topics(["health"], ["healthcare"]) == []
