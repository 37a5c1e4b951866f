"""The words of the tables: one sentence per fact, act, state and refusal, in English; catalogues translate them.

One module per service or, where there is much to say, per noun; `_` marks a text for extraction and leaves it as it is.
"""

from contracts.words import (
    agreements,
    applications,
    bank,
    break_glass,
    budgets,
    calls,
    chassis,
    claims,
    directory,
    events,
    forms,
    funder,
    groups,
    labels,
    ledger,
    notifications,
    partnerships,
    payees,
    payments,
    periods,
    reimbursements,
    retention,
    review,
    sign_in,
    talks,
)
from contracts.words.kinds import ActWords

_MODULES = (
    chassis,
    directory,
    sign_in,
    partnerships,
    labels,
    applications,
    groups,
    agreements,
    calls,
    review,
    forms,
    events,
    budgets,
    payees,
    reimbursements,
    claims,
    payments,
    bank,
    ledger,
    periods,
    funder,
    retention,
    notifications,
    talks,
    break_glass,
)

FACTS: dict[str, str] = {key: text for module in _MODULES for key, text in module.FACTS.items()}
"""`application.returned` → what happened, as a line of the road."""

ACTS: dict[str, ActWords] = {key: words for module in _MODULES for key, words in module.ACTS.items()}
"""`application.return` → title, button and explanation of the act's page."""

STATES: dict[str, str] = {key: text for module in _MODULES for key, text in module.STATES.items()}
"""`application.in_review` → a short word for a tag."""

REFUSALS: dict[str, str] = {key: text for module in _MODULES for key, text in module.REFUSALS.items()}
"""Slug of a DomainError → what is wrong and how to mend it, with %(name)s of its params."""

CODES: dict[str, str] = {key: text for module in _MODULES for key, text in module.CODES.items()}
"""Reason codes and choices → words."""

PARTIES: dict[str, str] = {key: text for module in _MODULES for key, text in module.PARTIES.items()}
"""Party of a case → who that is."""
