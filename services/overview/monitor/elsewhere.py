"""What the other services say of themselves, asked over HTTP with short patience: one that is down is a row
too."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from contracts.errors import DomainError

PATIENCE = httpx.Timeout(1.5)
REDRIVE_PATIENCE = httpx.Timeout(60.0)


@dataclass(frozen=True)
class ServiceState:
    """One service as it answered; `answers` False when it did not.

    unpublished   facts in its outbox that Kafka has not got
    """

    name: str
    answers: bool
    ready: bool = False
    unpublished: int = 0
    oldest_seconds: float = 0.0
    parked: int = 0


@dataclass(frozen=True)
class ParkedRecord:
    """One record that a service could not take in, as it lists it."""

    service: str
    id: int
    topic: str
    partition: int
    offset: int
    type: str
    reason: str
    error: str
    attempts: int
    parked_at: str
    discarded_because: str


class Elsewhere:
    """The services of this installation by name and address."""

    def __init__(self, services: Mapping[str, str]) -> None:
        self._services = services

    async def states(self) -> list[ServiceState]:
        """All services, asked at the same time."""
        async with _client(PATIENCE) as client:
            return await asyncio.gather(*(_state(client, name, url) for name, url in self._services.items()))

    async def parked(self, token: str) -> list[ParkedRecord]:
        """The oldest parked records of all services; those that do not answer are left out."""
        async with _client(PATIENCE, token) as client:
            lists = await asyncio.gather(
                *(_parked(client, name, url) for name, url in self._services.items())
            )
        return [record for records in lists for record in records]

    async def redrive(self, token: str, service: str, id: int, *, dry_run: bool) -> list[dict[str, Any]]:
        """Lets a service run a parked record again; what became of each, or in a dry run would."""
        url = self._services.get(service)
        if url is None:
            raise DomainError("not-found", status=404)
        async with _client(REDRIVE_PATIENCE, token) as client:
            try:
                answer = await client.post(
                    f"{url}/api/v1/parked/redrive", json={"id": id, "dry_run": dry_run}
                )
                answer.raise_for_status()
            except httpx.HTTPError as reason:
                raise DomainError("service-silent", status=503, service=service) from reason
        return answer.json()

    async def discard(self, token: str, service: str, id: int, reason: str) -> None:
        """Lets a service give a parked record up; its refusal is ours."""
        url = self._services.get(service)
        if url is None:
            raise DomainError("not-found", status=404)
        async with _client(REDRIVE_PATIENCE, token) as client:
            try:
                answer = await client.post(f"{url}/api/v1/parked/{id}/discard", json={"reason": reason})
            except httpx.HTTPError as silence:
                raise DomainError("service-silent", status=503, service=service) from silence
        if answer.status_code == 404:
            raise DomainError("not-found", status=404)
        if answer.is_error and answer.json().get("slug") == "discard-not-yet":
            raise DomainError("discard-not-yet", status=409)
        if answer.is_error:
            raise DomainError("discarded-before", status=409)


def _client(patience: httpx.Timeout, token: str = "") -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(timeout=patience, trust_env=False, headers=headers)


async def _state(client: httpx.AsyncClient, name: str, url: str) -> ServiceState:
    try:
        answer = await client.get(f"{url}/health/detail")
        answer.raise_for_status()
        told = answer.json()
    except (httpx.HTTPError, ValueError):
        return ServiceState(name, answers=False)
    return ServiceState(
        name,
        answers=True,
        ready=bool(told["ready"]),
        unpublished=int(told["outbox"]["unpublished"]),
        oldest_seconds=float(told["outbox"]["oldest_seconds"]),
        parked=int(told["parked"]),
    )


async def _parked(client: httpx.AsyncClient, name: str, url: str) -> list[ParkedRecord]:
    try:
        answer = await client.get(f"{url}/api/v1/parked")
        answer.raise_for_status()
    except httpx.HTTPError:
        return []
    return [
        ParkedRecord(
            service=name,
            id=int(one["id"]),
            topic=one["topic"],
            partition=int(one["partition"]),
            offset=int(one["offset"]),
            type=one["type"] or "",
            reason=one["reason"],
            error=one["error"] or "",
            attempts=int(one["attempts"]),
            parked_at=one["parked_at"],
            discarded_because=one["discarded_because"] or "",
        )
        for one in answer.json()
    ]
