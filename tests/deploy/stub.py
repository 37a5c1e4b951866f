"""A stack of stand-ins: the real servers, and children that only answer, for tests of the supervisor."""

import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from deploy.local.processes import Child
from services.chassis.serving import serve
from services.chassis.settings import Settings


def make_app(settings: Settings) -> Starlette:
    """Says who it is."""

    async def ready(request: Request) -> JSONResponse:
        return JSONResponse({"service": settings.service, "pid": os.getpid()})

    return Starlette(routes=[Route("/{path:path}", ready, methods=["GET", "POST"])])


async def main(settings: Settings) -> None:
    await serve(make_app(settings), settings.host, settings.port)


async def never_ready(settings: Settings) -> None:
    raise RuntimeError("this child does not come up")


TABLE = (
    Child("mail", "deploy.local.mail:main", web=False, needs=()),
    Child("directory", "tests.deploy.stub:make_app", web=True),
    Child("worker", "tests.deploy.stub:main", web=False),
    Child("gateway", "deploy.gateway:make_app", web=True, needs=()),
)
MIGRATING = (Child("directory", "tests.deploy.stub:make_app", web=True, migrates=True),)
BROKEN = (*TABLE, Child("bridge", "tests.deploy.stub:never_ready", web=False))
