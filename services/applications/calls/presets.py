"""What a new call starts from. Every figure is the scheme's own data and can be changed before publication."""

from typing import Literal, TypeAlias

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
)
from contracts.countries import ELIGIBLE

Preset: TypeAlias = Literal["exchange", "travel", "empty"]

_REVIEW = Track(
    key="opinion", kind="opinion", title={"en": "Opinion of the host's partnership"}, holder="HOP", days=15
)
_DECISION = Track(key="decision", kind="decision", title={"en": "Decision"}, holder="VOP", days=15)

EXCHANGE = CallRules(
    parties=("VO", "HO", "VOP", "HOP", "PAY"),
    signing=(
        Signing(document="quality", parties=("VO", "HO", "VOP", "HOP")),
        Signing(document="financial", parties=("VO", "PAY"), ordered=True),
    ),
    fulfilment=Fulfilment(kind="visit"),
    amount=Amount(mode="lump_sum"),
    eligibility=(
        Eligibility(
            key="countries", what="country", allowed=tuple(sorted(ELIGIBLE)),
            source="ClusterXchange, how can I participate",
            text={"en": "Your organisation is registered in a country that takes part."},
        ),
        Eligibility(
            key="kinds", what="kind", allowed=("cluster", "network", "support", "sme"),
            source="ClusterXchange, how can I participate",
            text={"en": "You are an SME, a cluster or network organisation, or support companies that grow."},
        ),
        Eligibility(
            key="in_cluster", what="cluster", source="ClusterXchange, frequently asked questions",
            text={"en": "If you are a company, you are a member of a cluster organisation."},
        ),
        Eligibility(
            key="visits_once", what="once", source="ClusterXchange, about the scheme",
            text={"en": "Your organisation has not visited yet in this edition."},
        ),
    ),
    stages=(Stage(key="review", title={"en": "Review"}, tracks=(_REVIEW, _DECISION)),),
    intake=Intake(full="wait"),
)  # fmt: skip
"""ClusterXchange: a visit to a host in another country, a lump sum by its country; asked with its own form."""

TRAVEL = CallRules(
    parties=("VO", "VOP", "PAY"),
    signing=(Signing(document="financial", parties=("VO", "VOP", "PAY"), ordered=True),),
    fulfilment=Fulfilment(kind="voucher", validity_days=180),
    amount=Amount(mode="requested"),
    stages=(Stage(key="review", title={"en": "Review"}, tracks=(_DECISION,)),),
    reports=(ReportDue(key="final", title={"en": "Final report"}, days_after=30),),
)
"""A grant without host, paid on a report, the provider's invoice and the proof of payment."""

PRESETS: dict[Preset, CallRules] = {"exchange": EXCHANGE, "travel": TRAVEL, "empty": CallRules()}
