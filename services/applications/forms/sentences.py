"""What is wrong with answers, as the applicant reads it: a sentence per place, worded for the reader."""

from collections.abc import Iterable

from contracts.errors import Finding
from services.applications.forms.answers import Filled
from services.applications.forms.definition import worded
from services.chassis.web.sentences import refusal


def sentences(filled: Filled, findings: Iterable[Finding], language: str) -> dict[str, str]:
    """The first sentence for each place; a check between answers says its author's own text."""
    said: dict[str, str] = {}
    for finding in findings:
        said.setdefault(finding.at, sentence(filled, finding, language))
    return said


def sentence(filled: Filled, finding: Finding, language: str) -> str:
    definition = filled.definition
    check = next((one for one in definition.checks if one.key == finding.params.get("check")), None)
    if check is not None:
        return worded(check.text, language, definition.languages)
    return refusal(finding.slug, finding.params)
