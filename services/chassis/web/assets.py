"""Styles, type and scripts of the pages."""

from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from services.chassis.web.look import STATIC


class Assets(StaticFiles):
    """An address that names the content's hash may be kept for ever."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        answer = super().file_response(*arguments, **options)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer
