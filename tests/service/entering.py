"""Signing in as a browser does: by mail, with a passkey, at another provider."""

import json
import re
from typing import Any

from httpx import Response

from tests.service.authenticator import Authenticator
from tests.service.house import WEB, House

JAN, CLAIRE = "jan.kowal@ce4big.example", "claire.legoff@atlanpole.example"


async def by_mail(home: House, email: str = JAN) -> Response:
    """Follows a mailed link in the browser of this test."""
    home.client.cookies.clear()
    await home.client.post("/sign-in", data={"email": email, "next": "/account"})
    return await home.client.post("/sign-in/confirm", data={"token": await home.mailed_token(email)})


async def csrf(home: House, path: str = "/account") -> str:
    page = await home.client.get(path)
    found = re.search(r'<meta name="csrf" content="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


async def post(home: House, path: str, **form: str) -> Response:
    """A form of the signed-in browser."""
    return await home.client.post(path, data={"csrf": await csrf(home), **form})


async def options(home: House, path: str) -> dict[str, Any]:
    answer = await home.client.post(path, headers={"x-csrf-token": await csrf(home)})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def with_passkey(home: House) -> tuple[Authenticator, list[str]]:
    """Jan adds a first passkey and is shown ten codes."""
    await by_mail(home)
    authenticator = Authenticator(WEB)
    made = authenticator.make(await options(home, "/account/passkeys/options"))
    page = await post(home, "/account/passkeys", name="My telephone", answer=json.dumps(made))
    codes = re.findall(r"<code>([\w-]+)</code>", page.text)
    assert len(codes) == 10, page.text
    return authenticator, codes


async def waiting_options(home: House) -> dict[str, Any]:
    answer = await home.client.post("/sign-in/second/options")
    assert answer.status_code == 200, answer.text
    return answer.json()
