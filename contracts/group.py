"""Group visit: one programme at one host for many visitors, each with an application of its own that shares the agenda.

The host accepts once for all. Whoever joins is matched, and its place is taken when it submits.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.application import Mode
from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import APPLICATIONS

CancelReason = Literal["host_cannot", "too_few_members", "not_safe", "other"]
DelegateKind = Literal["partner_staff", "third_party"]


class Planned(Body):
    """join_until is the last day on which a member submits its application."""

    title: str
    call: UUID
    partnership: UUID
    host: UUID
    host_partnership: UUID
    mode: Mode
    first_day: date
    last_day: date
    places: int
    join_until: date


class Opened(Body):
    agenda_version: int
    places: int
    join_until: date


class Revised(Body):
    """reopened: so many Commitments were open and are signed anew; signed: so many stand and need an amendment."""

    agenda_version: int
    reopened: int
    signed: int


class Fixed(Body):
    members: int


class LessonsNoted(Body):
    """What those who run the group have learned; the text stays with applications."""


class Cancelled(Body):
    reason: CancelReason
    members: int


class DelegateNamed(Body):
    """partner_staff travels at the cost of its own organisation, without a grant; third_party applies for its own."""

    organisation: UUID
    kind: DelegateKind


class DelegateRemoved(Body):
    organisation: UUID


_LIVE = "draft open fixed"

GROUP = Table(
    "group",
    service="applications",
    topic=APPLICATIONS.name,
    movers={"draft": "HO"},
    acts=(
        act("plan", "ORGANISER VOP", "", "draft", Planned),
        act("open", "HO", "draft", "open", Opened),
        act("change_agenda", "ORGANISER VOP HO", _LIVE, "", Revised),
        act("fix", SYSTEM, "open", "fixed", Fixed),
        act("note_lessons", "ORGANISER VOP HO", "open fixed", "", LessonsNoted),
        act("cancel", "ORGANISER VOP HO", _LIVE, "cancelled", Cancelled),
        act("name_delegate", "ORGANISER VOP", _LIVE, "", DelegateNamed),
        act("remove_delegate", "ORGANISER VOP", _LIVE, "", DelegateRemoved),
    ),
)
