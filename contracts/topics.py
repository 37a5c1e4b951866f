"""Topics: one aggregate type writes to exactly one; all keep everything, only persons is compacted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    name: str
    partitions: int = 3
    compacted: bool = False

    @property
    def noun(self) -> str:
        return self.name.removeprefix("relais.")


PERSONS = Topic("relais.persons", compacted=True)
DIRECTORY = Topic("relais.directory")
CALLS = Topic("relais.calls", partitions=1)
APPLICATIONS = Topic("relais.applications")
APPROVALS = Topic("relais.approvals")
EVENTS = Topic("relais.events")
REGISTRATIONS = Topic("relais.registrations")
REIMBURSEMENTS = Topic("relais.reimbursements")
PAYMENTS = Topic("relais.payments")
NOTIFICATIONS = Topic("relais.notifications")

TOPICS: tuple[Topic, ...] = (
    PERSONS,
    DIRECTORY,
    CALLS,
    APPLICATIONS,
    APPROVALS,
    EVENTS,
    REGISTRATIONS,
    REIMBURSEMENTS,
    PAYMENTS,
    NOTIFICATIONS,
)
