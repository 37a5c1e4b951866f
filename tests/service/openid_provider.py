"""A real OpenID provider (Canaille) for tests, in a process of its own: one person, one client.

Run with port and redirect address; `at_provider` starts it, and `allow` goes through its pages as a browser does.
"""

import asyncio
import re
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx

from deploy.local.program import free_port

NAME, PASSWORD = "ewa", "correct horse battery"
CLIENT, SECRET = "relais", "secret-of-relais"


@asynccontextmanager
async def at_provider(back: str) -> AsyncGenerator[str]:
    """The provider's issuer, while it runs."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.service.openid_provider", str(port), back,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    issuer = f"http://127.0.0.1:{port}/"
    try:
        async with asyncio.timeout(60), httpx.AsyncClient() as client:
            while not await _answers(client, issuer):
                assert process.returncode is None, "the provider did not start"
                await asyncio.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        await process.wait()


async def allow(address: str, back: str) -> httpx.URL:
    """Signs in there and consents; where the provider then sends the browser."""
    async with httpx.AsyncClient(timeout=30) as browser:
        answer = await browser.get(address)
        for _ in range(12):
            if answer.is_redirect:
                target = answer.url.join(answer.headers["location"])
                if str(target).startswith(back):
                    return target
                answer = await browser.get(target)
            else:
                answer = await browser.post(answer.url, data=_filled_in(answer.text))
    raise AssertionError(f"the provider leads nowhere: {answer.text[:500]}")


async def _answers(client: httpx.AsyncClient, issuer: str) -> bool:
    try:
        return (await client.get(f"{issuer}.well-known/openid-configuration")).status_code == 200
    except httpx.HTTPError:
        return False


def _filled_in(page: str) -> dict[str, str]:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None, page
    form = {"csrf_token": token[1]}
    if 'name="login"' in page:
        return {**form, "login": NAME}
    if 'name="password"' in page:
        return {**form, "password": PASSWORD}
    return {**form, "answer": "accept"}


def _serve(port: int, back: str) -> None:
    from canaille import create_app
    from joserfc.jwk import RSAKey

    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, private=True, auto_kid=True)
    app = create_app(
        {
            "SECRET_KEY": "of this test",
            "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "HTMX": False, "SMTP": None},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
        }
    )
    from typing import Any

    import canaille.app.models
    from canaille.backends import Backend

    models: Any = canaille.app.models

    with app.app_context(), Backend.instance.session():
        person = models.User(
            user_name=NAME,
            formatted_name="Ewa Nowak",
            family_name="Nowak",
            emails=["jan.kowal@ce4big.example"],
            password=PASSWORD,
        )
        client = models.Client(
            client_id=CLIENT,
            client_secret=SECRET,
            client_name="Relais",
            client_uri="http://relais.test",
            redirect_uris=[back],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid"],
            token_endpoint_auth_method="client_secret_basic",
            audience=[],
        )
        Backend.instance.save(person)
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)
    app.run(port=port, threaded=True)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2])
