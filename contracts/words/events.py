"""Words of events."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "event.published": _("The event was published"),
    "event.rescheduled": _("The event has new dates"),
    "event.places_added": _("Places were added"),
    "event.registration_closed": _("Registration closed"),
    "event.started": _("The event began"),
    "event.ended": _("The event ended"),
    "event.feedback_asked": _("Participants were asked for feedback"),
    "event.reminded": _("Participants were reminded"),
    "event.closed": _("The event is closed and counted"),
    "event.cancelled": _("The event was cancelled"),
    "registration.submitted": _("Registered, waiting for the organiser's approval"),
    "registration.confirmed": _("Place confirmed"),
    "registration.queued": _("Waiting in line for a place"),
    "registration.rejected": _("The organiser did not approve the registration"),
    "registration.offered": _("A place was offered"),
    "registration.declined": _("The offered place was declined"),
    "registration.offer_expired": _("The offer ended without an answer"),
    "registration.cancelled": _("Registration cancelled"),
    "registration.reminded": _("The participant was reminded of the offer"),
    "registration.feedback_given": _("Feedback given"),
    "attendance.recorded": _("Checked in"),
    "vacancy.opened": _("A place became free while people wait"),
    "vacancy.offered": _("The free place was offered to the first in line"),
    "vacancy.reopened": _("The free place goes to the next in line"),
    "vacancy.taken": _("The free place was taken"),
    "vacancy.spent": _("The free place is offered no more"),
}
ACTS: dict[str, ActWords] = {
    "event.publish": ActWords(
        _("Publish an event"),
        _("Publish the event"),
        _("Everybody can see it and register at once. Registration closes by itself on its date."),
    ),
    "event.reschedule": ActWords(
        _("Move the event"),
        _("Move the event, tell everybody"),
        _("Everybody who is registered gets the new dates and a new calendar entry."),
    ),
    "event.add_places": ActWords(
        _("Add places"),
        _("Add these places"),
        _("Those who wait are offered the new places first, in the order in which they registered."),
    ),
    "event.close_early": ActWords(
        _("Close registration now"),
        _("Close registration"),
        _("Nobody can register from now on. Those who wait stay in line until the event begins."),
    ),
    "event.cancel": ActWords(
        _("Cancel the event"),
        _("Cancel the event, tell everybody"),
        _("This cancels every registration and cannot be undone."),
    ),
    "registration.register": ActWords(
        _("Register for this event"),
        _("Register"),
        _("You have a place at once if one is free. Otherwise you wait in line for the next one."),
    ),
    "registration.admit": ActWords(
        _("Approve this registration"),
        _("Approve it"),
        _("The person has a place if one is free, and otherwise waits in line."),
    ),
    "registration.reject": ActWords(
        _("Do not approve this registration"), _("Turn it down"), _("The person gets a mail.")
    ),
    "registration.accept": ActWords(
        _("Take the place that is offered to you"),
        _("Take the place"),
        _("The place is yours at once, and you get your code for the door."),
    ),
    "registration.decline": ActWords(
        _("Decline the place that is offered to you"),
        _("Decline the place"),
        _("It goes to the next in line. You can register again, at the end of the line."),
    ),
    "registration.cancel": ActWords(
        _("Cancel this registration"),
        _("Cancel the registration"),
        _("The place goes to the next in line. This cannot be undone."),
    ),
    "registration.give_feedback": ActWords(
        _("How was the event?"), _("Send your feedback"), _("You can answer once.")
    ),
    "attendance.record": ActWords(_("Check in"), _("Check in")),
}
STATES: dict[str, str] = {
    "event.published": _("open for registration"),
    "event.registration_closed": _("registration closed"),
    "event.running": _("going on"),
    "event.ended": _("over, feedback open"),
    "event.closed": _("closed"),
    "event.cancelled": _("cancelled"),
    "registration.pending": _("to be approved"),
    "registration.waiting": _("in line"),
    "registration.offered": _("place offered"),
    "registration.confirmed": _("confirmed"),
    "registration.rejected": _("not approved"),
    "registration.declined": _("declined"),
    "registration.offer_expired": _("offer expired"),
    "registration.cancelled": _("cancelled"),
    "attendance.recorded": _("present"),
    "vacancy.open": _("to be offered"),
    "vacancy.offered": _("offered"),
    "vacancy.taken": _("taken"),
    "vacancy.spent": _("offered no more"),
}
REFUSALS: dict[str, str] = {
    "event-dates": _("The event must end after it starts, and registration close before."),
    "registration-code": _("The code for the door could not be given. Register again."),
    "registration-number": _("Two people registered in the same moment. Register again."),
    "starts-in-the-past": _("The event must start in the future."),
    "ends-before-start": _("The event must end after it starts."),
    "registration-after-start": _("Registration must close before the event starts."),
    "registration-in-the-past": _("Registration must close in the future."),
    "registration-over": _("Registration for this event is closed. Ask the organiser if you want to come."),
    "registration-once": _("You are registered for this event already. Look at your registrations."),
    "places-taken": _("All places are taken. Look at the page again and join the line."),
    "event-began": _(
        "The event has begun, so places are not given or given back any more. Ask the organiser."
    ),
    "feedback-too-early": _("The event is not over yet. Come back when it has ended."),
    "feedback-once": _("You gave your feedback already. Thank you."),
    "code-missing": _("Enter the code on the confirmation."),
    "code-unknown": _("Nobody is registered for this event under this code. Check it, or look in the list."),
    "code-without-place": _(
        "This registration has no place at the event. Look in the list of registrations."
    ),
    "attendance-once": _("This person was checked in already on this day, at %(time)s."),
    "check-in-too-early": _("Nobody can be checked in for a day that has not come."),
    "check-in-over": _("This event is closed, its list of who was there is final."),
    "not-a-day-of-the-event": _("Choose a day on which the event takes place."),
    "role-organiser": _(
        "You organise no event yet. Ask your partnership's coordinator for the role of organiser."
    ),
}
CODES: dict[str, str] = {
    "event_kind.event_xchange": _("EventXchange"),
    "event_kind.training": _("Joint training"),
    "event_kind.study_visit": _("Study visit"),
    "event_kind.matchmaking": _("Matchmaking"),
    "event_kind.info_session": _("Information session"),
    "event_kind.meeting": _("Meeting of partners"),
    "vacancy.spent.nobody_waits": _("Nobody waits for it"),
    "vacancy.spent.event_over": _("The event is over"),
    "vacancy.spent.event_cancelled": _("The event was cancelled"),
    "vacancy.reopened.declined": _("The offer was declined"),
    "vacancy.reopened.expired": _("The offer was not answered in time"),
    "vacancy.reopened.cancelled": _("Who was asked has cancelled"),
    "helpful.5": _("Very helpful"),
    "helpful.4": _("Helpful"),
    "helpful.3": _("Somewhat helpful"),
    "helpful.2": _("Hardly helpful"),
    "helpful.1": _("Not helpful"),
    "ended_by.person": _("The participant cancelled it."),
    "ended_by.organiser": _("The organiser cancelled it."),
    "ended_by.event": _("The event was cancelled."),
    "ended_by.start": _("The event began before a place became free."),
}
PARTIES: dict[str, str] = {}
