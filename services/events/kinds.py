"""The aggregates of events, and whose they are. Whatever gives or frees a place is ordered by the pool's
lock, which comes before the locks of registrations and vacancies and after the event's own.
"""

from contracts.attendance import ATTENDANCE
from contracts.event import EVENT
from contracts.registration import REGISTRATION
from contracts.vacancy import VACANCY
from services.chassis.acts.aggregate import Aggregate
from services.chassis.database import Tx
from services.events.models import Attendance, Event, Pool, Registration, Vacancy


async def _pool_first(tx: Tx, row: Registration | Vacancy) -> Pool:
    return await tx.locked(Pool, row.event)


def _nobodys_case(row: object) -> None:
    """What people follow is their registration."""


events = Aggregate(
    Event,
    EVENT,
    scopes={"ORGANISER": lambda event: event.partnership},
    case=_nobodys_case,
    home=lambda event: f"/events/{event.id}/organise",
)
registrations = Aggregate(
    Registration,
    REGISTRATION,
    scopes={"ORGANISER": lambda row: row.partnership, "REGISTRANT": lambda row: row.person},
    lock_first=_pool_first,
)
vacancies = Aggregate(
    Vacancy,
    VACANCY,
    scopes={"ORGANISER": lambda row: row.partnership},
    case=_nobodys_case,
    home=lambda row: f"/events/{row.event}/organise",
    lock_first=_pool_first,
)
attendances = Aggregate(
    Attendance,
    ATTENDANCE,
    scopes={"ORGANISER": lambda row: row.partnership, "REGISTRANT": lambda row: row.person},
    case=lambda row: row.registration,
    home=lambda row: f"/events/{row.event}/check-in",
)
