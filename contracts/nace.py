"""The codes by which the European Union counts economic activities: which of NACE Revision 2 (Regulation (EC) No
1893/2006) there are. A division has two digits (72), a group three (72.1), a class four (72.11).

Statistics have used Revision 2.1 since 2025 (Delegated Regulation (EU) 2023/137). Its divisions are all among these,
and the sectors that get no aid are divisions; so whoever knows only a newer group or class gives its division."""

import csv
from functools import cache
from importlib.resources import files


def is_nace(code: str) -> bool:
    """Whether there is such a division, group or class."""
    return code in _codes()


@cache
def _codes() -> frozenset[str]:
    with (files("contracts") / "data" / "nace.csv").open(encoding="utf-8") as file:
        rows = [(row["division"], row["classes"].split()) for row in csv.DictReader(file)]
    classes = {f"{division}.{digits}" for division, found in rows for digits in found}
    return frozenset(classes | {code[:4] for code in classes} | {division for division, _ in rows})
