"""Holds the guides (every Markdown file) to the code: a link leads somewhere, and a link to a line still shows it.

A link to a line says in its title what stands there, `[who pays](claims.py#L143 "async def approve")`; when the
code moves, `python -m deploy.guides mend` finds the line again by these words.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

LINK = re.compile(
    r"""\]\((?P<path>[^)#\s]*)(?:#(?P<part>[^)\s]+))?(?:\s+(?P<quote>["'])(?P<words>.*?)(?P=quote))?\)"""
)
LINE = re.compile(r"L(\d+)")
ROOT = Path(__file__).parents[1]


def guides() -> Iterator[Path]:
    """Every Markdown file of the project."""
    yield from ROOT.glob("*.md")
    for room in ("contracts", "deploy", "docs", "services", "tests", "workflows"):
        yield from (ROOT / room).rglob("*.md")


def mended(guide: Path, text: str) -> tuple[str, list[str]]:
    """The guide with its line numbers right, and a sentence for each link that cannot be mended."""
    wrong: list[str] = []

    def look(link: re.Match[str]) -> str:
        path, part, words = link["path"], link["part"], link["words"]
        if "://" in path or path.startswith("mailto:"):
            return link[0]
        target = guide.parent / path if path else guide
        if not target.exists():
            wrong.append(f"{guide.relative_to(ROOT)}: {path} is not there")
            return link[0]
        number = LINE.fullmatch(part or "")
        if not number:
            return link[0]
        lines = target.read_text().splitlines()
        found = [at for at, line in enumerate(lines, 1) if words and words in line]
        if not found:
            asked = "shows no words to find it by" if not words else f"has no line with “{words}”"
            wrong.append(f"{guide.relative_to(ROOT)}: {path}#{part} {asked}")
            return link[0]
        nearest = min(found, key=lambda at: abs(at - int(number[1])))
        return link[0].replace(f"#{part}", f"#L{nearest}", 1)

    return LINK.sub(look, text), wrong


def main(what: str) -> int:
    """`check` reports what is wrong, `mend` writes what can be mended; 1 when something is left to do."""
    left: list[str] = []
    for guide in guides():
        text = guide.read_text()
        better, wrong = mended(guide, text)
        left += wrong
        if better != text and what == "mend":
            guide.write_text(better)
        elif better != text:
            left.append(f"{guide.relative_to(ROOT)}: lines have moved; `make guides` mends the numbers")
    for sentence in left:
        print(sentence, file=sys.stderr)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
