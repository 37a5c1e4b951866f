"""What the macros of a case's page are given: whose move it is, the road, the sum, the papers.
Texts are whole sentences in the reader's language; dates, spans and amounts are worded by the macro."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

TagKind = Literal["plain", "good", "wait", "bad"]


@dataclass(frozen=True)
class Link:
    """Words and where they lead. On a button the words say what happens."""

    label: str
    href: str


@dataclass(frozen=True)
class Tag:
    """A standing in one or two words; the kind gives a colour that the words do not need."""

    text: str
    kind: TagKind = "plain"


@dataclass(frozen=True)
class Move:
    """Whose move it is.

    title    "Your move: sign two documents", "Waiting for CELIS: opinion on your application"
    mine     whether it is the reader's move; only then is there a green button
    text     what is to be done
    due      until when, business time
    silence  what happens if nothing does, as a sentence
    since    since when it waits, where it is somebody else's move
    """

    title: str
    mine: bool
    text: str = ""
    due: datetime | None = None
    silence: str = ""
    since: datetime | None = None
    button: Link | None = None
    others: Sequence[Link] = ()


@dataclass(frozen=True)
class Post:
    """One post of the road.

    when   done: when it happened; ahead: when it is due
    took   how long after the post before
    note   who did what, or what it waits for
    """

    title: str
    state: Literal["done", "now", "ahead"]
    when: date | None = None
    took: timedelta | None = None
    note: str = ""
    tag: Tag | None = None
    link: Link | None = None


@dataclass(frozen=True)
class SumLine:
    """One line of a calculation: whole cents, or words such as "× 1"."""

    label: str
    value: int | str


@dataclass(frozen=True)
class Sum:
    """An amount with its calculation. total None: it cannot be worked out yet."""

    title: str
    lines: Sequence[SumLine]
    total_label: str
    total: int | None
    currency: str = "EUR"
    note: str = ""


@dataclass(frozen=True)
class Person:
    """A part in the case and who plays it."""

    part: str
    who: str


@dataclass(frozen=True)
class Paper:
    """A document to open; kind as "PDF" and size in bytes where they are known."""

    label: str
    href: str
    kind: str = ""
    size: int | None = None


@dataclass(frozen=True)
class Figure:
    """A number above a page; href opens the list behind it."""

    value: str
    label: str
    of: str = ""
    kind: TagKind = "plain"
    href: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table; a number is set right, in figures of one width."""

    label: str
    number: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell with more than a text: a second line, a link, a tag or a button beside it."""

    text: str = ""
    note: str = ""
    href: str = ""
    tag: Tag | None = None
    button: Link | None = None


@dataclass(frozen=True)
class Change:
    """One thing before and after a change."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Check:
    """A rule, whether it is met, and what that rests on."""

    rule: str
    met: bool
    evidence: str = ""
