"""The two ways a thing can fail: the world says no (never retried), or try again (always retried)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class DomainError(Exception):
    """The world says no: a rule, a right or a state refuses the act. Nothing was written.

    slug    stable word for machines, e.g. "return-not-now"; the sentence for people is in the catalogue
    field   the input field the reason belongs to, if it belongs to one
    status  HTTP status the edges answer with (422 unless the state, not the input, is the reason)
    params  values the sentence needs
    """

    def __init__(self, slug: str, field: str | None = None, *, status: int = 422, **params: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.field = field
        self.status = status
        self.params = params


class TransientError(Exception):
    """Not now, but later: a server is away, or a projection has not heard of a thing yet."""


class NotKnownYet(TransientError):
    """A reference that this service's projection has not heard of yet (HTTP 409 with Retry-After)."""

    def __init__(self, kind: str, id: object) -> None:
        super().__init__(f"{kind} {id} is not known here yet")
        self.kind = kind


@dataclass(frozen=True)
class Finding:
    """One of several things that are wrong with what somebody prepares, found before the world has to say no.

    slug    of the sentence, as in DomainError; at: what it is found at; params: values the sentence needs
    """

    slug: str
    at: str
    params: Mapping[str, object] = field(default_factory=dict[str, object])

    def refusal(self) -> DomainError:
        """The same as the world's no."""
        reason = DomainError("unsound", self.at)
        reason.slug, reason.params = self.slug, dict(self.params)
        return reason
