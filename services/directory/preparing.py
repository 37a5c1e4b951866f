"""What the forms of organisations and partnerships need beside their models: choices, what stands, evidence."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import col, select

from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Change, Check
from services.chassis.web.look.values import country
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import code
from services.directory.duplicates import Records
from services.directory.merging import effect
from services.directory.models import Organisation
from services.directory.numbers import can_be_checked
from services.directory.organisation import clusters
from services.directory.regions import regions
from services.directory.resembling import called
from services.directory.towns import towns
from services.directory.views import organisation_facts


async def prepare_registration(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """What an organisation can choose from when it registers."""
    return Prepared(
        values=query,
        choices={
            "town": [(key, f"{town.name}, {country(town.country)}") for key, town in towns().items()],
            "cluster": [(str(one.id), one.name) for one in await clusters(tx)],
            "kind": [(kind, code(f"kind.{kind}")) for kind in KINDS],
        },
    )


async def prepare_description(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """What stands, and the clusters."""
    assert isinstance(row, Organisation)
    return Prepared(
        values=row.model_dump(),
        choices={
            "cluster": [(str(one.id), one.name) for one in await clusters(tx)],
            "region": list(regions(row.country).items()),
        },
    )


async def prepare_change(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """What stands, to be changed."""
    assert isinstance(row, Organisation)
    prepared = await prepare_registration(tx, row, actor, query)
    place = f"{row.town}, {row.country}"
    return Prepared(values={**row.model_dump(), "town": place}, choices=prepared.choices)


async def prepare_judgement(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The facts that are confirmed or verified, and what was checked of them."""
    assert isinstance(row, Organisation)
    cluster = await tx.get(Organisation, row.cluster) if row.cluster else None
    checks = [
        Check(
            _("Registration number"),
            bool(row.registration_number) and can_be_checked(row.country),
            _("well formed for this country")
            if row.registration_number and can_be_checked(row.country)
            else _("cannot be checked offline: look it up in the register"),
        ),
        Check(_("VAT number"), bool(row.vat_number), row.vat_number or _("none given")),
    ]
    return Prepared(beside={"organisation": row, "facts": organisation_facts(row, cluster), "checks": checks})


async def prepare_merge(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The likest other records to choose from; the chosen one beside this one, and what the merge touches."""
    assert isinstance(row, Organisation)
    numbers = (row.registration_number, row.vat_number)
    alike = await Records(tx).like(row.name, row.country, numbers, but=row.id)
    wanted = next((one.record.id for one in alike if str(one.record.id) == query.get("into")), None)
    chosen = await tx.get(Organisation, wanted) if isinstance(wanted, UUID) else None
    touched = await effect(tx, row)
    labels = dict(organisation_facts(row, None))
    other = dict(organisation_facts(chosen, None)) if chosen else {}
    return Prepared(
        values=query,
        choices={"into": [(str(one.record.id), called(one)) for one in alike]},
        beside={
            "effects": [
                (_("Goes on as"), _("the other record; this one stays readable and does nothing new")),
                (_("People here"), str(touched.people)),
                (_("Participations, which stay with this record"), str(touched.participations)),
                (_("Cases of this record"), str(touched.cases)),
                (_("Other records of the same legal person, which go along"), str(touched.shared)),
                (_("Visit once"), _("counts for both together, over all partnerships")),
                (_("Taking it back"), _("until a case rests on it")),
            ],
            "compared": [Change(label, value, other.get(label, "–")) for label, value in labels.items()]
            if chosen
            else [],
        },
    )


KINDS = ("sme", "cluster", "network", "support", "large", "public", "training")


async def prepare_partnership(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    found = await tx.session.exec(
        select(Organisation).where(col(Organisation.kind) != "sme").order_by(col(Organisation.name))
    )
    choices = [(str(one.id), one.name) for one in found.all()]
    return Prepared(values=query, choices={"coordinator": choices, "members": choices})
