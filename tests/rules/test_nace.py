"""Which codes of activities exist."""

import pytest

from contracts.nace import is_nace


@pytest.mark.parametrize("code", ["01", "03.1", "72", "72.1", "72.11", "62.01", "99.00"])
def test_a_division_a_group_and_a_class_exist(code: str) -> None:
    assert is_nace(code)


@pytest.mark.parametrize("code", ["", "00", "04", "34", "72.3", "72.12", "72.110", "7211", "A"])
def test_what_no_list_has_is_none(code: str) -> None:
    assert not is_nace(code)


def test_the_revision_has_88_divisions_272_groups_and_615_classes() -> None:
    codes = [f"{n:02}" for n in range(100)]
    codes += [f"{one}.{n}" for one in codes for n in range(10)] + [
        f"{one}.{n:02}" for one in codes for n in range(100)
    ]
    found = [code for code in codes if is_nace(code)]
    assert [sum(len(code) == length for code in found) for length in (2, 4, 5)] == [88, 272, 615]
