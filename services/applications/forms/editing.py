"""Edits applied: each gives a new definition and leaves the old one as it was, so that it can be taken back."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from contracts.errors import DomainError
from contracts.expressions import Condition
from services.applications.forms.definition import (
    Check,
    Choice,
    Definition,
    Key,
    Page,
    Question,
    Words,
    as_data,
)
from services.applications.forms.edits import (
    AddCheck,
    AddPage,
    AddQuestion,
    Copy,
    Edit,
    Move,
    PutCheck,
    PutForm,
    PutPage,
    PutQuestion,
    Remove,
    Replace,
    Translate,
)

T = TypeVar("T", Page, Question, Check)


def apply(form: Definition, edit: Edit) -> tuple[Definition, str]:
    """The form after the edit, and the key of what was added or changed; DomainError("form-no-such-part")."""
    match edit:
        case AddPage():
            key = _free(form, "page")
            page = Page(key=key, title={form.languages[0]: ""})
            return form.model_copy(update={"pages": (*form.pages, page)}), key
        case AddQuestion():
            return _added(form, edit)
        case AddCheck():
            key = _free(form, "check")
            at = next((question.key for _, question in form.questions), "")
            check = Check(key=key, at=at, must=Condition(tests=()), text={form.languages[0]: ""})
            return form.model_copy(update={"checks": (*form.checks, check)}), key
        case Move():
            return _moved(form, edit.key, -1 if edit.by == "up" else 1), edit.key
        case Copy():
            return _copied(form, edit.key)
        case Remove():
            return _edited(form, edit.key, lambda part: ()), ""
        case PutPage():
            page = edit.page
            put = _edited(
                form,
                edit.key,
                lambda old: (page.model_copy(update={"questions": getattr(old, "questions", ())}),),
            )
            return put, page.key
        case PutQuestion():
            home = edit.key.rpartition(".")[0]
            new = f"{home}.{edit.question.key}" if home else edit.question.key
            return _renamed(_edited(form, edit.key, lambda old: (edit.question,)), edit.key, new), new
        case PutCheck():
            return _edited(form, edit.key, lambda old: (edit.check,)), edit.check.key
        case PutForm():
            return form.model_copy(
                update={"title": {**form.title, **edit.title}, "languages": edit.languages}
            ), ""
        case Translate():
            return _translated(form, edit), ""
        case Replace():
            return edit.definition, ""


def _added(form: Definition, edit: AddQuestion) -> tuple[Definition, str]:
    key = _free(form, "question")
    settings: dict[str, Any] = {}
    if edit.kind in ("choice", "choices"):
        settings["options"] = tuple(
            Choice(value=f"option_{n}", label={form.languages[0]: f"{n}"}) for n in (1, 2)
        )
    if edit.kind in ("group", "table"):
        settings["least"] = 1
    question = Question(key=key, kind=edit.kind, label={form.languages[0]: ""}, **settings)

    def append(part: Any) -> Sequence[Any]:
        return (part.model_copy(update={"questions": (*part.questions, question)}),)

    within = form.page(edit.to) is None
    return _edited(form, edit.to, append), f"{edit.to}.{key}" if within else key


def _copied(form: Definition, key: str) -> tuple[Definition, str]:
    fresh = _free(form, key.rpartition(".")[2].rstrip("0123456789_") or "copy")
    home = key.rpartition(".")[0]

    def twice(part: Any) -> Sequence[Any]:
        copy = part.model_copy(update={"key": fresh})
        if isinstance(part, Page):
            taken = _keys(form) | {fresh}
            inner: list[Question] = []
            for question in part.questions:
                name = _next(question.key, taken)
                taken.add(name)
                inner.append(question.model_copy(update={"key": name}))
            copy = copy.model_copy(update={"questions": tuple(inner)})
        return part, copy

    return _edited(form, key, twice), f"{home}.{fresh}" if home else fresh


def _moved(form: Definition, key: str, step: int) -> Definition:
    home, _, inner = key.rpartition(".")
    if home:

        def within(part: Any) -> Sequence[Any]:
            return (part.model_copy(update={"questions": _shifted(part.questions, inner, step)}),)

        return _edited(form, home, within)
    if form.page(key) is not None:
        return form.model_copy(update={"pages": _shifted(form.pages, key, step)})
    if any(check.key == key for check in form.checks):
        return form.model_copy(update={"checks": _shifted(form.checks, key, step)})
    question = form.question(key)
    if question is None:
        raise DomainError("form-no-such-part", "key", key=key)
    pages = list(form.pages)
    index = next(n for n, page in enumerate(pages) if question in page.questions)
    page = pages[index]
    edge = page.questions[0 if step < 0 else -1] == question
    if not edge:
        pages[index] = page.model_copy(update={"questions": _shifted(page.questions, key, step)})
    elif 0 <= index + step < len(pages):
        other = pages[index + step]
        pages[index] = page.model_copy(
            update={"questions": tuple(one for one in page.questions if one != question)}
        )
        joined = (*other.questions, question) if step < 0 else (question, *other.questions)
        pages[index + step] = other.model_copy(update={"questions": joined})
    return form.model_copy(update={"pages": tuple(pages)})


def _shifted(parts: Sequence[T], key: str, step: int) -> tuple[T, ...]:
    order = list(parts)
    at = next((n for n, part in enumerate(order) if part.key == key), None)
    if at is not None and 0 <= at + step < len(order):
        order[at], order[at + step] = order[at + step], order[at]
    return tuple(order)


def _edited(form: Definition, key: str, change: Callable[[Any], Sequence[Any]]) -> Definition:
    """The form with one part replaced by what `change` makes of it; DomainError if there is no such part."""
    home, _, inner = key.rpartition(".")
    found = False

    def spread(parts: Sequence[T], wanted: str) -> tuple[T, ...]:
        nonlocal found
        result: list[T] = []
        for part in parts:
            if part.key == wanted:
                found = True
                result += change(part)
            else:
                result.append(part)
        return tuple(result)

    def on_page(page: Page) -> Page:
        if not home:
            return page.model_copy(update={"questions": spread(page.questions, key)})
        questions = tuple(
            one.model_copy(update={"questions": spread(one.questions, inner)}) if one.key == home else one
            for one in page.questions
        )
        return page.model_copy(update={"questions": questions})

    pages = tuple(on_page(page) for page in (form.pages if home else spread(form.pages, key)))
    checks = form.checks if home else spread(form.checks, key)
    if not found:
        raise DomainError("form-no-such-part", "key", key=key)
    return form.model_copy(update={"pages": pages, "checks": checks})


def _renamed(form: Definition, old: str, new: str) -> Definition:
    """What rests on a question that has got another key follows it."""
    if old == new:
        return form

    def follow(data: Any) -> Any:
        if isinstance(data, dict):
            given = cast("dict[str, Any]", data)
            name = str(given.get("name", ""))
            if given.get("of") == "answer" and (name == old or name.startswith(f"{old}.")):
                return {**given, "name": new + name[len(old) :]}
            return {key: follow(value) for key, value in given.items()}
        return [follow(one) for one in cast("list[Any]", data)] if isinstance(data, list) else data

    content = follow(as_data(form))
    for check in content.get("checks", ()):
        if check["at"] == old:
            check["at"] = new
    return Definition.model_validate(content)


def _translated(form: Definition, edit: Translate) -> Definition:
    for said in edit.texts:
        text = said.text.strip()

        def say(words: Words, text: str = text) -> Words:
            kept: Words = {language: one for language, one in words.items() if language != edit.language}
            return {**kept, edit.language: text} if text else kept

        if not said.at:
            form = form.model_copy(update={"title": say(form.title)})
        else:
            form = _edited(form, said.at, lambda part, path=said.path, say=say: (_said(part, path, say),))
    return form


def _said(part: Any, path: str, say: Callable[[Words], Words]) -> Any:
    if path.startswith("options."):
        value = path.removeprefix("options.")
        options = tuple(
            one.model_copy(update={"label": say(one.label)}) if one.value == value else one
            for one in part.options
        )
        return part.model_copy(update={"options": options})
    if path not in ("title", "lead", "label", "help", "text") or not hasattr(part, path):
        raise DomainError("form-no-such-part", "path", key=path)
    return part.model_copy(update={path: say(getattr(part, path))})


def _keys(form: Definition) -> set[str]:
    questions = [question for _, question in form.questions]
    return {
        *(page.key for page in form.pages),
        *(check.key for check in form.checks),
        *(question.key for question in questions),
        *(column.key for question in questions for column in question.questions),
    }


def _free(form: Definition, stem: str) -> Key:
    return _next(stem, _keys(form))


def _next(stem: str, taken: set[str]) -> Key:
    stem = stem.rstrip("0123456789").rstrip("_") or "part"
    return next(name for n in range(1, 100_000) if (name := f"{stem[:32]}_{n}") not in taken)
