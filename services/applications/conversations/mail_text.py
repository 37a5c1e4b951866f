"""What somebody said in a mail: its words without the mail that it answers, and what is attached."""

import re
from collections.abc import Iterator, Sequence
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser
from typing import cast

_QUOTE = re.compile(r"^\s*>")
_QUOTES = re.compile(
    r"^\s*(?:On|Am|Le|W dniu|El|Il)\b.{5,200}(?:wrote|schrieb|a écrit|napisał|escribió|ha scritto).{0,60}:\s*$",
    re.IGNORECASE,
)
"""The line above a quote."""
_BELOW = re.compile(
    r"^\s*(?:-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Oryginalna wiadomość)"
    r"|_{20,}\s*$|(?:From|Von|De|Od):\s.+@)",
    re.IGNORECASE,
)
"""From such a line on, all is the mail that is answered."""
_SIGNATURE = re.compile(r"^-- ?$")
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "table", "ul", "ol"}
_SILENT = {"style", "script", "head", "title", "blockquote"}
LONGEST = 50_000
"""Characters of one mail that are kept."""


def header(message: EmailMessage, name: str) -> str:
    """What a header says, without signs that no database keeps; nothing of one that cannot be read."""
    try:
        return str(message.get(name, "")).replace("\0", "").strip()
    except (AttributeError, IndexError, TypeError, ValueError):  # the parser's answers to what is no header
        return ""


def said_in(message: EmailMessage) -> str:
    """The words of a mail, without what it quotes; of HTML its text. Where nothing is left, all that it says."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    content = _text_of(body)
    if body.get_content_type() == "text/html":
        reading = _Text()
        reading.feed(content)
        content = "".join(reading.pieces)
    lines = content.replace("\r\n", "\n").replace("\xa0", " ").replace("\0", "").split("\n")
    return (_spaced(_own_words(lines)) or _spaced(lines))[:LONGEST]


def _text_of(body: MIMEPart) -> str:
    """Its characters; where the mail names none that there are, each byte that is one."""
    try:
        return str(body.get_content())
    except LookupError:
        return cast(bytes, body.get_payload(decode=True)).decode(errors="replace")


def _own_words(lines: Sequence[str]) -> list[str]:
    """Without quotes, wherever they stand: people answer above, below and between them."""
    own: list[str] = []
    for number, line in enumerate(lines):
        if _BELOW.match(line) or _SIGNATURE.match(line):
            break
        if _QUOTES.match(line):
            following = next((one for one in lines[number + 1 :] if one.strip()), "")
            if not _QUOTE.match(following):
                break
        elif not _QUOTE.match(line):
            own.append(line)
    return own


def _spaced(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


class _Text(HTMLParser):
    """The text of a page; scripts and styles are left out, of a quote only that it stands there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self.pieces.append("\n>\n")
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
            yield (part.get_filename() or "attachment").replace("\0", ""), content


def is_automatic(message: EmailMessage, envelope_sender: str | None) -> bool:
    """Bounces, absence notes, lists: written by a machine, for nobody here (RFC 3834, RFC 5321 section 4.5.5)."""
    if not envelope_sender or envelope_sender == "<>" or message.get_content_type() == "multipart/report":
        return True
    automatic = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = cast(str, message.get("Precedence", "")).strip().lower()
    return (
        automatic != "no" or precedence in ("bulk", "list", "junk", "auto_reply") or "X-Autoreply" in message
    )
