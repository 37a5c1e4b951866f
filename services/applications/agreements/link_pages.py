"""The pages behind a mailed link: the text to be signed with its fingerprint, to sign or to refuse, once.

Nobody is signed in here; the token in the address, and then in the form, says who acts and on what.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from contracts.tables import Input
from services.applications.agreements.by_link import Opened, RefuseByLink, Signature, SignByLink, opened
from services.applications.agreements.documents import read
from services.applications.agreements.naming import PAGE
from services.applications.agreements.pages import Form, downloaded
from services.applications.agreements.signing import RefuseSigning
from services.applications.kinds import agreements
from services.applications.projections import KnownOrganisation
from services.chassis.acts.perform import perform
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look import forms
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import correlation, idempotency_key
from services.chassis.web.sentences import code, refusal


def add_link(service: Service) -> None:
    """The page, and where its two forms go."""

    @service.app.get(PAGE, include_in_schema=False)
    async def link_page(request: Request, token: str = "") -> Response:
        return await _shown(service, request, token)

    @service.app.get(f"{PAGE}/{{form}}", include_in_schema=False)
    async def link_file(form: Form, token: str = "") -> Response:
        """The text as a file, for whoever may sign it by this link or has done so."""
        async with service.database.transaction() as tx:
            found = await opened(tx, token, service.clock.moment())
            if found.standing not in ("open", "used"):
                raise DomainError(f"link-{found.standing}", status=410)
            return await downloaded(tx, found.agreement, form)

    @service.app.post(f"{PAGE}/sign", include_in_schema=False)
    async def link_signs(request: Request) -> Response:
        return await _done(service, request, "sign_by_link", Signature, SignByLink)

    @service.app.post(f"{PAGE}/refuse", include_in_schema=False)
    async def link_refuses(request: Request) -> Response:
        return await _done(service, request, "refuse_by_link", RefuseSigning, RefuseByLink)


async def _shown(
    service: Service,
    request: Request,
    token: str,
    typed: forms.Posted | None = None,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    refusing: bool = False,
) -> Response:
    """The text with its forms while the link is open; else a page that says why nothing can be done."""
    async with service.database.transaction() as tx:
        found = await opened(tx, token, service.clock.moment())
        organisation = await tx.get(KnownOrganisation, UUID(found.agreement.scopes[found.link.party]))
    errors = errors or {}
    start: dict[str, Any] = {"document": found.agreement.document, "function": found.link.function}
    is_open = found.standing == "open"
    return service.pages.page(
        request,
        "agreement/link.html" if is_open else "agreement/link_over.html",
        _status(found, wrong=bool(errors or problem)),
        title=code(f"{found.agreement.kind}_agreement"),
        opened=found,
        agreement=found.agreement,
        text_=read(found.agreement.content),
        organisation=organisation.name if organisation else "",
        sentence=_sentence(found),
        fields=forms.fields(
            Signature, start if typed is None or refusing else typed, {} if refusing else errors
        ),
        refusal_fields=forms.fields(
            RefuseSigning, typed if typed and refusing else {}, errors if refusing else {}
        ),
        refusing=refusing,
        errors=errors,
        problem=problem,
        token=token,
        key=str(uuid4()),
        page_address=PAGE,
    )


async def _done(
    service: Service, request: Request, act: str, typed: type[Input], given: type[Input]
) -> Response:
    """The act, and then the page that the used link shows; or the form again with everything kept."""
    service.reception.same_site(request)
    posted = await request.form()
    token, refusing = str(posted.get("token", "")), typed is RefuseSigning
    address = request.client.host if request.client else ""
    try:
        values = typed.model_validate(forms.parse(typed, posted)).model_dump()
        async with service.database.transaction() as tx:
            found = await opened(tx, token, service.clock.moment())
        await perform(
            service.database,
            agreements,
            act,
            found.agreement.id,
            given.model_validate({**values, "address": address}),
            actor=Actor(found.link.id, via="link"),
            key=idempotency_key(request, str(posted.get("idempotency_key", ""))),
            at=service.clock.moment(),
            correlation=correlation(request),
        )
    except ValidationError as reason:
        errors = forms.errors(reason, typed)
        return await _shown(service, request, token, posted, errors, refusing=refusing)
    except DomainError as reason:
        if reason.slug == "link-unknown":
            raise
        words = refusal(reason.slug, reason.params)
        at_field = {reason.field: words} if reason.field in typed.model_fields else None
        return await _shown(
            service, request, token, posted, at_field, "" if at_field else words, refusing=refusing
        )
    return RedirectResponse(f"{PAGE}?token={token}", 303)


def _status(found: Opened, *, wrong: bool) -> int:
    if found.standing == "open":
        return 422 if wrong else 200
    return 200 if found.standing == "used" and not wrong else 410


def _sentence(found: Opened) -> str:
    """Why nothing can be done by this link any more; for whoever has used it, what they did."""
    match found.standing, found.link.outcome:
        case "used", "signed":
            return _("You have signed this text. Thank you; nothing more is to be done.")
        case "used", _refused:
            return _("You have refused to sign this text. Those who take part read your reason.")
        case standing, _outcome:
            return "" if standing == "open" else refusal(f"link-{standing}", {})
