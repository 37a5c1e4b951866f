"""What somebody may do for another person. Whatever is not listed here nobody does for another: to sign, declare,
decide, appeal or release money takes the person themself; to sign at least a named power of attorney, and to judge a
named deputy, once the officer was silent.
"""

from collections.abc import Mapping

from contracts.mandate import Kind

PREPARES: Mapping[str, frozenset[str]] = {
    "proposal": frozenset({"make", "join", "withdraw"}),
    "agreement": frozenset({"name_signatory", "hand_in"}),
    "visit": frozenset({"check_in", "report", "revise"}),
    "report": frozenset({"submit", "revise"}),
    "claim": frozenset({"open_part", "add_line", "change_line", "remove_line"}),
    "member_service": frozenset({"plan", "describe"}),
    "conversation": frozenset({"post"}),
}
"""What a proxy or deputy does, beside writing drafts: aggregate → acts."""
STANDS_IN: Mapping[str, frozenset[str]] = {
    "application": frozenset({"return", "select", "refuse"}),
    "stage": frozenset({"judge"}),
}
"""What a deputy does too, as the party DEPUTY: that is a party of what has escalated, and of nothing else."""
SIGNS: Mapping[str, frozenset[str]] = {"agreement": frozenset({"sign", "refuse"})}
"""What a power of attorney is for."""
BINDING = frozenset({"signs", "payer"})
"""Roles that a power of attorney passes on."""
DEPUTY = "DEPUTY"


def lets(kind: Kind, table: str, act: str) -> bool:
    """Whether a mandate of this kind lets somebody do this act."""
    if kind == "power_of_attorney":
        return act in SIGNS.get(table, ())
    return act in PREPARES.get(table, ()) or (kind == "deputy" and stands_in(table, act))


def stands_in(table: str, act: str) -> bool:
    """Whether a deputy does this act as such."""
    return act in STANDS_IN.get(table, ())


def judging(kind: Kind | None, parties: frozenset[str]) -> frozenset[str]:
    """As which of their parties somebody judges: who acts for an officer as their deputy only, and nobody is a deputy
    without acting for somebody."""
    return parties - {DEPUTY} if kind is None else parties & {DEPUTY}
