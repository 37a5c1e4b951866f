"""Organisation: a legal identity. Visit once and every cap hold per identity, over all partnerships.

Its legal signatory confirms what was registered, an officer of another organisation verifies it. Whoever changes
its name, number, country or control sends it back to the start; running cases go on and show it.
"""

from typing import Literal
from uuid import UUID

from contracts.tables import ANYONE, Body, End, Table, act
from contracts.topics import DIRECTORY

Kind = Literal["cluster", "network", "support", "sme", "large", "public", "training"]
Size = Literal["micro", "small", "medium", "large"]
Aspect = Literal["name", "number", "country", "control"]


class Public(Body):
    """Public facts of an organisation, always complete; identity is shared by records of one legal person.

    region       ISO 3166-2 code of the region of its country that it is in; empty where it has said none
    size         by its own declaration under Recommendation 2003/361/EC; None where nothing was declared
    beneficiary  whether it is itself paid by the project, and so gets no support from it
    """

    name: str
    kind: Kind
    town: str
    country: str
    latitude: float
    longitude: float
    identity: UUID
    cluster: UUID | None = None
    region: str = ""
    registration_number: str = ""
    vat_number: str = ""
    size: Size | None = None
    beneficiary: bool = False


class Registered(Public):
    pass


class Described(Public):
    pass


class Changed(Public):
    """what: which of the things changed that the signatory had confirmed."""

    what: tuple[Aspect, ...] = ()


class Confirmed(Body):
    pass


class Merged(Public):
    """It is of the same legal person as `into`, whose identity it has from now on; both histories stay."""

    into: UUID


class Unmerged(Public):
    """The merge is taken back; back_to is the state it had before."""

    back_to: Literal["registered", "confirmed", "verified"]


class Verified(Body):
    pass


_STANDING = "registered confirmed verified"

ORGANISATION = Table(
    "organisation",
    service="directory",
    topic=DIRECTORY.name,
    movers={"confirmed": "OFFICER"},
    acts=(
        act("register", ANYONE, "", "registered", Registered),
        act("describe", "MEMBER", _STANDING, "", Described),
        act("change", "OWNER", _STANDING, "registered", Changed),
        act("confirm", "SIGNATORY", "registered", "confirmed", Confirmed),
        act("verify", "OFFICER", "confirmed", "verified", Verified),
        act("merge", "COORD OPERATOR", _STANDING, "merged", Merged),
        act(
            "unmerge",
            "COORD OPERATOR",
            "merged",
            "registered",
            Unmerged,
            also=tuple(End(state, Unmerged, when=("back_to", state)) for state in ("confirmed", "verified")),
        ),
    ),
)
