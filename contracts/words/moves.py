"""Whose move it is, in words, for pages and mails alike: what to do, what an onlooker reads, and what silence means.

Keys are states of the state tables; a state that several parties move in different ways has one entry for each.
"""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from contracts.words.kinds import mark as _


class MoveWords(NamedTuple):
    """what: an imperative, for whoever's move it is ("sign the documents"); awaited: the same for those who look on
    ("the signatures"); silence: a sentence; href: where to go, if not to the act's own page ({subject} and {case} are
    filled in); act: whose button leads there, if it is an act on another thing ("claim.open_part").
    """

    what: str
    awaited: str
    silence: str = ""
    href: str = ""
    act: str = ""

    def page(self, subject: UUID, case: UUID | None = None) -> str:
        """The page to go to; empty where it is the act's own."""
        return self.href.format(subject=subject, case=case)


_APPEAL = MoveWords(_("decide on the appeal"), _("the decision on the appeal"))

MOVES: Mapping[str, MoveWords] = {
    "organisation.confirmed": MoveWords(
        _("verify this organisation"), _("the verification of the organisation")
    ),
    "membership.invited": MoveWords(_("accept or decline this invitation"), _("an answer to the invitation")),
    "membership.requested": MoveWords(_("let this person in, or refuse"), _("a word on who asks to join")),
    "deliverable.planned": MoveWords(
        _("hand in this deliverable"), _("the deliverable"), href="/deliverables/{subject}"
    ),
    "deliverable.returned": MoveWords(
        _("hand in a better version of this deliverable"),
        _("a better version"),
        href="/deliverables/{subject}",
    ),
    "deliverable.in_review": MoveWords(
        _("review this deliverable"), _("the review of the deliverable"), href="/deliverables/{subject}"
    ),
    "deliverable.reviewed": MoveWords(
        _("accept this deliverable, or ask for another version"),
        _("the coordinator's word on the deliverable"),
        href="/deliverables/{subject}",
    ),
    "recognition.applied": MoveWords(_("record the award of this label"), _("the award of the label")),
    "factor_reset.asked": MoveWords(
        _("let somebody begin anew without their second factor, or refuse"), _("the first of two agreements")
    ),
    "factor_reset.seconded": MoveWords(
        _("agree as the second person, or refuse"), _("the second of two agreements")
    ),
    "participation.submitted": MoveWords(_("check this participation"), _("the check of the participation")),
    "participation.needs_info": MoveWords(
        _("answer the officer's question"), _("an answer to the officer's question")
    ),
    "participation.dormant": MoveWords(
        _("say whether you still take part"), _("word whether they still take part")
    ),
    "proposal.open": MoveWords(
        _("answer this proposal"),
        _("an answer to the proposal"),
        _("Without an answer it expires, and the visitor may ask another host."),
    ),
    "group.draft": MoveWords(
        _("receive this group, or say that you cannot"),
        _("the host's word on the group"),
        href="/groups/{subject}",
    ),
    "proposal.accepted": MoveWords(
        _("fill in your application"), _("the application"), href="/proposals/{subject}/application"
    ),
    "application.draft": MoveWords(_("finish your application"), _("the application")),
    "application.in_review.VOP": MoveWords(
        _("decide on this exchange"),
        _("the decision on this exchange"),
        _("Without a decision the coordinator is told and a new date is set."),
    ),
    "application.in_review.HOP": MoveWords(
        _("give your partnership's opinion"),
        _("the opinion of the host's partnership"),
        _("Without an opinion the coordinator is told, and it may be decided without it."),
    ),
    "application.in_review.COORD": MoveWords(
        _("see to it that it is decided"), _("the decision on this exchange")
    ),
    "application.in_review.DEPUTY": MoveWords(
        _("decide on this exchange as the officer's deputy"),
        _("the decision on this exchange"),
        href="/mandates",
    ),
    "stage.open": MoveWords(
        _("do your task of the review"),
        _("a task of the review"),
        _("The call says what silence means; mostly the coordinator is told and a new date is set."),
        "/stages/{subject}",
    ),
    "stage.open.scored": MoveWords(
        _("see to it that evaluators score this application"),
        _("the scores"),
        _("Evaluators who have said nothing by then are released, so that others can be assigned."),
        "/stages/{subject}",
    ),
    "stage.open.DEPUTY": MoveWords(
        _("do this task of the review as the officer's deputy"), _("a task of the review"), href="/mandates"
    ),
    "assessment.assigned": MoveWords(
        _("declare your interests before you evaluate"),
        _("the declaration of the evaluator"),
        _("Without an answer somebody else is asked."),
        "/assessments/{subject}",
    ),
    "assessment.accepted": MoveWords(
        _("score this application"),
        _("the scores of the evaluator"),
        _("Without scores somebody else is asked."),
        "/assessments/{subject}",
    ),
    "voucher.issued": MoveWords(
        _("use your grant and claim its costs"),
        _("the use of the grant"),
        _("What is not claimed in time goes back to the budget."),
        "/claims/open-part?voucher={case}",
        "claim.open_part",
    ),
    "break_glass.requested": MoveWords(
        _("consent to an act in somebody's place, or refuse"),
        _("a second person's word on an act in somebody's place"),
        _("Without consent nothing is done, and the request expires."),
        "/break-glasses/{subject}",
    ),
    "amendment.requested": MoveWords(
        _("decide on this change of the grant"),
        _("the decision on a change of the grant"),
        _("Without a decision it lapses, and the old terms stand."),
        "/amendments/{subject}/agree",
    ),
    "stray_mail.waiting": MoveWords(
        _("file this mail to its case, or drop it"),
        _("an officer who files the mail"),
        href="/stray-mails/{subject}",
    ),
    "conversation.with_support": MoveWords(
        _("answer in the conversation of this case"),
        _("the answer of the support office"),
        _("Without it the officers go on without help."),
    ),
    "report.awaited": MoveWords(
        _("write the report"), _("the report"), _("Without it nothing is paid."), "/reports/{subject}"
    ),
    "report.overdue": MoveWords(
        _("write the report"), _("the report"), _("Without it nothing is paid."), "/reports/{subject}"
    ),
    "report.returned": MoveWords(
        _("revise your report"),
        _("the revised report"),
        _("Without it nothing is paid."),
        "/reports/{subject}",
    ),
    "report.submitted": MoveWords(
        _("accept the report or send it back"),
        _("the check of the report"),
        _("The payment waits for it."),
        "/reports/{subject}",
    ),
    "application.changes_requested": MoveWords(
        _("revise your application"),
        _("the revised application"),
        _("Without a revision the application lapses."),
    ),
    "application.awaiting_budget": MoveWords(
        _("find budget for this exchange"),
        _("budget for this exchange"),
        _("If none is found, the application is rejected."),
    ),
    "application.rejected": _APPEAL,
    "agreement.open": MoveWords(
        _("read and sign"),
        _("their signature"),
        _("If not everybody has signed by then, the place lapses and the money goes back to the budget."),
    ),
    "agreement.open.paper": MoveWords(
        _("compare the signed paper with the document"),
        _("the comparison of a signed paper"),
        _("If not everybody has signed by then, the place lapses and the money goes back to the budget."),
    ),
    "agreement.open.PAY": MoveWords(
        _("read and sign the Financial Agreement"),
        _("the last signature"),
        _("If not everybody has signed by then, the place lapses and the money goes back to the budget."),
    ),
    "visit.report_due": MoveWords(
        _("report on your visit"),
        _("the report on the visit"),
        _("Without a report the officer is told, and may end the case without payment."),
    ),
    "visit.report_changes": MoveWords(
        _("revise your report"),
        _("the revised report"),
        _("Without a revised report the officer may end the case without payment."),
    ),
    "visit.report_submitted": MoveWords(
        _("validate the days actually done"),
        _("the validation of the days actually done"),
        _("The payment waits for it; when it is late the coordinator is told."),
    ),
    "visit.report_submitted.COORD": MoveWords(
        _("see to it that the report is looked at"), _("the validation of the days actually done")
    ),
    "visit.not_completed": _APPEAL,
    "cutoff.assessing": MoveWords(
        _("settle the ranking, two people one after the other"), _("the ranking"), href="/cutoffs/{subject}"
    ),
    "cutoff.ranked": MoveWords(_("announce the results"), _("the announcement"), href="/cutoffs/{subject}"),
    "rate_table.proposed": MoveWords(
        _("confirm the lowered rate table"), _("the second person for the lowered rate table")
    ),
    "transfer.proposed": MoveWords(
        _("make this transfer, as the second of two people"), _("the second person for the transfer")
    ),
    "late_payment.asked": MoveWords(
        _("decide on this late payment, as the second of two people"), _("the consent to the late payment")
    ),
    "aid_check.asked": MoveWords(
        _("declare the State aid that your undertaking has got"),
        _("the declaration of State aid"),
        _("No money is reserved for the case until then."),
    ),
    "aid_entry.due": MoveWords(_("enter this aid in the register"), _("the entry in the register")),
    "payee.entered": MoveWords(_("check this account"), _("the check of the account")),
    "payee.blocked": MoveWords(
        _("decide whether this account may be used"),
        _("the decision whether the account may be used"),
        _("Nothing is paid to it until then."),
    ),
    "payee.refused": MoveWords(_("give another account"), _("another account")),
    "claim.opened": MoveWords(
        _("give what the claim needs and file it"),
        _("the claim to be filed"),
        _("Without a claim in time it expires and nothing is paid."),
        "/claims/{subject}",
    ),
    "claim.returned": MoveWords(
        _("mend your claim and file it again"),
        _("the mended claim"),
        _("Without an answer in time it expires and nothing is paid."),
        "/claims/{subject}",
    ),
    "claim.filed": MoveWords(
        _("verify this claim"),
        _("the verification of the claim"),
        _("The money has to be paid by then."),
        "/claims/{subject}",
    ),
    "claim.verified": MoveWords(
        _("approve this claim, as the second person"),
        _("the approval of the claim"),
        _("The money has to be paid by then."),
        "/claims/{subject}",
    ),
    "claim.recovering": MoveWords(
        _("pay back what was demanded"),
        _("the repayment"),
        _("Three reminders are sent, a fortnight apart."),
    ),
    "exchange_table.imported": MoveWords(
        _("put these exchange rates into force, as the second person"),
        _("the second person for the exchange rates"),
    ),
    "claim.rejected": _APPEAL,
    "claim.expired": _APPEAL,
    "payment.proposed": MoveWords(
        _("put this payment into a batch"), _("the payment"), href="/batches/propose"
    ),
    "batch.proposed": MoveWords(
        _("authorise this batch, as the first of two people"), _("the first authorisation of the batch")
    ),
    "batch.seconded": MoveWords(
        _("authorise this batch, as the second of two people"), _("the second authorisation of the batch")
    ),
    "suspense.open": MoveWords(
        _("explain what the bank has booked"), _("the explanation of what the bank has booked")
    ),
    "suspense.explained": MoveWords(
        _("confirm the explanation, as the second of two people"), _("the second person for the explanation")
    ),
    "period.proposed": MoveWords(
        _("close this month, as the second of two people"), _("the second person for the month")
    ),
    "funder_report.draft": MoveWords(
        _("finish the report to the funder"), _("the report to the funder"), href="/funder-reports/{subject}"
    ),
    "funder_report.prepared": MoveWords(
        _("send the report to the funder"), _("the report being sent to the funder")
    ),
    "funder_report.submitted": MoveWords(
        _("record what the funder says of the report"),
        _("the funder's word on the report"),
        href="/funder-reports/{subject}",
    ),
    "funder_report.cuts_noted": MoveWords(
        _("confirm what the funder cut, as the second of two people"),
        _("the second person for the funder's cuts"),
    ),
    "funder_report.sent_back": MoveWords(
        _("mend the report that the funder sent back"),
        _("a new version of the report"),
        href="/funder-reports/{subject}",
    ),
    "instalment.announced": MoveWords(
        _("match this instalment to an entry of the bank"), _("the entry of the bank for the instalment")
    ),
    "instalment.matched": MoveWords(
        _("confirm this instalment, as the second of two people"), _("the second person for the instalment")
    ),
    "retention.due": MoveWords(
        _("propose to remove what is personal in records that need not be kept"),
        _("the removal of records whose time is over"),
    ),
    "retention.proposed": MoveWords(
        _("agree to remove what is personal, as the second of two people"),
        _("the second person for the removal"),
    ),
    "registration.pending": MoveWords(
        _("admit or reject this registration"), _("the answer to this registration")
    ),
    "registration.offered": MoveWords(
        _("take the place you are offered, or decline it"),
        _("an answer to the offered place"),
        _("Without an answer it goes to the next in line."),
    ),
}
"""State, or state and party → what its mover has to do."""

REMINDED = MoveWords(_("do your part"), _("their part"))
"""What a reminder says to whoever's move it is, where the parties of the state have different moves."""


def move_words(key: str, party: str = "") -> MoveWords:
    """The words of a state ("application.in_review") for one of its movers. KeyError: nobody moves there."""
    return MOVES.get(f"{key}.{party}") or MOVES[key]
