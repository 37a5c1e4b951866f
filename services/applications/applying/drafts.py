"""Drafts of applications by form: each page of the form is a section with a version of its own.

A save names the version its author saw. Where somebody else saved meanwhile, answers that only one of them changed
are joined; where both changed one, nothing is overwritten and the author sees both.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import col, delete, select

from contracts.call_rules import CallRules
from contracts.errors import DomainError
from contracts.ids import named_id
from contracts.workdays import Moment
from services.applications.application import case_number
from services.applications.calls.models import Call, CallRevision, Form
from services.applications.drafts import next_number
from services.applications.forms.definition import Definition, Page
from services.applications.kinds import applications
from services.applications.matching import known
from services.applications.models import Application, DraftSection
from services.applications.projections import KnownOrganisation
from services.applications.sent_files import named_files
from services.chassis.database import Tx
from services.chassis.files import named
from services.chassis.identity.actor import Actor

MOST_BYTES = 256 * 1024
"""Of one section's answers, as JSON."""
NEWEST = """SELECT DISTINCT ON (application, section) * FROM draft_sections
    ORDER BY application, section, version DESC"""
"""Of each section; the versions before are kept to compare with."""
EDITABLE = ("draft", "changes_requested")


class Conflict(Exception):
    """Somebody else changed the same answers meanwhile: `theirs` as they stand, by key. joined: all answers of the
    page, one's own where both changed one; what only the others changed is in it, so that the next save keeps it.
    """

    def __init__(self, version: int, theirs: dict[str, Any], joined: dict[str, Any]) -> None:
        super().__init__("section-changed")
        self.version = version
        self.theirs = theirs
        self.joined = joined


@dataclass(frozen=True)
class Draft:
    """A draft with all that its pages need."""

    case: Application
    call: Call
    form: Form
    definition: Definition
    sections: dict[str, DraftSection]
    organisation: KnownOrganisation

    @property
    def rules(self) -> CallRules:
        return CallRules.model_validate(self.call.rules)

    @property
    def behind(self) -> bool:
        """Whether the call was corrected since; what has changed is read before anything else."""
        return self.case.call_revision != self.call.revision and self.case.state in EDITABLE

    @property
    def answers(self) -> dict[str, Any]:
        """All answers there are, of hidden questions too."""
        return {key: value for section in self.sections.values() for key, value in section.answers.items()}

    def version_of(self, page: str) -> int:
        return self.sections[page].version if page in self.sections else 0


async def begin(tx: Tx, call_id: UUID, organisation: UUID, actor: Actor, key: str, at: Moment) -> Application:
    """A draft for one of the person's organisations, first answered from its profile; the same key makes it once."""
    if organisation not in actor.scopes("member"):
        raise DomainError("apply-for-own", "organisation", status=403)
    call = await tx.found(Call, call_id)
    id = named_id("application", call.id, actor.person, key)
    if (there := await tx.get(Application, id)) is not None:
        return there
    if call.state != "published":
        raise DomainError("call-not-open", status=409)
    if call.form is None:
        raise DomainError("call-without-form", status=409)
    if at.today() < call.first_day:
        raise DomainError("call-not-open-yet", status=409, first=call.first_day)
    if at.today() > call.last_day:
        raise DomainError("call-over", status=409)
    case = Application(
        id=id,
        state="draft",
        number=case_number(await next_number(tx), at, "GR"),
        call=call.id,
        call_revision=call.revision,
        form=call.form,
        edition=call.edition,
        applicant=actor.person,
        visitor=organisation,
        visitor_partnership=call.partnership,
        payer=call.payer,
        budget=call.budget,
        created_at=at.now,
        saved_at=at.now,
    )
    tx.add(case)
    await tx.session.flush()
    await _prefill(tx, case, await known(tx, organisation), actor, at)
    return case


async def _prefill(
    tx: Tx, case: Application, organisation: KnownOrganisation, actor: Actor, at: Moment
) -> None:
    form = await tx.found(Form, case.form or UUID(int=0))
    profile = {"name": organisation.name, "town": organisation.town, "country": organisation.country}
    for page in Definition.model_validate(form.definition).pages:
        answers = {one.key: profile[one.prefill] for one in page.questions if one.prefill}
        if answers:
            _add_version(tx, case, page.key, 1, answers, actor, at)


async def own(tx: Tx, id: UUID, actor: Actor, *, lock: bool = False) -> Draft:
    """A draft of the person's own organisation; DomainError("not-found") to everybody else."""
    case = await tx.found(Application, id)
    if case.form is None or "VO" not in applications.parties(actor, case):
        raise DomainError("not-found", status=404)
    return await loaded(tx, await tx.locked(Application, id) if lock else case)


async def loaded(tx: Tx, case: Application) -> Draft:
    """The draft's newest sections, its call, and the version of the form it was begun with. What was submitted once
    keeps the revision of the call that it was submitted under."""
    call = await tx.found(Call, case.call)
    if case.submitted_at is not None and case.call_revision != call.revision:
        call = await as_of(tx, call, case.call_revision)
    form = await tx.found(Form, case.form or UUID(int=0))
    statement = (
        select(DraftSection)
        .where(DraftSection.application == case.id)
        .order_by(col(DraftSection.section), col(DraftSection.version))
    )
    rows = (await tx.session.exec(statement)).all()
    organisation = await known(tx, case.visitor)
    return Draft(
        case,
        call,
        form,
        Definition.model_validate(form.definition),
        {row.section: row for row in rows},
        organisation,
    )


async def as_of(tx: Tx, call: Call, revision: int) -> Call:
    """The call as it read at an earlier revision; not to be stored."""
    kept = await tx.session.get(CallRevision, (call.id, revision))
    assert kept is not None, "every revision is kept"
    return Call(**{**call.model_dump(), **kept.model_dump(exclude={"call", "made_at"})})


