"""What somebody said in a mail: its words without the mail that it answers, and what is attached."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import cast

_QUOTED = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Oryginalna wiadomość)"
    r"|_{20,}\s*$|(?:On|Am|Le|W dniu|El|Il)\b.{5,200}(?:wrote|schrieb|a écrit|napisał|escribió|ha scritto).{0,60}:\s*$"
    r"|(?:From|Von|De|Od):\s.+@)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$")
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "table", "ul", "ol"}
_SILENT = {"style", "script", "head", "title", "blockquote"}
LONGEST = 50_000
"""Characters of one mail that are kept."""


def said_in(message: EmailMessage) -> str:
    """The words of a mail, without what it quotes below them; of HTML its text."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    content = str(body.get_content())
    if body.get_content_type() == "text/html":
        reading = _Text()
        reading.feed(content)
        content = "".join(reading.pieces)
    return _own_words(content)[:LONGEST]


def _own_words(content: str) -> str:
    lines: list[str] = []
    for line in content.replace("\r\n", "\n").replace("\xa0", " ").split("\n"):
        if _QUOTED.match(line) or _SIGNATURE.match(line):
            break
        lines.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Text(HTMLParser):
    """The text of a page; quotes, scripts and styles are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        elif tag in ("p", "div"):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(re.sub(r"\s+", " ", data))


def attached_to(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each attachment."""
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield part.get_filename() or "attachment", content


def is_automatic(message: EmailMessage, envelope_sender: str | None) -> bool:
    """Bounces, absence notes, lists: written by a machine, for nobody here (RFC 3834, RFC 5321 section 4.5.5)."""
    if not envelope_sender or envelope_sender == "<>" or message.get_content_type() == "multipart/report":
        return True
    automatic = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = cast(str, message.get("Precedence", "")).strip().lower()
    return (
        automatic != "no" or precedence in ("bulk", "list", "junk", "auto_reply") or "X-Autoreply" in message
    )
