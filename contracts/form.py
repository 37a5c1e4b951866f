"""Form: one version of a form. A published one never changes; the next version retires it, cases keep theirs."""

from uuid import UUID

from contracts.tables import BESIDE, Body, Table, act
from contracts.topics import CALLS


class Published(Body):
    """series holds a form's versions together; number counts them; hash is that of the definition."""

    series: UUID
    number: int
    partnership: UUID
    hash: str
    questions: int


class Retired(Body):
    series: UUID
    number: int


FORM = Table(
    "form",
    service="applications",
    topic=CALLS.name,
    acts=(
        act("publish", "COORD OFFICER", "draft", "published", Published),
        act("replace", BESIDE, "published", "retired", Retired),
    ),
)
