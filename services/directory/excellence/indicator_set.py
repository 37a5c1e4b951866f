"""Rules of IndicatorSet: the operator edits a draft in the browser; publishing it retires the version before."""

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import func
from sqlmodel import col, select

from contracts import indicator_set as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.indicator_set import INDICATOR_SET, Heading, Unit
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.directory.excellence.indicators import HEADINGS
from services.directory.excellence.kinds import indicator_sets
from services.directory.excellence.models import IndicatorSet

Key = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,40}$")]
MOST = 100
FIELDS = frozenset({"csrf", "idempotency_key"})
"""Names of what the page of a self-assessment posts beside its answers."""


class Describe(Input):
    title: str = Field(title="Title", min_length=3, max_length=150)
    source: str = Field(title="Where it comes from", min_length=3, max_length=500)
    inferred: bool = Field(
        False,
        title="It is inferred by us, not the text of who awards the label",
        description="Every page says so.",
    )
    silver_score: int = Field(title="Per cent over all that silver needs", ge=0, le=100)
    gold_score: int = Field(title="Per cent over all that gold needs", ge=0, le=100)


class Put(Input):
    key: Key = Field(title="Key", description="Small letters and underlines; answers are kept under it.")
    heading: Heading = Field(title="Under which heading?")
    title: str = Field(title="Question", min_length=3, max_length=200)
    help: str = Field("", title="Help text", max_length=500)
    unit: Unit = Field(title="The answer is")
    bronze: int = Field(title="Least answer for bronze", description="1 for yes, 0 for no.", ge=0, le=10**9)
    silver: int = Field(title="Least answer for silver", ge=0, le=10**9)
    gold: int = Field(title="Least answer for gold", ge=0, le=10**9)
    full: int = Field(title="Answer that counts as 100 per cent", ge=1, le=10**9)


class Remove(Input):
    key: Key = Field(title="Which indicator?")


@rule(INDICATOR_SET, "begin")
async def begin(work: Work[IndicatorSet], given: Nothing, at: Moment) -> facts.Begun:
    """A draft that starts as the newest version."""
    await work.tx.session.exec(select(func.pg_advisory_xact_lock(func.hashtext("indicator_sets"))))
    statement = select(IndicatorSet).order_by(col(IndicatorSet.number).desc())
    rows = (await work.tx.session.exec(statement.limit(20))).all()
    if any(row.state == "draft" for row in rows):
        raise DomainError("draft-there", status=409)
    newest = next((row for row in rows if row.state != "discarded"), None)
    number = rows[0].number + 1 if rows else 1
    copied = newest.model_dump(exclude={"id", "state", "version", "number"}) if newest else _empty()
    work.row = IndicatorSet(id=new_id(), number=number, **copied)
    return facts.Begun(number=number)


@rule(INDICATOR_SET, "describe")
def describe(row: IndicatorSet, given: Describe, at: Moment) -> facts.Described:
    if given.silver_score > given.gold_score:
        raise DomainError("thresholds-order", "gold_score")
    for name in Describe.model_fields:
        setattr(row, name, getattr(given, name))
    return facts.Described()


@rule(INDICATOR_SET, "put_indicator")
def put_indicator(row: IndicatorSet, given: Put, at: Moment) -> facts.IndicatorPut:
    """A new one, or another text and other thresholds for the one of this key."""
    if given.key in FIELDS:
        raise DomainError("indicator-key-taken", "key")
    if not given.bronze <= given.silver <= given.gold <= given.full:
        raise DomainError("thresholds-order", "full")
    others = [one for one in row.indicators if one["key"] != given.key]
    if len(others) >= MOST:
        raise DomainError("too-many-indicators", "key", most=MOST)
    place = next((at for at, one in enumerate(row.indicators) if one["key"] == given.key), len(others))
    row.indicators = [*others[:place], given.model_dump(), *others[place:]]
    return facts.IndicatorPut(key=given.key)


@rule(INDICATOR_SET, "remove_indicator")
def remove_indicator(row: IndicatorSet, given: Remove, at: Moment) -> facts.IndicatorRemoved:
    left = [one for one in row.indicators if one["key"] != given.key]
    if len(left) == len(row.indicators):
        raise DomainError("indicator-unknown", "key")
    row.indicators = left
    return facts.IndicatorRemoved(key=given.key)


@rule(INDICATOR_SET, "publish")
async def publish(work: Work[IndicatorSet], given: Nothing, at: Moment) -> facts.Published:
    row = work.row
    asked = {one["heading"] for one in row.indicators}
    if missing := [f"heading.{one}" for one in HEADINGS if one not in asked]:
        raise DomainError("heading-empty", status=409, headings=missing)
    statement = select(IndicatorSet).where(IndicatorSet.state == "published").with_for_update()
    before = (await work.tx.session.exec(statement)).one_or_none()
    if before is not None:
        await indicator_sets.record(work.tx, before, "retire", facts.Retired(), at, work.cause.of_a_step())
        await work.tx.session.flush()
    return facts.Published(number=row.number, indicators=len(row.indicators))


@rule(INDICATOR_SET, "discard")
def discard(row: IndicatorSet, given: Nothing, at: Moment) -> facts.Discarded:
    return facts.Discarded()


async def in_force(tx: Tx) -> IndicatorSet | None:
    """The published version."""
    return (
        await tx.session.exec(select(IndicatorSet).where(IndicatorSet.state == "published"))
    ).one_or_none()


async def seed_indicators(tx: Tx, at: Moment, cause: Cause) -> None:
    """Our own first version, where there is none."""
    if (await tx.session.exec(select(IndicatorSet.id).limit(1))).first() is not None:
        return
    row = IndicatorSet(id=new_id(), number=1, **_first())
    await indicator_sets.record(tx, row, "begin", facts.Begun(number=1), at, cause)
    body = facts.Published(number=1, indicators=len(row.indicators))
    await indicator_sets.record(tx, row, "publish", body, at, cause)


def indicator_of(row: IndicatorSet, key: str) -> dict[str, Any]:
    """One indicator as it stands, or nothing."""
    return next((one for one in row.indicators if one["key"] == key), dict[str, Any]())


def _first() -> dict[str, Any]:
    return json.loads((Path(__file__).parent / "indicators.json").read_text("utf-8"))


def _empty() -> dict[str, Any]:
    return {**_first(), "indicators": []}


async def set_of(tx: Tx, id: UUID) -> IndicatorSet:
    """A version; DomainError("not-found") if there is none, or it is somebody's draft."""
    row = await tx.get(IndicatorSet, id)
    if row is None or row.state == "discarded":
        raise DomainError("not-found", status=404)
    return row
