"""An application by form as those read it who take part in it: what was submitted, rule by rule, page by page."""

from collections.abc import Mapping
from typing import Any

from contracts.call_rules import CallRules
from contracts.workdays import Moment
from services.applications.applying.drafts import loaded
from services.applications.applying.ground import filled
from services.applications.applying.looking import names_in
from services.applications.forms.answers import Filled
from services.applications.forms.definition import worded
from services.applications.forms.printing import Printing, Told
from services.applications.models import Application
from services.chassis.database import Tx
from services.chassis.web.look.context import reader
from services.chassis.web.look.parts import Check


async def told_of(tx: Tx, case: Application, at: Moment) -> list[tuple[str, Told]]:
    """The answers that were submitted; of a draft nothing, which is its applicants' alone. An exchange has none."""
    if case.form is None or not case.answers:
        return []
    draft = await loaded(tx, case)
    ground = (await filled(tx, draft, at)).ground
    form = Filled(draft.definition, case.answers, ground)
    return Printing(form, reader().language, await names_in(tx, draft)).pages()


def checks_of(case: Application) -> list[Check]:
    """The call's rules as the case recorded them, in the reader's language."""
    rules = {one.key: one for one in CallRules.model_validate(case.frozen.get("rules", {})).eligibility}
    return [_check(result, rules) for result in case.rules]


def _check(result: Mapping[str, Any], rules: Mapping[str, Any]) -> Check:
    rule = rules.get(str(result["rule"]))
    text = worded(rule.text, reader().language) if rule is not None else str(result["rule"])
    return Check(text, bool(result["met"]), str(result["source"]))
