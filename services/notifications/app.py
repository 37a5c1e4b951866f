"""The notifications service: the one place that builds its objects and joins what it hears and sends."""

from pathlib import Path

from fastapi import FastAPI

from services.chassis.clock import Clock
from services.chassis.identity.people import hear_people
from services.chassis.identity.tokens import Keys
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.notifications import knowing, removal, telling, views
from services.notifications.kinds import deliveries
from services.notifications.letters import Letters
from services.notifications.sending import Sender


def make_service(settings: Settings, *, clock: Clock | None = None, keys: Keys | None = None) -> Service:
    """The service over its database; clock and keys are given by tests.

    What is known is heard before what there is to tell, so that mails find the thing as the fact leaves it.
    """
    service = Service(
        "notifications",
        settings,
        templates=Path(__file__).parent / "templates",
        clock=clock,
        keys=keys,
        effects_outside=True,
    )
    hear_people(service.reader)
    knowing.hear_things(service.reader)
    telling.tell(service.reader)
    removal.hear_removals(service.reader)
    letters = Letters(service.pages.environment, settings)
    service.in_background(Sender(service.database, service.clock, letters, settings).run)
    service.faces(deliveries)
    service.app.include_router(views.pages(service))
    return service


def make_app(settings: Settings) -> FastAPI:
    """What a process serves."""
    return make_service(settings).app
