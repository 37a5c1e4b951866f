"""Indicator set: what a cluster's management is assessed by, under six headings, in versions.

A published version never changes: an assessment keeps the one that it was made with.
"""

from typing import Literal

from contracts.tables import BESIDE, Body, Table, act
from contracts.topics import DIRECTORY

Heading = Literal["structure", "management", "financing", "services", "contacts", "achievements"]
Unit = Literal["number", "percent", "years", "yes_no"]


class Begun(Body):
    number: int


class Described(Body):
    pass


class IndicatorPut(Body):
    key: str


class IndicatorRemoved(Body):
    key: str


class Published(Body):
    number: int
    indicators: int


class Retired(Body):
    pass


class Discarded(Body):
    pass


INDICATOR_SET = Table(
    "indicator_set",
    service="directory",
    topic=DIRECTORY.name,
    acts=(
        act("begin", "OPERATOR", "", "draft", Begun),
        act("describe", "OPERATOR", "draft", "", Described),
        act("put_indicator", "OPERATOR", "draft", "", IndicatorPut),
        act("remove_indicator", "OPERATOR", "draft", "", IndicatorRemoved),
        act("publish", "OPERATOR", "draft", "published", Published),
        act("retire", BESIDE, "published", "retired", Retired),
        act("discard", "OPERATOR", "draft", "discarded", Discarded),
    ),
)
