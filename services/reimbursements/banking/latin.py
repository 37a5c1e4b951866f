"""Text for payment files: only the Latin characters that every bank of the SEPA schemes takes.

What has to be changed or cut is reported, so that a person sees what the payee's bank will see. Letters
are converted as the European Payments Council's table has it, everything unknown becomes a full stop."""

import unicodedata
from dataclasses import dataclass
from string import ascii_letters, digits

ALLOWED = frozenset(ascii_letters + digits + "/-?:().,'+ ")

_LETTERS = {
    "ß": "s", "ẞ": "S", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T",
    "ı": "i", "ĸ": "k", "ŋ": "n", "Ŋ": "N",
}  # fmt: skip
_SIGNS = {
    "&": "+", "@": "(at)", "_": "-", "–": "-", "—": "-", "€": "E", "’": "'", "‘": "'", "`": "'", "´": "'",
    "„": "'", "“": "'", "”": "'", '"': "'", "[": "(", "]": ")", "{": "(", "}": ")", "<": "(", ">": ")",
    ";": ",", "\\": "/", "|": "/", "\u2044": "/", "~": "-", "\n": " ", "\t": " ", "\u00a0": " ",
}  # fmt: skip
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),
        strict=True,
    )
)
_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъьюяѝєіїґђјљњћџ",
        "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya "
        "i ye i yi g d j lj nj c dz".split(),
        strict=True,
    )
)
_TABLE = _LETTERS | _SIGNS | _GREEK | _CYRILLIC


@dataclass(frozen=True)
class Written:
    """A text as the file has it, beside the text it was made from."""

    original: str
    text: str
    cut: bool

    @property
    def changed(self) -> bool:
        return self.text != self.original


def latin(original: str, longest: int) -> Written:
    """The text in allowed characters, not longer than so many, and whether something had to be cut off."""
    text = " ".join("".join(_converted(character) for character in original).split())
    return Written(original, text[:longest].rstrip(), len(text) > longest)


def _converted(character: str) -> str:
    if character in ALLOWED:
        return character
    if found := _TABLE.get(character):
        return found
    if found := _TABLE.get(character.lower()):
        return found.upper()
    parts = unicodedata.normalize("NFKD", character)
    if parts != character:
        return "".join(_converted(part) for part in parts)
    return "" if unicodedata.combining(character) else "."
