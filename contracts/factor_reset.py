"""FactorReset: somebody has lost their second factor and all recovery codes. Two officers who know that it is
they let them begin anew; nobody resets their own.
"""

from uuid import UUID

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import DIRECTORY


class OfPerson(Body):
    person: UUID


class Asked(OfPerson):
    pass


class Seconded(OfPerson):
    pass


class Done(OfPerson):
    pass


class Refused(OfPerson):
    pass


FACTOR_RESET = Table(
    "factor_reset",
    service="directory",
    topic=DIRECTORY.name,
    movers={"asked": "OFFICER", "seconded": "OFFICER"},
    acts=(
        act("ask", SYSTEM, "", "asked", Asked),
        act("second", "OFFICER OPERATOR", "asked", "seconded", Seconded, step_up=True),
        act("complete", "OFFICER OPERATOR", "seconded", "done", Done, step_up=True),
        act("refuse", "OFFICER OPERATOR", "asked seconded", "refused", Refused),
    ),
)
