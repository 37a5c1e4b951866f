"""Letting somebody in after a right first factor: signed in at once, or waiting for the second one."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.chassis.database import Tx
from services.chassis.identity.tokens import LIFETIME, SESSION_COOKIE, TOKEN_COOKIE
from services.chassis.service import Service
from services.chassis.web.request import correlation
from services.directory.models import Person
from services.directory.signing_in import factors
from services.directory.signing_in.sessions import LONGEST, Opened, Sessions

WAITING_COOKIE = "relais_waiting"


@dataclass(frozen=True)
class Waits:
    """The second factor is still to be shown; the secret says whose."""

    secret: str


class Entrance:
    """What every way of signing in ends with."""

    def __init__(self, service: Service, sessions: Sessions) -> None:
        self._service = service
        self._secure = service.settings.secure_cookies
        self.sessions = sessions

    async def enter(self, tx: Tx, request: Request, person: Person, next: str) -> Opened | Waits:
        """After a first factor."""
        if await factors.needed(tx, person.id):
            return Waits(await factors.let_wait(tx, person.id, next))
        return await self.open(tx, request, person)

    async def open(self, tx: Tx, request: Request, person: Person, *, stepped_up: bool = False) -> Opened:
        """A fresh sign-in of this browser or program."""
        client = request.headers.get("user-agent", "")
        at, click = self._service.clock.moment(), correlation(request)
        return await self.sessions.open(tx, person, client, at, click, stepped_up=stepped_up)

    def lead(self, entered: Opened | Waits, next: str) -> Response:
        """Where the browser goes then, with its cookies."""
        if isinstance(entered, Waits):
            answer = RedirectResponse("/sign-in/second", 303)
            self.keep(answer, WAITING_COOKIE, entered.secret, int(factors.WAITS_FOR.total_seconds()))
            return answer
        answer = RedirectResponse(next, 303)
        self.keep(answer, SESSION_COOKIE, entered.session, int(LONGEST.total_seconds()))
        self.keep(answer, TOKEN_COOKIE, entered.token, LIFETIME)
        return answer

    def keep(self, answer: Response, cookie: str, value: str, seconds: int) -> None:
        """A cookie that scripts and other sites do not get at."""
        answer.set_cookie(
            cookie,
            value,
            max_age=seconds,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )


def said(entered: Opened | Waits) -> dict[str, str]:
    """The answer to a machine."""
    if isinstance(entered, Waits):
        return {"waiting": entered.secret}
    return {"token": entered.token, "session": entered.session, "person": str(entered.person)}
