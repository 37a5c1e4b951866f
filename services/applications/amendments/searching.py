"""Whom an amendment may name instead: hosts of other countries than the visitor's, and registered knowledge providers.
A few are listed; among many one searches by words.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import String, cast
from sqlmodel import col, select

from services.applications.applying.choosing import providers
from services.applications.catalogue import hosting
from services.applications.models import Application
from services.applications.projections import KnownOrganisation, KnownParticipation
from services.chassis.database import Tx
from services.chassis.finding import has
from services.chassis.identity.actor import Actor
from services.chassis.web.look.offering import FOUND, Choices, Offer, words_at
from services.chassis.web.look.values import country

Partner = Literal["host", "provider"]
PARTNERS: tuple[Partner, ...] = ("host", "provider")


async def granted_of(tx: Tx, actor: Actor, named: str) -> Sequence[Application]:
    """The granted cases for which the reader may ask; only the one that is named, if one is."""
    mine = actor.scopes("owner") | actor.scopes("signatory")
    theirs = col(Application.visitor).in_(mine) | col(Application.visitor_partnership).in_(
        actor.scopes("officer")
    )
    statement = select(Application).where(Application.state == "granted", theirs)
    if named:
        statement = statement.where(cast(Application.id, String) == named)
    return (await tx.session.exec(statement.order_by(col(Application.number)).limit(200))).all()


async def partner_offer(
    tx: Tx, which: Partner, cases: Sequence[Application], query: Mapping[str, str]
) -> Offer:
    """What is listed, or what was searched for with what is chosen."""
    few = await partners_found(tx, which, cases, "", FOUND + 1)
    if len(few) <= FOUND:
        return Offer(few)
    words = query.get(words_at(which), "")
    chosen = await _named(tx, which, cases, query.get(which, ""))
    found: Choices = await partners_found(tx, which, cases, words) if words.strip() else ()
    return Offer([*chosen, *(one for one in found if one not in chosen)], searched=True, words=words)


async def partners_found(
    tx: Tx, which: Partner, cases: Sequence[Application], words: str, limit: int = FOUND
) -> Choices:
    """The first with these words in name or town, or with this number, by name."""
    number = col(KnownOrganisation.registration_number)
    wanted = [has(word, _PLACES) | (number == word.upper()) for word in words.split()]
    return await _found(tx, which, cases, limit, *wanted)


async def _named(tx: Tx, which: Partner, cases: Sequence[Application], id: str) -> Choices:
    model = KnownParticipation if which == "host" else KnownOrganisation
    return await _found(tx, which, cases, 1, cast(model.id, String) == id) if id else []


async def _found(tx: Tx, which: Partner, cases: Sequence[Application], limit: int, *wanted: Any) -> Choices:
    by_name = col(KnownOrganisation.name), col(KnownOrganisation.id)
    if which == "host":
        home = _home(cases)
        elsewhere = [col(KnownOrganisation.country) != home] if home else []
        statement = hosting().where(*elsewhere, *wanted).order_by(*by_name).limit(limit)
        return [(str(taking.id), _place(one)) for taking, one in (await tx.session.exec(statement)).all()]
    partnerships = {case.visitor_partnership for case in cases if case.form is not None}
    registered = col(KnownOrganisation.id).in_(providers(*partnerships))
    rows = select(KnownOrganisation).where(registered, *wanted).order_by(*by_name).limit(limit)
    return [(str(one.id), _place(one)) for one in (await tx.session.exec(rows)).all()]


def _home(cases: Sequence[Application]) -> str:
    """The country of the visitor, where all of the cases have one: its hosts are no choice."""
    homes = {str(case.frozen.get("visitor_country", "")) for case in cases if case.form is None}
    return next(iter(homes)) if len(homes) == 1 else ""


def _place(one: KnownOrganisation) -> str:
    return f"{one.name}, {one.town}, {country(one.country)}"


_PLACES = (col(KnownOrganisation.name), col(KnownOrganisation.town))
