"""One look at a draft: the form as it is filled in, what its answers name, and what stands beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from services.applications.applying.choosing import Find, Offered, chosen_names, offered
from services.applications.applying.drafts import Draft
from services.applications.applying.freezing import as_it_stands
from services.applications.applying.ground import filled
from services.applications.forms.answers import Filled
from services.applications.forms.asking import Asking
from services.applications.forms.definition import Definition, Page
from services.applications.forms.printing import Printing
from services.applications.sent_files import names_to_show
from services.chassis.database import Tx
from services.chassis.web.look.context import reader
from services.chassis.web.look.parts import Sum
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import calculation


@dataclass(frozen=True)
class View:
    """One look at a draft: the form as it is filled in, and what stands beside it."""

    draft: Draft
    form: Filled
    names: dict[str, str]
    offered: Offered
    sum: dict[str, Any]

    @property
    def pages(self) -> list[Page]:
        return self.form.pages

    def after(self, page: str) -> str:
        """The page that follows, "check" at the end."""
        keys = [one.key for one in self.pages]
        return keys[keys.index(page) + 1] if page in keys and page != keys[-1] else "check"

    def before(self, page: str) -> str:
        keys = [*(one.key for one in self.pages), "check"]
        return keys[keys.index(page) - 1] if page in keys and keys.index(page) else ""

    def asking(self, errors: dict[str, str] | None = None) -> Asking:
        return Asking(self.form, reader().language, errors or {}, self.offered.for_, self.names)

    @property
    def printing(self) -> Printing:
        return Printing(self.form, reader().language, self.names)


async def look_at(
    tx: Tx, draft: Draft, at: Any, answers: dict[str, Any] | None = None, find: Find | None = None
) -> View:
    """`answers`: what is shown instead of what is kept, for one page that could not be saved."""
    form = await filled(tx, draft, at)
    if answers is not None:
        form = Filled(draft.definition, {**draft.answers, **answers}, form.ground)
    partnership = draft.case.visitor_partnership
    offer = await offered(tx, form, partnership, find or Find())
    return View(draft, form, await names_in(tx, draft), offer, await as_it_stands(tx, draft, form, at))


async def names_in(tx: Tx, draft: Draft) -> dict[str, str]:
    """What the files and organisations that the draft's answers name are called, by their ids."""
    names = await chosen_names(tx, draft.definition, draft.answers)
    if ids := files_of(draft):
        names |= await names_to_show(tx, ids)
    return names


def files_of(draft: Draft) -> list[str]:
    """The ids of all files that the draft's answers name."""
    return files_in(draft.definition, draft.answers)


def files_in(definition: Definition, answers: Mapping[str, Any]) -> list[str]:
    """The ids of all files that answers name."""
    found: list[str] = []
    for _page, question in definition.questions:
        if question.kind == "file":
            answer = answers.get(question.key)
            given = cast("list[Any]", answer) if isinstance(answer, list) else []
            found += [one for one in given if isinstance(one, str)]
    return found


def sum_of_draft(view: View) -> Sum | None:
    """The sum as it stands, or None where the call pays nothing."""
    if not view.draft.rules.amount.owed:
        return None
    shown = calculation(view.sum["lines"], view.sum["rate_cents"])
    return Sum(_("Your grant, as it stands"), shown, _("Estimate"), view.sum["amount_cents"])
