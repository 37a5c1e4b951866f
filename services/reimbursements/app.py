"""The reimbursements service: the only place that builds its objects and joins its rules, pages, readers and steps."""

from pathlib import Path

from fastapi import FastAPI

from services.chassis.clock import Clock
from services.chassis.identity.tokens import Keys
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.reimbursements import bank, batches, budgets, claims, consumers, payees, seeding, steps, views
from services.reimbursements import kinds as kind
from services.reimbursements.vault import Vault

RULES = (bank, batches, budgets, claims, payees)
"""Modules whose rules are registered by being imported."""


def make_service(settings: Settings, *, clock: Clock | None = None, keys: Keys | None = None) -> Service:
    """The service over its database; clock and keys are given by tests."""
    service = Service(
        "reimbursements", settings, templates=Path(__file__).parent / "templates", clock=clock, keys=keys
    )
    service.provide(Vault(settings.data), service.files)
    views.add_views(service)
    service.faces(kind.budgets)
    service.faces(
        kind.payees, {"enter": views.prepare_payee, "change": views.prepare_payee, "check": views.prepare_check}
    )
    service.faces(
        kind.claims, {"verify": views.prepare_verification, "approve": views.prepare_verification}
    )
    service.faces(kind.batches, {"propose": views.prepare_batch})
    service.faces(kind.statements)
    consumers.hear(service.reader)
    steps.offer(service)
    service.at_start(lambda: seeding.publish_rates(service.database, service.clock))
    return service


def make_app(settings: Settings) -> FastAPI:
    """What a process serves."""
    return make_service(settings).app
