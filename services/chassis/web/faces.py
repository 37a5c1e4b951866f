"""The faces of acts: for each person's act of an aggregate its page and its JSON, one handler behind both.

A layout of its own overrides by file: `templates/<aggregate>/<act>.html` instead of the generic `act.html`.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, cast
from uuid import UUID, uuid4

import orjson
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from contracts.errors import DomainError
from contracts.facts import Fact
from contracts.tables import Act, Input
from services.chassis.acts.aggregate import Aggregate, R, Root
from services.chassis.acts.perform import perform
from services.chassis.acts.rules import rule_of
from services.chassis.clock import Clock
from services.chassis.database import Database, Tx
from services.chassis.files import Files, StoredFile, kept
from services.chassis.identity.actor import Actor
from services.chassis.web.errors import field_errors, problem
from services.chassis.web.look import forms
from services.chassis.web.look.context import speak_of
from services.chassis.web.look.offering import Offer, asked_for, is_search, sought
from services.chassis.web.look.shapes import shape_of
from services.chassis.web.pages import Pages
from services.chassis.web.request import Reception, correlation, idempotency_key
from services.chassis.web.sentences import act_words, refusal


@dataclass
class Prepared:
    """What a form's page needs beside its model: values to start from, choices, values for its template, and the
    names of fields that nobody has to be asked there. offers: fields that are searched for among many, and found_at
    the address that says to a script what fits its words."""

    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    choices: Mapping[str, Sequence[tuple[str, str]]] = field(
        default_factory=dict[str, Sequence[tuple[str, str]]]
    )
    beside: Mapping[str, Any] = field(default_factory=dict[str, Any])
    left_out: frozenset[str] = frozenset()
    offers: Mapping[str, Offer] = field(default_factory=dict[str, Offer])
    found_at: str = ""


Prepare: TypeAlias = Callable[[Tx, Root | None, Actor, Mapping[str, str]], Awaitable[Prepared]]


@dataclass(frozen=True)
class Front:
    """What faces stand on; one per service."""

    database: Database
    clock: Clock
    files: Files
    pages: Pages
    reception: Reception


def answer(fact: Fact) -> dict[str, object]:
    """What an act answers to a machine, the same for every repeat."""
    return {
        "id": str(fact.subject),
        "state": fact.state,
        "version": fact.version,
        "case": str(fact.case) if fact.case else None,
        "fact": {"id": str(fact.id), "type": fact.type},
    }


def faces(front: Front, kind: Aggregate[R], prepare: Mapping[str, Prepare] | None = None) -> APIRouter:
    """Routes of all person's acts of an aggregate that this service has a rule for.

    prepare  act → what its page needs to be shown (choices from the database, values to start from)
    """
    router = APIRouter(route_class=_Plain)
    for act in kind.table.acts:
        if act.by_person and (rule := rule_of(kind.table, act)):
            _Face(front, kind, act, rule.given, (prepare or {}).get(act.name)).add_to(router)
    return router


_ID_PARAMETER = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}


def _id_in(request: Request) -> UUID | None:
    """The row that the path names; None for an act that creates it."""
    named = request.path_params.get("id")
    try:
        return None if named is None else UUID(named)
    except ValueError:
        raise DomainError("not-found", status=404) from None


class _Plain(APIRoute):
    """Hands the request to its handler as it is: a face reads it itself, and its schema is written out."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        return self.endpoint


