"""The overview service: read models only. It hears every topic, owns no aggregate and offers no step."""

from pathlib import Path

from fastapi import FastAPI

from services.chassis.clock import Clock
from services.chassis.identity.tokens import Keys
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.overview import api, remember, views
from services.overview.monitor import routes as monitor
from services.overview.monitor.workflows import Workflows


def make_service(settings: Settings, *, clock: Clock | None = None, keys: Keys | None = None) -> Service:
    """The service over its database; clock and keys are given by tests."""
    service = Service(
        "overview", settings, templates=Path(__file__).parent / "templates", clock=clock, keys=keys
    )
    remember.listen(service.reader)
    workflows = Workflows(settings)
    service.in_background(workflows.run)
    service.app.include_router(monitor.pages(service, workflows))
    service.app.include_router(views.pages(service))
    service.app.include_router(api.api(service))
    return service


def make_app(settings: Settings) -> FastAPI:
    """What a process serves."""
    return make_service(settings).app
