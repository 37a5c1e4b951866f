"""The reimbursements service: the only place that builds its objects and joins its rules, pages, readers and
steps.
"""

from pathlib import Path

from fastapi import FastAPI

from contracts.finance_file import Infected
from services.chassis.clock import Clock
from services.chassis.identity.tokens import Keys
from services.chassis.refused_files import tell_senders
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.reimbursements import consumers, seeding, steps
from services.reimbursements import kinds as kind
from services.reimbursements.audit import views as audit_views
from services.reimbursements.bank import advising, suspense
from services.reimbursements.bank import statements as bank
from services.reimbursements.bank import views as bank_views
from services.reimbursements.budgets import (
    aid,
    aid_check_views,
    budget_views,
    budgets,
    limit_views,
    plan_views,
    transfer_views,
    transfers,
)
from services.reimbursements.claims import acts as claim_acts
from services.reimbursements.claims import after_end, after_end_views, claims, demand_views, recovery
from services.reimbursements.claims import checks as claim_checks
from services.reimbursements.claims import lines as claim_lines
from services.reimbursements.claims import opening as claim_opening
from services.reimbursements.claims import views as claim_views
from services.reimbursements.funder import costs as funder_costs
from services.reimbursements.funder import cuts as funder_cuts
from services.reimbursements.funder import instalment_views, instalments
from services.reimbursements.funder import kinds as funder_kinds
from services.reimbursements.funder import reports as funder_reports
from services.reimbursements.funder import views as funder_views
from services.reimbursements.payees import payees, screening, staff
from services.reimbursements.payees import views as payee_views
from services.reimbursements.payments import batches, late
from services.reimbursements.payments import views as payment_views
from services.reimbursements.periods import books, closing
from services.reimbursements.periods import kinds as period_kinds
from services.reimbursements.periods import views as period_views
from services.reimbursements.rates import currencies, currency_views, rate_views, rates
from services.reimbursements.retention import keeping
from services.reimbursements.retention import kinds as retention_kinds
from services.reimbursements.retention import views as retention_views
from services.reimbursements.vault import Vault

RULES = (
    advising, after_end, aid, bank, batches, books, budgets, claim_checks, claim_lines, claim_opening,
    claims, closing, currencies, funder_costs, funder_cuts, funder_reports, instalments,
    keeping, late, payees, rates, recovery, screening, staff, suspense, transfers,
)  # fmt: skip
"""Modules whose rules are registered by being imported."""


def make_service(settings: Settings, *, clock: Clock | None = None, keys: Keys | None = None) -> Service:
    """The service over its database; clock and keys are given by tests."""
    service = Service(
        "reimbursements", settings, templates=Path(__file__).parent / "templates", clock=clock, keys=keys
    )
    service.provide(Vault(settings.data), service.files)
    tell_senders(service, kind.refused_files, lambda sender: Infected(person=sender))
    service.faces(kind.budgets, {"open": budget_views.prepare_line})
    service.faces(kind.aid_declarations, {"make": limit_views.prepare_declaration})
    service.faces(kind.aid_entries)
    service.faces(kind.late_payments, {"ask": after_end_views.prepare_late})
    service.faces(kind.transfers, {"propose": transfer_views.prepare_transfer})
    service.faces(
        kind.payees,
        {
            "enter": payee_views.prepare_account,
            "change": payee_views.prepare_account,
            "check": payee_views.prepare_account_check,
            "excuse": payee_views.prepare_account_check,
            "release": payee_views.prepare_account_check,
            "clear": payee_views.prepare_account_check,
        },
    )
    service.faces(
        kind.claims,
        {
            "open_part": claim_acts.prepare_part,
            "add_line": claim_acts.prepare_line,
            "change_line": claim_acts.prepare_line,
            "remove_line": claim_acts.prepare_line,
            "check_line": claim_acts.prepare_line,
            "verify": claim_acts.prepare_check,
            "approve": claim_acts.prepare_check,
            "match_recovery": claim_acts.prepare_match,
        },
    )
    service.faces(
        kind.batches,
        {
            "propose": payment_views.prepare_proposal,
            "second": payment_views.prepare_authorisation,
            "authorise": payment_views.prepare_authorisation,
        },
    )
    service.faces(kind.payments)
    service.faces(kind.statements)
    service.faces(kind.advices)
    service.faces(kind.sanctions_lists, {"import": payee_views.prepare_list})
    service.faces(kind.staff_lists, {"import": payee_views.prepare_list})
    service.faces(kind.suspense, dict.fromkeys(("explain", "send_back", "confirm"), bank_views.prepare_line))
    service.faces(kind.exchange_tables, {"import": currency_views.prepare_import})
    service.faces(kind.rate_tables, {"lower": rate_views.prepare_lowering})
    service.faces(period_kinds.periods, {"open": period_views.prepare_open})
    service.faces(period_kinds.charts, dict.fromkeys(("draw", "change"), period_views.prepare_chart))
    service.faces(period_kinds.books_exports, {"make": period_views.prepare_export})
    service.faces(
        funder_kinds.funder_reports,
        {
            "open": funder_views.prepare_report,
            "change_period": funder_views.prepare_period,
            "remove_cost": funder_views.prepare_removal,
            "cut_row": funder_views.prepare_row,
            "note_cuts": funder_views.prepare_cuts,
        },
    )
    service.faces(
        funder_kinds.instalments,
        {"announce": instalment_views.prepare_announcement, "match": instalment_views.prepare_match},
    )
    service.faces(retention_kinds.retentions)
    for views in (
        audit_views.audit_views,
        funder_views.funder_views,
        instalment_views.instalment_views,
        retention_views.retention_views,
        period_views.period_views,
        after_end_views.after_end_views,
        plan_views.plan_views,
        limit_views.limit_views,
        aid_check_views.aid_check_views,
        transfer_views.transfer_views,
        budget_views.budget_views,
        claim_views.claim_views,
        payee_views.payee_views,
        payment_views.payment_views,
        bank_views.bank_views,
        rate_views.rate_views,
        currency_views.currency_views,
        demand_views.demand_views,
    ):
        service.app.include_router(views(service))
    consumers.hear(service.reader)
    steps.offer(service)
    service.at_start(lambda: seeding.publish_rates(service.database, service.clock))
    return service


def make_app(settings: Settings) -> FastAPI:
    """What a process serves."""
    return make_service(settings).app
