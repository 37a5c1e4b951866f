"""Making a call for vouchers in the browser and as JSON: the kinds with their figures, and a button for each."""

from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from services.applications.forms.definition import worded
from services.applications.vouchers.making import Make, Maker, lines_of
from services.applications.vouchers.presets import VOUCHERS, Kind, Voucher
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look import forms as look
from services.chassis.web.look.context import reader
from services.chassis.web.look.values import money
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import refusal
from services.chassis.web.who import Guest, Who


def add_vouchers(service: Service) -> None:
    """Routes."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/api/v1/calls/vouchers")
    async def vouchers_json(actor: Guest) -> list[dict[str, Any]]:
        """The kinds of vouchers that a call can be made from, with their figures and where these come from."""
        return [
            {
                "key": one.key, "title": one.title, "summary": one.summary, "source": one.source,
                "cap_cents": one.cap_cents, "share": one.share, "categories": one.categories,
                "validity_days": one.validity_days, "scored": one.scored, "once": one.once,
            }
            for one in VOUCHERS
        ]  # fmt: skip

    @app.post("/api/v1/calls/vouchers/{kind}", status_code=201)
    async def make_json(request: Request, actor: Who, kind: Kind, given: Make) -> dict[str, Any]:
        """The draft of a call for this voucher, with its forms published. The same idempotency key makes it once."""
        call = await Maker(database, clock, actor, idempotency_key(request)).make(kind, given)
        return {"id": str(call.id), "title": call.title, "state": call.state}

    @app.get("/calls/vouchers", include_in_schema=False)
    async def vouchers_page(request: Request, actor: Who) -> Response:
        return await _shown(request, actor)

    @app.post("/calls/vouchers/{kind}", include_in_schema=False)
    async def make(request: Request, actor: Who, kind: Kind) -> Response:
        posted = await request.form()
        try:
            given = Make.model_validate(look.parse(Make, posted))
            key = idempotency_key(request, str(posted.get("idempotency_key", "")))
            call = await Maker(database, clock, actor, key).make(kind, given)
        except ValidationError as reason:
            return await _shown(request, actor, kind, look.errors(reason, Make))
        except DomainError as reason:
            if reason.status in (401, 403, 404):
                raise
            return await _shown(request, actor, kind, {"budget": refusal(reason.slug, reason.params)})
        return RedirectResponse(f"/calls/{call.id}/edit", 303)

    async def _shown(
        request: Request, actor: Actor, wrong: str = "", errors: dict[str, str] | None = None
    ) -> Response:
        async with database.transaction() as tx:
            lines = await lines_of(tx, actor)
        if not lines and not (actor.scopes("coordinator") or actor.scopes("officer")):
            raise DomainError("not-your-role", status=403)
        return pages.page(
            request, "vouchers/vouchers.html", 422 if errors else 200, title=_("Vouchers"), lines=lines, wrong=wrong,
            errors=errors or {}, key=idempotency_key(request),
            vouchers=[(one, _say(one.title), _say(one.summary), _facts(one)) for one in VOUCHERS],
        )  # fmt: skip


def _facts(one: Voucher) -> list[tuple[str, str]]:
    use = _("%(days)s days, in several parts; less where the action ends before")
    review = _("Two evaluators score it and agree, then your officer decides") if one.scored else _(
        "Your officer decides"
    )  # fmt: skip
    return [
        (_("Worth at most"), money(one.cap_cents)),
        (_("Paid of the costs"), f"{one.share} %"),
        (_("Costs that count"), ", ".join(coded("category", name) for name in one.categories)),
        (_("Can be used for"), use % {"days": one.validity_days}),
        (_("How many"), _("one for each company") if one.once else _("any number for a company")),
        (_("Review"), review),
        (_("Order"), _("First come, first served; the call closes when its money is used")),
        (_("Where this comes from"), _say(one.source)),
    ]


def _say(words: dict[str, str]) -> str:
    return worded(words, reader().language)
