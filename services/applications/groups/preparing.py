"""What the forms of group visits start from: calls, hosts, partners and members to choose from, what stands."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import col, select

from services.applications.calls.models import Call
from services.applications.catalogue import own
from services.applications.groups.acts import partners_of
from services.applications.groups.models import GroupVisit
from services.applications.projections import KnownOrganisation, KnownParticipation
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.web.faces import Prepared
from services.chassis.web.look.words import gettext as _

PAGE = 50
PLANNERS = ("organiser", "officer")


async def prepare_plan(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Open calls for exchanges of the reader's partnerships, and hosts."""
    scopes = {scope for role in PLANNERS for scope in actor.scopes(role)}
    calls = select(Call).where(
        Call.state == "published", col(Call.form).is_(None), col(Call.partnership).in_(scopes)
    )
    hosts = (
        select(KnownParticipation.id, KnownOrganisation.name)
        .join(KnownOrganisation, col(KnownOrganisation.id) == col(KnownParticipation.organisation))
        .where(col(KnownParticipation.validated), col(KnownParticipation.side).in_(("host", "both")))
        .order_by(col(KnownOrganisation.name))
        .limit(500)
    )
    return Prepared(
        values={"mode": "physical", **query},
        choices={
            "mode": [("physical", _("At the host")), ("virtual", _("Online, without travel or money"))],
            "call": [(str(one.id), one.title) for one in (await tx.session.exec(calls)).all()],
            "host": [(str(id), name) for id, name in (await tx.session.exec(hosts)).all()],
        },
    )


async def prepare_text(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The agenda, or what was learned, as it stands."""
    assert isinstance(row, GroupVisit)
    return Prepared(values={"agenda": row.agenda, "lessons": row.lessons})


async def prepare_delegate(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Partners and members to choose from; whom to take off the list."""
    assert isinstance(row, GroupVisit)
    names = await names_of(tx, {*await partners_of(tx, row), *row.members})
    offered = sorted(((str(id), name) for id, name in names.items()), key=lambda pair: pair[1])
    return Prepared(
        values=query,
        choices={
            "organisation": offered,
            "delegate": [(one["id"], one["name"]) for one in row.delegates],
        },
    )


async def prepare_join(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Groups that are open, and the reader's own organisations that may visit."""
    mine = await own(tx, actor)
    scopes = {one.partnership for one, _o in mine}
    statement = select(GroupVisit).where(GroupVisit.state == "open", col(GroupVisit.partnership).in_(scopes))
    found = (await tx.session.exec(statement.order_by(col(GroupVisit.first_day)).limit(PAGE))).all()
    return Prepared(
        values={"visitor": str(mine[0][0].id) if mine else "", **query},
        choices={
            "group": [(str(one.id), one.title) for one in found],
            "visitor": [(str(one.id), name.name) for one, name in mine],
        },
    )


async def names_of(tx: Tx, ids: set[UUID]) -> dict[UUID, str]:
    """Organisations by name."""
    statement = select(KnownOrganisation).where(col(KnownOrganisation.id).in_(ids))
    return {one.id: one.name for one in (await tx.session.exec(statement)).all()}
