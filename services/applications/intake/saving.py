"""What officers save of a call: its applications, what evaluators came to, the reports that are due."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal, TypeAlias
from uuid import UUID

from sqlmodel import col, select
from starlette.responses import Response

from contracts.money import Money
from services.applications.application import rules_of
from services.applications.calls import acts
from services.applications.calls.models import Call
from services.applications.forms.definition import worded
from services.applications.intake.listing import names_of, page_of
from services.applications.models import Application, Report
from services.applications.review.models import Assessment, Stage
from services.applications.review.reading import title_of
from services.chassis.database import Tx
from services.chassis.identity.people import people_of
from services.chassis.service import Service
from services.chassis.web.look.context import reader
from services.chassis.web.look.parts import Column
from services.chassis.web.look.words import gettext as _
from services.chassis.web.papers.values import Value
from services.chassis.web.sentences import state_word
from services.chassis.web.sheet import PIECE, Ending, Listing, Rows, saved
from services.chassis.web.who import Who

What: TypeAlias = Literal["applications", "assessments", "reports"]


def add_files(service: Service) -> None:
    """The route of all three; only the applications are narrowed by their standing."""
    app, database, clock = service.app, service.database, service.clock
    listings: dict[What, Callable[[Call, str], Listing]] = {
        "applications": applications_of,
        "assessments": lambda call, _state: assessments_of(call),
        "reports": lambda call, _state: reports_of(call),
    }

    @app.get("/calls/{id}/{what}.{ending}", include_in_schema=False)
    async def as_file(actor: Who, id: UUID, what: What, ending: Ending, state: str = "") -> Response:
        async with database.transaction() as tx:
            call = await acts.seen(tx, id, actor)
        return await saved(database, listings[what](call, state), ending, clock.now())


def applications_of(call: Call, state: str) -> Listing:
    """The list of the page, with the result of the review beside."""

    async def read(tx: Tx, after: UUID | None) -> tuple[Rows, UUID | None]:
        rows = await page_of(tx, call.id, state, after, PIECE)
        names = await names_of(tx, rows)
        told: Rows = [
            (
                row.number, names.get(row.visitor, ""), Money(row.amount_cents), row.submitted_at,
                state_word("application", row.state), percent_of(row.score), row.decide_by,
            )
            for row in rows
        ]  # fmt: skip
        return told, rows[-1].id if rows else None

    columns = [
        Column(_("Case")),
        Column(_("Applicant")),
        Column(_("Amount in EUR"), number=True),
        Column(_("Submitted")),
        Column(_("Standing")),
        Column(_("Score in %"), number=True),
        Column(_("Decision promised by")),
    ]
    return Listing("applications", _("%(call)s: applications") % {"call": call.title}, columns, read)


def assessments_of(call: Call) -> Listing:
    """A row for each evaluator's part, in the order of assignment; comments stay in the sheets."""

    async def read(tx: Tx, after: UUID | None) -> tuple[Rows, UUID | None]:
        statement = (
            select(Assessment, Stage, Application)
            .join(Stage, col(Stage.id) == col(Assessment.stage))
            .join(Application, col(Application.id) == col(Assessment.application))
            .where(Application.call == call.id, *([col(Assessment.id) > after] if after else []))
            .order_by(col(Assessment.id))
            .limit(PIECE)
        )
        found = (await tx.session.exec(statement)).all()
        names = await names_of(tx, [case for _row, _stage, case in found])
        people = await people_of(tx, [row.evaluator for row, _stage, _case in found])
        told: list[Sequence[Value]] = []
        for row, stage, case in found:
            rules = rules_of(case)
            score = rules.rubric.result(row.scores) if row.scores and row.state == "submitted" else None
            evaluator = people[row.evaluator].name if row.evaluator in people else ""
            told.append((
                case.number, names.get(case.visitor, ""), row.round, title_of(rules, stage), evaluator,
                state_word("assessment", row.state), percent_of(score), row.due_at, row.submitted_at,
            ))  # fmt: skip
        return told, found[-1][0].id if found else None

    columns = [
        Column(_("Case")),
        Column(_("Applicant")),
        Column(_("Round"), number=True),
        Column(_("Task")),
        Column(_("Evaluator")),
        Column(_("Standing")),
        Column(_("Result in %"), number=True),
        Column(_("Until")),
        Column(_("Submitted")),
    ]
    return Listing("assessments", _("%(call)s: assessments") % {"call": call.title}, columns, read)


def reports_of(call: Call) -> Listing:
    """Every report that the call's grants owe, in the order in which they were asked for."""

    async def read(tx: Tx, after: UUID | None) -> tuple[Rows, UUID | None]:
        statement = (
            select(Report, Application)
            .join(Application, col(Application.id) == col(Report.application))
            .where(Application.call == call.id, *([col(Report.id) > after] if after else []))
            .order_by(col(Report.id))
            .limit(PIECE)
        )
        found = (await tx.session.exec(statement)).all()
        names = await names_of(tx, [case for _row, case in found])
        told: Rows = [
            (
                case.number, names.get(case.visitor, ""), worded(row.title, reader().language) or row.key,
                row.due_at, row.submitted_at, state_word("report", row.state),
            )
            for row, case in found
        ]  # fmt: skip
        return told, found[-1][0].id if found else None

    columns = [
        Column(_("Case")),
        Column(_("Recipient")),
        Column(_("Report")),
        Column(_("Due")),
        Column(_("Submitted")),
        Column(_("Standing")),
    ]
    return Listing("reports", _("%(call)s: reports") % {"call": call.title}, columns, read)


def percent_of(score: int | None) -> Decimal | None:
    """Hundredths of a percent as percent."""
    return None if score is None else Decimal(score).scaleb(-2)
