"""A call goes live only with a holder and a deadline for every task, the payer last, and all translations."""

import re
from pathlib import Path
from typing import Any

import pytest

from contracts import call_rules, words
from contracts.call_rules import CallRules, findings

SAID = {"en": "A text"}
TRAVEL: dict[str, Any] = {
    "parties": ["VO", "VOP", "PAY"],
    "signing": [{"document": "financial", "parties": ["VO", "VOP", "PAY"], "ordered": True}],
    "fulfilment": {"kind": "voucher", "validity_days": 180},
    "amount": {"mode": "requested", "cap_cents": 150_000, "question": "requested"},
    "eligibility": [
        {"key": "in_eu", "what": "country", "allowed": ["PL"], "text": SAID, "source": "call text 2.1"}
    ],
    "stages": [
        {
            "key": "scores",
            "title": SAID,
            "tracks": [
                {
                    "key": "score",
                    "kind": "score",
                    "title": SAID,
                    "holder": "EVALUATOR",
                    "quorum": 2,
                    "days": 10,
                },
                {
                    "key": "money_check",
                    "kind": "check",
                    "title": SAID,
                    "holder": "PAY",
                    "days": 5,
                    "silence": "consent",
                },
            ],
        },
        {
            "key": "award",
            "title": SAID,
            "tracks": [{"key": "decide", "kind": "decision", "title": SAID, "holder": "VOP", "days": 10}],
        },
    ],
    "rubric": {"criteria": [{"key": "plan", "title": SAID, "threshold": 3}], "threshold": 60, "apart": 20},
    "reports": [
        {"key": "final", "title": SAID, "form": "0191b0a0-0000-7000-8000-000000000001", "days_after": 30}
    ],
}


def changed(*path: Any, to: Any) -> CallRules:
    """The travel call with one thing changed."""

    def put(data: Any, steps: tuple[Any, ...]) -> Any:
        if not steps:
            return to
        copy = list(data) if isinstance(data, list) else dict(data)
        copy[steps[0]] = put(data[steps[0]] if isinstance(data, list) else data.get(steps[0]), steps[1:])
        return copy

    return CallRules.model_validate(put(TRAVEL, path))


def test_a_sound_call_has_no_findings() -> None:
    assert list(findings(CallRules.model_validate(TRAVEL))) == []


@pytest.mark.parametrize(
    ("rules", "slug"),
    [
        (changed("stages", 0, "tracks", 0, "holder", to=None), "call-holder-missing"),
        (changed("stages", 0, "tracks", 0, "holder", to="HOP"), "call-holder-unknown"),
        (changed("stages", 1, "tracks", 0, "days", to=None), "call-deadline-missing"),
        (changed("stages", 0, "tracks", 0, "silence", to="consent"), "call-silence"),
        (changed("stages", 1, "tracks", 0, "kind", to="check"), "call-decision-missing"),
        (changed("signing", 0, "parties", to=["PAY", "VO"]), "call-payer-not-last"),
        (changed("signing", to=[{"document": "quality", "parties": ["VO"]}]), "call-financial-agreement-missing"),
        (changed("signing", 0, "parties", to=["VO", "HO", "PAY"]), "call-signatory-unknown"),
        (changed("languages", to=["en", "pl"]), "call-translation-missing"),
        (changed("parties", to=["VO", "VOP"]), "call-payer-missing"),
        (changed("amount", "cap_cents", to=None), "call-cap-missing"),
        (changed("amount", "mode", to="lump_sum"), "call-lump-sum-needs-host"),
        (changed("fulfilment", "validity_days", to=None), "call-validity-missing"),
        (changed("reports", to=[]), "call-report-missing"),
        (changed("intake", to={"mode": "cut_off"}), "call-cut-off-missing"),
        (changed("stages", 1, "tracks", 0, "holder", to="PAY"), "call-decision-holder"),
        (changed("stages", 0, "tracks", 1, "holder", to="EVALUATOR"), "call-evaluators-score"),
        (changed("rubric", "criteria", to=[]), "call-criteria-missing"),
        (changed("rubric", "criteria", 0, "least", to=5), "call-criterion-range"),
        (changed("rubric", "criteria", 0, "threshold", to=9), "call-criterion-threshold"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_missing_is_said_in_a_sentence(rules: CallRules, slug: str) -> None:
    found = {finding.slug: finding for finding in findings(rules)}
    assert slug in found
    assert words.REFUSALS[slug] % found[slug].params


def test_every_finding_has_a_sentence() -> None:
    slugs = set(re.findall(r'"(call-[a-z-]+)"', Path(call_rules.__file__).read_text()))
    assert len(slugs) > 25
    assert slugs <= words.REFUSALS.keys()
