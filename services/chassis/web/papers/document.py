"""A document in words: a title, parts with headings, paragraphs, points and answers; typeset as a tagged PDF."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files

import typst

from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import locale


@dataclass(frozen=True)
class Part:
    """A piece of a document: what is said in paragraphs, then in points, then as pairs of label and value."""

    heading: str = ""
    paragraphs: Sequence[str] = ()
    points: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Document:
    """foot stands at the foot of every page; language is that of its words, if it is not the reader's."""

    title: str
    made_at: datetime
    parts: Sequence[Part] = field(default_factory=list[Part])
    foot: str = ""
    language: str = ""


def typeset(document: Document) -> bytes:
    """A tagged PDF (PDF/UA-1): the same document is the same bytes. Texts go in as data, so nobody's text is typeset
    as a command."""
    told = {
        "title": document.title,
        "foot": document.foot,
        "page": _("Page"),
        "parts": [
            {
                "heading": part.heading,
                "paragraphs": [_lines(text) for text in part.paragraphs],
                "points": list(part.points),
                "pairs": [{"label": label, "lines": _lines(value)} for label, value in part.pairs],
            }
            for part in document.parts
        ],
    }
    return typst.compile(
        files(__package__ or __name__).joinpath("document.typ").read_bytes(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"document": json.dumps(told), "language": document.language or locale().language},
        timestamp=int(document.made_at.timestamp()),
    )


def _lines(text: str) -> list[str]:
    return text.split("\n")
