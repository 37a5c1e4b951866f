"""When a payment order is to be executed: a day on which banks settle, in time for the due date."""

from datetime import date

from contracts.workdays import is_target_day, plus_target_days, target_day


def latest_execution(due: date) -> date:
    """The last day on which an order can be executed so that the payee has the money on the due date.

    A SEPA credit transfer arrives on the bank business day after its execution."""
    arrival = due if is_target_day(due) else plus_target_days(due, -1)
    return plus_target_days(arrival, -1)


def execution_day(today: date, due: date) -> date:
    """The day to order: as late as the due date allows, but never in the past."""
    return max(target_day(today), latest_execution(due))
