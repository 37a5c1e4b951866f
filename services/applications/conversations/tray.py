"""The tray: mails that belong to no conversation for sure. An officer files each to a case, or drops it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts import conversation, stray_mail
from contracts.errors import DomainError
from contracts.stray_mail import STRAY_MAIL
from contracts.tables import Input
from contracts.workdays import Moment
from services.applications.conversations.models import StrayMail
from services.applications.conversations.talking import OFFICERS, add, conversation_of, takes_words
from services.applications.kinds import conversations, stray_mails
from services.applications.models import Application
from services.applications.sent_files import names_to_show
from services.applications.views import visible
from services.chassis.acts.aggregate import Root
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.files import opened
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Cell, Column
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.who import Who

PAGE = 100


class FileTo(Input):
    number: str = Field(title="Number of the case", description="As it stands on its page.", max_length=40)


class Drop(Input):
    reason: stray_mail.DropReason = Field(title="Why does it belong to no case?")


@rule(STRAY_MAIL, "file")
async def file(work: Work[StrayMail], given: FileTo, at: Moment) -> stray_mail.Filed:
    """Into the conversation of a case of which the officer is one; it stands there as a mail of its sender."""
    mail, tx = work.row, work.tx
    case = (await tx.session.exec(select(Application).where(Application.number == given.number))).first()
    if case is None or case.submitted_at is None:
        raise DomainError("no-such-case", "number")
    row = await conversation_of(tx, case)
    parties = conversations.parties(work.actor, row)
    if parties.isdisjoint(OFFICERS):
        raise DomainError("no-such-case", "number")
    await takes_words(tx, case.id)
    entry = add(
        tx, row, work.actor.person, parties & OFFICERS, "filed", mail.text, at, files=mail.files, caller=mail.sender,
        mail_id=mail.mail_id,
    )  # fmt: skip
    work.beside(conversations, row, "receive", conversation.Posted(entry=entry, via="mail"))
    mail.application = case.id
    return stray_mail.Filed(application=case.id)


@rule(STRAY_MAIL, "drop")
def drop(row: StrayMail, given: Drop, at: Moment) -> stray_mail.Dropped:
    """Its words are forgotten; that it came, and why it was dropped, is not."""
    row.text, row.subject, row.files = "", "", []
    return stray_mail.Dropped(reason=given.reason)


async def tell_of_waiting(tx: Tx, at: Moment, cause: Cause) -> None:
    """The daily sweep: of each tray with mails that nobody was told of yet, once a day at most, how many wait."""
    waits = select(StrayMail).where(StrayMail.state == "waiting").order_by(col(StrayMail.id))
    trays: dict[UUID | None, list[StrayMail]] = {}
    for mail in (await tx.session.exec(waits.with_for_update())).all():
        trays.setdefault(mail.partnership, []).append(mail)
    for mails in trays.values():
        new = [mail for mail in mails if mail.told_on is None]
        if not new or any(mail.told_on == at.today() for mail in mails):
            continue
        for mail in new:
            mail.told_on = at.today()
            tx.add(mail)
        await stray_mails.record(tx, new[0], "remind", stray_mail.Reminded(waiting=len(mails)), at, cause)


async def prepare_filing(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The number of the case that its address names, if it names one."""
    assert isinstance(row, StrayMail)
    case = await tx.get(Application, row.application) if row.application else None
    return Prepared(values={"number": case.number} if case else {})


def add_tray(service: Service) -> None:
    """Its pages."""
    app, database, pages = service.app, service.database, service.pages

    @app.get("/stray-mails", include_in_schema=False)
    async def tray(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            rows = await waiting(tx, actor)
        return pages.page(
            request,
            "stray_mails.html",
            title=_("Mails without a case"),
            columns=[
                Column(_("From")),
                Column(_("Subject")),
                Column(_("Arrived")),
                Column(_("Why it is here")),
            ],
            rows=[
                [
                    Cell(row.sender or "–", href=f"/stray-mails/{row.id}"),
                    Cell(row.subject or "–"),
                    Cell(moment(row.at)),
                    Cell(coded("stray_mail.arrived", row.reason)),
                ]
                for row in rows
            ],
        )

    @app.get("/api/v1/stray-mails")
    async def tray_json(actor: Who) -> list[dict[str, Any]]:
        """The mails that wait in the reader's tray, oldest first."""
        async with database.transaction() as tx:
            return [row.model_dump(mode="json", exclude={"mail_id"}) for row in await waiting(tx, actor)]

    @app.get("/stray-mails/{id}", include_in_schema=False)
    async def one(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, stray_mails, actor, id)
            names = await names_to_show(tx, [file["id"] for file in row.files])
        return pages.page(
            request,
            "stray_mail.html",
            title=row.subject or _("Mail without a subject"),
            mail=row,
            why=coded("stray_mail.arrived", row.reason),
            files=[(file["id"], names.get(file["id"], file["name"])) for file in row.files],
        )

    @app.get("/stray-mails/{id}/files/{file}", include_in_schema=False)
    async def attached(actor: Who, id: UUID, file: str) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, stray_mails, actor, id)
            if file not in {one["id"] for one in row.files}:
                raise DomainError("not-found", status=404)
            return service.downloads.give(await opened(tx, file, actor.person))


async def waiting(tx: Tx, actor: Actor) -> list[StrayMail]:
    """What waits for the reader, oldest first."""
    mine = col(StrayMail.partnership).in_(actor.scopes("officer") | actor.scopes("coordinator"))
    if actor.may("operator", PLATFORM):
        mine = mine | col(StrayMail.partnership).is_(None)
    statement = select(StrayMail).where(StrayMail.state == "waiting", mine)
    return list((await tx.session.exec(statement.order_by(col(StrayMail.id)).limit(PAGE))).all())
