"""What a new version of a form asks otherwise, question by question."""

from collections.abc import Iterator

from services.applications.forms.definition import Definition, Question, worded
from services.chassis.web.look.context import reader
from services.chassis.web.look.words import gettext as _


def differences(before: Definition | None, now: Definition | None) -> Iterator[str]:
    """Sentences in the reader's language; a call that keeps its own form has none that could differ."""
    if before is None or now is None or before == now:
        return
    earlier = {one.key: one for _page, one in before.questions}
    later = {one.key: one for _page, one in now.questions}
    for key, question in later.items():
        if key not in earlier:
            yield _("New: %(question)s") % {"question": label(question, now)}
        elif earlier[key] != question:
            yield _("Asked in another way: %(question)s") % {"question": label(question, now)}
    for key, question in earlier.items():
        if key not in later:
            yield _("No longer asked: %(question)s") % {"question": label(question, before)}


def label(question: Question, of: Definition) -> str:
    return worded(question.label, reader().language, of.languages)
