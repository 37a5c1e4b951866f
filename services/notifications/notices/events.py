"""Who must hear what of an event: registrations, places, dates, feedback."""

from collections.abc import Mapping

from contracts.words.kinds import mark as _
from contracts.words.moves import MOVES
from services.notifications.notices.notice import Notice

_REGISTRATION = "/registrations/{page}"
_OPEN_REGISTRATION = _("Open your registration")

EVENTS: Mapping[str, tuple[Notice, ...]] = {
    "registration.submitted": (
        Notice(
            ("ORGANISER",),
            _("Somebody wants to come: %(event)s"),
            (_("A registration waits for your answer."),),
            move=MOVES["registration.pending"],
            button=_("Open the event"),
            page="/events/{event}/organise",
        ),
        Notice(
            ("REGISTRANT",),
            _("Your registration for %(event)s was received"),
            (_("The organiser decides who is admitted. You hear from us as soon as there is an answer."),),
            button=_OPEN_REGISTRATION,
            page=_REGISTRATION,
            actor_too=True,
        ),
    ),
    "registration.confirmed": (
        Notice(
            ("REGISTRANT",),
            _("Your place at %(event)s is confirmed"),
            (
                _("%(venue)s, %(town)s, from %(starts)s to %(ends)s."),
                _("Show the code on your registration at the door. A calendar file is attached."),
                _("If you cannot come, cancel there in good time: somebody may wait for your place."),
            ),
            button=_("Show the code for the door"),
            page=_REGISTRATION,
            calendar="date",
            actor_too=True,
        ),
    ),
    "registration.queued": (
        Notice(
            ("REGISTRANT",),
            _("You are in line for %(event)s"),
            (
                _("All places are taken."),
                _("When one becomes free, the first in line is asked and has 48 hours to answer."),
            ),
            button=_OPEN_REGISTRATION,
            page=_REGISTRATION,
            actor_too=True,
        ),
    ),
    "registration.offered": (
        Notice(
            ("REGISTRANT",),
            _("A place is free for you: %(event)s"),
            (_("It is held for you until %(due)s. After that it goes to the next in line."),),
            move=MOVES["registration.offered"],
            button=_("Answer the offer"),
            page=_REGISTRATION,
        ),
    ),
    "registration.reminded": (
        Notice(
            ("REGISTRANT",),
            _("Reminder: a place at %(event)s is held for you"),
            (_("Without an answer it goes to the next in line."),),
            move=MOVES["registration.offered"],
            button=_("Answer the offer"),
            page=_REGISTRATION,
        ),
    ),
    "registration.rejected": (
        Notice(
            ("REGISTRANT",),
            _("The organiser could not admit you to %(event)s"),
            (_("Look at the other events; some may suit you as well."),),
            button=_("See the events"),
            page="/events",
        ),
    ),
    "registration.offer_expired": (
        Notice(
            ("REGISTRANT",),
            _("The offer for %(event)s has expired"),
            (_("The place went to the next in line."),),
            button=_OPEN_REGISTRATION,
            page=_REGISTRATION,
        ),
    ),
    "registration.cancelled": (
        Notice(
            ("REGISTRANT",),
            _("Your registration for %(event)s is cancelled"),
            (
                "%(by)s",
                _("A calendar file that takes the date out of your calendar is attached."),
            ),
            button=_OPEN_REGISTRATION,
            page=_REGISTRATION,
            calendar="cancelled",
            actor_too=True,
        ),
    ),
    "event.rescheduled": (
        Notice(
            ("CONFIRMED",),
            _("%(event)s has another date"),
            (
                _("It now takes place from %(starts)s to %(ends)s."),
                _("Your place is kept; a new calendar file is attached."),
            ),
            button=_OPEN_REGISTRATION,
            page=_REGISTRATION,
            calendar="date",
        ),
        Notice(
            ("IN_LINE",),
            _("%(event)s has another date"),
            (
                _("It now takes place from %(starts)s to %(ends)s."),
                _("You keep your place in line. If the new date does not suit you, cancel there."),
            ),
            button=_OPEN_REGISTRATION,
            page=_REGISTRATION,
        ),
    ),
    "event.reminded": (
        Notice(
            ("CONFIRMED",),
            _("How was %(event)s? We still ask"),
            (_("Two questions, one minute. If you have answered already: thank you."),),
            button=_("Give feedback"),
            page="/registrations/{page}/give-feedback",
            when=("stage", "feedback"),
        ),
        Notice(
            ("CONFIRMED",),
            _("Soon: %(event)s"),
            (
                _("%(venue)s, %(town)s, from %(starts)s to %(ends)s."),
                _("Your code for the door stands on your registration."),
            ),
            button=_OPEN_REGISTRATION,
            page=_REGISTRATION,
            when=("stage", "start"),
        ),
    ),
    "event.feedback_asked": (
        Notice(
            ("CONFIRMED",),
            _("How was %(event)s?"),
            (_("Two questions, one minute. Your answer is asked for until %(due)s."),),
            button=_("Give feedback"),
            page="/registrations/{page}/give-feedback",
        ),
    ),
}
