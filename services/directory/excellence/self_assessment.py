"""Rules of SelfAssessment: a cluster answers the set in force; the result is kept with the version that it used."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col, select

from contracts import self_assessment as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.self_assessment import SELF_ASSESSMENT
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.directory.excellence.indicator_set import in_force
from services.directory.excellence.indicators import Measure, measure, result
from services.directory.excellence.models import IndicatorSet, SelfAssessment
from services.directory.label_models import Recognition
from services.directory.models import Organisation

Answer = Annotated[int, Field(ge=0, le=10**9)]
OTHERS_AT_MOST = 5000


class Record(Input):
    organisation: UUID = Field(title="Which cluster?")
    answers: dict[str, Answer] = Field(title="Answers by the key of the indicator")


@rule(SELF_ASSESSMENT, "record")
async def record(work: Work[SelfAssessment], given: Record, at: Moment) -> facts.Recorded:
    organisation = await work.tx.get(Organisation, given.organisation)
    if organisation is None or not work.actor.may("member", given.organisation):
        raise DomainError("not-your-organisation", "organisation")
    if organisation.kind != "cluster":
        raise DomainError("label-for-clusters", "organisation")
    known = await in_force(work.tx)
    if known is None:
        raise DomainError("no-indicators", status=409)
    asked = {one["key"]: one for one in known.indicators}
    if missing := next((key for key in asked if key not in given.answers), None):
        raise DomainError("indicator-unanswered", f"answers.{missing}", indicator=asked[missing]["title"])
    if strange := next((key for key in given.answers if key not in asked), None):
        raise DomainError("indicator-unknown", f"answers.{strange}")
    for key, answer in given.answers.items():
        if answer > {"percent": 100, "yes_no": 1}.get(asked[key]["unit"], answer):
            raise DomainError("answer-too-high", f"answers.{key}", indicator=asked[key]["title"])
    came_to = result(measure_of(known), given.answers)
    work.row = SelfAssessment(
        id=new_id(),
        organisation=organisation.id,
        indicator_set=known.id,
        answers=dict(given.answers),
        reached=came_to.reached,
        score=came_to.score,
        by=work.actor.person,
        at=at.now,
    )
    return facts.Recorded(
        organisation=organisation.id, indicator_set=known.id, reached=came_to.reached, score=came_to.score
    )


@rule(SELF_ASSESSMENT, "withdraw")
def withdraw(row: SelfAssessment, given: Nothing, at: Moment) -> facts.Withdrawn:
    return facts.Withdrawn()


def measure_of(row: IndicatorSet) -> Measure:
    """A version as its indicators are reckoned with."""
    return measure(row.indicators, row.silver_score, row.gold_score)


async def latest(tx: Tx, organisation: UUID) -> SelfAssessment | None:
    """A cluster's newest answers."""
    statement = select(SelfAssessment).where(
        SelfAssessment.organisation == organisation, SelfAssessment.state == "recorded"
    )
    return (await tx.session.exec(statement.order_by(col(SelfAssessment.at).desc()).limit(1))).first()


async def others(tx: Tx, row: SelfAssessment, today: date) -> list[dict[str, int]]:
    """The newest answers to the same set of each other cluster whose label is valid today."""
    valid = select(Recognition.organisation).where(
        Recognition.state == "awarded", col(Recognition.valid_until) >= today
    )
    statement = (
        select(SelfAssessment)
        .where(
            SelfAssessment.indicator_set == row.indicator_set,
            SelfAssessment.state == "recorded",
            SelfAssessment.organisation != row.organisation,
            col(SelfAssessment.organisation).in_(valid),
        )
        .ext(distinct_on(col(SelfAssessment.organisation)))
        .order_by(col(SelfAssessment.organisation), col(SelfAssessment.at).desc())
        .limit(OTHERS_AT_MOST)
    )
    return [one.answers for one in (await tx.session.exec(statement)).all()]
