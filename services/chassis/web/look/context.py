"""Who reads the page: language, name, navigation, clock. What words a page finds its one reader here;
nothing knows a service or opens a connection."""

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation. badge is a count that waits; alarm marks it as something wrong."""

    label: str
    href: str
    current: bool = False
    badge: int | None = None
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class PageContext:
    """What every page knows about its reader, beside its own values.

    language     code of a catalogue ("en"); an unknown one reads as English
    person_name  None: nobody is signed in
    principal    the name of whom they act for; empty when for themselves
    nav, menu    entries of the header, and of the menu behind the person's name
    clock_rate   of the business clock; other than 1, every page says so
    csrf         token that every form repeats
    path         of this page, to come back to
    web_url      the public address, for links in mails
    now          business time, for "in 9 days" and for leaving out the current year
    unscanned    whether files are kept without a scanner that looks for malicious software
    grant        whether what it is about is a grant without host, and no exchange: texts are worded for it
    """

    language: str = "en"
    person_name: str | None = None
    principal: str = ""
    nav: Sequence[NavItem] = ()
    menu: Sequence[NavItem] = ()
    clock_rate: float = 1.0
    csrf: str = ""
    path: str = "/"
    web_url: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    unscanned: bool = False
    grant: bool = False


_reader: ContextVar[PageContext | None] = ContextVar("reader", default=None)


def reader() -> PageContext:
    """The reader whom texts are worded for now; an English one where none was named."""
    return _reader.get() or PageContext()


def read_as(language: str, now: datetime) -> None:
    """Words the rest of this request in this language, at this business time: for sentences made before the page is
    rendered."""
    _reader.set(PageContext(language=language, now=now))


def speak_of(grant: bool) -> None:
    """Words the rest of this request for a grant, or for an exchange."""
    _reader.set(replace(reader(), grant=grant))


def speaking_of(grant: bool) -> AbstractContextManager[None]:
    """Words what is inside so: a row of a list where exchanges and grants stand side by side."""
    return reading(replace(reader(), grant=grant))


@contextmanager
def reading(page: PageContext) -> Generator[None]:
    """Words everything inside for this reader, as `render` does."""
    token = _reader.set(page)
    try:
        yield
    finally:
        _reader.reset(token)
