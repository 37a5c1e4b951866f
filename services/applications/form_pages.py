"""The exchange form in the browser: three short pages and a check, saved at every step, the sum in the margin."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.amounts import Mode, counted_days
from contracts.errors import DomainError, TransientError
from contracts.tables import Input
from contracts.words.kinds import mark
from contracts.workdays import working_days
from services.applications.application import in_time
from services.applications.drafts import Days, Declare, Draft, What, When, draft_id, save
from services.applications.freezing import freeze, ground_of, planned_days
from services.applications.groups.sharing import SHARED
from services.applications.kinds import applications, proposals
from services.applications.models import Application, Proposal
from services.applications.views import declarations, how, meeting_days, visible
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look import forms
from services.chassis.web.look.parts import Sum, SumLine
from services.chassis.web.look.values import day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, calculation, code, refusal
from services.chassis.web.who import Who

PAGES: dict[str, type[Input]] = {"when": When, "days": Days, "what": What, "declare": Declare}


def add_form(service: Service) -> None:
    """Routes of the form, and the draft as machines save it."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.put("/api/v1/proposals/{id}/application")
    async def save_draft(actor: Who, id: UUID, draft: Draft) -> dict[str, Any]:
        """Creates or changes the draft of an accepted proposal. Repeat it as often as you like."""
        async with database.transaction() as tx:
            case = await save(tx, id, draft, actor, clock.moment())
            shown = await estimate(tx, case, service)
        return {
            "id": str(case.id),
            "number": case.number,
            "state": case.state,
            "saved_at": case.saved_at.isoformat(),
            "estimate_cents": shown["sum"].total,
            "latest_last_day": shown["latest"].isoformat(),
        }

    @app.get("/proposals/{id}/application", include_in_schema=False)
    async def begin(actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            first = _order(await _own_case(tx, id, actor))[0]
        return RedirectResponse(f"/proposals/{id}/application/{first}", status_code=303)

    @app.get("/applications/{id}/submit", include_in_schema=False)
    async def check(actor: Who, id: UUID) -> Response:
        return await _of_case(id, actor, "check")

    @app.get("/applications/{id}/revise", include_in_schema=False)
    async def revise(actor: Who, id: UUID) -> Response:
        return await _of_case(id, actor, "")

    @app.get("/proposals/{id}/application/{page}", include_in_schema=False)
    async def show(request: Request, actor: Who, id: UUID, page: str) -> Response:
        async with database.transaction() as tx:
            case = await _own_case(tx, id, actor)
            return await _shown(tx, request, id, page, case)

    @app.post("/proposals/{id}/application/{page}", include_in_schema=False)
    async def keep(request: Request, actor: Who, id: UUID, page: str) -> Response:
        model = PAGES.get(page)
        if model is None:
            raise DomainError("not-found", status=404)
        posted = await request.form()
        try:
            given = model.model_validate({**_emptied(model), **forms.parse(model, posted)})
        except ValidationError as reason:
            async with database.transaction() as tx:
                case = await _own_case(tx, id, actor)
                return await _shown(tx, request, id, page, case, posted, forms.errors(reason, model))
        async with database.transaction() as tx:
            case = await save(tx, id, given, actor, clock.moment())
            errors = await _problem_on(tx, case, model, service)
            if errors:
                return await _shown(tx, request, id, page, case, posted, errors)
        order = _order(case)
        following = order[order.index(page) + 1]
        return RedirectResponse(f"/proposals/{id}/application/{following}", status_code=303)

    async def _shown(
        tx: Tx,
        request: Request,
        id: UUID,
        page: str,
        case: Application,
        typed: Any = None,
        errors: dict[str, str] | None = None,
    ) -> Response:
        order = _order(case)
        if page not in order:
            raise DomainError("not-found", status=404)
        shown = await estimate(tx, case, service)
        common: dict[str, Any] = {
            "case": case, "proposal": id, "here": page, "number": order.index(page) + 1,
            "pages": len(order), "sum": shown["sum"], "latest": shown["latest"], "host": shown["host"],
        }  # fmt: skip
        if page == "check":
            problem = await _whole_problem(tx, case, service)
            act = "revise" if case.state == "changes_requested" else "submit"
            return pages.page(
                request, "form_check.html", title=_("Check your answers"), problem=problem,
                button=act_words("application", act).button,
                activities=[code(value) for value in case.activities], how=how(case), days=meeting_days(case),
                action=f"/applications/{case.id}/{act}", key=f"{case.id}:{act}:{case.version}", **common,
            )  # fmt: skip
        model = PAGES[page]
        choices = {"declarations": declarations(), "days": _possible_days(case, shown["host"].country)}
        values = case.model_dump() if typed is None else typed
        before = f"/application/{order[order.index(page) - 1]}" if page != order[0] else ""
        return pages.page(
            request, f"form_{page}.html" if pages.has(f"form_{page}.html") else "form_page.html",
            status=422 if errors else 200, title=_(TITLES[page]), lead=_(_lead(case, page)),
            fields=_asked(case, forms.fields(model, values, errors or {}, choices), shown["pays_units"]),
            errors=errors or {},
            action=f"/proposals/{id}/application/{page}",
            back=f"/proposals/{id}{before}",
            **common,
        )  # fmt: skip

    async def _of_case(id: UUID, actor: Actor, page: str) -> Response:
        """Submitting and revising lead through the form, whose last page does them."""
        async with database.transaction() as tx:
            case = await visible(tx, applications, actor, id)
        if case.proposal is None:
            check = "/check" if page == "check" else ""
            return RedirectResponse(f"/applications/{id}/form{check}", status_code=303)
        return RedirectResponse(
            f"/proposals/{case.proposal}/application/{page or _order(case)[0]}", status_code=303
        )

    async def _own_case(tx: Tx, id: UUID, actor: Actor) -> Application:
        proposal = await tx.found(Proposal, id)
        if "VO" not in proposals.parties(actor, proposal):
            raise DomainError("not-found", status=404)
        case = await tx.get(Application, draft_id(id))
        return case or await save(tx, id, When.model_validate({}), actor, clock.moment())


def _order(case: Application) -> list[str]:
    """The pages of this case's form: only who meets online is asked on which days, and no member of a group when."""
    if case.group_visit is not None:
        return ["what", "declare", "check"]
    asked_for = [name for name in PAGES if name != "days" or _asks_for_days(case)]
    return [*asked_for, "check"]


def _asks_for_days(case: Application) -> bool:
    return case.mode == Mode.VIRTUAL and case.first_day is not None and case.last_day is not None


def _possible_days(case: Application, host_country: str) -> list[tuple[date, str]]:
    """The working days of the host's country in the period, to choose those of a virtual exchange from."""
    if case.first_day is None or case.last_day is None or not _asks_for_days(case):
        return []
    return [(one, day(one)) for one in working_days(case.first_day, case.last_day, host_country)]


def _asked(case: Application, fields: list[forms.Field], pays_units: bool) -> list[forms.Field]:
    """A draft may lack every answer, but none is optional in the end. How one travels counts for units only; a member
    of a group has its agenda."""
    left_out = {*(() if pays_units else ("green",)), *(SHARED if case.group_visit else ())}
    return [replace(field, required=True) for field in fields if field.name not in left_out]


def _lead(case: Application, page: str) -> str:
    if case.group_visit is not None and page == "what":
        return mark("Days and agenda are your group's; you read them before you submit.")
    return LEADS.get(page, "")


TITLES = {
    "when": mark("When do you go?"),
    "days": mark("On which days do you meet?"),
    "what": mark("What will you do there?"),
    "declare": mark("What do you declare?"),
}
LEADS = {
    "when": mark("At least 3 working days. Travel days do not count."),
    "days": mark("At least 3 working days of your host's country. They need not follow each other."),
}


async def estimate(tx: Tx, case: Application, service: Service) -> dict[str, Any]:
    """The sum as it stands and the latest last day that can still be paid."""
    ground = await ground_of(tx, case, service.clock.moment())
    host, latest = ground.host, ground.latest_last_day
    days = planned_days(case)
    units = {"pays_units": ground.support.get("kind") == "unit_cost"}
    title = _("Your lump sum, as it stands")
    if case.mode == Mode.PHYSICAL and not counted_days(days, host.country):
        lines = [
            SumLine(_("Rate for the host's country"), ground.rate.cents),
            SumLine(_("Working days"), "?"),
        ]
        return {"sum": Sum(title, lines, _("Estimate"), None), "latest": latest, "host": host, **units}
    frozen = ground.frozen(days, case)
    lines = calculation(frozen["lines"], frozen["rate_cents"])
    return {
        "sum": Sum(title, lines, _("Estimate"), frozen["amount_cents"]),
        "latest": latest,
        "host": host,
        **units,
    }


async def _problem_on(tx: Tx, case: Application, model: type[Input], service: Service) -> dict[str, str]:
    """The first rule that breaks on this page's fields, at its field."""
    try:
        await freeze(tx, case, service.clock.moment())
    except DomainError as reason:
        if reason.field in model.model_fields and (reason.field != "declarations" or case.declarations):
            return {str(reason.field): refusal(reason.slug, reason.params)}
    return {}


async def _whole_problem(tx: Tx, case: Application, service: Service) -> str:
    """What still keeps the application from being submitted, as a sentence."""
    try:
        at = service.clock.moment()
        if case.state == "changes_requested":
            in_time(case.due_at, at)
        await freeze(tx, case, at)
    except DomainError as reason:
        return refusal(reason.slug, reason.params)
    except TransientError:
        return refusal("not-known-yet", {})
    return ""


def _emptied(model: type[Input]) -> dict[str, Any]:
    """What an empty field means on a page: no value, said aloud, so that clearing an answer is kept."""
    return {
        name: [] if field.default_factory is list else field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
    }
