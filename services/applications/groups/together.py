"""Acts on many members' papers and cases at once: the same act for each, by itself, with a result for each."""

from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts.errors import DomainError
from contracts.facts import Fact
from contracts.tables import Input, Nothing, side_of
from services.applications.agreements.signing import Sign, missing
from services.applications.application import Refuse
from services.applications.groups.models import GroupVisit
from services.applications.groups.sharing import cases_of
from services.applications.kinds import agreements, applications, groups
from services.applications.models import Agreement, Application
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.words import gettext as _
from services.chassis.web.together import Result, each

HOSTS = frozenset({"HOS", "HOP"})
"""Who signs for the whole group: the host and its partnership."""


class Listed(Input):
    """One Commitment, and the hash of the text that was read."""

    agreement: UUID
    document: str = Field(min_length=64, max_length=64)


class SignAll(Input):
    """One act; each Commitment gets a signature of its own."""

    commitments: list[Listed] = Field(title="Which Commitments do you sign?", min_length=1, max_length=200)
    function: str = Field(title="Your function in the organisation", min_length=2, max_length=120)
    power: bool = Field(title="I may sign for my organisation and have read the documents")


async def to_sign(tx: Tx, group: UUID, actor: Actor) -> list[tuple[Agreement, Application]]:
    """The open Commitments of members that wait for the reader as the host or for its partnership."""
    statement = (
        select(Agreement, Application)
        .join(Application, col(Application.id) == col(Agreement.application))
        .where(
            Application.group_visit == group,
            Agreement.kind == "quality",
            Agreement.state == "open",
            col(Agreement.amendment).is_(None),
        )
        .order_by(col(Application.number))
    )
    rows = (await tx.session.exec(statement)).all()
    return [
        (paper, case)
        for paper, case in rows
        if {side_of(one) for one in HOSTS & agreements.parties(actor, paper)}.intersection(missing(paper))
    ]


async def sign_all(service: Service, actor: Actor, group: UUID, given: SignAll, key: str) -> list[Result]:
    """One that is refused keeps no other back; a repeat with the same key signs nothing twice."""
    async with service.database.transaction() as tx:
        await seen(tx, group, actor)
        cases = {case.id: case for case in await cases_of(tx, group)}
        papers = {one.agreement: await tx.found(Agreement, one.agreement) for one in given.commitments}
    if any(paper.application not in cases for paper in papers.values()):
        raise DomainError("not-found", status=404)
    read = {one.agreement: one.document for one in given.commitments}
    return await each(
        service, agreements, actor, list(read), key,
        lambda paper: ("sign", Sign(document=read[paper.id], function=given.function, power=given.power)),
        _done,
        named=lambda paper: (paper.application, cases[paper.application].number),
    )  # fmt: skip


async def end_cases(service: Service, actor: Actor, group: UUID, key: str) -> list[Result]:
    """Ends the cases of a cancelled group that the actor may end: as member one's own, as officer all that are granted
    or in review. DomainError("group-not-cancelled")."""
    async with service.database.transaction() as tx:
        row = await seen(tx, group, actor)
        if row.state != "cancelled":
            raise DomainError("group-not-cancelled", status=409)
        cases = await cases_of(tx, group)
    ending = {case.id: _ending(case, applications.parties(actor, case), row) for case in cases}
    acts = {id: act for id, act in ending.items() if act is not None}
    return await each(service, applications, actor, list(acts), key, lambda case: acts[case.id], _done)


def _done(_fact: Fact) -> str:
    return _("done")


def _ending(case: Application, parties: frozenset[str], group: GroupVisit) -> tuple[str, Input] | None:
    """The act that ends this case, if this reader has one."""
    if case.state == "granted" and parties & {"VO", "VOP"}:
        return "cancel", Nothing()
    if "VO" in parties and case.state in applications.table.act("withdraw").sources:
        return "withdraw", Nothing()
    if "VOP" in parties and case.state == "in_review":
        return "refuse", Refuse(reason="not_relevant", explanation=group.explanation)
    return None


async def seen(tx: Tx, id: UUID, actor: Actor) -> GroupVisit:
    """A group that the reader takes part in; DomainError("not-found") to a stranger."""
    row = await tx.found(GroupVisit, id)
    if not groups.parties(actor, row):
        raise DomainError("not-found", status=404)
    return row
