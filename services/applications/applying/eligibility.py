"""Who may apply, rule by rule: the same rules answer before the form is filled in, at submission, and once more when
the application is checked. Each result says its rule and its source.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.call_rules import CallRules, Eligibility
from contracts.expressions import Source, holds
from services.applications.forms.answers import Filled, Ground
from services.applications.forms.definition import Definition
from services.applications.matching import visited_before
from services.applications.projections import KnownOrganisation
from services.chassis.database import Tx


@dataclass(frozen=True)
class Result:
    """met: None where it cannot be told yet, for the answer it rests on is not given."""

    rule: Eligibility
    met: bool | None


async def results(
    tx: Tx, rules: CallRules, edition: str, organisation: KnownOrganisation, filled: Filled, apart_from: UUID
) -> list[Result]:
    """Every rule of the call on this organisation and these answers."""
    found: list[Result] = []
    for rule in rules.eligibility:
        if rule.what == "once":
            before = await visited_before(tx, edition, organisation.identity, apart_from)
            found.append(Result(rule, not before))
        elif rule.what == "elsewhere":
            found.append(Result(rule, await _elsewhere(tx, rule, organisation, filled)))
        else:
            found.append(Result(rule, met(rule, filled)))
    return found


def met(rule: Eligibility, filled: Filled) -> bool | None:
    """By the profile and the answers alone; None while one is missing."""
    profile = filled.ground.profile
    if rule.what == "condition":
        return holds(rule.when, filled.look)
    if rule.what == "cluster":
        kind, member = profile.get("kind"), profile.get("in_cluster")
        return None if kind is None or (kind == "sme" and member is None) else kind != "sme" or bool(member)
    if rule.what in ("once", "elsewhere"):
        return None
    value = profile.get(rule.what)
    return None if value in (None, "") else value in rule.allowed


async def _elsewhere(
    tx: Tx, rule: Eligibility, organisation: KnownOrganisation, filled: Filled
) -> bool | None:
    """Whether the chosen one is in another country, or in another region where both have said theirs."""
    answer = filled.look(Source(of="answer", name=rule.question))
    try:
        chosen = await tx.get(KnownOrganisation, UUID(str(answer)))
    except ValueError:
        return None
    if chosen is None:
        return None
    if chosen.country != organisation.country:
        return True
    return bool(chosen.region and organisation.region) and chosen.region != organisation.region


def told(profile: dict[str, Any], rules: CallRules) -> list[Result]:
    """What can be told of an applicant who is not signed in, by what they say of themselves."""
    said = Filled(Definition(title={}), {}, Ground(profile=profile))
    return [Result(rule, met(rule, said)) for rule in rules.eligibility]


def recorded(results_: list[Result]) -> list[dict[str, Any]]:
    """As the case keeps it, and its fact carries it."""
    return [{"rule": one.rule.key, "met": bool(one.met), "source": one.rule.source} for one in results_]
