"""One act on many items: the same command for each, in a transaction of its own, with a result for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.errors import DomainError, NotKnownYet
from contracts.facts import Fact
from contracts.tables import Input
from services.chassis.acts.aggregate import Aggregate, R
from services.chassis.acts.perform import perform
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.sentences import refusal

MOST = 200
"""So many items of one request are looked at."""


@dataclass(frozen=True)
class Result:
    """What became of one item: words say what was done, or why not (slug)."""

    id: UUID
    number: str
    ok: bool
    slug: str
    words: str

    def as_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "number": self.number,
            "ok": self.ok,
            "slug": self.slug,
            "detail": self.words,
        }


async def each(
    service: Service,
    kind: Aggregate[R],
    actor: Actor,
    ids: Sequence[UUID],
    key: str,
    act_on: Callable[[R], tuple[str, Input]],
    said: Callable[[Fact], str],
    *,
    named: Callable[[R], tuple[UUID, str]] = lambda row: (row.id, getattr(row, "number", "")),
) -> list[Result]:
    """The act that `act_on` names for each row: one that is refused keeps no other back.

    A row that the actor has no part in is not found. A repeat with the same key answers the same. `named` gives
    what a result is listed by."""

    async def one(id: UUID) -> Result:
        shown = (id, "")
        try:
            async with service.database.transaction() as tx:
                row = await tx.found(kind.model, id)
                if not kind.parties(actor, row):
                    raise DomainError("not-found", status=404)
                shown = named(row)
                name, body = act_on(row)
            fact = await perform(
                service.database,
                kind,
                name,
                id,
                body,
                actor=actor,
                key=f"{key}:{id}",
                at=service.clock.moment(),
            )
        except DomainError as reason:
            return Result(*shown, False, reason.slug, refusal(reason.slug, reason.params))
        except NotKnownYet:
            return Result(*shown, False, "not-known-yet", refusal("not-known-yet", {}))
        return Result(*shown, True, "", said(fact))

    return [await one(id) for id in list(dict.fromkeys(ids))[:MOST]]
