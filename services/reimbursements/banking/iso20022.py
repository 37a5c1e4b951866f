"""Reading bank messages (ISO 20022): XML without entities, without network, and amounts as whole cents.

Nothing is guessed: an element that is missing or an amount that is no whole number of cents is refused."""

import re
from datetime import date, datetime
from decimal import Decimal

from lxml import etree
from lxml.etree import _Element as Element  # pyright: ignore[reportPrivateUsage]

from contracts.errors import DomainError

NOTPROVIDED = "NOTPROVIDED"
LARGEST_FILE = 20_000_000
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,2}0*)?")


class Node:
    """An element of a message, addressed by paths without prefixes, e.g. "Acct/Id/IBAN"."""

    def __init__(self, element: Element, message: str) -> None:
        self._element = element
        self._message = message

    @property
    def name(self) -> str:
        return etree.QName(self._element).localname

    def all(self, path: str) -> list["Node"]:
        return [Node(found, self._message) for found in self._element.findall(self._path(path))]

    def maybe(self, path: str) -> "Node | None":
        found = self._element.find(self._path(path))
        return None if found is None else Node(found, self._message)

    def one(self, path: str) -> "Node":
        found = self.maybe(path)
        if found is None:
            raise self.refused(path)
        return found

    def text(self, *paths: str) -> str | None:
        """The text at the first of these paths that has one."""
        for path in paths:
            found = (self._element.findtext(self._path(path)) or "").strip()
            if found:
                return found
        return None

    def must(self, *paths: str) -> str:
        found = self.text(*paths)
        if found is None:
            raise self.refused(" | ".join(paths))
        return found

    def own_text(self) -> str:
        return (self._element.text or "").strip()

    def cents(self, path: str) -> int:
        """The amount at this path, which is in euro and zero or more."""
        amount = self.one(path)
        if amount.currency() != "EUR":
            raise DomainError("message-currency", "file", where=path, currency=amount.currency())
        cents = cents_of(amount.own_text())
        if cents is None:
            raise self.refused(path)
        return cents

    def currency(self) -> str:
        return self._element.get("Ccy") or ""

    def day(self, path: str) -> date:
        """The date at this path, given as date or as date and time."""
        try:
            if given := self.text(f"{path}/Dt"):
                return date.fromisoformat(given)
            return datetime.fromisoformat(self.must(f"{path}/DtTm")).date()
        except ValueError as reason:
            raise self.refused(path) from reason

    def texts(self) -> list[tuple[str, str]]:
        """All texts below, with the names of their elements."""
        return [
            (etree.QName(element).localname, element.text)
            for element in self._element.iter("{*}*")
            if element.text and element.text.strip()
        ]

    def refused(self, path: str) -> DomainError:
        return DomainError("message-incomplete", "file", message=self._message, where=f"{self.name}/{path}")

    def _path(self, path: str) -> str:
        return "/".join(f"{{*}}{step}" for step in path.split("/"))


def read(content: bytes, messages: tuple[str, ...]) -> tuple[Node, str]:
    """The message in a file and which of the given versions it is, e.g. "camt.053.001.08"."""
    if len(content) > LARGEST_FILE:
        raise DomainError("message-too-large", "file", bytes=len(content))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        document = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as reason:
        raise DomainError("message-unreadable", "file") from reason
    if document.getroottree().docinfo.doctype:
        raise DomainError("message-unreadable", "file")
    message = (etree.QName(document).namespace or "").rpartition(":")[2]
    if message not in messages or len(document) != 1:
        raise DomainError("message-version", "file", found=message, read=", ".join(messages))
    return Node(document[0], message), message


def cents_of(text: str) -> int | None:
    """Whole cents of a decimal amount, or None if it is none."""
    if not _AMOUNT.fullmatch(text):
        return None
    return int(Decimal(text).scaleb(2))
