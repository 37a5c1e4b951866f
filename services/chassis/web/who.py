"""Who asks, as a parameter of a route: `async def page(request: Request, actor: Who)`."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from services.chassis.identity.actor import Actor
from services.chassis.web.request import Reception


def _reception(request: Request) -> Reception:
    return request.app.state.reception


async def _signed_in(request: Request) -> Actor:
    return await _reception(request).actor(request)


async def _anybody(request: Request) -> Actor | None:
    return await _reception(request).guest(request)


Who = Annotated[Actor, Depends(_signed_in)]
"""The signed-in person; a guest is sent to sign in."""

Guest = Annotated[Actor | None, Depends(_anybody)]
"""The signed-in person, or nobody: for pages that everybody may see."""
