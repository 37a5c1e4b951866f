"""The texts that are signed, made from what was frozen: the same case gives the same bytes and so the same hash."""

from services.applications.models import Application


def quality_commitment(application: Application) -> str:
    """Commitment to Quality: goals, agenda and duties of the four parties (CX-45, CX-61)."""
    case = application.frozen
    way = "online" if case["mode"] == "virtual" else f"in {case['host_town']} ({case['host_country']})"
    return "\n\n".join(
        (
            f"COMMITMENT TO QUALITY · {application.number} · round {application.round}",
            f"Visitor: {case['visitor_name']}, {case['visitor_town']} ({case['visitor_country']})\n"
            f"Host: {case['host_name']}, {case['host_town']} ({case['host_country']})",
            f"The exchange takes place {way} from {case['first_day']} to {case['last_day']} "
            f"({case['working_days']} working days).",
            f"Activities: {', '.join(application.activities)}",
            f"Objectives\n{application.objectives}",
            f"Agenda\n{application.agenda}",
            "The visitor prepares the stay, takes part in the whole agenda and reports within "
            f"{case['terms']['report_days']} days after it. The host receives the visitor, keeps to the agenda and "
            "confirms the stay. Both partnerships prepare, advise and check. No party charges another for it.",
        )
    )


def financial_agreement(application: Application) -> str:
    """Financial Agreement between visitor and paying member: the sum, its conditions, the recipient's duties."""
    case = application.frozen
    euros = f"{application.amount_cents // 100:,}.{application.amount_cents % 100:02d} EUR"
    return "\n\n".join(
        (
            f"FINANCIAL AGREEMENT · {application.number} · round {application.round}",
            f"Recipient: {case['visitor_name']}, {case['visitor_town']} ({case['visitor_country']})\n"
            f"Payer: organisation {application.payer}, in its own name, in the frame of its partnership",
            f"The payer pays a lump sum of {euros} for {case['working_days']} working days at the host, "
            f"{case['distance_km']} km away, by the rate table {case['rate_version']}. Fewer days actually done are "
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
