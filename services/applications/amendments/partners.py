"""Another host of an exchange, or another knowledge provider of a grant: every rule for them is asked anew."""

from uuid import UUID

from contracts.errors import DomainError
from contracts.workdays import Moment
from services.applications.applying.choosing import provider_in, wrong_choices
from services.applications.applying.drafts import loaded
from services.applications.applying.eligibility import results
from services.applications.applying.freezing import fingerprint
from services.applications.applying.ground import ground
from services.applications.eligibility import check
from services.applications.forms.answers import Filled
from services.applications.matching import known, validated
from services.applications.models import Application
from services.chassis.database import Tx


async def other_host(tx: Tx, copy: Application, id: UUID) -> None:
    """The host of this participation. A member of a group cannot leave its host: that is another application."""
    if copy.group_visit is not None:
        raise DomainError("host-of-group", "host")
    host = await validated(tx, id, "host")
    if host.organisation == copy.visitor:
        raise DomainError("own-host", "host")
    there = await known(tx, host.organisation)
    if there.country == (await known(tx, copy.visitor)).country:
        raise DomainError("same-country", "host", country=there.country)
    copy.host, copy.host_partnership = host.organisation, host.partnership


async def refuse_unfit(tx: Tx, copy: Application, at: Moment) -> None:
    """DomainError for an exchange that would break a rule of the scheme with its new host."""
    unmet = [f"rule.{one['rule']}" for one in await check(tx, copy, at) if not one["met"]]
    if unmet:
        raise DomainError("scheme-not-met", "host", rules=unmet)


async def other_provider(tx: Tx, copy: Application, id: UUID, at: Moment) -> None:
    """The provider that the form asks for; DomainError where it asks for none, or a rule of the call is not met."""
    draft = await loaded(tx, copy)
    on = await ground(tx, draft.call, draft.organisation, at)
    key, _before = provider_in(Filled(draft.definition, copy.answers, on))
    if key is None:
        raise DomainError("provider-of-grant", "provider")
    form = Filled(draft.definition, {**copy.answers, key: str(id)}, on)
    if any(wrong.at == key for wrong in await wrong_choices(tx, form, copy.visitor_partnership)):
        raise DomainError("answer-not-provider", "provider")
    for result in await results(tx, draft.rules, copy.edition, draft.organisation, form, copy.id):
        if not result.met:
            raise DomainError("rule-not-met", "provider", rule=result.rule.key, source=result.rule.source)
    copy.answers = form.submitted()
    copy.frozen = {**copy.frozen, "answers_hash": fingerprint(copy.answers)}
