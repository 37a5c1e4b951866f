"""The terms of a mobility scheme: every threshold, window and deadline, with where its default comes from.

A programme stores its own copy and a case runs under the copy frozen with it; what nobody has published is
marked as inferred and shown as such."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Literal, cast

Basis = Literal["found", "inferred", "set"]

_ABOUT = "clustercollaboration.eu/clusterxchange/about"
_FAQ = "clamtex.eu/faq-page"
_SISTER = "Erasmus for Young Entrepreneurs, erasmus-entrepreneurs.eu"
_OURS = "no published figure; our default"


def _found(default: int, source: str) -> Any:
    return field(default=default, metadata={"basis": "found", "source": source})


def _inferred(default: int | bool, source: str = _OURS) -> Any:
    return field(default=default, metadata={"basis": "inferred", "source": source})


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Defaults are those of ClusterXchange. Days are calendar days unless the comment says otherwise."""

    min_days: int = _found(3, _ABOUT)  # least working days of a physical visit, travel excluded
    max_days: int = _found(31, f"{_ABOUT}: at most one month")
    full_days: int = _found(5, _ABOUT)  # working days from which the lump sum is not halved
    full_km: int = _found(200, _ABOUT)  # distance from which the lump sum is not halved
    virtual_uses_visit: bool = _inferred(False)  # whether a virtual exchange uses up the one visit

    open_proposals: int = _inferred(5, _SISTER)
    proposal_days: int = _inferred(14)
    decision_days: int = _inferred(15, "METASTARS Eurocluster call")  # working days per stage of the review
    revision_days: int = _inferred(10)  # working days
    budget_days: int = _inferred(60)  # how long a selected application waits for money
    signing_days: int = _inferred(14)
    appeal_days: int = _inferred(14)

    report_days: int = _inferred(30)
    validation_days: int = _inferred(10)  # working days
    payment_days: int = _found(10, _FAQ)  # from the latest of completion, validation and last evidence
    claim_days: int = _inferred(56, "ELAN travel support: eight weeks")
    return_days: int = _inferred(5)  # TARGET days in which a bank may still return a payment
    second_level_cents: int = _inferred(
        250_000
    )  # euro cents on one reservation above which two people approve


@dataclass(frozen=True)
class TermRow:
    """One term as a page shows it; basis is "set" where the programme has changed the default."""

    name: str
    value: int | bool
    basis: Basis
    source: str


def explained(terms: Terms) -> list[TermRow]:
    """All terms in order, each with its basis and source."""
    return [_row(term, getattr(terms, term.name)) for term in fields(terms)]


def _row(term: Field[Any], value: int | bool) -> TermRow:
    given = cast(Mapping[str, Any], term.metadata)
    if value != term.default:
        return TermRow(term.name, value, "set", "the programme")
    return TermRow(term.name, value, given["basis"], given["source"])
