"""The two ways a thing can fail: the world says no (never retried), or try again (always retried)."""


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
