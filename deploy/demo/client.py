"""How the demo's people speak to Relais: over the public HTTP API, each request under an idempotency key, repeated
until it is answered, and what was accepted written to a journal that `relais verify` compares with the outboxes.
"""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx

PATIENCE = 180.0
"""Seconds a request is repeated while servers are away or a projection has not heard yet."""
_AGAIN = frozenset({429, 500, 502, 503, 504})
_NOT_HEARD = frozenset(
    {
        "not-validated-as-visitor",
        "not-validated-as-host",
        "payee-missing",
        "nothing-to-pay",
        "no-such-voucher",
    }
)
"""Refusals of a service that has not heard yet what the story knows has happened elsewhere."""


class Refused(Exception):
    """Relais said no; the story does not expect it."""


class Journal:
    """Accepted requests, one JSON object a line, on disk before the story goes on."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("a", encoding="utf-8")

    def accepted(self, actor: str, key: str, status: int, url: str) -> None:
        self._file.write(json.dumps({"actor": actor, "key": key, "status": status, "url": url}) + "\n")
        self._file.flush()


class Person:
    """One person of a story: signs in once, then acts. Keys are made of run, story and step."""

    def __init__(self, api: httpx.AsyncClient, journal: Journal, id: str, name: str, prefix: str) -> None:
        self._api = api
        self._journal = journal
        self._prefix = prefix
        self.id = id
        self.name = name
        self.token = ""
        self.session = ""

    def in_story(self, prefix: str) -> "Person":
        """The same person in another story, with keys of its own."""
        twin = Person(self._api, self._journal, self.id, self.name, prefix)
        twin.token, twin.session = self.token, self.session
        return twin

    async def get(self, path: str) -> Any:
        return (await self._repeated("GET", path)).json()

    async def download(self, path: str) -> bytes:
        return (await self._repeated("GET", path)).content

    async def find(self, path: str) -> Any | None:
        """What is there, or None while it is not."""
        answer = await self._repeated("GET", path, missing=True)
        return None if answer.status_code == 404 else answer.json()

    async def act(self, path: str, body: Any = None, *, step: str) -> dict[str, Any]:
        """An act under the key of this step; a repeat answers the same."""
        key = f"{self._prefix}:{step}"
        answer = await self._repeated("POST", path, json=body or {}, headers={"Idempotency-Key": key})
        self._journal.accepted(self.id, key, answer.status_code, path)
        return answer.json()

    async def draft(self, path: str, body: Any, *, step: str) -> dict[str, Any]:
        """A draft begun under the key of this step: kept without a fact, so no outbox has to show it."""
        key = f"{self._prefix}:{step}"
        return (await self._repeated("POST", path, json=body, headers={"Idempotency-Key": key})).json()

    async def save(self, path: str, body: Any) -> dict[str, Any]:
        """An idempotent PUT."""
        return (await self._repeated("PUT", path, json=body)).json()

    async def upload(self, path: str, name: str, content: bytes) -> str:
        """Sends a file; its id."""
        return (await self._repeated("POST", path, files={"file": (name, content)})).json()["id"]

    async def _repeated(
        self, method: str, path: str, *, missing: bool = False, **request: Any
    ) -> httpx.Response:
        """Until it is answered: servers may be killed meanwhile, and projections lag by moments."""
        deadline = time.monotonic() + PATIENCE
        pause = 0.1
        while True:
            try:
                answer = await self._api.request(method, path, **self._signed(request))
                if answer.status_code < 400 or (missing and answer.status_code == 404):
                    return answer
                problem = f"{answer.status_code} {answer.text[:400]}"
                if answer.status_code == 401 and self.session:
                    await self._renew()
                elif not _worth_repeating(answer):
                    raise Refused(f"{self.name}: {method} {path}: {problem}")
            except httpx.HTTPError as reason:
                problem = repr(reason)
            if time.monotonic() > deadline:
                raise Refused(f"{self.name}: {method} {path} was not answered in {PATIENCE:.0f} s: {problem}")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 2.0)

    async def _renew(self) -> None:
        answer = await self._api.post("/api/v1/sessions/renew", cookies={"relais_session": self.session})
        if answer.status_code == 200:
            self.token = answer.json()["token"]

    def _signed(self, request: dict[str, Any]) -> dict[str, Any]:
        headers = {**request.get("headers", {}), "Authorization": f"Bearer {self.token}"}
        return {**request, "headers": headers}


def _worth_repeating(answer: httpx.Response) -> bool:
    """Servers that are away; a thing not heard of yet; roles that have not arrived yet (a stranger's 404, 403)."""
    if answer.status_code in _AGAIN or answer.headers.get("retry-after"):
        return True
    if answer.status_code in (403, 404):
        return True
    return answer.status_code in (409, 422) and answer.json().get("slug") in _NOT_HEARD