async def save(
    tx: Tx, id: UUID, page: str, version: int, answers: dict[str, Any], actor: Actor, at: Moment
) -> tuple[Draft, int]:
    """Keeps one page's answers as they are, good or not, and answers the section's new version.

    DomainError: answer-too-large, not-storable, save-not-now. Conflict: both changed one answer; nothing was written.
    """
    draft = await own(tx, id, actor, lock=True)
    case = draft.case
    if case.state not in EDITABLE:
        raise DomainError("save-not-now", status=409)
    if draft.definition.page(page) is None:
        raise DomainError("not-found", status=404)
    answers = _of_page(draft.definition, page, answers)
    if _bytes(answers) > MOST_BYTES:
        raise DomainError("answer-too-large", page, status=413, most=MOST_BYTES // 1024)
    now = draft.version_of(page)
    if version != now:
        answers = await _joined(tx, draft, page, version, answers)
    if page in draft.sections and draft.sections[page].answers == answers:
        return draft, now
    await named(tx, named_files(answers))
    row = _add_version(tx, case, page, now + 1, answers, actor, at)
    case.saved_at = at.now
    tx.add(case)
    return replace(draft, sections={**draft.sections, page: row}), now + 1


def _bytes(answers: dict[str, Any]) -> int:
    """How large they are kept; DomainError("not-storable") for what no JSON holds."""
    try:
        return len(orjson.dumps(answers))
    except TypeError as reason:
        raise DomainError("not-storable") from reason


def _of_page(definition: Definition, page: str, answers: dict[str, Any]) -> dict[str, Any]:
    """DomainError("answer-unknown") for what the page does not ask; what is empty is left out."""
    found = definition.page(page)
    assert isinstance(found, Page)
    known_keys = {question.key for question in found.questions}
    if unknown := sorted(answers.keys() - known_keys):
        raise DomainError("answer-unknown", unknown[0], name=unknown[0])
    return {key: value for key, value in answers.items() if value is not None}


async def _joined(tx: Tx, draft: Draft, page: str, version: int, mine: dict[str, Any]) -> dict[str, Any]:
    """Mine and theirs over what both began with."""
    theirs = draft.sections[page].answers if page in draft.sections else {}
    seen = await tx.session.get(DraftSection, (draft.case.id, page, version))
    base = seen.answers if seen is not None else {}
    joined, differing = dict(theirs), dict[str, Any]()
    for key in sorted({*mine, *theirs}):
        if mine.get(key) == base.get(key):
            continue
        if theirs.get(key) != base.get(key) and theirs.get(key) != mine.get(key):
            differing[key] = theirs.get(key)
        if key in mine:
            joined[key] = mine[key]
        else:
            joined.pop(key, None)
    if differing:
        raise Conflict(draft.version_of(page), differing, joined)
    return joined


def _add_version(
    tx: Tx, case: Application, page: str, version: int, answers: dict[str, Any], actor: Actor, at: Moment
) -> DraftSection:
    row = DraftSection(
        application=case.id,
        section=page,
        version=version,
        answers=answers,
        saved_by=actor.person,
        saved_at=at.now,
    )
    tx.add(row)
    return row


async def move(tx: Tx, id: UUID, actor: Actor, at: Moment) -> Draft:
    """Takes a draft to the call's present revision and form. All answers are kept, each at the page that asks it now;
    those without a place are kept apart and listed."""
    draft = await own(tx, id, actor, lock=True)
    case, call = draft.case, draft.call
    if case.state not in EDITABLE:
        raise DomainError("save-not-now", status=409)
    if case.call_revision == call.revision:
        return draft
    if call.form is not None and call.form != case.form:
        form = await tx.found(Form, call.form)
        definition = Definition.model_validate(form.definition)
        answers = {**case.left_over, **draft.answers}
        case.left_over = {key: value for key, value in answers.items() if definition.question(key) is None}
        case.form = form.id
        await _forget(tx, case)
        for page in definition.pages:
            kept = {one.key: answers[one.key] for one in page.questions if one.key in answers}
            if kept:
                _add_version(tx, case, page.key, draft.version_of(page.key) + 1, kept, actor, at)
    case.call_revision, case.saved_at = call.revision, at.now
    tx.add(case)
    await tx.session.flush()
    return await loaded(tx, case)


async def remove(tx: Tx, id: UUID, actor: Actor) -> None:
    """Deletes a draft that was never submitted, with all its answers."""
    draft = await own(tx, id, actor, lock=True)
    if draft.case.state != "draft" or draft.case.version:
        raise DomainError("draft-only", status=409)
    await _forget(tx, draft.case)
    await tx.session.delete(draft.case)


async def copy(tx: Tx, id: UUID, actor: Actor, key: str, at: Moment) -> Application:
    """A new draft with the same answers, under the call as it is now."""
    draft = await own(tx, id, actor)
    case = await begin(tx, draft.call.id, draft.case.visitor, actor, f"copy of {id} {key}", at)
    if case.version or await tx.session.get(DraftSection, (case.id, "", 0)):
        return case
    form = await tx.found(Form, case.form or UUID(int=0))
    answers = draft.answers
    await named(tx, named_files(answers))
    await _forget(tx, case)
    for page in Definition.model_validate(form.definition).pages:
        kept = {one.key: answers[one.key] for one in page.questions if one.key in answers}
        if kept:
            _add_version(tx, case, page.key, 1, kept, actor, at)
    return case


async def _forget(tx: Tx, case: Application) -> None:
    await tx.session.exec(delete(DraftSection).where(col(DraftSection.application) == case.id))
    await tx.session.flush()
