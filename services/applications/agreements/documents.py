"""The texts that are signed, made from what was frozen: the same case gives the same bytes and so the same hash."""

from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date

from contracts.call_rules import CallRules
from contracts.words import CODES
from services.applications.amendments.models import Amendment
from services.applications.models import Application

_LOCALE = Locale.parse("en_GB")
"""Papers are signed in one language, whoever reads them."""


def quality_commitment(application: Application) -> str:
    """Commitment to Quality: goals, agenda and duties of the four parties (CX-45, CX-61)."""
    case = application.frozen
    way = "online" if case["mode"] == "virtual" else f"in {_place(case, 'host')}"
    return "\n\n".join(
        (
            f"COMMITMENT TO QUALITY · {application.number} · round {application.round}",
            f"Visitor: {case['visitor_name']}, {_place(case, 'visitor')}\n"
            f"Host: {case['host_name']}, {_place(case, 'host')}",
            f"The exchange takes place {way} from {_day(case['first_day'])} to {_day(case['last_day'])} "
            f"({case['working_days']} working days).",
            "Activities\n" + "\n".join(CODES[activity] for activity in application.activities),
            f"Objectives\n{application.objectives}",
            f"Agenda\n{application.agenda}",
            "The visitor prepares the stay, takes part in the whole agenda and reports within "
            f"{case['terms']['report_days']} days after it. The host receives the visitor, keeps to the agenda and "
            "confirms the stay. Both partnerships prepare, advise and check. No party charges another for it.",
        )
    )


def financial_agreement(application: Application, payer: str) -> str:
    """Financial Agreement between visitor and paying member: the sum, its conditions, the recipient's duties."""
    case = application.frozen
    euros = f"{application.amount_cents // 100:,}.{application.amount_cents % 100:02d} EUR"
    return "\n\n".join(
        (
            f"FINANCIAL AGREEMENT · {application.number} · round {application.round}",
            f"Recipient: {case['visitor_name']}, {_place(case, 'visitor')}\n"
            f"Payer: {payer}, in its own name, in the frame of its partnership",
            f"The payer pays a lump sum of {euros} for {case['working_days']} working days at the host, "
            f"{case['distance_km']} km away, by the {_table(case['rate_version'])}. Fewer days actually done are "
            "computed by the same rules and may halve the sum or leave nothing.",
            f"It is paid once, within {case['terms']['payment_days']} days after the report is validated and the "
            "evidence complete. There is no advance.",
            "The recipient declares that it is an SME within the meaning of Recommendation 2003/361/EC or another "
            "eligible recipient, that the same costs are not funded twice, that no ground for exclusion and no "
            "restrictive measure of the Union applies to it.",
            "The recipient avoids conflicts of interest, keeps what it learns confidential, respects ethics and "
            "visibility rules, keeps records for five years after the funder's final payment, and gives the "
            "funder, OLAF and the Court of Auditors access to them.",
        )
    )


def grant_agreement(application: Application, document: str, payer: str) -> str:
    """What is signed under a call with a form: the grant, its conditions, the recipient's duties."""
    case = application.frozen
    euros = f"{application.amount_cents // 100:,}.{application.amount_cents % 100:02d} EUR"
    kind = "FINANCIAL AGREEMENT" if document == "financial" else "COMMITMENT TO QUALITY"
    reports = CallRules.model_validate(case["rules"]).reports
    due = ", ".join(
        f"{next(iter(one.title.values()), one.key)} after {one.days_after} days" for one in reports
    )
    return "\n\n".join(
        (
            f"{kind} · {application.number} · round {application.round}",
            f"Call: {case['title']}, edition {case['edition']}, revision {case['revision']}",
            f"Recipient: {case['visitor_name']}, {_place(case, 'visitor')}",
            f"Payer: {payer}, in its own name, in the frame of its partnership",
            f"The payer grants up to {euros} for what the application says, whose answers have the fingerprint "
            f"{case['answers_hash']}. It takes place from {_day(case['first_day'])} to {_day(case['last_day'])}.",
            f"The recipient reports: {due}." if due else "The recipient reports on the use of the grant.",
            "It is paid against the report, the provider's invoice and the proof of payment, up to the sum granted, "
            f"within {case['terms']['payment_days']} days after the evidence is complete. There is no advance.",
            "The recipient declares that the same costs are not funded twice, and that no ground for exclusion and no "
            "restrictive measure of the Union applies to it. It avoids conflicts of interest, keeps what it learns "
            "confidential, respects ethics and visibility rules, keeps records for five years after the funder's final "
            "payment, and gives the funder, OLAF and the Court of Auditors access to them.",
        )
    )


def amended_text(content: str, amendment: Amendment) -> str:
    """The new version of a document says which amendment it is and what it replaces."""
    return (
        f"AMENDMENT {amendment.number}\n\nThis version replaces the one signed before as soon as everybody has signed "
        f"it. Until then the one signed before holds.\n\n{content}"
    )


def _place(case: dict[str, Any], side: str) -> str:
    return f"{case[f'{side}_town']}, {_LOCALE.territories[case[f'{side}_country']]}"


def _day(iso: str) -> str:
    return format_date(date.fromisoformat(iso), "d MMMM y", locale=_LOCALE)


def _table(version: str) -> str:
    return CODES.get(f"rate_table.{version}", f"rate table {version}")
