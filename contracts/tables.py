"""State tables as data: which act leads from which state to which, by whom, with which fact, waking whom.

Everything derived (policy, pages, worklists, catalogue of facts, audience, wakes, the table of workflows
that must be open) is read from here, so an act that no table lists does not exist.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

SYSTEM = "SYS"
"""A step that a workflow asks for."""
HEARS = "HEARS"
"""The owning service itself, on hearing a fact of another service."""
BESIDE = "BESIDE"
"""A command of another act, in the same transaction ("application.granted" beside the last signature)."""
LINK = "LINK"
"""Whoever holds a mailed one-time link: somebody who is no user; the rule spends the link."""
ANYONE = "PERSON"
"""Any signed-in person; the rule decides what is theirs."""

PARTIES: Mapping[str, str] = {
    "VO": "member",
    "HO": "member",
    "VOS": "signs",
    "HOS": "signs",
    "MEMBER": "member",
    "CLAIMANT": "member",
    "LEAD": "member",
    "PEER": "member",
    "OWNER": "owner",
    "SIGNATORY": "signatory",
    "READER": "reader",
    "VOP": "officer",
    "HOP": "officer",
    "OFFICER": "officer",
    "COORD": "coordinator",
    "PAY": "payer",
    "VERIFIER": "verifier",
    "APPROVER": "approver",
    "TREASURER": "treasurer",
    "ORGANISER": "organiser",
    "OPERATOR": "operator",
    "AGENCY": "agency",
    "DEPUTY": "deputy",
    "REGISTRANT": "self",
    "EVALUATOR": "self",
    "SELF": "self",
}
"""Party of a case → the role somebody must hold at the party's scope. `self` is the person alone.

VOS and HOS are those of visitor and host who bind them by a signature.
DEPUTY is there only while something has escalated to whoever was named an officer's deputy; they act for that officer.
READER is nobody's scope of its own: readers of an organisation see what its members see, and do nothing.
"""


_SIDES = {"VOS": "VO", "HOS": "HO"}


def side_of(party: str) -> str:
    """The party that somebody acts for, as signing sets and facts name it: who signs for VO is VOS in the tables."""
    return _SIDES.get(party, party)


def signer_of(side: str) -> str:
    """Who signs for a party: VOS for VO; a partnership's officer and the payer sign themselves."""
    return next((signer for signer, one in _SIDES.items() if one == side), side)


class Body(BaseModel):
    """What a fact says beside its envelope: ids, codes, amounts, dates, public names; never personal data."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Input(BaseModel):
    """What a person types into an act's form or sends as the API's body."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Nothing(Input):
    """An act that needs no words."""


@dataclass(frozen=True)
class End:
    """One outcome of an act: the state it leads to ("" keeps the state), its fact, the workflows it wakes.

    wakes holds templates of workflow ids, filled with the fact's {subject} and {case}.
    when narrows an outcome to bodies with this value in this field.
    """

    to: str
    fact: type[Body]
    wakes: tuple[str, ...] = ()
    when: tuple[str, object] | None = None

    def is_of(self, body: Body) -> bool:
        return type(body) is self.fact and (self.when is None or getattr(body, self.when[0]) == self.when[1])


@dataclass(frozen=True)
class Act:
    """One row of a state table.

    who     parties that may do it (space separated), or SYS, HEARS, BESIDE, LINK
    source  states it is allowed in (space separated); "" means the row does not exist yet
    ends    what may come of it; the rule's answer (a Body) chooses
    step_up whether who does it must have shown their second factor in the last minutes (money, roles)
    """

    name: str
    who: str
    source: str
    ends: tuple[End, ...]
    step_up: bool = False

    @property
    def parties(self) -> tuple[str, ...]:
        return tuple(self.who.split())

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(self.source.split())

    @property
    def by_person(self) -> bool:
        """Whether users of Relais do it."""
        return self.who not in (SYSTEM, HEARS, BESIDE, LINK)

    @property
    def creates(self) -> bool:
        return not self.source

    def end_of(self, body: Body) -> End:
        fitting = [end for end in self.ends if end.is_of(body)]
        return next((end for end in fitting if end.when), fitting[0])


def act(
    name: str,
    who: str,
    source: str,
    to: str,
    fact: type[Body],
    *,
    wakes: str = "",
    also: tuple[End, ...] = (),
    step_up: bool = False,
) -> Act:
    """An act with one usual outcome, and perhaps others."""
    return Act(name, who, source, (End(to, fact, tuple(wakes.split())), *also), step_up)


@dataclass(frozen=True)
class Table:
    """The life of one aggregate type.

    name      the aggregate's name in fact types, routes and catalogues ("application")
    service   who owns it
    topic     where its facts go ("relais.applications")
    acts      the rows
    movers    state → parties whose move it is then (worklists, "whose move is it?")
    workflow  template of the id of the workflow that must be open …
    open_in   … while the row is in one of these states ("rejected!" means: while it is not yet final)
    """

    name: str
    service: str
    topic: str
    acts: tuple[Act, ...]
    workflow: str = ""
    open_in: str = ""
    plural: str = ""
    movers: Mapping[str, str] = field(default_factory=dict[str, str])
    _by_name: dict[str, Act] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = [row.name for row in self.acts]
        if len(names) != len(set(names)):
            raise ValueError(f"table {self.name} lists an act twice")
        self._by_name.update({row.name: row for row in self.acts})

    def act(self, name: str) -> Act:
        return self._by_name[name]

    @property
    def path(self) -> str:
        """First segment of its routes."""
        return (self.plural or self.name + "s").replace("_", "-")

    def page_of(self, act: Act) -> str:
        """Where the act's page is."""
        slug = act.name.replace("_", "-")
        return f"/{self.path}/{slug}" if act.creates else f"/{self.path}/{{id}}/{slug}"

    def address_of(self, act: Act) -> str:
        """Where machines post the act, below /api/v1: the first act that creates a row has the short address."""
        first = next((row for row in self.acts if row.creates and row.by_person), None)
        return f"/{self.path}" if act is first else self.page_of(act)

    @property
    def facts(self) -> Iterator[type[Body]]:
        seen: set[type[Body]] = set()
        for row in self.acts:
            for end in row.ends:
                if end.fact not in seen:
                    seen.add(end.fact)
                    yield end.fact

    def type_of(self, fact: type[Body]) -> str:
        """`relais.<aggregate>.<past participle>.v<N>`; a class name ending in V2 … is a later version."""
        match = re.fullmatch(r"(\w+?)(?:V(\d+))?", fact.__name__)
        assert match is not None
        participle = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", match[1]).lower()
        return f"relais.{self.name}.{participle}.v{match[2] or 1}"

    def must_be_open(self, state: str, final: bool) -> bool:
        """Whether the aggregate's workflow must be open in this state (`relais verify`, rebuild)."""
        states = self.open_in.split()
        return state in states or (f"{state}!" in states and not final)

    def movers_in(self, state: str) -> tuple[str, ...]:
        """Parties whose move it is in this state; empty when nobody need do anything."""
        return tuple(self.movers.get(state, "").split())
