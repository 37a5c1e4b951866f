"""The events service: the one place that builds its objects and joins rules, pages, readers and steps."""

from pathlib import Path

from fastapi import FastAPI

from services.chassis.clock import Clock
from services.chassis.identity.tokens import Keys
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.events import attendance, consumers, event, organising, registration, steps, views
from services.events.kinds import attendances, events, registrations

RULES = (event, registration, attendance)
"""Modules whose rules are registered by being imported."""


def make_service(settings: Settings, *, clock: Clock | None = None, keys: Keys | None = None) -> Service:
    """The service over its database; clock and keys are given by tests."""
    service = Service(
        "events", settings, templates=Path(__file__).parent / "templates", clock=clock, keys=keys
    )
    service.faces(events, organising.EVENT_FORMS)
    service.faces(registrations, organising.REGISTRATION_FORMS)
    service.faces(attendances, organising.ATTENDANCE_FORMS)
    views.add_views(service)
    organising.add_organising(service)
    consumers.hear(service.reader)
    steps.offer(service.offers, service.clock)
    return service


def make_app(settings: Settings) -> FastAPI:
    """What a process serves."""
    return make_service(settings).app
