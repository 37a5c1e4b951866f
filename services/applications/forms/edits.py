"""What an author does to a form, as data: the builder's buttons and the API say the same. Questions inside a group
or table are named with a point: "costs.amount"."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from contracts.expressions import Model
from services.applications.forms.definition import (
    Check,
    Definition,
    Language,
    Page,
    Question,
    QuestionKind,
    Words,
)


class AddPage(Model):
    op: Literal["add_page"] = "add_page"


class AddQuestion(Model):
    """On a page, or as a column of a group or table."""

    op: Literal["add_question"] = "add_question"
    to: str
    kind: QuestionKind


class AddCheck(Model):
    op: Literal["add_check"] = "add_check"


class Move(Model):
    """One place up or down; a question at the edge of its page goes to the next one."""

    op: Literal["move"] = "move"
    key: str
    by: Literal["up", "down"]


class Copy(Model):
    op: Literal["copy"] = "copy"
    key: str


class Remove(Model):
    op: Literal["remove"] = "remove"
    key: str


class PutPage(Model):
    """All of a page but its questions."""

    op: Literal["put_page"] = "put_page"
    key: str
    page: Page


class PutQuestion(Model):
    op: Literal["put_question"] = "put_question"
    key: str
    question: Question


class PutCheck(Model):
    op: Literal["put_check"] = "put_check"
    key: str
    check: Check


class PutForm(Model):
    """Title and languages; the first language is the one that others are translated from."""

    op: Literal["put_form"] = "put_form"
    title: Words
    languages: tuple[Language, ...] = Field(min_length=1)


class Said(Model):
    """One translated text: `at` and `path` as the gaps name them."""

    at: str
    path: str
    text: str = Field(max_length=4000)


class Translate(Model):
    op: Literal["translate"] = "translate"
    language: Language
    texts: tuple[Said, ...]


class Replace(Model):
    """The whole form, as an import brings it."""

    op: Literal["replace"] = "replace"
    definition: Definition


Edit: TypeAlias = Annotated[
    AddPage | AddQuestion | AddCheck | Move | Copy | Remove | PutPage | PutQuestion | PutCheck | PutForm
    | Translate | Replace,
    Field(discriminator="op"),
]  # fmt: skip
