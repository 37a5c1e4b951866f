"""Who acts: a person, the roles this service has heard of, and the road they come by."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from contracts.ids import named_id
from contracts.mandate import Kind

PLATFORM: UUID = named_id("platform")
"""Scope of roles that hold for the whole installation (operator)."""


@dataclass(frozen=True)
class Actor:
    """A signed-in person. `roles` are (role, scope) pairs of this service's own projection; stepped_up says
    whether the second factor was shown within the last minutes. Of somebody who acts for another: behalf_of is that
    person, principal their name, mandate the kind of mandate, and the roles are theirs.
    """

    person: UUID
    sign_in: UUID | None = None
    assurance: int = 1
    name: str = ""
    language: str = "en"
    roles: frozenset[tuple[str, UUID]] = field(default_factory=frozenset[tuple[str, UUID]])
    behalf_of: UUID | None = None
    via: str = "self"
    stepped_up: bool = False
    principal: str = ""
    mandate: Kind | None = None

    def may(self, role: str, scope: UUID) -> bool:
        """Whether the person holds this role there; `self` is held by the person alone."""
        if role == "self":
            return scope == self.person and self.behalf_of is None
        return (role, scope) in self.roles

    def scopes(self, role: str) -> frozenset[UUID]:
        """Where the person holds this role."""
        return frozenset(scope for held, scope in self.roles if held == role)

    @property
    def people(self) -> frozenset[UUID]:
        """The person, and whom they act for: one pair of eyes."""
        return frozenset((self.person, self.behalf_of or self.person))

    def themselves(self) -> "Actor":
        """The person, with no role at all: for what concerns their own sign-in, whoever they act for."""
        return replace(
            self, roles=frozenset[tuple[str, UUID]](), behalf_of=None, via="self", principal="", mandate=None
        )

    @property
    def partial_to(self) -> frozenset[UUID]:
        """Organisations that the person belongs to or acts for, whose cases they never judge."""
        return self.scopes("member") | self.scopes("owner") | self.scopes("agent")


SYSTEM = Actor(person=UUID(int=0), via="system")
"""The service itself: steps, and what it does on hearing a fact."""
