"""An aggregate type at work: its model, its table, its scopes; how an act on it is permitted and recorded."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from sqlmodel import Field, SQLModel

from contracts.acting import judging, lets, stands_in
from contracts.errors import DomainError
from contracts.facts import Fact
from contracts.tables import ANYONE, LINK, PARTIES, Act, Body, Table
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause, make_fact
from services.chassis.identity.actor import PLATFORM, Actor

Scope: TypeAlias = UUID | Iterable[UUID] | None
Lift: TypeAlias = Callable[[Tx, "Aggregate[Any]", Actor, Act, "Root", Moment], Awaitable["Consent | None"]]


class Root(SQLModel):
    """What every aggregate's row has. `version` counts its facts; the row lock orders them."""

    id: UUID = Field(primary_key=True)
    state: str = ""
    version: int = 0


R = TypeVar("R", bound=Root)


@dataclass(frozen=True)
class Consent:
    """By what somebody does one act as a party that they are not; its act on its row is recorded beside, so that it
    counts once."""

    party: str
    kind: "Aggregate[Any]"
    row: Root
    act: str
    body: Body


class Aggregate(Generic[R]):
    """One aggregate type of a service.

    scopes  party → where its role must be held for a given row (or the person, for `self`)
    case    the id of the case that a row belongs to
    home    the page that a person is led to after an act
    lock_first  takes the locks that come before the row's own (a case before its agreement), so that
            two acts never wait for each other
    hidden_from  parties of a row that its facts are not for, as it stands after them
    moved   what follows in the same transaction whenever an act was recorded
    lift    finds a consent by which somebody may do an act once without its role
    """

    lift: Lift | None = None

    def __init__(
        self,
        model: type[R],
        table: Table,
        *,
        scopes: Mapping[str, Callable[[R], Scope]],
        case: Callable[[R], UUID | None] = lambda row: row.id,
        home: Callable[[R], str] | None = None,
        lock_first: Callable[[Tx, R], Awaitable[object]] | None = None,
        moved: Callable[[Tx, R], Awaitable[object]] | None = None,
        hidden_from: Callable[[R], Collection[str]] = lambda row: (),
    ) -> None:
        self.model = model
        self.table = table
        self.scopes = scopes
        self.case = case
        self.home: Callable[[R], str] = home or self._own_page
        self._lock_first = lock_first
        self._moved = moved
        self._hidden_from = hidden_from

    async def locked(self, tx: Tx, id: UUID) -> R:
        """The row under its lock, and under those that come before it; DomainError("not-found")."""
        if self._lock_first is not None:
            await self._lock_first(tx, await tx.found(self.model, id))
        return await tx.locked(self.model, id)

    def parties(self, actor: Actor, row: R) -> frozenset[str]:
        """As which parties of this row a person may act or read."""
        return frozenset(
            party
            for party in (*self.scopes, "READER", "OPERATOR")
            for scope in self._scopes_of(party, row)
            if actor.may(PARTIES[party], scope)
        )

    def lacks(self, party: str, row: R) -> bool:
        """Whether rows of this kind have such a party, and this one does not: a case without host."""
        return party in self.scopes and not self._scopes_of(party, row)

    def permit(self, actor: Actor, act: Act, row: R) -> frozenset[str]:
        """The parties as which the actor may do this act.

        A stranger to the row learns nothing (not-found); who knows it but lacks the role is told so, and so is
        who has not shown the second factor for an act that asks for it, or stands in for an officer too early.
        """
        if act.who == LINK and actor.via == "link":
            return frozenset((LINK,))
        mine = self.parties(actor, row)
        if actor.mandate is not None and mine and not lets(actor.mandate, self.table.name, act.name):
            raise DomainError("not-for-another", status=403)
        able = frozenset((ANYONE,)) if act.who == ANYONE else mine.intersection(act.parties)
        if able and stands_in(self.table.name, act.name) and not (able := judging(actor.mandate, able)):
            raise DomainError("deputy-not-yet" if actor.mandate else "deputy-for-whom", status=403)
        if able:
            if act.step_up and not actor.stepped_up:
                raise DomainError("step-up-needed", status=403)
            return able
        if mine:
            raise DomainError("not-your-role", status=403)
        raise DomainError("not-found", status=404)

    def admit(self, actor: Actor, act: Act, row: R) -> frozenset[str]:
        """The same of a row that is there, in whose state the table must list the act: else "<act>-not-now"."""
        parties = self.permit(actor, act, row)
        self._is_now(act, row)
        return parties

    async def admit_or_lend(
        self, tx: Tx, actor: Actor, act: Act, row: R, at: Moment
    ) -> tuple[frozenset[str], Consent | None]:
        """The same; who knows the row and lacks the role may do the act by a consent."""
        try:
            return self.admit(actor, act, row), None
        except DomainError as reason:
            if self.lift is None or reason.slug != "not-your-role":
                raise
            consent = await self.lift(tx, self, actor, act, row, at)
            if consent is None:
                raise
        self._is_now(act, row)
        return frozenset((consent.party,)), consent

    def _is_now(self, act: Act, row: R) -> None:
        if row.state not in act.sources:
            raise DomainError(f"{act.name.replace('_', '-')}-not-now", status=409, state=row.state)

    def _own_page(self, row: R) -> str:
        return f"/{self.table.path}/{row.id}"

    async def record(self, tx: Tx, row: R, name: str, body: Body, at: Moment, cause: Cause) -> Fact:
        """Moves a row on and writes its fact: the one place where a state changes.

        DomainError("<act>-not-now") when the table does not list the act in the row's state.
        """
        act = self.table.act(name)
        if (act.creates and row.version) or (not act.creates and row.state not in act.sources):
            raise DomainError(f"{name.replace('_', '-')}-not-now", status=409, state=row.state)
        end = act.end_of(body)
        row.state = end.to or row.state
        row.version += 1
        if act.creates:
            tx.add(row)
        if self._moved is not None:
            await self._moved(tx, row)
        case = self.case(row)
        ids = {"subject": row.id, "case": case}
        fact = make_fact(
            topic=self.table.topic,
            service=self.table.service,
            type=self.table.type_of(type(body)),
            subject=row.id,
            version=row.version,
            state=row.state,
            at=at.now,
            body=body.model_dump(mode="json"),
            case=case,
            wakes=tuple(template.format(**ids) for template in end.wakes),
            audience=tuple(sorted(self._audience(row))),
            cause=cause,
        )
        return await tx.outbox.add(fact, cause)

    def _audience(self, row: R) -> Iterable[str]:
        hidden = self._hidden_from(row)
        scopes = {party: self._scopes_of(party, row) for party in self.scopes if party not in hidden}
        if not hidden:
            members = (scopes[party] for party in scopes if PARTIES[party] == "member")
            scopes["READER"] = tuple({scope for some in members for scope in some})
        return {f"{party}:{scope}" for party, some in scopes.items() for scope in some}

    def _scopes_of(self, party: str, row: R) -> tuple[UUID, ...]:
        if party == "OPERATOR":
            return (PLATFORM,)
        if party == "READER":
            members = (name for name in self.scopes if PARTIES[name] == "member")
            return tuple({scope for name in members for scope in self._scopes_of(name, row)})
        scope: Any = self.scopes[party](row)
        if scope is None:
            return ()
        return (scope,) if isinstance(scope, UUID) else tuple(scope)
