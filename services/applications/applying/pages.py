"""Applying in the browser: one page of the form after the other, saved at every step and in between, checked at the
end. Nothing typed is lost: what is wrong is kept and said, and what somebody else changed meanwhile is shown beside it.
"""

from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from contracts.errors import DomainError, TransientError
from contracts.terms import Terms
from services.applications.application import in_time
from services.applications.applying import drafts
from services.applications.applying.choosing import Find, wrong_choices
from services.applications.applying.drafts import Conflict, Draft
from services.applications.applying.eligibility import results
from services.applications.applying.freezing import freeze, is_open
from services.applications.applying.ground import action_end, latest_last_day
from services.applications.applying.looking import View, look_at, sum_of_draft
from services.applications.applying.moving import left_over
from services.applications.calls.models import Call
from services.applications.forms.asking import listed_blocks, rows_changed
from services.applications.forms.sentences import sentences
from services.applications.intake.counter import left_for
from services.applications.projections import KnownOrganisation
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.context import reader
from services.chassis.web.look.offering import words_at
from services.chassis.web.look.parts import Check
from services.chassis.web.look.values import amount, clock_time
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import act_words, refusal
from services.chassis.web.who import Who


def add_pages(service: Service) -> None:
    """Routes of applying."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/calls/{id}/apply", include_in_schema=False)
    async def apply(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            call = await tx.found(Call, id)
            found = [await tx.get(KnownOrganisation, one) for one in actor.scopes("member")]
        if call.state == "draft":
            raise DomainError("not-found", status=404)
        own = sorted((one for one in found if one is not None), key=lambda one: one.name)
        return pages.page(
            request, "applying/begin.html", title=_("Begin an application"), call=call, organisations=own,
            key=idempotency_key(request),
        )  # fmt: skip

    @app.post("/calls/{id}/apply", include_in_schema=False)
    async def begin(request: Request, actor: Who, id: UUID) -> Response:
        posted = await request.form()
        try:
            organisation = UUID(str(posted.get("organisation", "")))
        except ValueError:
            raise DomainError("apply-for-own", "organisation") from None
        async with database.transaction() as tx:
            key = idempotency_key(request, str(posted.get("idempotency_key", "")))
            case = await drafts.begin(tx, id, organisation, actor, key, clock.moment())
        return RedirectResponse(f"/applications/{case.id}/form", 303)

    @app.get("/applications/{id}/form", include_in_schema=False)
    async def start(actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            draft = await drafts.own(tx, id, actor)
            if draft.behind:
                return RedirectResponse(f"/applications/{id}/changed", 303)
            view = await look_at(tx, draft, clock.moment())
        first = view.pages[0].key if view.pages else "check"
        return RedirectResponse(f"/applications/{id}/form/{first}", 303)

    @app.get("/applications/{id}/form/check", include_in_schema=False)
    async def check(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            draft = await drafts.own(tx, id, actor)
            if draft.behind:
                return RedirectResponse(f"/applications/{id}/changed", 303)
            view = await look_at(tx, draft, clock.moment())
            placeless = await left_over(tx, draft, view.printing)
            problem = await _problem(tx, draft, clock.moment())
            rules = await results(
                tx, draft.rules, draft.call.edition, draft.organisation, view.form, draft.case.id
            )
            chosen = await wrong_choices(tx, view.form, draft.case.visitor_partnership)
        said = sentences(view.form, [*view.form.findings(), *chosen], reader().language)
        act = "revise" if draft.case.state == "changes_requested" else "submit"
        say = view.asking().say
        where = {
            question.key: (page.key, say(question.label)) for page, question in draft.definition.questions
        }
        wrong = [(*where[at.partition(".")[0]], sentence) for at, sentence in said.items()]
        return pages.page(
            request, "applying/check.html", title=_("Check your answers"), case=draft.case, call=draft.call,
            told=view.printing.pages(), links=[page.key for page in view.pages], problem="" if wrong else problem,
            wrong=wrong, back=view.before("check"), sum=sum_of_draft(view), button=act_words("application", act).button,
            checks=[Check(say(one.rule.text), bool(one.met), one.rule.source) for one in rules],
            action=f"/applications/{id}/{act}", key=f"{id}:{act}:{draft.case.version}",
            left_over=placeless, editable=draft.case.state in drafts.EDITABLE,
        )  # fmt: skip

    @app.get("/applications/{id}/form/{page}", include_in_schema=False)
    async def show(
        request: Request, actor: Who, id: UUID, page: str, find: str = "", words: str = ""
    ) -> Response:
        async with database.transaction() as tx:
            draft = await drafts.own(tx, id, actor)
            if draft.behind:
                return RedirectResponse(f"/applications/{id}/changed", 303)
            return await _shown(tx, request, draft, page, find=Find(find, words[:100]))

    @app.post("/applications/{id}/form/{page}", include_in_schema=False)
    async def keep(request: Request, actor: Who, id: UUID, page: str) -> Response:
        posted = await request.form(max_part_size=12 * 1024 * 1024)
        do = str(posted.get("do", ""))
        answers, seen, unkept = await _answers(actor, id, page, posted, do)
        try:
            async with database.transaction() as tx:
                version = _version_in(posted)
                draft, _now = await drafts.save(tx, id, page, version, answers, actor, clock.moment())
                view = await look_at(tx, draft, clock.moment())
        except Conflict as reason:
            async with database.transaction() as tx:
                draft = await drafts.own(tx, id, actor)
                return await _shown(tx, request, draft, page, answers=reason.joined, conflict=reason)
        except DomainError as reason:
            if reason.status in (401, 403, 404):
                raise
            async with database.transaction() as tx:
                draft = await drafts.own(tx, id, actor)
                words = refusal(reason.slug, reason.params)
                return await _shown(tx, request, draft, page, answers=answers, problem=words)
        if unkept:
            async with database.transaction() as tx:
                draft = await drafts.own(tx, id, actor)
                return await _shown(tx, request, draft, page, errors=unkept)
        if do:
            act, _colon, at = do.partition(":")
            back = f"?{urlencode({'find': at, 'words': str(posted.get(words_at(at), ''))})}#find-{at}"
            return RedirectResponse(f"/applications/{id}/form/{page}{back if act == 'search' else ''}", 303)
        found = draft.definition.page(page)
        if found is not None and (new := {one.key for one in view.form.asked_on(found)} - seen):
            return RedirectResponse(
                f"/applications/{id}/form/{page}#{min(new)}", 303
            )  # asked because of an answer
        if found is not None and (wrong := view.form.findings(found)):
            async with database.transaction() as tx:
                draft = await drafts.own(tx, id, actor)
                said = sentences(view.form, wrong, reader().language)
                return await _shown(tx, request, draft, page, errors=said)
        return RedirectResponse(f"/applications/{id}/form/{view.after(page)}", 303)

    @app.post("/applications/{id}/form/{page}/autosave", include_in_schema=False)
    async def autosave(request: Request, actor: Who, id: UUID, page: str) -> Response:
        """The receipt of a save in between: when it was kept, as which version. Files are sent with the whole page."""
        posted = await request.form()
        answers, _seen, _unkept = await _answers(actor, id, page, posted, "")
        try:
            async with database.transaction() as tx:
                version = _version_in(posted)
                draft, now = await drafts.save(tx, id, page, version, answers, actor, clock.moment())
        except Conflict:
            sentence = _("Somebody else has changed these answers. Save the page to see both texts.")
            return HTMLResponse(sentence, 200, headers={"X-Saved": "conflict"})
        except DomainError as reason:
            return HTMLResponse(refusal(reason.slug, reason.params), 200, headers={"X-Saved": "no"})
        receipt = pages.page(
            request, "applying/receipt.html", version=now, at=clock_time(draft.case.saved_at)
        )
        receipt.headers["X-Saved"] = str(now)
        return receipt

    async def _answers(
        actor: Actor, id: UUID, page: str, posted: Any, do: str
    ) -> tuple[dict[str, Any], set[str], dict[str, str]]:
        """What was posted, its files stored, the questions that the page showed, and why files of some were not taken;
        it keeps the answers to others."""
        async with database.transaction() as tx:
            draft = await drafts.own(tx, id, actor)
            view = await look_at(tx, draft, clock.moment())
        found = draft.definition.page(page)
        if found is None:
            raise DomainError("not-found", status=404)
        given = view.asking().answers_of(found, posted)
        unkept: dict[str, str] = {}
        for key, answer in given.items():
            if isinstance(answer, list):
                files = [await _stored(one, actor, key, unkept) for one in cast("list[Any]", answer)]
                given[key] = [one for one in files if one is not None] or None
        here = {question.key for question in found.questions}
        hidden = {key: value for key, value in draft.answers.items() if key in here and key not in given}
        return rows_changed({**hidden, **given}, do), {one.key for one in view.form.asked_on(found)}, unkept

    async def _stored(one: Any, actor: Actor, field: str, unkept: dict[str, str]) -> Any:
        """A file that is not taken keeps nothing else of its page back."""
        if not isinstance(one, UploadFile):
            return one
        try:
            return (await service.files.keep(one, actor.person, field)).id
        except DomainError as reason:
            unkept[field] = refusal(reason.slug, reason.params)
            return None

    async def _shown(
        tx: Tx, request: Request, draft: Draft, key: str, *, answers: dict[str, Any] | None = None,
        errors: dict[str, str] | None = None, conflict: Conflict | None = None, problem: str = "",
        find: Find | None = None,
    ) -> Response:  # fmt: skip
        view = await look_at(tx, draft, clock.moment(), answers, find)
        page = next((one for one in view.pages if one.key == key), None)
        if page is None:
            raise DomainError("not-found", status=404)
        asking = view.asking(errors)
        blocks = asking.blocks(page)
        rules, terms = draft.rules, Terms(**draft.call.terms)
        status = 409 if conflict else 422 if errors or problem else 200
        return pages.page(
            request, "applying/page.html", status, title=asking.say(page.title), lead=asking.say(page.lead),
            case=draft.case, call=draft.call, here=key, blocks=blocks, said=listed_blocks(blocks), problem=problem,
            version=conflict.version if conflict else draft.version_of(key),
            number=[one.key for one in view.pages].index(key) + 1, of=len(view.pages) + 1,
            back=view.before(key), sum=sum_of_draft(view),
            differing=_differing(view, conflict, answers or {}) if conflict else [],
            latest=latest_last_day(await action_end(tx, draft.call), rules, terms) if rules.amount.owed else None,
            steps=[(one.key, asking.say(one.title), not view.form.findings(one)) for one in view.pages],
        )  # fmt: skip

    async def _problem(tx: Tx, draft: Draft, at: Any) -> str:
        """What still keeps the application from being submitted, as a sentence."""
        try:
            if draft.case.state == "changes_requested":
                in_time(draft.case.due_at, at)
            is_open(draft.case, draft.call, draft.rules, at)
            frozen, _answers = await freeze(tx, draft.case, at)
            if (
                left := await left_for(tx, draft.call, draft.case)
            ) is not None and left < frozen.amount_cents:
                return refusal("call-left", {"left": amount(left), "asked": amount(frozen.amount_cents)})
        except DomainError as reason:
            return refusal(reason.slug, reason.params)
        except TransientError:
            return refusal("not-known-yet", {})
        return ""


def _version_in(posted: Any) -> int:
    """The version of a page that its author has seen."""
    version = str(posted.get("version", ""))
    return int(version) if version.isdecimal() else 0


def _differing(view: View, conflict: Conflict, mine: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Each answer that both changed: its question, the other's text, one's own."""
    printing = view.printing
    return [
        (
            printing.say(question.label),
            printing.text(question, theirs),
            printing.text(question, mine.get(key)),
        )
        for key, theirs in conflict.theirs.items()
        if (question := view.draft.definition.question(key)) is not None
    ]
