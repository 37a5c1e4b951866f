"""The entries of the header: where a role's work is. One list for all services, so every page has the same."""

from typing import NamedTuple

from contracts.words.kinds import mark as _


class Entry(NamedTuple):
    """roles: who sees it; empty means everybody signed in."""

    label: str
    href: str
    roles: frozenset[str] = frozenset()


ENTRIES: tuple[Entry, ...] = (
    Entry(_("My worklist"), "/worklist"),
    Entry(_("Cases"), "/cases"),
    Entry(_("Monitor"), "/monitor", frozenset({"operator"})),
    Entry(_("Mail"), "/deliveries", frozenset({"operator"})),
    Entry(_("Claims"), "/claims", frozenset({"verifier", "approver", "treasurer"})),
    Entry(_("Payments"), "/batches", frozenset({"treasurer"})),
    Entry(_("Budgets"), "/budgets", frozenset({"coordinator", "payer", "verifier", "approver", "treasurer"})),
    Entry(_("My evaluations"), "/assessments", frozenset({"evaluator"})),
    Entry(_("Decisions"), "/decisions", frozenset({"officer", "coordinator"})),
    Entry(_("Find a host"), "/catalogue", frozenset({"member"})),
    Entry(_("Proposals"), "/proposals", frozenset({"member"})),
    Entry(_("Messages"), "/conversations"),
    Entry(_("Calls"), "/calls"),
    Entry(_("Events"), "/events"),
    Entry(_("Group visits"), "/groups", frozenset({"organiser", "officer"})),
    Entry(_("Forms"), "/forms", frozenset({"officer", "coordinator"})),
    Entry(_("Rates"), "/rate-tables", frozenset({"coordinator", "verifier", "approver", "treasurer"})),
    Entry(_("Organisations"), "/organisations"),
    Entry(_("Participants"), "/participations", frozenset({"officer"})),
    Entry(_("Partnerships"), "/partnerships"),
    Entry(_("Deliverables"), "/deliverables", frozenset({"coordinator", "officer"})),
    Entry(_("Import"), "/imports", frozenset({"officer", "coordinator"})),
    Entry(_("Roles"), "/role-grants", frozenset({"coordinator", "operator"})),
)
"""What is done most often comes first: a wide page shows a person's first entries, and the rest behind "More"."""
