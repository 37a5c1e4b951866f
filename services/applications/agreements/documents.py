"""The texts that are signed, made from what was frozen: the same case gives the same bytes and so the same hash.

A text is blocks with an empty line between them. A block that begins with a number and a full stop begins a clause;
a line that begins with a dash is one point of a list. What people have typed stands within one block.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from babel import Locale
from babel.dates import format_date

from contracts.call_rules import CallRules
from contracts.words import CODES
from services.applications.amendments.models import Amendment
from services.applications.models import Application
from services.chassis.web.papers.document import Part

_LOCALE = Locale.parse("en_GB")
"""Papers are signed in one language, whoever reads them."""
_CLAUSE = re.compile(r"\d+\. ")
_POINT = "– "

DECLARATIONS = (
    "that it is an SME within the meaning of Recommendation 2003/361/EC, or another recipient that the scheme allows;",
    "that the same costs are not paid by any other public money, and that it will say so at once if they are to be;",
    "that none of the grounds for exclusion from funding by the Union applies to it or to those who act for it;",
    "that no restrictive measure of the Union applies to it, to its owners or to those who control it.",
)
"""What a recipient declares before anybody owes anything (financial rules of the Union's programmes)."""
DUTIES = (
    "avoids every conflict of interest and reports one that arises without delay;",
    "keeps confidential what it learns in confidence;",
    "respects ethical principles and the values of the Union;",
    "names the programme and the Union's support wherever it makes the activity public;",
    "keeps the records and documents of the activity for five years after the funder's final payment;",
    "gives the funder, the Commission, OLAF, EPPO and the Court of Auditors access to them and to its premises.",
)
"""What the payer has to pass on to a recipient (model grant agreement, support to third parties)."""


def quality_commitment(application: Application) -> str:
    """Commitment to Quality: goals, agenda and duties of the four parties (CX-45, CX-61)."""
    case = application.frozen
    way = "online" if case["mode"] == "virtual" else f"in {_place(case, 'host')}"
    return _text(
        f"COMMITMENT TO QUALITY · {application.number} · round {application.round}",
        (
            "Parties",
            f"Visitor: {case['visitor_name']}, {_place(case, 'visitor')}",
            f"Host: {case['host_name']}, {_place(case, 'host')}",
            "and the partnerships of both.",
        ),
        (
            "The exchange",
            f"It takes place {way} from {_day(case['first_day'])} to {_day(case['last_day'])} "
            f"({case['working_days']} working days).",
        ),
        ("Activities", *(f"{_POINT}{CODES[activity]}" for activity in application.activities)),
        ("Objectives", _typed(application.objectives)),
        ("Agenda", _typed(application.agenda)),
        (
            "Duties",
            f"{_POINT}The visitor prepares the stay, takes part in the whole agenda and reports within "
            f"{case['terms']['report_days']} days after it.",
            f"{_POINT}The host receives the visitor, keeps to the agenda and confirms the stay.",
            f"{_POINT}Both partnerships prepare, advise and check.",
            f"{_POINT}No party charges another for it.",
        ),
    )


def financial_agreement(application: Application, payer: str) -> str:
    """Financial Agreement between visitor and paying member: the sum, its conditions, the recipient's duties."""
    case = application.frozen
    return _text(
        f"FINANCIAL AGREEMENT · {application.number} · round {application.round}",
        _recipient_and_payer(case, payer),
        (
            "The sum",
            f"The payer pays a lump sum of {_euros(application)} for {case['working_days']} working days at the host, "
            f"{case['distance_km']} km away, by the {_table(case['rate_version'])}. Fewer days actually done are "
            "computed by the same rules and may halve the sum or leave nothing.",
        ),
        (
            "Payment",
            f"It is paid once, within {case['terms']['payment_days']} days after the report is validated and the "
            "evidence complete. There is no advance.",
        ),
        *_declared_and_promised(),
    )


def grant_agreement(application: Application, document: str, payer: str) -> str:
    """What is signed under a call with a form: the grant, its conditions, the recipient's duties."""
    case = application.frozen
    kind = "FINANCIAL AGREEMENT" if document == "financial" else "COMMITMENT TO QUALITY"
    reports = CallRules.model_validate(case["rules"]).reports
    due = [f"{next(iter(one.title.values()), one.key)}, after {one.days_after} days" for one in reports]
    where = f" at {case['host_name']}, {_place(case, 'host')}" if case.get("host") else ""
    counted = f", {case['working_days']} days that count" if case.get("working_days") else ""
    return _text(
        f"{kind} · {application.number} · round {application.round}",
        (
            *_recipient_and_payer(case, payer),
            *([f"Host: {case['host_name']}, {_place(case, 'host')}"] if where else []),
        ),
        (
            "The grant",
            f"Call: {case['title']}, edition {case['edition']}, revision {case['revision']}",
            f"The payer grants up to {_euros(application)} for what the application says, whose answers have the "
            f"fingerprint {case['answers_hash']}. It takes place{where} from {_day(case['first_day'])} to "
            f"{_day(case['last_day'])}{counted}.",
        ),
        (
            "Reports",
            *([f"{_POINT}{one}" for one in due] or ["The recipient reports on the use of the grant."]),
        ),
        (
            "Payment",
            "It is paid against the report, the provider's invoice and the proof of payment, up to the sum granted, "
            f"within {case['terms']['payment_days']} days after the evidence is complete. There is no advance.",
        ),
        *_declared_and_promised(),
    )


def amended_text(content: str, amendment: Amendment) -> str:
    """The new version of a document says which amendment it is and what it replaces."""
    title, _empty, clauses = content.partition("\n\n")
    return (
        f"{title} · AMENDMENT {amendment.number}\n\nThis version replaces the one signed before as soon as everybody "
        f"has signed it. Until then the one signed before holds.\n\n{clauses}"
    )


def read(content: str) -> tuple[str, list[Part]]:
    """A text as pages and PDFs show it, word for word: its title, and its clauses."""
    title, *blocks = content.split("\n\n")
    return title, [part for block in blocks for part in _parts(block)]


def _parts(block: str) -> Iterator[Part]:
    lines = block.split("\n")
    heading = lines.pop(0) if _CLAUSE.match(lines[0]) else ""
    for is_list, run in groupby(lines, key=lambda line: line.startswith(_POINT)):
        if is_list:
            yield Part(heading, points=[line.removeprefix(_POINT) for line in run])
        else:
            yield Part(heading, paragraphs=["\n".join(run)])
        heading = ""


def _text(title: str, *clauses: tuple[str, ...]) -> str:
    numbered = (f"{n}. " + "\n".join(lines) for n, lines in enumerate(clauses, start=1))
    return "\n\n".join((title, *numbered))


def _typed(text: str) -> str:
    """What somebody has typed, without empty lines, so that none of it reads as a clause of its own."""
    return "\n".join(line for line in text.splitlines() if line.strip())


def _recipient_and_payer(case: dict[str, Any], payer: str) -> tuple[str, ...]:
    return (
        "Parties",
        f"Recipient: {case['visitor_name']}, {_place(case, 'visitor')}",
        f"Payer: {payer}, in its own name, in the frame of its partnership",
    )


def _declared_and_promised() -> tuple[tuple[str, ...], ...]:
    return (
        ("Declarations", "The recipient declares:", *(f"{_POINT}{one}" for one in DECLARATIONS)),
        ("Obligations", "The recipient:", *(f"{_POINT}{one}" for one in DUTIES)),
    )


def _euros(application: Application) -> str:
    return f"{application.amount_cents // 100:,}.{application.amount_cents % 100:02d} EUR"


def _place(case: dict[str, Any], side: str) -> str:
    return f"{case[f'{side}_town']}, {_LOCALE.territories[case[f'{side}_country']]}"


def _day(iso: str) -> str:
    return format_date(date.fromisoformat(iso), "d MMMM y", locale=_LOCALE)


def _table(version: str) -> str:
    return CODES.get(f"rate_table.{version}", f"rate table {version}")
