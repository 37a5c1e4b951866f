"""What somebody may do for another person. Whatever is not listed here nobody does for another: to sign, declare,
decide, appeal or release money takes the person themself, and to sign at least a named power of attorney.
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
SIGNS: Mapping[str, frozenset[str]] = {"agreement": frozenset({"sign", "refuse"})}
"""What a power of attorney is for."""
BINDING = frozenset({"signs", "payer"})
"""Roles that a power of attorney passes on."""


def lets(kind: Kind, table: str, act: str) -> bool:
    """Whether a mandate of this kind lets somebody do this act."""
    return act in (SIGNS if kind == "power_of_attorney" else PREPARES).get(table, frozenset[str]())
