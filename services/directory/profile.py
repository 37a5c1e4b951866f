"""The profile with which an organisation takes part: what its forms start from, how it reads, the rules beside it."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import col, select

from contracts.countries import ELIGIBLE
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Cell, Check
from services.chassis.web.look.values import country, day
from services.chassis.web.look.words import coded, locale
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import code
from services.directory.models import Organisation, Participation, Person
from services.directory.participation import SETTLED_DAYS, Profile, conditions
from services.directory.partnership import all_partnerships
from services.directory.places import place_of

LANGUAGES = ("en", "cs", "da", "de", "el", "es", "et", "fr", "hu", "it", "nl", "pl", "pt", "ro", "uk")
"""To choose from on the form; machines may name any."""
Choices = dict[str, list[tuple[str, str]]]


async def prepare_submission(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Own organisations, all partnerships, and what the organisation said the last time that it took part."""
    statement = select(Organisation).where(col(Organisation.id).in_(actor.scopes("member")))
    mine = (await tx.session.exec(statement.order_by(col(Organisation.name)))).all()
    choices = {
        "organisation": [(str(one.id), one.name) for one in mine],
        "partnership": [(str(one.id), f"{one.name}: {one.title}") for one in await all_partnerships(tx)],
    }
    chosen = query.get("organisation") or (str(mine[0].id) if len(mine) == 1 else "")
    known = next((one for one in mine if str(one.id) == chosen), None)
    said = await _said_before(tx, known.id) if known else {}
    return Prepared(values={**said, "organisation": chosen, **query}, choices={**choices, **_choices()})


async def prepare_revision(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """What was submitted, to be mended; the officer's words stand beside it."""
    assert isinstance(row, Participation)
    return Prepared(values=row.model_dump(), choices=_choices(), beside={"returned": row})


async def prepare_decision(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The profile and the rules, beside the decision."""
    assert isinstance(row, Participation)
    organisation = await tx.found(Organisation, row.organisation)
    contact = await tx.get(Person, row.contact)
    cluster = await cluster_of(tx, organisation)
    return Prepared(
        beside={
            "organisation": organisation,
            "profile": profile_pairs(row, organisation, contact),
            "checks": rule_checks(row, organisation, cluster),
        }
    )


def side_words(row: Participation) -> str:
    return coded("side", row.side)


def profile_pairs(
    row: Participation, organisation: Organisation, contact: Person | None
) -> list[tuple[str, str | Cell]]:
    """All that the organisation said, for itself and for its officers."""
    names: dict[str, str] = dict(locale().languages)
    reached = ", ".join(part for part in (row.function, row.phone) if part)
    said: list[tuple[str, str | Cell]] = [
        (_("Organisation"), f"{organisation.name}, {place_of(organisation)}"),
        (
            _("Kind"),
            coded("subtype", organisation.subtype)
            if organisation.subtype
            else code(f"kind.{organisation.kind}"),
        ),
        (_("Takes part"), side_words(row)),
        (_("Contact"), Cell(contact.name if contact else "–", note=reached)),
        (_("For"), ", ".join(coded("activities", one) for one in row.activities)),
        (_("Sectors and topics"), ", ".join(row.sectors) or "–"),
        (_("Languages"), ", ".join(names.get(one, one) for one in row.languages) or "–"),
        (_("Preferred countries"), ", ".join(country(one) for one in row.countries) or _("any")),
        (_("Possible dates"), _dates(row)),
        *([(_("Services"), "; ".join(row.services))] if row.services else []),
        (_("Motivation"), row.motivation),
        (_("Objectives"), row.objectives or "–"),
    ]
    if row.third_country:
        said.append(
            (_("National of a third country"), _("%(days)s days with a permit") % {"days": row.permit_days})
        )
    if row.cv:
        said.append((_("Curriculum vitae"), Cell(row.cv_name, href=f"/participations/{row.id}/cv")))
    agreed = "; ".join(coded("consents", one) for one in row.consents)
    return [*said, (_("Agreed to"), agreed or _("nothing: not listed in public"))]


def rule_checks(row: Participation, organisation: Organisation, cluster: Organisation | None) -> list[Check]:
    """The rules of taking part with their results. What the agency approved counts as met."""
    membership = cluster.name if cluster else row.agency_approval or code(f"kind.{organisation.kind}")
    evidence = {
        "country-not-eligible": country(organisation.country),
        "hosts-only": code(f"kind.{organisation.kind}"),
        "visitor-needs-cluster": membership,
        "host-needs-approval": membership,
    }
    found = [
        Check(
            code(f"condition.{one.slug}"),
            one.met or (not one.final and bool(row.agency_approval)),
            evidence[one.slug],
        )
        for one in conditions(organisation, row.side)
    ]
    if organisation.kind == "sme" and row.side in ("visitor", "both") and cluster is not None:
        profile = cluster.eccp or _("no address given: look it up on the platform before you validate")
        found.append(
            Check(_("That cluster has a profile on the European platform"), bool(cluster.eccp), profile)
        )
    if row.third_country:
        settled = _("%(days)s of %(needed)s days, and a business there") % {
            "days": row.permit_days, "needed": SETTLED_DAYS,
        }  # fmt: skip
        found.append(Check(_("A traveller from a third country has settled"), True, settled))
    return found


async def cluster_of(tx: Tx, organisation: Organisation) -> Organisation | None:
    return await tx.get(Organisation, organisation.cluster) if organisation.cluster else None


def _choices() -> Choices:
    names: dict[str, str] = dict(locale().languages)
    return {
        "languages": [(one, names.get(one, one)) for one in LANGUAGES],
        "countries": sorted(((one, country(one)) for one in ELIGIBLE), key=lambda pair: pair[1]),
    }


async def _said_before(tx: Tx, organisation: UUID) -> dict[str, object]:
    """Its newest profile, with whatever partnership; dates are asked for anew."""
    statement = select(Participation).where(Participation.organisation == organisation)
    row = (await tx.session.exec(statement.order_by(col(Participation.id).desc()).limit(1))).first()
    return row.model_dump(include=set(Profile.model_fields) - {"cv", "first_day", "last_day"}) if row else {}


def _dates(row: Participation) -> str:
    match row.first_day, row.last_day:
        case None, None:
            return _("at any time")
        case first, None if first:
            return _("from %(day)s") % {"day": day(first)}
        case None, last if last:
            return _("until %(day)s") % {"day": day(last)}
        case first, last:
            assert first is not None and last is not None
            return _("%(first)s to %(last)s") % {"first": day(first), "last": day(last)}
