"""Whoever reads the short name of a rule finds what it says, and who says it, in our own documentation."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\b(?:CX|FS)-\d\d\b(?!\d)")


def test_every_rule_that_the_code_names_is_explained() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| ((?:CX|FS)-\d\d) \|", page, re.MULTILINE))
    named = {
        name
        for room in ("contracts", "services", "workflows", "deploy")
        for file in (ROOT / room).rglob("*.py")
        for name in NAME.findall(file.read_text(encoding="utf-8"))
    }
    assert named - explained == set()
