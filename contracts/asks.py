"""Every step that a workflow may ask for, by the aggregate it moves. Services offer exactly these.

A case's steps take the case's id (`application`, `visit`, `reservation`); all others the aggregate's own.
"""

from contracts.steps import Step


class Proposal:
    standing = Step("applications", "proposal.standing")
    remind = Step("applications", "proposal.remind")
    expire = Step("applications", "proposal.expire")


class Application:
    standing = Step("applications", "application.standing")
    check_eligibility = Step("applications", "application.check_eligibility")
    close_stage = Step("applications", "application.close_stage")
    record_shortfall = Step("applications", "application.record_shortfall")
    award = Step("applications", "application.award")
    reject = Step("applications", "application.reject")
    lapse = Step("applications", "application.lapse")
    finalise = Step("applications", "application.finalise")
    remind = Step("applications", "application.remind")


class CutOff:
    standing = Step("applications", "cutoff.standing")
    close_cutoff = Step("applications", "cutoff.close_cutoff")
    announce = Step("applications", "cutoff.announce")


class Visit:
    standing = Step("applications", "visit.standing")
    start = Step("applications", "visit.start")
    end = Step("applications", "visit.end")
    escalate = Step("applications", "visit.escalate")
    close = Step("applications", "visit.close")
    finalise = Step("applications", "visit.finalise")
    remind = Step("applications", "visit.remind")


class Voucher:
    standing = Step("applications", "voucher.standing")
    close = Step("applications", "voucher.close")
    remind = Step("applications", "voucher.remind")


class Amendment:
    standing = Step("applications", "amendment.standing")
    open_signing = Step("applications", "amendment.open_signing")
    decline = Step("applications", "amendment.decline")
    lapse = Step("applications", "amendment.lapse")
    remind = Step("applications", "amendment.remind")


class Reservation:
    """amend takes the amendment's id."""

    reserve = Step("reimbursements", "reservation.reserve")
    amend = Step("reimbursements", "reservation.amend")


class Claim:
    open = Step("reimbursements", "claim.open")
    standing = Step("reimbursements", "claim.standing")
    expire = Step("reimbursements", "claim.expire")
    close = Step("reimbursements", "claim.close")
    finalise = Step("reimbursements", "claim.finalise")
    remind = Step("reimbursements", "claim.remind")


class Event:
    standing = Step("events", "event.standing")
    close_registration = Step("events", "event.close_registration")
    start = Step("events", "event.start")
    end = Step("events", "event.end")
    ask_feedback = Step("events", "event.ask_feedback")
    close = Step("events", "event.close")
    remind = Step("events", "event.remind")


class Vacancy:
    standing = Step("events", "vacancy.standing")
    offer_place = Step("events", "vacancy.offer_place")
    expire_offer = Step("events", "vacancy.expire_offer")
    remind = Step("events", "vacancy.remind")


SWEEPS: tuple[Step, ...] = tuple(
    Step(owner, "sweep") for owner in ("directory", "applications", "events", "reimbursements")
)
"""Asked once a day by one Schedule per service: clocks too long for a workflow of their own."""

STEPS: tuple[Step, ...] = (
    *(
        step
        for group in (
            Proposal,
            Application,
            CutOff,
            Visit,
            Voucher,
            Amendment,
            Reservation,
            Claim,
            Event,
            Vacancy,
        )
        for step in vars(group).values()
        if isinstance(step, Step)
    ),
    *SWEEPS,
)
