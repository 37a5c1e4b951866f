"""Who acts: a person, the roles this service has heard of, and the road they come by."""

from dataclasses import dataclass, field
from uuid import UUID

from contracts.ids import named_id

PLATFORM: UUID = named_id("platform")
"""Scope of roles that hold for the whole installation (operator)."""


@dataclass(frozen=True)
class Actor:
    """A signed-in person. `roles` are (role, scope) pairs of this service's own projection; stepped_up says
    whether the second factor was shown within the last minutes.
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

    def may(self, role: str, scope: UUID) -> bool:
        """Whether the person holds this role there; `self` is held by the person alone."""
        return scope == self.person if role == "self" else (role, scope) in self.roles

    def scopes(self, role: str) -> frozenset[UUID]:
        """Where the person holds this role."""
        return frozenset(scope for held, scope in self.roles if held == role)


SYSTEM = Actor(person=UUID(int=0), via="system")
"""The service itself: steps, and what it does on hearing a fact."""