class _Face(Generic[R]):
    def __init__(
        self, front: Front, kind: Aggregate[R], act: Act, given: type[Input], prepare: Prepare | None
    ) -> None:
        self.front = front
        self.kind = kind
        self.act = act
        self.given = given
        self.prepare = prepare
        own = f"{kind.table.name}/{act.name}.html"
        self.template = own if front.pages.has(own) else "act.html"

    def add_to(self, router: APIRouter) -> None:
        table, name = self.kind.table, self.act.name
        words = act_words(table.name, name)
        parameters = [] if self.act.creates else [_ID_PARAMETER]
        extra: dict[str, Any] = {
            "parameters": parameters,
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": self.given.model_json_schema()}},
            },
        }
        api, page = f"/api/v1{table.address_of(self.act)}", table.page_of(self.act)
        router.add_api_route(
            api,
            self.machine,
            methods=["POST"],
            name=f"{table.name}.{name}",
            summary=words.title,
            openapi_extra=extra,
            tags=[table.name],
            response_model=None,
        )
        router.add_route(page, self.open, methods=["GET"], include_in_schema=False)
        router.add_route(page, self.post, methods=["POST"], include_in_schema=False)

    async def machine(self, request: Request) -> Response:
        """The act as JSON: 201 or 200 with the standing after it, or problem details."""
        actor = await self.front.reception.actor(request)
        id = _id_in(request)
        try:
            body = await request.body()
            given = self.given.model_validate(orjson.loads(body) if body else {})
        except ValidationError as reason:
            return problem("invalid", 422, detail=refusal("invalid", {}), errors=field_errors(reason))
        except ValueError:
            return problem(
                "invalid", 400, detail=refusal("invalid", {}), errors={"body": "This is not JSON."}
            )
        fact = await self._perform(request, actor, id, given, idempotency_key(request))
        return JSONResponse(answer(fact), status_code=201 if self.act.creates else 200)

    async def open(self, request: Request) -> Response:
        """The act's page, not filled in yet."""
        actor = await self.front.reception.actor(request)
        if self.act.step_up and not actor.stepped_up:
            raise DomainError("step-up-needed", status=403)
        return await self.show(request, actor, _id_in(request))

    async def show(
        self,
        request: Request,
        actor: Actor,
        id: UUID | None,
        typed: Any = None,
        errors: Mapping[str, str] | None = None,
        key: str | None = None,
        sentence: str = "",
        files: Mapping[str, Sequence[StoredFile]] = MappingProxyType({}),
    ) -> Response:
        """The act's page, empty or with what was typed, the files that were sent, and why it was refused."""
        row, prepared = await self._prepared(request, actor, id, {} if typed is None else sought(typed))
        words = act_words(self.kind.table.name, self.act.name)
        choices = {**prepared.choices, **_boxes(files)}
        values = prepared.values if typed is None else typed
        fields = [
            asked_for(one, prepared.offers[one.name], values) if one.name in prepared.offers else one
            for one in forms.fields(self.given, values, errors or {}, choices)
        ]
        return self.front.pages.page(
            request,
            self.template,
            status=422 if errors or sentence else 200,
            act=self.act,
            row=row,
            title=words.title,
            button=words.button,
            explanation=words.explanation,
            fields=[one for one in fields if one.name not in prepared.left_out],
            errors=errors or {},
            problem=sentence,
            key=key or str(uuid4()),
            action=request.url.path,
            found_at=prepared.found_at,
            back=request.headers.get("referer") or (self.kind.home(row) if row else "/"),
            **prepared.beside,
        )

    async def post(self, request: Request) -> Response:
        """The act from its page: 303 to the thing's home, or the page again with everything kept."""
        actor = await self.front.reception.actor(request)
        id = _id_in(request)
        posted = await request.form(max_part_size=12 * 1024 * 1024)
        key = idempotency_key(request, str(posted.get("idempotency_key", "")))
        files: dict[str, list[StoredFile]] = {}
        try:
            values = forms.parse(self.given, posted)
            await self._store(values, actor, files)
            if is_search(posted):
                return await self.show(request, actor, id, posted, key=key, files=files)
            given = self.given.model_validate(values)
            fact = await self._perform(request, actor, id, given, key)
        except ValidationError as reason:
            return await self.show(
                request, actor, id, posted, forms.errors(reason, self.given), key, "", files
            )
        except DomainError as reason:
            if reason.status in (401, 403, 404):
                raise
            words = refusal(reason.slug, reason.params)
            errors = {reason.field: words} if reason.field in self.given.model_fields else None
            return await self.show(request, actor, id, posted, errors, key, "" if errors else words, files)
        async with self.front.database.transaction() as tx:
            row = await tx.found(self.kind.model, fact.subject)
        return RedirectResponse(f"{self.kind.home(row)}?done={fact.subject}:{fact.version}", status_code=303)

    async def _perform(self, request: Request, actor: Actor, id: UUID | None, given: Input, key: str) -> Fact:
        return await perform(
            self.front.database,
            self.kind,
            self.act.name,
            id,
            given,
            actor=actor,
            key=key,
            at=self.front.clock.moment(),
            correlation=correlation(request),
        )

    async def _prepared(
        self, request: Request, actor: Actor, id: UUID | None, typed: Mapping[str, str]
    ) -> tuple[R | None, Prepared]:
        async with self.front.database.transaction() as tx:
            row = None if id is None else await tx.found(self.kind.model, id)
            if row is not None:
                await self.kind.admit_or_lend(tx, actor, self.act, row, self.front.clock.moment())
                speak_of(grant=self.kind.lacks("HO", row))
            if self.prepare is None:
                return row, Prepared(values=dict(request.query_params))
            return row, await self.prepare(tx, row, actor, {**request.query_params, **typed})

    async def _store(self, values: dict[str, Any], actor: Actor, files: dict[str, list[StoredFile]]) -> None:
        """Puts every uploaded file into the store, its id in the file's place, and what is stored into `files`."""
        for name, value in values.items():
            shape = shape_of(self.given, name)
            if shape is None or shape.kind != "file":
                continue
            sent: list[UploadFile | str] = cast("list[Any]", value) if shape.many else [value]
            before = [one for one in sent if isinstance(one, str)]
            async with self.front.database.transaction() as tx:
                files[name] = await kept(tx, before, actor.person, name)
            for one in sent:
                if isinstance(one, UploadFile) and one.size:
                    files[name].append(await self.front.files.keep(one, actor.person, name, shape.accept))
            ids = list(dict.fromkeys(file.id for file in files[name]))
            values[name] = ids if shape.many else (ids[-1] if ids else None)


def _boxes(files: Mapping[str, Sequence[StoredFile]]) -> dict[str, list[tuple[str, str]]]:
    """Field → id and name of each file."""
    return {field: [(file.id, file.name) for file in stored] for field, stored in files.items()}
