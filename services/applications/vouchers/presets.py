"""The vouchers of Boost4Health as data. Every figure can be changed before a call is published, none is written twice.

What is known: IN2LifeSciences, which came before, gave three kinds worth up to 500, 4,000 and 7,000 euro, from a budget
of each regional partner for the companies of its own region, used with a provider in another one. How they were decided
and how long they were valid is not published; two evaluators with a consensus at 60 per cent, three times five working
days, and twelve months are taken over from comparable schemes.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from contracts.amounts.calculation import Category
from contracts.call_rules import (
    Amount,
    CallRules,
    Eligibility,
    Fulfilment,
    Intake,
    ReportDue,
    Signing,
    Stage,
    Track,
    Words,
)
from contracts.rubric import Criterion, Rubric
from services.applications.vouchers.forms import PROVIDER, REQUESTED

Kind: TypeAlias = Literal["meet_greet", "insight", "collaboration", "travel"]


@dataclass(frozen=True)
class Voucher:
    """One kind: the most that it is worth in cents, per cent of the costs that are paid, days in which it can be used;
    scored: by two evaluators who agree, else by the officer alone; once: a company gets one per call."""

    key: Kind
    title: Words
    summary: Words
    source: Words
    cap_cents: int
    categories: tuple[Category, ...]
    share: int = 100
    validity_days: int = 365
    scored: bool = True
    once: bool = False


VOUCHERS: tuple[Voucher, ...] = (
    Voucher(
        key="meet_greet",
        title={"en": "Meet & Greet voucher"},
        summary={
            "en": "Meet a knowledge provider in another region: what you spend on getting there and back is paid."
        },
        source={"en": "IN2LifeSciences gave 110 of up to 500 euro in four calls, against actual costs."},
        cap_cents=500_00,
        categories=("travel", "accommodation"),
    ),
    Voucher(
        key="insight",
        title={"en": "Insight voucher"},
        summary={
            "en": "A knowledge provider in another region finds out for you whether your idea is feasible."
        },
        source={"en": "IN2LifeSciences gave 44 of up to 4,000 euro in four calls."},
        cap_cents=4_000_00,
        categories=("service", "travel", "accommodation"),
    ),
    Voucher(
        key="collaboration",
        title={"en": "Collaboration voucher"},
        summary={"en": "Work on a project of yours with a knowledge provider in another region."},
        source={"en": "IN2LifeSciences gave 70 of up to 7,000 euro in four calls."},
        cap_cents=7_000_00,
        categories=("service", "travel", "accommodation"),
    ),
    Voucher(
        key="travel",
        title={"en": "Travel voucher"},
        summary={
            "en": "Several trips to a knowledge provider in another region, until the voucher is used up."
        },
        source={
            "en": "DIH-HERO paid up to 2,000 euro, one per company and call, in the order of arrival, within twelve"
            " months."
        },
        cap_cents=2_000_00,
        categories=("travel", "accommodation"),
        scored=False,
        once=True,
    ),
)

_DAYS = 5
"""Working days of each task: fifteen for all three."""
_REVIEW = (
    Stage(
        key="scores",
        title={"en": "Scores"},
        tracks=(
            Track(
                key="score", kind="score", title={"en": "Two evaluators score"}, holder="EVALUATOR", quorum=2,
                days=_DAYS,
            ),
        ),
    ),
    Stage(
        key="agreement",
        title={"en": "Consensus"},
        tracks=(
            Track(
                key="consensus", kind="consensus", title={"en": "They agree on one result"}, holder="EVALUATOR",
                days=_DAYS,
            ),
        ),
    ),
)  # fmt: skip
_DECISION = Stage(
    key="decision",
    title={"en": "Decision"},
    tracks=(
        Track(key="decide", kind="decision", title={"en": "Your partner decides"}, holder="VOP", days=_DAYS),
    ),
)
_RUBRIC = Rubric(
    criteria=tuple(
        Criterion(key=key, title={"en": title}, most=5)
        for key, title in (
            ("relevance", "Relevance"),
            ("quality", "Quality and feasibility"),
            ("added_value", "What only another region can give"),
            ("impact", "Expected effect"),
        )
    ),
    threshold=60,
    apart=40,
)
_SME = Eligibility(
    key="companies", what="kind", allowed=("sme",), source="Boost4Health, vouchers for small companies",
    text={"en": "You are a small or medium-sized company."},
)  # fmt: skip
_ELSEWHERE = Eligibility(
    key="another_region", what="elsewhere", question=PROVIDER, source="Boost4Health, spent in another partner region",
    text={
        "en": "The knowledge provider is in another country than you, or in another region of yours. In one country"
        " both have to have said their region in the directory."
    },
)  # fmt: skip
_ONCE = Eligibility(
    key="one_each", what="once", source="DIH-HERO, one voucher per company and call",
    text={"en": "Your company has not been granted this voucher yet."},
)  # fmt: skip


def rules_of_voucher(voucher: Voucher, report_form: UUID) -> CallRules:
    """What a call for this voucher fixes."""
    return CallRules(
        parties=("VO", "VOP", "PAY"),
        signing=(Signing(document="financial", parties=("VO", "VOP", "PAY"), ordered=True),),
        fulfilment=Fulfilment(
            kind="voucher",
            validity_days=voucher.validity_days,
            in_parts=True,
            categories=voucher.categories,
        ),
        amount=Amount(mode="requested", question=REQUESTED, share=voucher.share, cap_cents=voucher.cap_cents),
        eligibility=(_SME, _ELSEWHERE, *((_ONCE,) if voucher.once else ())),
        stages=(*(_REVIEW if voucher.scored else ()), _DECISION),
        rubric=_RUBRIC if voucher.scored else Rubric(),
        intake=Intake(mode="first_come", full="refuse"),
        reports=(ReportDue(key="final", title={"en": "Final report"}, form=report_form, days_after=28),),
    )
