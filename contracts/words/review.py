"""Words of the review: stages, evaluators, scores."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "stage.opened": _("A task of the review was opened"),
    "stage.judged": _("An answer was given"),
    "stage.reassigned": _("A task of the review changed hands or got more time"),
    "stage.escalated": _("Nobody answered in time: the coordinator and a named deputy were told"),
    "stage.third_needed": _("The scores are far apart: a third evaluator is needed"),
    "stage.met": _("A task of the review is done"),
    "stage.refused": _("A task of the review ended with a no"),
    "stage.voided": _("A task of the review counts no more"),
    "stage.reminded": _("A reminder was sent"),
    "assessment.assigned": _("An evaluator was assigned"),
    "assessment.accepted": _("The evaluator declared that no interest conflicts"),
    "assessment.declined": _("The evaluator does not take part"),
    "assessment.submitted": _("The score sheet was submitted"),
    "assessment.reopened": _("The score sheet was opened again"),
    "assessment.reminded": _("A reminder was sent"),
}
ACTS: dict[str, ActWords] = {
    "stage.judge": ActWords(
        _("Answer for this task"),
        _("Give the answer"),
        _("It is kept with your reasons for those who decide. The applicant does not read it."),
    ),
    "stage.reassign": ActWords(
        _("Give this task to others, or more time"),
        _("Change who has it, or until when"),
        _("Whoever holds it then is told."),
    ),
    "assessment.assign": ActWords(
        _("Assign an evaluator"),
        _("Assign"),
        _("The evaluator declares first whether an interest conflicts; the text is shown only after that."),
    ),
    "assessment.declare": ActWords(
        _("Declare your interests"),
        _("Declare"),
        _("The application's text opens after this. If an interest conflicts, somebody else evaluates it."),
    ),
    "assessment.decline": ActWords(
        _("Decline to evaluate"), _("Decline"), _("The officer assigns somebody else.")
    ),
    "assessment.submit": ActWords(_("Score this application"), _("Submit the score sheet")),
    "assessment.reopen": ActWords(
        _("Open this sheet again"),
        _("Open it again"),
        _("Its scores count no more until it is submitted again. What was submitted is kept."),
    ),
}
STATES: dict[str, str] = {
    "stage.open": _("open"),
    "stage.met": _("done"),
    "stage.refused": _("ended with a no"),
    "stage.voided": _("counts no more"),
    "assessment.assigned": _("to be declared"),
    "assessment.accepted": _("to be scored"),
    "assessment.declined": _("does not take part"),
    "assessment.submitted": _("submitted"),
}
REFUSALS: dict[str, str] = {
    "explanation-missing": _("Say in a sentence why. The applicants read it."),
    "call-criteria-missing": _("Tasks are scored, but nothing says by what. Add at least one criterion."),
    "call-criterion-twice": _("Two criteria are called “%(criterion)s”. Give one of them another key."),
    "call-criterion-range": _("The range of “%(criterion)s” is empty. Let its most be above its least."),
    "call-criterion-threshold": _("The threshold of “%(criterion)s” lies outside its range. Change it."),
    "call-decision-holder": _(
        "“%(stage)s” decides, so the partnership's officer or coordinator holds it. Choose one of them."
    ),
    "call-evaluators-score": _(
        "Evaluators score and agree on scores. Choose another holder for “%(stage)s”, or let it be scored."
    ),
    "conflict-own-organisation": _(
        "You belong to an organisation that takes part in this case. Ask a colleague who does not."
    ),
    "stage-answered-apart": _("This task is not answered here. Open the application and look at its stages."),
    "stage-of-another": _("Somebody else holds this task. Ask an officer to give it to you."),
    "ranking-decides": _("Under this call the ranking at the cut-off decides, not an officer alone."),
    "stages-open": _("Not every task of the review is done. Decide when only the decision is left."),
    "stage-not-scored-now": _("Nobody scores in this task now. Open the application and look at its stages."),
    "stage-over": _("This task of the review is over. Nothing can be changed in it."),
    "stage-once": _("This task of the review is open already. Open the application again."),
    "stage-counts": _("More have agreed than have answered, which cannot be. Tell the operator."),
    "evaluator-unknown": _("This person does not evaluate for the partnership. Choose somebody of the list."),
    "evaluator-conflict": _("This person is bound to the applicant or the host. Choose somebody else."),
    "evaluator-none": _("Nobody is free to evaluate this. Ask the coordinator for more evaluators."),
    "assessment-once": _("This person takes part already. Choose somebody else."),
    "declare-missing": _("Declare that apart from what you have chosen no interest of yours conflicts."),
    "declare-unknown": _("Choose organisations of the list only."),
    "score-missing": _("Give every criterion a score within its range."),
    "consensus-changed": _("The text has changed since you read it. Read it again and agree then."),
    "consensus-not-written": _("The lead has not written the consensus yet. You are told when it is there."),
    "holder-unknown": _("This call has no such party. Choose another."),
    "lead-not-now": _(
        "The lead is one of those who scored, and changes only before the consensus is written."
    ),
}
CODES: dict[str, str] = {
    "decision.approve": _("Approve them"),
    "decision.reject": _("Reject them"),
    "absent": _("The holder is away"),
    "workload": _("The holder has too much to do"),
    "conflict_found": _("A conflict of interest was found"),
    "more_time": _("More time is needed"),
    "same_organisation": _("I belong to an organisation that takes part"),
    "family_or_economic": _("A family or economic interest"),
    "contract_within_three_years": _("A contract within the last three years"),
    "other_conflict": _("Another conflict of interest"),
    "no_time": _("No time"),
    "time_over": _("The time was over"),
    "stage_ended": _("It was not needed any more"),
    "mistake_in_sheet": _("There is a mistake in the sheet"),
    "criterion_overlooked": _("A criterion was overlooked"),
    "lead_rewrites": _("The lead writes the consensus anew"),
    "check_failed": _("A check of the review ended with a no"),
    "below_threshold": _("The scores are below the threshold"),
    "holder.VOP": _("The visitor's partnership"),
    "holder.HOP": _("The host's partnership"),
    "holder.PAY": _("The paying member"),
    "holder.COORD": _("The coordinator"),
}
PARTIES: dict[str, str] = {
    "EVALUATOR": _("the evaluator"),
    "AGENCY": _("the agency"),
    "DEPUTY": _("whoever is named deputy"),
}
